"""How long to wait before another attempt."""

from __future__ import annotations

import random
from datetime import datetime
from email.utils import parsedate_to_datetime

_FIRST = 0.5


def delay(attempt: int, retry_after: str | None, now: datetime) -> float:
    """Seconds to wait after attempt number `attempt` (from 1): what the server asks for, else twice as long each time.

    Without the server's wish a random part is left out, at most half, so that many clients do not return at the same moment.
    """
    requested = _seconds(retry_after, now) if retry_after is not None else None
    if requested is not None:
        return requested
    longest: float = _FIRST * 2 ** (attempt - 1)
    return longest * random.uniform(0.5, 1)  # noqa: S311 (not a secret)


def _seconds(retry_after: str, now: datetime) -> float | None:
    """Retry-After as seconds from now: a number or a date (RFC 9110 §10.2.3). None for anything else."""
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after[:9])
    try:
        at = parsedate_to_datetime(retry_after)
        return max(0.0, (at - now).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None
