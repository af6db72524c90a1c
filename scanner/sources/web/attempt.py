"""One attempt to fetch a document: requests and redirects until there is a response, or a reason why there is none."""

from __future__ import annotations

import time

import httpcore

from scanner.record import field, record
from scanner.sources.exchange import Exchange, Failure, Hop
from scanner.sources.web.connection import LARGEST_HEAD, Connection, ConnectionDetails, copy_for_reuse, milliseconds_since
from scanner.sources.web.deadline import Deadline
from scanner.sources.web.decoding import codings_of, decode_content
from scanner.sources.web.destination import Destination, resolve_redirect
from scanner.sources.web.document_request import DocumentRequest, request_headers
from scanner.sources.web.failures import FetchError
from scanner.sources.web.hosts import BadUrl
from scanner.sources.web.session import Session

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MAX_HOPS = 5
_MAX_FIELDS = 200
# the content of a redirect is read only so that the connection can be reused
_REDIRECT_CONTENT = 64 * 1024


@record(frozen=False, kw_only=True)
class AttemptResult:
    """The result of an attempt. Filled in step by step."""

    hops: list[Hop] = field(default_factory=list)
    details: ConnectionDetails = field(default_factory=ConnectionDetails)
    status: int | None = None
    http_version: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    content: bytes | None = None
    wire_size: int | None = None
    first_byte_ms: float | None = None
    was_conditional: bool = False
    failure: Failure | None = None

    def header(self, name: str) -> tuple[str, ...]:
        """The values of a header, by its name in lower case."""
        return tuple(value for each, value in self.headers if each == name)


class Attempt:
    """Requests one document once, first at `destination`. `earlier` is an Exchange with its body, to be revalidated."""

    def __init__(
        self, session: Session, request: DocumentRequest, destination: Destination, deadline: Deadline, earlier: Exchange | None
    ) -> None:
        self._session = session
        self._request = request
        self._destination = destination
        self._deadline = deadline
        self._earlier = earlier
        self._max_bytes = session.network.settings.max_octets

    def run(self) -> AttemptResult:
        """Follow redirects to the final response. If something prevents that, the result has a failure."""
        result = AttemptResult()
        try:
            self._follow(result)
        except FetchError as error:
            result.failure = error.failure
        return result

    def _follow(self, result: AttemptResult) -> None:
        url = self._check_scheme(self._destination)
        seen = {url.url}
        while True:
            self._send(url, result)
            if result.status not in _REDIRECTS or self._request.purpose == "plain-http":
                return
            url = self._follow_redirect(url, result)
            if url.url in seen:
                raise FetchError("redirect", "the redirects form a loop")
            seen.add(url.url)
            result.details, result.status, result.headers = ConnectionDetails(), None, ()

    def _check_scheme(self, url: Destination) -> Destination:
        """Refuse http unless the configuration names the host: keys that came in clear text can be forged."""
        is_clear = url.scheme == "http" and self._request.purpose != "plain-http"
        if is_clear and not self._session.network.is_allowed(url.host):
            raise FetchError("bad-url", "the URL is http, which is permitted only for hosts named in `collect.allow_private`")
        return url

    def _follow_redirect(self, url: Destination, result: AttemptResult) -> Destination:
        """Where a redirect leads, if it may be followed. The redirect is recorded in any case."""
        assert result.status is not None
        status, address = result.status, result.details.address
        locations = result.header("location")
        try:
            target = resolve_redirect(url, locations[0]) if len(locations) == 1 else None
        except BadUrl:
            target = None
        result.hops.append(Hop(url.url, status, target.url if target else None, address))
        if target is None:
            raise FetchError("redirect", "the redirect has no URL that may be requested")
        if url.scheme == "https" and target.scheme == "http":
            raise FetchError("redirect", "the redirect leads from https to http")
        if len(result.hops) > _MAX_HOPS:
            raise FetchError("redirect", f"there are more than {_MAX_HOPS} redirects")
        return self._check_scheme(target)

    def _send(self, url: Destination, result: AttemptResult) -> None:
        """Send one request. If the server has just closed a kept connection, use a new one: that is not a failure."""
        is_new = self._request.purpose == "again"
        while True:
            connection = self._session.connection(url, self._deadline, result.details, is_new=is_new)
            was_used = connection.is_used
            try:
                self._send_over(connection, url, result)
            except BaseException as error:
                self._session.drop(connection)
                if was_used and result.status is None and isinstance(error, FetchError) and error.failure.sort == "closed":
                    is_new, result.details = True, ConnectionDetails()
                    continue
                raise
            self._return_connection(connection, url)
            return

    def _return_connection(self, connection: Connection, url: Destination) -> None:
        if self._request.purpose == "again":
            self._session.drop(connection)
        else:
            self._session.keep(url, connection)

    def _send_over(self, connection: Connection, url: Destination, result: AttemptResult) -> None:
        if connection.is_used:
            result.details = copy_for_reuse(connection.details)
        connection.is_used = True
        result.was_conditional = self._is_conditional(url, result)
        headers = request_headers(
            self._request, url.authority.encode("ascii"), self._earlier if result.was_conditional else None
        )
        begin = time.perf_counter()
        response = connection.send_request(*self._session.network.request_line(url), headers, self._deadline)
        result.first_byte_ms = milliseconds_since(begin)
        try:
            _read_head(response, result)
            connection.allow_content(self._max_bytes)
            self._read_content(response, result)
        except httpcore.ProtocolError as error:
            raise connection.error_for(error) from None
        finally:
            response.close()
        if connection.has_bytes_left():
            raise FetchError("protocol", "the server sent more data than the length of the response announces")

    def _is_conditional(self, url: Destination, result: AttemptResult) -> bool:
        """Whether to send validators: they belong to the URL that gave them."""
        if self._earlier is None:
            return False
        return self._earlier.final_url == (url.url if result.hops else self._request.url)

    def _read_content(self, response: httpcore.Response, result: AttemptResult) -> None:
        if result.status in _REDIRECTS:
            _drain(response)
            return
        wire = _read_wire(response, result, self._max_bytes)
        result.wire_size = len(wire)
        result.content = decode_content(wire, codings_of(result.header("content-encoding")), self._max_bytes)


def _read_head(response: httpcore.Response, result: AttemptResult) -> None:
    version: bytes = response.extensions["http_version"]
    result.status, result.http_version = response.status, version.decode("latin-1")
    if len(response.headers) > _MAX_FIELDS:
        raise FetchError("too-large", f"there are more than {_MAX_FIELDS} header fields")
    if sum(len(name) + len(value) + 4 for name, value in response.headers) > LARGEST_HEAD:
        raise FetchError("too-large", f"the headers exceed {LARGEST_HEAD // 1024} KiB")
    result.headers = tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in response.headers)


def _read_wire(response: httpcore.Response, result: AttemptResult, max_bytes: int) -> bytes:
    """The content as it comes over the wire, at most `max_bytes` bytes."""
    announced = result.header("content-length")
    if announced and int(announced[0]) > max_bytes:  # h11 has checked that it is a number
        raise FetchError("too-large", f"the announced length of the content exceeds {max_bytes} bytes")
    parts, size = [], 0
    for part in response.iter_stream():
        size += len(part)
        if size > max_bytes:
            raise FetchError("too-large", f"the content exceeds {max_bytes} bytes")
        parts.append(part)
    return b"".join(parts)


def _drain(response: httpcore.Response) -> None:
    size = 0
    for part in response.iter_stream():
        size += len(part)
        if size > _REDIRECT_CONTENT:
            return
