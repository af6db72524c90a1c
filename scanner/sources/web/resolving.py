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

# a name with more addresses than this is asked at the first ones only
_MOST = 16


def system_addresses(host: str) -> Sequence[str]:
    """The addresses of a name by the system's resolver, in its order (RFC 6724)."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def addresses_of(place: Destination, resolver: Resolver, deadline: Deadline, seconds: float) -> tuple[str, ...]:
    """The addresses of a host, an address being its own; Stopped with `dns` or `timeout` where there are none.

    The system's resolver cannot be told how long to take, so it is asked in a thread that is left behind when time is up.
    """
    if place.is_address:
        return (place.host,)
    answers: queue.SimpleQueue[Sequence[str] | BaseException] = queue.SimpleQueue()
    threading.Thread(target=_answer, args=(place.host, resolver, answers), daemon=True, name="resolver").start()
    try:
        answer = answers.get(timeout=deadline.within(seconds))
    except queue.Empty:
        raise deadline.missed("looking the name up", seconds) from None
    if isinstance(answer, (OSError, UnicodeError)):
        raise Stopped("dns", "the name has no address")
    if isinstance(answer, BaseException):
        raise answer
    if not answer:
        raise Stopped("dns", "the name has no address")
    return tuple(answer[:_MOST])


def _answer(host: str, resolver: Resolver, answers: queue.SimpleQueue[Sequence[str] | BaseException]) -> None:
    try:
        answers.put(resolver(host))
    except BaseException as error:  # handed to whoever waits
        answers.put(error)
