"""The clock: the one place where the time of day enters.

Gives aware datetimes in UTC. May import: errors.
"""

from __future__ import annotations

from datetime import UTC, datetime

from scanner.errors import UsageError
from scanner.record import record


@record
class Clock:
    """A clock that stands still: one scan judges everything at one moment."""

    moment: datetime

    def now(self) -> datetime:
        """The moment of judgement, in UTC."""
        return self.moment

    def stamp(self) -> str:
        """The moment as RFC 3339, seconds, `Z`."""
        return self.moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def clock_at(text: str | None) -> Clock:
    """The clock for `--now TEXT` (RFC 3339 date or date-time; without an offset it is UTC), or the real one."""
    if text is None:
        return Clock(datetime.now(UTC).replace(microsecond=0))
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError(
            what=f"`{text}` is not a time", remedy="Write an RFC 3339 time such as 2026-08-22T00:00:00Z."
        ) from None
    return Clock(moment)


def moment_now() -> datetime:
    """The present moment, for what happens while a collection runs; judgement has the Clock."""
    return datetime.now(UTC)


def stamp_now() -> str:
    """The present moment as RFC 3339 UTC with milliseconds."""
    return moment_now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
