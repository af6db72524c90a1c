"""A connected socket as httpcore wants it, under our deadline: every read and write is given what is left of the whole."""

from __future__ import annotations

import select
import socket
import ssl

import httpcore

from scanner.sources.web.deadline import Deadline
from scanner.sources.web.failures import Stopped


class Stream(httpcore.NetworkStream):
    """`deadline` is that of the document being fetched, `allowance` how many octets may still be read for it; `is_at_end`
    once the server has closed its side.
    """

    def __init__(self, connected: socket.socket, deadline: Deadline, seconds: float) -> None:
        self.socket = connected
        self.deadline = deadline
        self.allowance = 0
        self.is_at_end = False
        self._seconds = seconds
        self._limited_to: float | None = None

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        """What came, at most `max_bytes`; empty at the end."""
        try:
            self._limit()
            octets = self.socket.recv(max_bytes)
        except TimeoutError:
            raise self.deadline.missed("waiting for more of the answer", self._seconds) from None
        except OSError as error:
            raise _broken_by(error) from None
        self.is_at_end = not octets
        # what is no content counts as well: interim answers and extensions of chunks have no end of their own
        self.allowance -= len(octets)
        if self.allowance < 0:
            raise Stopped("too-large", "far more came than an answer needs")
        return octets

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        """Send all of `buffer`; httpcore also sends the content that a GET has not."""
        if not buffer:
            return
        try:
            self._limit()
            self.socket.sendall(buffer)
        except TimeoutError:
            raise self.deadline.missed("sending the request", self._seconds) from None
        except OSError:
            # the server may have answered before it closed: httpcore goes on to read
            raise httpcore.WriteError from None

    def close(self) -> None:
        """Close the connection."""
        self.socket.close()

    def get_extra_info(self, info: str) -> object:
        """Whether something lies there to be read, the one thing httpcore asks."""
        return self._has_unread() if info == "is_readable" else None

    def _limit(self) -> None:
        """Set the socket's time-out where it is another one than last time: setting it is a system call."""
        seconds = self.deadline.within(self._seconds)
        if seconds != self._limited_to:
            self.socket.settimeout(seconds)
            self._limited_to = seconds

    def _has_unread(self) -> bool:
        if isinstance(self.socket, ssl.SSLSocket) and self.socket.pending():
            return True
        return self.socket.fileno() < 0 or _is_readable(self.socket)


def _is_readable(connected: socket.socket) -> bool:
    if hasattr(select, "poll"):
        poll = select.poll()
        poll.register(connected, select.POLLIN)
        return bool(poll.poll(0))
    # on Windows, where descriptors above 1023 are no matter
    return bool(select.select([connected], [], [], 0)[0])


def _broken_by(error: OSError) -> Stopped:
    # RFC 8446 §4.4.2.4: in TLS 1.3 a server misses the client's certificate after the handshake, and says so by an alert
    if isinstance(error, ssl.SSLError) and error.reason is not None and "CERTIFICATE_REQUIRED" in error.reason:
        return Stopped("tls", "the server wants a client certificate")
    return Stopped("closed", "the connection broke off before the answer was complete")
