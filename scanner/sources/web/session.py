"""The connections of one issuer: one is kept open for each origin, so that all documents need one handshake."""

from __future__ import annotations

from scanner.sources.web.connection import Connection, ConnectionDetails
from scanner.sources.web.deadline import Deadline
from scanner.sources.web.destination import Destination
from scanner.sources.web.failures import BUSY, FetchError
from scanner.sources.web.network import Network


class Session:
    """The connections of one issuer. Used by one thread, and closed after the visit."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._kept: dict[str, Connection] = {}

    def connection(self, url: Destination, deadline: Deadline, details: ConnectionDetails, *, is_new: bool) -> Connection:
        """The kept connection to the origin of `url`, or a new one. `details` is filled in if it is new."""
        kept = None if is_new else self._kept.pop(url.origin, None)
        if kept is not None:
            if kept.is_reusable():
                return kept
            self.drop(kept)
        self._acquire_slot(url.host, deadline)
        try:
            self._check_still_answers(url)
            return self.network.connect(url, deadline, details)
        except BaseException:
            self.network.connection_limit.release(url.host)
            raise

    def keep(self, url: Destination, connection: Connection) -> None:
        """Keep a connection whose response is complete, for the next request to its origin."""
        if connection.is_idle() and url.origin not in self._kept:
            self._kept[url.origin] = connection
        else:
            self.drop(connection)

    def drop(self, connection: Connection) -> None:
        """Close a connection and release its slot."""
        connection.close()
        self.network.connection_limit.release(connection.limited_host)

    def close(self) -> None:
        """Close all kept connections."""
        while self._kept:
            self.drop(self._kept.popitem()[1])

    def _acquire_slot(self, host: str, deadline: Deadline) -> None:
        """Wait for a connection slot of the host. The waiting time does not count for the document, but it is limited: a slow
        host that serves many issuers must not block all worker threads.
        """
        if self.network.connection_limit.try_acquire(host):
            return
        self.close()
        waited = self.network.connection_limit.acquire(host, deadline.remaining())
        if waited is None:
            raise FetchError(BUSY.sort, BUSY.because)
        deadline.extend(waited)

    def _check_still_answers(self, url: Destination) -> None:
        """FetchError if the circuit breaker opened during the wait: then every waiting request would time out."""
        failure = self.network.circuit_breaker.failure_if_open(url.origin)
        if failure is not None:
            raise FetchError(failure.sort, failure.because)
