"""Resolves host names to addresses, with a timeout."""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Callable, Sequence

from scanner.sources.web.deadline import Deadline
from scanner.sources.web.destination import Destination
from scanner.sources.web.failures import FetchError

# host name → its addresses, as literals
Resolver = Callable[[str], Sequence[str]]

_Results = queue.SimpleQueue[Sequence[str] | Exception]

# of a name with more addresses, only the first ones are used
_MAX_ADDRESSES = 16


def system_addresses(host: str) -> Sequence[str]:
    """The addresses of a name, from the system's resolver in its order (RFC 6724)."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class AddressResolver:
    """Threads that call the system's resolver, which has no timeout. A thread that takes too long is abandoned; the others are
    reused.
    """

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._tasks: queue.SimpleQueue[tuple[str, _Results] | None] = queue.SimpleQueue()
        self._idle = threading.Semaphore(0)
        self._threads: list[threading.Thread] = []

    def resolve(self, destination: Destination, deadline: Deadline, seconds: float) -> tuple[str, ...]:
        """The addresses of a host; a literal address stays as it is. FetchError (`dns`, `timeout`) if there are none."""
        if destination.is_address:
            return (destination.host,)
        results: _Results = queue.SimpleQueue()
        self._tasks.put((destination.host, results))
        if not self._idle.acquire(blocking=False):
            self._threads.append(threading.Thread(target=self._work, daemon=True, name="resolver"))
            self._threads[-1].start()
        try:
            result = results.get(timeout=deadline.limit(seconds))
        except queue.Empty:
            raise deadline.timeout_error("looking the name up", seconds) from None
        if isinstance(result, Exception) and not isinstance(result, (OSError, UnicodeError)):
            raise result
        if isinstance(result, Exception) or not result:
            raise FetchError("dns", "the name has no address")
        return tuple(result[:_MAX_ADDRESSES])

    def shutdown(self) -> None:
        """Accept no more lookups."""
        for _ in self._threads:
            self._tasks.put(None)

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            host, results = task
            try:
                results.put(self._resolver(host))
            except Exception as error:  # raised again in the waiting thread
                results.put(error)
            self._idle.release()
