"""Every fact there is, in the order of the catalogue."""

from __future__ import annotations

from scanner.facts import binding, issuer, key, key_set
from scanner.facts.fact import Fact

FACTS: tuple[Fact, ...] = (*key.FACTS, *key_set.FACTS, *issuer.FACTS, *binding.FACTS)


def facts_about(kind: str) -> dict[str, Fact]:
    """The facts of one subject kind by name."""
    return {fact.name: fact for fact in FACTS if fact.about == kind}
