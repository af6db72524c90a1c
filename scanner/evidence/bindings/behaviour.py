"""What a consumer really does: each behaviour as configured, or as its platform does by default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from scanner.evidence.model import Setting
from scanner.pack.binding_terms import BEHAVIOURS
from scanner.record import record

if TYPE_CHECKING:
    from scanner.pack.platform import Behaviour

UNKNOWN = Setting("unknown")


@record
class Default:
    """A behaviour as the setting that nobody wrote (unknown where nobody looked), and the field whose value it follows where
    that is written.
    """

    setting: Setting
    follows: str | None = None


NO_DEFAULT = Default(UNKNOWN)


def by_default(behaviour: Behaviour) -> Default:
    """A platform file's behaviour, ready for every binding."""
    if behaviour.value is None:
        return Default(UNKNOWN, behaviour.follows)
    setting = Setting("default", behaviour.value, behaviour.value, behaviour.confidence, behaviour.source)
    return Default(setting, behaviour.follows)


def effective(behaviours: Mapping[str, Default], settings: Mapping[str, Setting]) -> dict[str, Setting]:
    """Every behaviour: the setting that it follows where that is written, else the platform's default."""
    found = {name: _one(behaviours.get(name, NO_DEFAULT), settings) for name in BEHAVIOURS}
    if found["outage_tolerance_s"].state == "unknown":
        found["outage_tolerance_s"] = _tolerance(settings["cache_s"], found)
    return found


def _one(behaviour: Default, settings: Mapping[str, Setting]) -> Setting:
    if behaviour.follows is not None:
        written = settings[behaviour.follows]
        if written.state in ("set", "unresolved"):
            return written
    return behaviour.setting


def _tolerance(cache: Setting, found: Mapping[str, Setting]) -> Setting:
    """How long the key set's endpoint may be down: the age of a cached key plus the staleness allowed past it."""
    down, stale = found["endpoint_down"], found["stale_max_s"]
    if down.value == "stale-forever" or stale.value == "infinite" or cache.value == "infinite":
        source = down if down.state != "unknown" else cache
        return Setting(source.state, "infinite", "infinite", source.confidence, source.source, source.spot)
    if not isinstance(cache.value, int):
        return Setting(cache.state if cache.state == "unresolved" else "unknown")
    if isinstance(stale.value, int):
        return _sum(cache, stale, cache.value + stale.value)
    is_closed = isinstance(down.value, str) and down.value.startswith("fail-closed")
    return _sum(cache, down, cache.value) if is_closed else Setting("unknown")


def _sum(cache: Setting, other: Setting, total: int) -> Setting:
    """A figure made of two: as sure as the less sure of them."""
    least = max((cache, other), key=lambda each: _DOUBT.get(each.confidence or "", 0))
    return Setting(cache.state, total, total, least.confidence, least.source, cache.spot)


_DOUBT = {"verified": 1, "inferred": 2, "docs-only": 3, "unverified": 4}
