"""One accepted connection, as a behaviour handles it: octets in and out, nothing corrected."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterable
from dataclasses import dataclass

_MOST_REQUEST_OCTETS = 64 * 1024


@dataclass(frozen=True)
class Request:
    """A request's head as it came; names of headers in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    connection: int


class Conversation:
    """A connection that a client opened: `connection` numbers it, `stopping` is set when the server closes."""

    def __init__(self, sock: socket.socket, connection: int, stopping: threading.Event) -> None:
        self.socket = sock
        self.connection = connection
        self.stopping = stopping
        self._kept = b""

    def request(self) -> Request | None:
        """The next request's head; None where the client has left."""
        while b"\r\n\r\n" not in self._kept:
            data = self.socket.recv(65536)
            if not data or len(self._kept) > _MOST_REQUEST_OCTETS:
                return None
            self._kept += data
        head, _, self._kept = self._kept.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ", 2)
        pairs = (line.partition(":") for line in lines)
        return Request(method, target, {name.lower(): value.strip() for name, _, value in pairs}, self.connection)

    def send(self, *parts: bytes) -> None:
        """Send octets as they are."""
        self.socket.sendall(b"".join(parts))

    def answer(self, status: int, headers: Iterable[tuple[str, str]] = (), body: bytes = b"", *, ahead: bytes = b"") -> None:
        """A well-formed answer with its length, in one write with the octets of `ahead` that follow it."""
        self.send(head(status, (*headers, ("Content-Length", str(len(body))))), body, ahead)

    def drip(self, data: bytes, every_s: float) -> None:
        """Send octet after octet, with a pause after each."""
        for octet in data:
            self.send(bytes((octet,)))
            if self.stopping.wait(every_s):
                return

    def flood(self, chunk: bytes, most_octets: int = 256 * 1024 * 1024) -> None:
        """Send the same octets again and again, until the client has left."""
        for _ in range(most_octets // len(chunk)):
            if self.stopping.is_set():
                return
            self.send(chunk)

    def wait(self) -> None:
        """Say nothing until the client has left, or the server closes."""
        while not self.stopping.is_set() and self.socket.recv(65536):
            pass

    def reset(self) -> None:
        """End the connection with a reset rather than an end of stream."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # detach() leaves TLS without its closing words
        socket.socket(fileno=self.socket.detach()).close()


def head(status: int, headers: Iterable[tuple[str, str]] = ()) -> bytes:
    """The head of an answer, with the empty line after it; a value is sent in Latin-1."""
    lines = [f"HTTP/1.1 {status} Said", *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode("latin-1")
