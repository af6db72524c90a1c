"""Facts about all published documents of a run."""

from __future__ import annotations

from scanner.facts.fact import Fact
from scanner.facts.fleet import keys as fleet_keys
from scanner.facts.fleet import shares as fleet_shares

FACTS: tuple[Fact, ...] = (*fleet_keys.FACTS, *fleet_shares.FACTS)
