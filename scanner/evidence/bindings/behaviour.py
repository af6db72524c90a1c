"""The behaviour of a consumer: each as configured, or as the platform's default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from scanner.evidence.model import Setting
from scanner.evidence.versions.seen import SeenVersion
from scanner.pack.binding_terms import BEHAVIOURS
from scanner.pack.durations import BY_HAND, FOR_EVER, Duration, duration_of, duration_past_age, longest, shortest
from scanner.pack.versions import EVERY_VERSION, VersionSpan
from scanner.pack.worse_values import LONGEST_IS_WORSE, SHORTEST_IS_WORSE
from scanner.record import changed, record

if TYPE_CHECKING:
    from scanner.pack.platform import Behaviour

UNKNOWN = Setting("unknown")


@record
class DefaultBehaviour:
    """A behaviour as a default setting (unknown where the platform file does not say), and the field that overrides it where
    the field is set: `times` of its seconds.
    """

    setting: Setting
    follows: str | None = None
    times: int = 1


NO_DEFAULT = DefaultBehaviour(UNKNOWN)


@record
class Product:
    """The platform whose versions decide: its id and name, and the versions that count where a consumer's own is not known."""

    id: str
    name: str
    in_use: VersionSpan = EVERY_VERSION


@record
class VersionedBehaviour:
    """A behaviour of some versions of a product; `versions` in words, empty where it is true of all."""

    default: DefaultBehaviour
    span: VersionSpan
    versions: str


def make_default(behaviour: Behaviour) -> DefaultBehaviour:
    """A platform file's behaviour, ready for every binding."""
    if behaviour.value is None:
        return DefaultBehaviour(UNKNOWN, behaviour.follows, behaviour.times)
    setting = Setting("default", behaviour.value, behaviour.value, behaviour.confidence, behaviour.source)
    return DefaultBehaviour(setting, behaviour.follows, behaviour.times)


# what is said of a key set that is fetched
_OF_FETCHED = frozenset(
    {"cache_s", "new_key_visible_s", "removed_key_trusted_s", "removed_key_under_traffic_s", "same_kid_replacement_s",
     "negative_cache_s", "recovers_within_s", "refresh_model", "unknown_kid_refetch", "unknown_kid_min_interval_s",
     "endpoint_down", "stale_max_s", "outage_tolerance_s", "on_empty_set", "refreshed_set", "fetch_timeout_s",
     "fetch_size_limit", "follows_jwks_redirect"}
)  # fmt: skip
# what is true of keys that are given as well: time alone ends nothing, and nothing is fetched
_ALSO_OF_GIVEN = frozenset({"infinite", "until-restart", "manual", "static", "not-applicable"})
_NOT_FETCHED = Setting("unknown", note="the keys are given, and what is known of the platform is about keys that it fetches")


def without_fetched(known: Mapping[str, DefaultBehaviour], chosen: frozenset[str]) -> Mapping[str, DefaultBehaviour]:
    """The behaviours of a binding whose keys are given: what is known of fetched key sets alone is left out. `chosen`: those
    that a condition of the platform file chose for this binding.
    """
    return {
        name: changed(each, setting=_NOT_FETCHED)
        if name in _OF_FETCHED and name not in chosen and str(each.setting.value) not in _ALSO_OF_GIVEN
        else each
        for name, each in known.items()
    }


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
            return _multiply(written, behaviour.times)
    return behaviour.setting


def _multiply(written: Setting, times: int) -> Setting:
    """The setting with its seconds so many times; words stay."""
    if times == 1 or isinstance(written.resolved, bool) or not isinstance(written.resolved, int | float):
        return written
    return changed(written, value=written.resolved * times, resolved=written.resolved * times)


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


_DOUBT = {"measured": 1, "verified": 2, "inferred": 3, "docs-only": 4, "unverified": 5}


def choose_by_version(
    name: str, known: Sequence[VersionedBehaviour], product: Product, seen: SeenVersion | None
) -> DefaultBehaviour:
    """The behaviour `name` of the version that was seen; else of the versions in use: where they differ, the duration that is
    worse for whoever runs the consumer, and of anything else that it is not known.
    """
    span = seen.span if seen is not None else product.in_use
    candidates: list[VersionedBehaviour] = []
    for each in known:
        if each.span.meets(span):
            candidates.append(each)
            if each.span.holds(span):
                break
    if not candidates:
        version = seen.words if seen is not None else "the versions in use"
        return DefaultBehaviour(Setting("unknown", note=f"what {product.name} does is not known for {version}"))
    if len({repr(each.default.setting.value) for each in candidates}) == 1:
        only = candidates[0].default
        return (
            changed(only, setting=changed(only.setting, note=f"of {seen.words}")) if seen and candidates[0].versions else only
        )
    return _choose_worse(name, candidates, product, seen)


def _choose_worse(
    name: str, candidates: Sequence[VersionedBehaviour], product: Product, seen: SeenVersion | None
) -> DefaultBehaviour:
    differs = "; ".join(f"{_said(each)} {each.versions or 'in other versions'}" for each in candidates)
    which = f"{seen.words} may be any of them" if seen is not None else "the version here is not known"
    pick = longest if name in LONGEST_IS_WORSE else shortest if name in SHORTEST_IS_WORSE else None
    if pick is None:
        note = f"{product.name} differs by version ({differs}), and {which}"
        return DefaultBehaviour(Setting("unknown", note=note))
    durations = [duration_of(each.default.setting.value) for each in candidates]
    chosen = candidates[durations.index(pick(durations))].default
    note = f"{product.name} differs by version ({differs}), and {which}: the worse value counts"
    return changed(chosen, setting=changed(chosen.setting, note=note))


def _said(behaviour: VersionedBehaviour) -> str:
    value = behaviour.default.setting.value
    return ("yes" if value else "no") if isinstance(value, bool) else "not known" if value is None else str(value)
