"""How fetching stops short: an exception that carries the failure to be recorded."""

from __future__ import annotations

from scanner.sources.exchange import Failure, FailureSort

# what another attempt may mend
_PASSING: frozenset[FailureSort] = frozenset({"connect", "timeout", "closed", "status"})
# says nothing of the server: it was not asked
BUSY = Failure("timeout", "the host was busy with other requests of ours for all of the time")


class Stopped(Exception):
    """There will be no answer: `sort`, and `because` in our words, quoting nothing that the server said."""

    def __init__(self, sort: FailureSort, because: str) -> None:
        super().__init__(because)
        self.failure = Failure(sort, because)


def may_pass(failure: Failure) -> bool:
    """Whether the same request may well be answered a moment later."""
    return failure.sort in _PASSING
