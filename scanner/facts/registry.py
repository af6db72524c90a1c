"""All facts, in the order of the kinds. A kind's module is imported when it is needed: a hook never needs most of them."""

from __future__ import annotations

from scanner.facts.fact import Fact
from scanner.subjects.kinds import kind_named, kind_names


def facts_about(kind: str) -> dict[str, Fact]:
    """The facts of one subject kind by name."""
    found: tuple[Fact, ...] = kind_named(kind).facts_module.FACTS
    return {fact.name: fact for fact in found}


def all_facts() -> tuple[Fact, ...]:
    """The facts of every kind."""
    return tuple(fact for kind in kind_names() for fact in facts_about(kind).values())
