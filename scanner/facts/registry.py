"""Every fact there is, in the order of the catalogue. A kind's module is imported when it is asked for: on the hook's path
most kinds never are.
"""

from __future__ import annotations

from importlib import import_module

from scanner.facts.fact import Fact

KINDS = (
    "key", "key_set", "issuer", "issuer_keys", "endpoint", "fleet", "binding", "platform", "waiver", "private_key", "key_pair",
)  # fmt: skip


def facts_about(kind: str) -> dict[str, Fact]:
    """The facts of one subject kind by name."""
    found: tuple[Fact, ...] = import_module(f"scanner.facts.{kind}").FACTS
    return {fact.name: fact for fact in found}


def all_facts() -> tuple[Fact, ...]:
    """The facts of every kind."""
    return tuple(fact for kind in KINDS for fact in facts_about(kind).values())
