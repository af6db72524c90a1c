"""Facts about everything that a run found published."""

from __future__ import annotations

from scanner.facts import fleet_keys, fleet_moduli, fleet_shares
from scanner.facts.fact import Fact

FACTS: tuple[Fact, ...] = (*fleet_moduli.FACTS, *fleet_keys.FACTS, *fleet_shares.FACTS)
