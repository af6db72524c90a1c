"""Every fact there is, in the order of the catalogue."""

from __future__ import annotations

from scanner.facts.binding import FACTS as BINDING_FACTS
from scanner.facts.fact import Fact
from scanner.facts.issuer import FACTS as ISSUER_FACTS
from scanner.facts.key import FACTS as KEY_FACTS
from scanner.facts.key_set import FACTS as KEY_SET_FACTS

FACTS: tuple[Fact, ...] = (*KEY_FACTS, *KEY_SET_FACTS, *ISSUER_FACTS, *BINDING_FACTS)


def facts_about(kind: str) -> dict[str, Fact]:
    """The facts of one subject kind by name."""
    return {fact.name: fact for fact in FACTS if fact.about == kind}
