"""The time limit for one document, over all redirects and attempts."""

from __future__ import annotations

import time

from scanner.sources.web.failures import FetchError


class Deadline:
    """Ends `seconds` after it is created."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._ends = time.monotonic() + seconds

    def remaining(self) -> float:
        """The remaining seconds; may be negative."""
        return self._ends - time.monotonic()

    def limit(self, seconds: float) -> float:
        """The timeout of a step: `seconds`, but no more than what remains. FetchError if nothing remains."""
        left = self.remaining()
        if left <= 0:
            raise self._expired_error()
        return min(left, seconds)

    def timeout_error(self, step: str, seconds: float) -> FetchError:
        """The error of a step that timed out: after its own `seconds`, or because the whole took too long."""
        if self.remaining() <= 0:
            return self._expired_error()
        return FetchError("timeout", f"{step} took more than {seconds:g} seconds")

    def _expired_error(self) -> FetchError:
        """The error that the whole took too long."""
        return FetchError("timeout", f"it took more than {self._seconds:g} seconds in all")

    def extend(self, seconds: float) -> None:
        """Do not count `seconds` that were spent waiting for other requests of this collection."""
        self._ends += seconds
