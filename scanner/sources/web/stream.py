"""A connected socket with httpcore's interface and our deadline: each read and write gets only the remaining time."""

from __future__ import annotations

import select
import socket
import ssl

import httpcore

from scanner.sources.web.deadline import Deadline
from scanner.sources.web.failures import FetchError


class Stream(httpcore.NetworkStream):
    """`deadline` is that of the current document, `allowance` the number of bytes that may still be read for it. `is_at_end`:
    the server has closed its side.
    """

    def __init__(self, connected: socket.socket, deadline: Deadline, seconds: float) -> None:
        self.socket = connected
        self.deadline = deadline
        self.allowance = 0
        self.is_at_end = False
        self._seconds = seconds
        self._limited_to: float | None = None

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        """The next data, at most `max_bytes`; empty at the end."""
        try:
            self._limit()
            data = self.socket.recv(max_bytes)
        except TimeoutError:
            raise self.deadline.timeout_error("waiting for more of the response", self._seconds) from None
        except OSError as error:
            raise _read_error(error) from None
        self.is_at_end = not data
        # everything counts, not only content: interim responses and chunk extensions have no limit of their own
        self.allowance -= len(data)
        if self.allowance < 0:
            raise FetchError("too-large", "the server sent far more data than a response needs")
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        """Send all of `buffer`. httpcore also sends the empty content of a GET."""
        if not buffer:
            return
        try:
            self._limit()
            self.socket.sendall(buffer)
        except TimeoutError:
            raise self.deadline.timeout_error("sending the request", self._seconds) from None
        except OSError:
            # the server may have answered before it closed the connection: httpcore then reads
            raise httpcore.WriteError from None

    def close(self) -> None:
        """Close the connection."""
        self.socket.close()

    def get_extra_info(self, info: str) -> object:
        """Whether unread data is available, the only information that httpcore uses."""
        return self._has_unread() if info == "is_readable" else None

    def _limit(self) -> None:
        """Set the timeout of the socket if it has changed: each change is a system call."""
        seconds = self.deadline.limit(self._seconds)
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
    # on Windows, where select accepts any descriptor
    return bool(select.select([connected], [], [], 0)[0])


def _read_error(error: OSError) -> FetchError:
    # RFC 8446 §4.4.2.4: a TLS 1.3 server that misses the client's certificate sends an alert after the handshake
    if isinstance(error, ssl.SSLError) and error.reason is not None and "CERTIFICATE_REQUIRED" in error.reason:
        return FetchError("tls", "the server requires a client certificate")
    return FetchError("closed", "the connection broke before the response was complete")
