"""One HTTP/1.1 connection, and what was seen when it was made."""

from __future__ import annotations

import time

import h11
import httpcore

from scanner.record import record
from scanner.sources.exchange import Tls
from scanner.sources.web.deadline import Deadline
from scanner.sources.web.destination import Destination
from scanner.sources.web.failures import Stopped
from scanner.sources.web.stream import Stream

LARGEST_HEAD = 64 * 1024
_STATUS_LINE = b"HTTP/"


@record(frozen=False)
class Trail:
    """What making a connection showed, written down step by step, so that it is there when a later step fails. Milliseconds
    of a step that was not reached are None.
    """

    address: str | None = None
    resolved: tuple[str, ...] = ()
    is_through_proxy: bool = False
    tls: Tls | None = None
    dns_ms: float | None = None
    connect_ms: float | None = None
    tls_ms: float | None = None


def seen_before(trail: Trail) -> Trail:
    """What an earlier request's connection showed, for another one over it: no step was taken again."""
    return Trail(address=trail.address, resolved=trail.resolved, is_through_proxy=trail.is_through_proxy, tls=trail.tls)


def milliseconds_since(begin: float) -> float:
    """Milliseconds since `begin` of time.perf_counter()."""
    return round((time.perf_counter() - begin) * 1000, 3)


class Connection(httpcore.HTTP11Connection):
    """A connection to one origin; `is_used` once a request has been answered over it."""

    MAX_INCOMPLETE_EVENT_SIZE = LARGEST_HEAD

    def __init__(self, url: Destination, stream: Stream, trail: Trail) -> None:
        origin = httpcore.Origin(url.scheme.encode("ascii"), url.host.encode("ascii"), url.port)
        super().__init__(origin, stream)
        self._stream = stream
        self.trail = trail
        self.slot = url.host
        self.is_used = False

    def can_be_used_again(self) -> bool:
        """Whether another request may follow: the last answer is complete, and nothing came that nobody asked for."""
        return self.is_idle() and not self.has_expired()

    def has_octets_left(self) -> bool:
        """Whether more came than belongs to the answer. Read as the next answer it would be believed."""
        return bool(self._h11_state.trailing_data[0])

    def ask(
        self, method: bytes, url: httpcore.URL, headers: list[tuple[bytes, bytes]], deadline: Deadline
    ) -> httpcore.Response:
        """Send a request and read the head of the answer; Stopped where there is none."""
        self._stream.deadline = deadline
        self._stream.allowance = 2 * LARGEST_HEAD
        try:
            return self.handle_request(httpcore.Request(method, url, headers=headers))
        except httpcore.ProtocolError as error:
            raise self.stopped_by(error) from None

    def allow_content(self, most: int) -> None:
        """Let content of `most` octets be read, with its framing."""
        self._stream.allowance += 2 * most

    def stopped_by(self, error: httpcore.ProtocolError) -> Stopped:
        """What an answer that is no HTTP/1.1 means."""
        if self._stream.is_at_end and not self._is_something_else():
            return Stopped("closed", "the connection was closed before the answer was complete")
        # h11 hints at the status a server would give: 431 Request Header Fields Too Large
        if getattr(error.__cause__, "error_status_hint", None) == 431:
            return Stopped("too-large", f"the headers, or a line of chunked framing, exceed {LARGEST_HEAD // 1024} KiB")
        return Stopped("protocol", "what came is no HTTP/1.1 answer")

    def _is_something_else(self) -> bool:
        """Whether what came and was not understood cannot become the head of an answer: HTTP/0.9, another protocol."""
        is_in_head = self._h11_state.their_state is h11.SEND_RESPONSE
        came = self._h11_state.trailing_data[0]
        return is_in_head and not (came.startswith(_STATUS_LINE) or _STATUS_LINE.startswith(came))
