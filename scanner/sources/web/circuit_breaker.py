"""Servers that do not answer: after a few documents in a row the rest is not asked for."""

from __future__ import annotations

from scanner.sources.exchange import Failure, FailureSort
from scanner.sources.web.failures import BUSY

# two issuers' worth: a single issuer's documents are always asked for
_ENOUGH = 6
_SILENT: frozenset[FailureSort] = frozenset({"connect", "timeout"})


class Silence:
    """Counts, for each origin, the documents in a row that nobody answered. Thousands of tenants of one dead server would
    otherwise take its time-out each. Threads may lose a count to each other; then the server is asked once more.
    """

    def __init__(self) -> None:
        self._missed: dict[str, tuple[int, FailureSort]] = {}

    def note(self, origin: str, failure: Failure | None) -> None:
        """How a document of `origin` came out."""
        if failure == BUSY:
            return
        if failure is not None and failure.sort in _SILENT:
            missed = self._missed.get(origin, (0, failure.sort))[0]
            self._missed[origin] = missed + 1, failure.sort
        else:
            self._missed.pop(origin, None)

    def failure(self, origin: str) -> Failure | None:
        """Why `origin` is not asked any more, None where it may be. The sort is that of the last miss: a closed port is not a
        slow one.
        """
        missed, sort = self._missed.get(origin, (0, "timeout"))
        if missed < _ENOUGH:
            return None
        return Failure(sort, f"the server did not answer {missed} times in a row, so it was not asked again")
