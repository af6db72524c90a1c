"""The time one document may take in all, whatever happens on the way to it."""

from __future__ import annotations

import time

from scanner.sources.web.failures import Stopped


class Deadline:
    """Counts down from `seconds`, over redirects and attempts."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._ends = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds that are left; may be negative."""
        return self._ends - time.monotonic()

    def within(self, seconds: float) -> float:
        """The time-out of a step that may take `seconds`: no more than what is left of the whole. Stopped if nothing is."""
        left = self.left()
        if left <= 0:
            raise self.passed()
        return min(left, seconds)

    def missed(self, step: str, seconds: float) -> Stopped:
        """What stopped a step whose time-out has come: its own `seconds`, or the whole."""
        return self.passed() if self.left() <= 0 else Stopped("timeout", f"{step} took more than {seconds:g} seconds")

    def passed(self) -> Stopped:
        """That the whole took too long."""
        return Stopped("timeout", f"it took more than {self._seconds:g} seconds in all")

    def extend(self, seconds: float) -> None:
        """Do not count `seconds` that were spent waiting for our own other requests."""
        self._ends += seconds
