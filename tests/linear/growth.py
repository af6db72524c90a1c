"""How the work of a function grows with the length of its text, in CPU time of this process.

Timers of a loaded machine do not disturb it: CPU time counts only this process, the best of several runs is taken, below a
floor nothing is judged, and linear (8 ×) and quadratic (64 ×) lie far apart.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LENGTHS = (8_000, 64_000)
# a quadratic pattern takes longer than this for the first length, a linear one takes a fifth at most
_SUSPECT_S = 0.0015
_FIRST = 8_000
_FLOOR_S = 0.004
_REPEATS = 3
_LIMIT_S = 1.5
# half way, in doublings, between linear (8) and quadratic (64); an exponent of 1.2 would be 12
_MOST = 22.0
_SURELY_LINEAR = 12.0


class TooLong(Exception):
    """The hard limit of CPU time has passed."""


@contextmanager
def cpu_limit(seconds: float) -> Iterator[None]:
    """Raise TooLong in it after that much CPU time: `re` asks for signals while it matches."""

    def stop(_number: int, _frame: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def cpu_seconds(work: Callable[[], object]) -> float:
    """The CPU time of one run."""
    begin = time.thread_time()
    work()
    return time.thread_time() - begin


def repeated(unit: str, *, share: int = 1, end: str = "") -> Callable[[int], str]:
    """Texts of a unit and an end, of the length asked for, or of a share of it."""
    return lambda length: unit * (length // share // len(unit)) + end


class Growth:
    """Judges one function by many texts. One that is slow but grows with the length is soon known, and suspected no more."""

    def __init__(self, work: Callable[[str], object]) -> None:
        self._work = work
        self._suspect_s = _SUSPECT_S

    def fault(self, pump: Callable[[int], str]) -> str | None:
        """How the work grows, in words, where that is clearly more than the text; None where it does not."""
        first = pump(_FIRST)
        try:
            with cpu_limit(_LIMIT_S):
                seconds = cpu_seconds(lambda: self._work(first))
                if seconds < self._suspect_s:
                    return None
                return self._grown(pump, seconds)
        except TooLong:
            return f"more than {_LIMIT_S:.0f} s of CPU time for {_FIRST} to {LENGTHS[-1]} characters like {first[:60]!r}"

    def _grown(self, pump: Callable[[int], str], seconds: float) -> str | None:
        short, long = (self._best(pump(length)) for length in LENGTHS)
        if long < _SURELY_LINEAR * short:
            self._suspect_s = max(self._suspect_s, 2 * seconds)
        if long < _FLOOR_S or long < _MOST * short:
            return None
        times = LENGTHS[1] // LENGTHS[0]
        return f"{long / short:.0f} times the work for {times} times the length, for texts like {pump(60)[:80]!r}"

    def _best(self, text: str) -> float:
        return min(cpu_seconds(lambda: self._work(text)) for _ in range(_REPEATS))
