"""One HTTP/1.1 connection, and the details of how it was made."""

from __future__ import annotations

import time

import h11
import httpcore

from scanner.record import record
from scanner.sources.exchange import Tls
from scanner.sources.web.deadline import Deadline
from scanner.sources.web.destination import Destination
from scanner.sources.web.failures import FetchError
from scanner.sources.web.stream import Stream

LARGEST_HEAD = 64 * 1024
_STATUS_LINE = b"HTTP/"


@record(frozen=False)
class ConnectionDetails:
    """Address, TLS and timings of a connection. Filled in step by step, so that the details are there if a later step fails.
    The milliseconds of a step that was not reached are None.
    """

    address: str | None = None
    resolved: tuple[str, ...] = ()
    is_through_proxy: bool = False
    tls: Tls | None = None
    dns_ms: float | None = None
    connect_ms: float | None = None
    tls_ms: float | None = None


def copy_for_reuse(details: ConnectionDetails) -> ConnectionDetails:
    """The details for another request over the same connection: without timings, because no step was repeated."""
    return ConnectionDetails(
        address=details.address, resolved=details.resolved, is_through_proxy=details.is_through_proxy, tls=details.tls
    )


def milliseconds_since(begin: float) -> float:
    """Milliseconds since `begin` of time.perf_counter()."""
    return round((time.perf_counter() - begin) * 1000, 3)


class Connection(httpcore.HTTP11Connection):
    """A connection to one origin. `is_used`: at least one request was answered over it."""

    MAX_INCOMPLETE_EVENT_SIZE = LARGEST_HEAD

    def __init__(self, url: Destination, stream: Stream, details: ConnectionDetails) -> None:
        origin = httpcore.Origin(url.scheme.encode("ascii"), url.host.encode("ascii"), url.port)
        super().__init__(origin, stream)
        self._stream = stream
        self.details = details
        self.limited_host = url.host
        self.is_used = False

    def is_reusable(self) -> bool:
        """Whether another request may follow: the last response is complete, and no unexpected data came after it."""
        return self.is_idle() and not self.has_expired()

    def has_bytes_left(self) -> bool:
        """Whether more data came than belongs to the response. It must not be read as the next response."""
        return bool(self._h11_state.trailing_data[0])

    def send_request(
        self, method: bytes, url: httpcore.URL, headers: list[tuple[bytes, bytes]], deadline: Deadline
    ) -> httpcore.Response:
        """Send a request and read the head of the response. FetchError if there is no response."""
        self._stream.deadline = deadline
        self._stream.allowance = 2 * LARGEST_HEAD
        try:
            return self.handle_request(httpcore.Request(method, url, headers=headers))
        except httpcore.ProtocolError as error:
            raise self.error_for(error) from None

    def allow_content(self, max_bytes: int) -> None:
        """Allow `max_bytes` bytes of content to be read, with their framing."""
        self._stream.allowance += 2 * max_bytes

    def error_for(self, error: httpcore.ProtocolError) -> FetchError:
        """The error for a response that is not HTTP/1.1."""
        if self._stream.is_at_end and not self._is_other_protocol():
            return FetchError("closed", "the connection was closed before the response was complete")
        # h11 names the status that a server would send: 431 Request Header Fields Too Large
        if getattr(error.__cause__, "error_status_hint", None) == 431:
            return FetchError("too-large", f"the headers, or a line of chunked framing, exceed {LARGEST_HEAD // 1024} KiB")
        return FetchError("protocol", "the server sent something that is not HTTP/1.1")

    def _is_other_protocol(self) -> bool:
        """Whether the data cannot be the beginning of an HTTP/1.1 response: HTTP/0.9, or another protocol."""
        is_in_head = self._h11_state.their_state is h11.SEND_RESPONSE
        came = self._h11_state.trailing_data[0]
        return is_in_head and not (came.startswith(_STATUS_LINE) or _STATUS_LINE.startswith(came))
