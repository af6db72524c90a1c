"""Facts about a platform: what it does by default in the bindings of this run that leave something out."""

from __future__ import annotations

from scanner.facts.fact import ABSENT, Absent, Fact, fact
from scanner.pack.durations import FOR_EVER, Duration, duration_of, duration_past_age
from scanner.subjects.model import PlatformUse


@fact("platform.label")
def label(use: PlatformUse) -> str:
    """The platform, and how many bindings of it were found."""
    return f"{use.platform} ({use.bindings} binding{'' if use.bindings == 1 else 's'})"


@fact("platform.has_removed_key_trusted_s")
def has_removed_key_trusted_s(use: PlatformUse) -> bool:
    """Whether it is known in seconds for how long a key that the issuer removed stays trusted by default."""
    return _seconds(use, "removed_key_trusted_s") is not ABSENT


@fact("platform.removed_key_trusted_s")
def removed_key_trusted_s(use: PlatformUse) -> int | Absent:
    """For how many seconds at most a key that the issuer removed stays trusted by default."""
    return _seconds(use, "removed_key_trusted_s")


@fact("platform.is_removed_key_kept")
def is_removed_key_kept(use: PlatformUse) -> bool:
    """Whether a key that the issuer removed stays trusted by default until something else happens: a restart, another key."""
    return _duration(use, "removed_key_trusted_s").end in ("never", "restart")


@fact("platform.has_new_key_visible_s")
def has_new_key_visible_s(use: PlatformUse) -> bool:
    """Whether it is known in seconds how long a new key waits by default."""
    return _seconds(use, "new_key_visible_s") is not ABSENT


@fact("platform.new_key_visible_s")
def new_key_visible_s(use: PlatformUse) -> int | Absent:
    """How many seconds at most pass by default between publishing a key and accepting its tokens."""
    return _seconds(use, "new_key_visible_s")


@fact("platform.is_new_key_manual")
def is_new_key_manual(use: PlatformUse) -> bool:
    """Whether a new key is accepted only after somebody edits the configuration."""
    return _duration(use, "new_key_visible_s").end == "edit"


@fact("platform.is_refetch_unlimited")
def is_refetch_unlimited(use: PlatformUse) -> bool:
    """Whether each token with an unknown `kid` makes the platform fetch the key set, as often as tokens come."""
    return _value(use, "unknown_kid_refetch") is True and _duration(use, "unknown_kid_min_interval_s") == Duration("seconds", 0)


@fact("platform.is_staleness_unbounded")
def is_staleness_unbounded(use: PlatformUse) -> bool:
    """Whether old keys are used without end while the key set cannot be fetched."""
    return FOR_EVER in (_duration(use, "stale_max_s"), duration_past_age(_value(use, "endpoint_down")))


@fact("platform.has_default_cache_s")
def has_default_cache_s(use: PlatformUse) -> bool:
    """Whether it is known in seconds how long keys are kept by default."""
    return _seconds(use, "cache_s") is not ABSENT


@fact("platform.default_cache_s")
def default_cache_s(use: PlatformUse) -> int | Absent:
    """How many seconds keys are kept by default."""
    return _seconds(use, "cache_s")


@fact("platform.doubt")
def doubt(use: PlatformUse) -> str:
    """How far to trust what is said about keys that come and go, in words for a message."""
    told = [use.defaults[name].confidence for name in ("removed_key_trusted_s", "new_key_visible_s") if name in use.defaults]
    words = {"verified": "read in its source", "inferred": "inferred from its source", "docs-only": "by its documentation"}
    return words.get(told[0] or "", "unverified") if told else "unverified"


def _value(use: PlatformUse, name: str) -> object:
    setting = use.defaults.get(name)
    return setting.value if setting is not None else None


def _duration(use: PlatformUse, name: str) -> Duration:
    return duration_of(_value(use, name))


def _seconds(use: PlatformUse, name: str) -> int | Absent:
    seconds = _duration(use, name).whole_seconds
    return ABSENT if seconds is None else seconds


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
    doubt,
)
