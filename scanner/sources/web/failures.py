"""The exception that ends the fetching of a document; it carries the failure to record."""

from __future__ import annotations

from scanner.sources.exchange import Failure, FailureSort

# another attempt may succeed after these
_TRANSIENT: frozenset[FailureSort] = frozenset({"connect", "timeout", "closed", "status"})
# not the fault of the server: it received no request
BUSY = Failure("timeout", "the connections to the host were in use by other requests of this collection for the whole time")


class FetchError(Exception):
    """There is no answer. `because` is our own sentence and quotes nothing that the server sent."""

    def __init__(self, sort: FailureSort, because: str) -> None:
        super().__init__(because)
        self.failure = Failure(sort, because)


def is_transient(failure: Failure) -> bool:
    """Whether the same request may succeed a moment later."""
    return failure.sort in _TRANSIENT
