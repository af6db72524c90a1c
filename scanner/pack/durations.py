"""How long a behaviour lasts: for a number of seconds, until something happens, for ever, or as long as nobody can tell.

Platform files write a number of seconds or a word; reports show what is written. May import: errors, record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal, TypeGuard

from scanner.errors import did_you_mean
from scanner.record import record

End = Literal["seconds", "restart", "edit", "never", "unknown"]

# by how little can outlast it: what waits for an edit outlasts a restart, and nobody knows whether the unknown is longer still
_ORDER: Mapping[End, int] = {"seconds": 0, "restart": 1, "edit": 2, "unknown": 3, "never": 4}


@record(slots=True)
class Duration:
    """How long something lasts, by what ends it: a number of `seconds`, a `restart`, an `edit` of the configuration by hand,
    nothing (`never`), or nobody knows what.
    """

    end: End
    seconds: int | float = 0

    def __add__(self, other: Duration) -> Duration:
        """One after the other. The end that comes last decides; seconds add up."""
        if self.end == other.end == "seconds":
            return Duration("seconds", self.seconds + other.seconds)
        return longest((self, other))

    @property
    def is_known(self) -> bool:
        """Whether anything is known about its end."""
        return self.end != "unknown"

    @property
    def is_bounded(self) -> bool:
        """Whether time alone ends it, after so many seconds."""
        return self.end == "seconds"

    @property
    def whole_seconds(self) -> int | None:
        """The seconds, rounded up; None where time alone does not end it."""
        return -int(-self.seconds // 1) if self.is_bounded else None

    @property
    def written(self) -> int | float | str | None:
        """As a platform file writes it; None for the unknown."""
        return self.seconds if self.is_bounded else _WRITTEN.get(self.end)


FOR_EVER: Final = Duration("never")
UNTIL_RESTART: Final = Duration("restart")
BY_HAND: Final = Duration("edit")
UNKNOWN: Final = Duration("unknown")
_AT_ONCE = Duration("seconds", 0)

_WRITTEN: Mapping[End, str] = {"never": "infinite", "restart": "until-restart", "edit": "manual"}
# the words beside a number of seconds. `static` keys are never fetched; the others leave it to the server that serves the
# keys, to another component, or to the `exp` of each token
WORDS: Mapping[str, Duration] = {
    "infinite": FOR_EVER,
    "until-restart": UNTIL_RESTART,
    "manual": BY_HAND,
    "static": BY_HAND,
    "http-cache": UNKNOWN,
    "http-max-age": UNKNOWN,
    "micronaut-cache": UNKNOWN,
    "token-lifetime": UNKNOWN,
}
# the words of `endpoint_down`: how long keys are used past their age while the key set cannot be fetched
ENDPOINT_DOWN: Mapping[str, Duration] = {
    "stale-forever": FOR_EVER,
    "stale-for": UNKNOWN,
    "stale-on-timeout-only": UNKNOWN,
    "fail-closed": _AT_ONCE,
    "fail-closed-after-ttl": _AT_ONCE,
    "retry-every-300-s": UNKNOWN,
    "not-applicable": UNKNOWN,
}


def duration_of(value: object) -> Duration:
    """What a platform file or a consumer's configuration says as a duration; unknown for anything else."""
    if isinstance(value, str):
        return WORDS.get(value, UNKNOWN)
    return Duration("seconds", value) if _is_seconds(value) else UNKNOWN


def duration_past_age(endpoint_down: object) -> Duration:
    """How long keys are used past their age, by the word for what a platform does while the key set cannot be fetched."""
    return ENDPOINT_DOWN.get(endpoint_down, UNKNOWN) if isinstance(endpoint_down, str) else UNKNOWN


def wrong_duration(value: object) -> str | None:
    """What to write instead, where `value` is no duration; None where it is one."""
    if _is_seconds(value) or (isinstance(value, str) and value in WORDS):
        return None
    near = did_you_mean(value, tuple(WORDS)) if isinstance(value, str) else ""
    return f"{near}Write seconds as a number from 0 on, or one of {', '.join(WORDS)}."


def _is_seconds(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < float("inf")


def longest(durations: Iterable[Duration]) -> Duration:
    """The one that lasts longest. The unknown may be longer than all but what never ends; of none nothing is known."""
    return max(durations, key=lambda each: (_ORDER[each.end], each.seconds), default=UNKNOWN)


def shortest(durations: Iterable[Duration]) -> Duration:
    """The one that ends first. The unknown may be longer than all but what never ends; of none nothing is known."""
    return min(durations, key=lambda each: (_ORDER[each.end], each.seconds), default=UNKNOWN)
