"""The behaviour of a consumer: each as configured, or as the platform's default."""

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
class DefaultBehaviour:
    """A behaviour as a default setting (unknown where the platform file does not say), and the field that overrides it where
    the field is set.
    """

    setting: Setting
    follows: str | None = None


NO_DEFAULT = DefaultBehaviour(UNKNOWN)


def make_default(behaviour: Behaviour) -> DefaultBehaviour:
    """A platform file's behaviour, ready for every binding."""
    if behaviour.value is None:
        return DefaultBehaviour(UNKNOWN, behaviour.follows)
    setting = Setting("default", behaviour.value, behaviour.value, behaviour.confidence, behaviour.source)
    return DefaultBehaviour(setting, behaviour.follows)


def find_effective(behaviours: Mapping[str, DefaultBehaviour], settings: Mapping[str, Setting]) -> dict[str, Setting]:
    """Every behaviour: the setting that overrides it where it is set, else the platform's default."""
    found = {name: _choose(behaviours.get(name, NO_DEFAULT), settings) for name in BEHAVIOURS}
    if found["outage_tolerance_s"].state == "unknown":
        found["outage_tolerance_s"] = _compute_tolerance(settings["cache_s"], found)
    return found


def _choose(behaviour: DefaultBehaviour, settings: Mapping[str, Setting]) -> Setting:
    if behaviour.follows is not None:
        written = settings[behaviour.follows]
        if written.state in ("set", "unresolved"):
            return written
    return behaviour.setting


def _compute_tolerance(cache: Setting, found: Mapping[str, Setting]) -> Setting:
    """How long the JWK Set's endpoint may be down: the age of a cached key plus the staleness allowed past it."""
    down, stale = found["endpoint_down"], found["stale_max_s"]
    limit, past_age = duration_of(stale.value), duration_past_age(down.value)
    staleness = past_age if past_age == FOR_EVER or not limit.is_known else limit
    total = duration_of(cache.value) + staleness
    if total == FOR_EVER:
        source = down if down.state != "unknown" else cache
        return Setting(source.state, total.written, total.written, source.confidence, source.source, source.spot)
    if not total.is_known or total == BY_HAND:  # keys that are written by hand have no endpoint that could be down
        return Setting(cache.state if cache.state == "unresolved" else "unknown")
    return _add_durations(cache, stale if limit.is_known else down, total)


def _add_durations(cache: Setting, other: Setting, total: Duration) -> Setting:
    """The sum of two durations, with the lower confidence of the two."""
    least = max((cache, other), key=lambda each: _DOUBT.get(each.confidence or "", 0))
    return Setting(cache.state, total.written, total.written, least.confidence, least.source, cache.spot)


_DOUBT = {"verified": 1, "inferred": 2, "docs-only": 3, "unverified": 4}
