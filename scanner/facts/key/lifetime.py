"""Facts about members that state a key's lifetime (OpenID Federation §8.7, and vendors)."""

from __future__ import annotations

from datetime import datetime

from scanner.evidence.model import Jwk
from scanner.facts.fact import ABSENT, Absent, Fact, fact

_DATES = ("iat", "nbf", "exp")
_YEAR_2200 = 7_258_118_400  # a larger number means milliseconds
_DAY = 86_400


def _read_seconds(key: Jwk, name: str) -> int | float | None:
    found = key.numbers.get(name)
    return found if found is not None and 0 <= found <= _YEAR_2200 else None


@fact("key.misdated_members", spec="RFC 7519 §2")
def misdated_members(key: Jwk) -> list[str]:
    """Which of `iat`, `nbf` and `exp` are not a NumericDate: text, negative, or in milliseconds."""
    return [name for name in _DATES if key.types.get(name, "null") != "null" and _read_seconds(key, name) is None]


@fact("key.has_exp", spec="OpenID Federation §8.7")
def has_exp(key: Jwk) -> bool:
    """Whether the key has a readable `exp`."""
    return _read_seconds(key, "exp") is not None


@fact("key.hours_since_exp", spec="OpenID Federation §8.7")
def hours_since_exp(key: Jwk, at: datetime) -> int | Absent:
    """How many hours ago the key expired by its own `exp`; negative before that."""
    found = _read_seconds(key, "exp")
    return ABSENT if found is None else int((at.timestamp() - found) // 3600)


@fact("key.has_lifetime", spec="SP 800-57 Part 1 §5.3")
def has_lifetime(key: Jwk) -> bool:
    """Whether the key has `exp` and also `nbf` or `iat`."""
    return _measure_lifetime(key) is not None


@fact("key.lifetime_days", spec="SP 800-57 Part 1 §5.3")
def lifetime_days(key: Jwk) -> int | Absent:
    """Days from `nbf`, else `iat`, to `exp`."""
    found = _measure_lifetime(key)
    return ABSENT if found is None else found


def _measure_lifetime(key: Jwk) -> int | None:
    end = _read_seconds(key, "exp")
    start = _read_seconds(key, "nbf")
    if start is None:
        start = _read_seconds(key, "iat")
    return None if end is None or start is None else int((end - start) // _DAY)


@fact("key.is_revoked", spec="OpenID Federation §8.7")
def is_revoked(key: Jwk) -> bool:
    """Whether the key has a member `revoked` that is not empty."""
    return key.types.get("revoked", "null") != "null" and "revoked" not in key.empty


@fact("key.is_historical", spec="OpenID Federation §8.7")
def is_historical(key: Jwk) -> bool:
    """Whether the key stands in a record of retired keys, which exists to record ends and revocations."""
    return key.is_historical


FACTS: tuple[Fact, ...] = (
    misdated_members,
    has_exp,
    hours_since_exp,
    has_lifetime,
    lifetime_days,
    is_revoked,
    is_historical,
)
