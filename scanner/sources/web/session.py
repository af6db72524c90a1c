"""One issuer's connections: one kept open for each origin, so that its documents cost one handshake."""

from __future__ import annotations

from scanner.sources.web.connection import Connection, Trail
from scanner.sources.web.deadline import Deadline
from scanner.sources.web.destination import Destination
from scanner.sources.web.failures import BUSY, Stopped
from scanner.sources.web.network import Network


class Session:
    """The connections of one issuer. Used by one thread; closed when the issuer is done."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._kept: dict[str, Connection] = {}

    def connection(self, url: Destination, deadline: Deadline, trail: Trail, *, is_new: bool) -> Connection:
        """The kept connection to the origin of `url`, or a new one; `trail` is filled in if it is new."""
        kept = None if is_new else self._kept.pop(url.origin, None)
        if kept is not None:
            if kept.can_be_used_again():
                return kept
            self.drop(kept)
        self._wait_for_slot(url.host, deadline)
        try:
            self._check_still_answers(url)
            return self.network.connect(url, deadline, trail)
        except BaseException:
            self.network.slots.give(url.host)
            raise

    def keep(self, url: Destination, connection: Connection) -> None:
        """Keep a connection whose answer is complete, for the next request to its origin."""
        if connection.is_idle() and url.origin not in self._kept:
            self._kept[url.origin] = connection
        else:
            self.drop(connection)

    def drop(self, connection: Connection) -> None:
        """Close a connection and free its slot."""
        connection.close()
        self.network.slots.give(connection.slot)

    def close(self) -> None:
        """Close what is kept."""
        while self._kept:
            self.drop(self._kept.popitem()[1])

    def _wait_for_slot(self, host: str, deadline: Deadline) -> None:
        """Time spent waiting for our own other requests to the host is not the document's; but a host that many issuers have
        their keys at, and that takes its time, must not hold up all of the crew.
        """
        if self.network.slots.try_take(host):
            return
        self.close()
        waited = self.network.slots.take(host, deadline.left())
        if waited is None:
            raise Stopped(BUSY.sort, BUSY.because)
        deadline.extend(waited)

    def _check_still_answers(self, url: Destination) -> None:
        """Those who waited in the queue of a server that fell silent meanwhile need not find that out one by one."""
        failure = self.network.silence.failure(url.origin)
        if failure is not None:
            raise Stopped(failure.sort, failure.because)
