"""Names and their addresses, in time."""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Callable, Sequence

from scanner.sources.web.deadline import Deadline
from scanner.sources.web.destination import Destination
from scanner.sources.web.failures import Stopped

# a host name → its addresses, as literals
Resolver = Callable[[str], Sequence[str]]

Answers = queue.SimpleQueue[Sequence[str] | Exception]

# a name with more addresses than this is asked at the first ones only
_MOST = 16


def system_addresses(host: str) -> Sequence[str]:
    """The addresses of a name by the system's resolver, in its order (RFC 6724)."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Lookups:
    """Threads that ask the resolver, which cannot be told how long to take: one that takes too long is left behind, the others
    are used again.
    """

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._tasks: queue.SimpleQueue[tuple[str, Answers] | None] = queue.SimpleQueue()
        self._idle = threading.Semaphore(0)
        self._threads: list[threading.Thread] = []

    def addresses(self, place: Destination, deadline: Deadline, seconds: float) -> tuple[str, ...]:
        """The addresses of a host in time, an address being its own; Stopped with `dns` or `timeout` where there are none."""
        if place.is_address:
            return (place.host,)
        answers: Answers = queue.SimpleQueue()
        self._tasks.put((place.host, answers))
        if not self._idle.acquire(blocking=False):
            self._threads.append(threading.Thread(target=self._work, daemon=True, name="resolver"))
            self._threads[-1].start()
        try:
            answer = answers.get(timeout=deadline.within(seconds))
        except queue.Empty:
            raise deadline.missed("looking the name up", seconds) from None
        if isinstance(answer, Exception) and not isinstance(answer, (OSError, UnicodeError)):
            raise answer
        if isinstance(answer, Exception) or not answer:
            raise Stopped("dns", "the name has no address")
        return tuple(answer[:_MOST])

    def dismiss(self) -> None:
        """No more look-ups."""
        for _ in self._threads:
            self._tasks.put(None)

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            host, answers = task
            try:
                answers.put(self._resolver(host))
            except Exception as error:  # handed to whoever waits
                answers.put(error)
            self._idle.release()
