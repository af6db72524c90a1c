"""What a consumer really does: each behaviour as configured, or as its platform does by default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from scanner.evidence.model import Setting
from scanner.pack.binding_terms import BEHAVIOURS
from scanner.pack.durations import BY_HAND, FOR_EVER, Duration, duration_of, duration_past_age
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
    limit, past_age = duration_of(stale.value), duration_past_age(down.value)
    staleness = past_age if past_age == FOR_EVER or not limit.is_known else limit
    total = duration_of(cache.value) + staleness
    if total == FOR_EVER:
        source = down if down.state != "unknown" else cache
        return Setting(source.state, total.written, total.written, source.confidence, source.source, source.spot)
    if not total.is_known or total == BY_HAND:  # keys that are written by hand have no endpoint that could be down
        return Setting(cache.state if cache.state == "unresolved" else "unknown")
    return _sum(cache, stale if limit.is_known else down, total)


def _sum(cache: Setting, other: Setting, total: Duration) -> Setting:
    """A figure made of two: as sure as the less sure of them."""
    least = max((cache, other), key=lambda each: _DOUBT.get(each.confidence or "", 0))
    return Setting(cache.state, total.written, total.written, least.confidence, least.source, cache.spot)


_DOUBT = {"verified": 1, "inferred": 2, "docs-only": 3, "unverified": 4}
