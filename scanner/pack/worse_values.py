"""Which of two values of a behaviour is the worse one for whoever runs the consumer.

May import: durations and what lies before it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from scanner.pack.durations import Duration, duration_of

# what is in neither is no question of more or less
LONGEST_IS_WORSE: Final = frozenset(
    {"cache_s", "stale_s", "skew_s", "new_key_visible_s", "removed_key_trusted_s", "removed_key_under_traffic_s", "stale_max_s",
     "same_kid_replacement_s", "verified_token_cache_s", "negative_cache_s", "recovers_within_s", "fetch_timeout_s"}
)  # fmt: skip
SHORTEST_IS_WORSE: Final = frozenset({"outage_tolerance_s", "unknown_kid_min_interval_s"})
# words from the best to the worst
_ORDERS: Mapping[str, tuple[str, ...]] = {
    "on_empty_set": ("keeps", "wipes", "wipes-until-restart"),
    "on_empty_inline_set": ("refuses-tokens", "refuses-resource", "refuses-configuration"),
    "refreshed_set": ("replaces", "appends"),
    "unknown_kid_fallback": ("none", "only-key", "first", "all"),
    "duplicate_kid": ("refused", "all", "first", "last"),
    "header_key_sources": ("ignored", "honoured"),
}
_WORSE_SWITCHES: Mapping[str, bool] = {
    "expiry_required": False,
    "enforces_jwk_alg": False,
    "enforces_jwk_use": False,
    "ignores_crit": True,
    "follows_jwks_redirect": True,
    "unknown_kid_refetch": True,
}
_ENDS: Mapping[str, int] = {"unknown": 0, "seconds": 1, "restart": 2, "edit": 3, "never": 4}

Badness = tuple[float, float]
_NONE: Final[Badness] = (0, 0)


def badness_of(name: str, value: object) -> Badness:
    """How bad a value is among the values of that behaviour; the same for all where none is worse. What is not known is better
    than what is, so that it hides nothing.
    """
    if name == "cache_s" and value == 0:
        return (5, 0)  # each request is a fetch, and no longer time is as bad as that
    if name in LONGEST_IS_WORSE:
        return _length_of(duration_of(value))
    if name in SHORTEST_IS_WORSE:
        end, seconds = _length_of(duration_of(value))
        return (-end, -seconds) if end else (-5, 0)
    if name in _WORSE_SWITCHES:
        return (1 if value is _WORSE_SWITCHES[name] else 0, 0)
    order = _ORDERS.get(name, ())
    if value in order:
        return (1, order.index(str(value)))
    ask = _OTHERS.get(name)
    return ask(value) if ask is not None else _NONE


def _length_of(duration: Duration) -> Badness:
    return (_ENDS[duration.end], duration.seconds)


def _is_small(value: object) -> Badness:
    return (1, -value) if isinstance(value, int) else _NONE


def _is_large(value: object) -> Badness:
    return (2, 0) if value == "unlimited" else (1, value) if isinstance(value, int) else _NONE


def _is_long(value: object) -> Badness:
    return (1, len(value)) if isinstance(value, list) else _NONE


_OTHERS: Mapping[str, Callable[[object], Badness]] = {
    "min_rsa_bits": _is_small,
    "fetch_size_limit": _is_large,
    "set_breakers": _is_long,
}
