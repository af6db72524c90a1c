"""Facts about a platform: its defaults in the bindings of this run that leave settings out."""

from __future__ import annotations

from scanner.facts import platform_behaviour
from scanner.facts.fact import ABSENT, Absent, Fact, fact
from scanner.facts.platform_behaviour import find_duration, find_seconds, find_value
from scanner.pack.durations import FOR_EVER, Duration, duration_past_age
from scanner.subjects.model import PlatformUse


@fact("platform.label")
def label(use: PlatformUse) -> str:
    """The platform, and how many bindings the scan found."""
    return f"{use.platform} ({use.bindings} binding{'' if use.bindings == 1 else 's'})"


@fact("platform.has_removed_key_trusted_s")
def has_removed_key_trusted_s(use: PlatformUse) -> bool:
    """Whether the time for which a removed key stays trusted by default is known in seconds."""
    return find_seconds(use, "removed_key_trusted_s") is not ABSENT


@fact("platform.removed_key_trusted_s")
def removed_key_trusted_s(use: PlatformUse) -> int | Absent:
    """The longest time in seconds for which a key that the issuer removed stays trusted by default."""
    return find_seconds(use, "removed_key_trusted_s")


@fact("platform.is_removed_key_kept")
def is_removed_key_kept(use: PlatformUse) -> bool:
    """Whether a removed key stays trusted by default until another event: a restart, a token with another key."""
    return find_duration(use, "removed_key_trusted_s").end in ("never", "restart")


@fact("platform.has_new_key_visible_s")
def has_new_key_visible_s(use: PlatformUse) -> bool:
    """Whether the time until the platform accepts a new key by default is known in seconds."""
    return find_seconds(use, "new_key_visible_s") is not ABSENT


@fact("platform.new_key_visible_s")
def new_key_visible_s(use: PlatformUse) -> int | Absent:
    """The longest time in seconds between publishing a key and accepting its tokens by default."""
    return find_seconds(use, "new_key_visible_s")


@fact("platform.is_new_key_manual")
def is_new_key_manual(use: PlatformUse) -> bool:
    """Whether the platform accepts a new key only after a manual change of the configuration."""
    return find_duration(use, "new_key_visible_s").end == "edit"


@fact("platform.is_refetch_unlimited")
def is_refetch_unlimited(use: PlatformUse) -> bool:
    """Whether each token with an unknown `kid` makes the platform fetch the key set, without a limit on the rate."""
    interval = find_duration(use, "unknown_kid_min_interval_s")
    return find_value(use, "unknown_kid_refetch") is True and interval == Duration("seconds", 0)


@fact("platform.is_staleness_unbounded")
def is_staleness_unbounded(use: PlatformUse) -> bool:
    """Whether the platform uses old keys without a time limit while it cannot fetch the JWK Set."""
    return FOR_EVER in (find_duration(use, "stale_max_s"), duration_past_age(find_value(use, "endpoint_down")))


@fact("platform.has_default_cache_s")
def has_default_cache_s(use: PlatformUse) -> bool:
    """Whether the time for which the platform caches keys by default is known in seconds."""
    return find_seconds(use, "cache_s") is not ABSENT


@fact("platform.default_cache_s")
def default_cache_s(use: PlatformUse) -> int | Absent:
    """For how many seconds the platform caches keys by default."""
    return find_seconds(use, "cache_s")


FACTS: tuple[Fact, ...] = (
    label,
    has_removed_key_trusted_s,
    removed_key_trusted_s,
    is_removed_key_kept,
    has_new_key_visible_s,
    new_key_visible_s,
    is_new_key_manual,
    is_refetch_unlimited,
    is_staleness_unbounded,
    has_default_cache_s,
    default_cache_s,
    *platform_behaviour.FACTS,
)
