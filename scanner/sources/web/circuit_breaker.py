"""The circuit breaker: after several failures in a row, a server that does not answer gets no more requests."""

from __future__ import annotations

from scanner.sources.exchange import Failure, FailureSort
from scanner.sources.web.failures import BUSY

# as many as two issuers have: all documents of a single issuer are always requested
_FAILURES_TO_OPEN = 6
_COUNTED_SORTS: frozenset[FailureSort] = frozenset({"connect", "timeout"})


class CircuitBreaker:
    """Counts, for each origin, the documents in a row that got no answer. Without it, thousands of tenants of one dead server
    would each wait for its timeout. Threads may overwrite each other's count; then the server gets one more request.
    """

    def __init__(self) -> None:
        self._failures: dict[str, tuple[int, FailureSort]] = {}

    def record_outcome(self, origin: str, failure: Failure | None) -> None:
        """Record whether the request for a document of `origin` failed, and how."""
        if failure == BUSY:
            return
        if failure is not None and failure.sort in _COUNTED_SORTS:
            failures = self._failures.get(origin, (0, failure.sort))[0]
            self._failures[origin] = failures + 1, failure.sort
        else:
            self._failures.pop(origin, None)

    def failure_if_open(self, origin: str) -> Failure | None:
        """Why `origin` gets no more requests; None while the circuit is closed. The sort is that of the last failure: a closed
        port is not a slow server.
        """
        failures, sort = self._failures.get(origin, (0, "timeout"))
        if failures < _FAILURES_TO_OPEN:
            return None
        return Failure(sort, f"the server did not answer {failures} times in a row, so it was not asked again")
