"""One attempt at a document: requests and redirects until there is an answer, or a reason why there is none."""

from __future__ import annotations

import time

import httpcore

from scanner.record import field, record
from scanner.sources.exchange import Exchange, Failure, Hop
from scanner.sources.web.ask import Ask, headers_for
from scanner.sources.web.connection import LARGEST_HEAD, Connection, Trail, milliseconds_since, seen_before
from scanner.sources.web.deadline import Deadline
from scanner.sources.web.decoding import codings_of, decoded
from scanner.sources.web.destination import Destination, redirected
from scanner.sources.web.failures import Stopped
from scanner.sources.web.hosts import BadUrl
from scanner.sources.web.session import Session

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_HOPS = 5
_MOST_FIELDS = 200
# a redirect's content is read for the sake of the connection only
_REDIRECT_CONTENT = 64 * 1024


@record(frozen=False, kw_only=True)
class Answer:
    """What came of an attempt, written down as it comes."""

    hops: list[Hop] = field(default_factory=list)
    trail: Trail = field(default_factory=Trail)
    status: int | None = None
    http_version: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    content: bytes | None = None
    wire_size: int | None = None
    first_byte_ms: float | None = None
    was_conditional: bool = False
    failure: Failure | None = None

    def header(self, name: str) -> tuple[str, ...]:
        """The values of a header by its name in lower case."""
        return tuple(value for each, value in self.headers if each == name)


class Attempt:
    """Asks for one document once, at `place` first. `earlier` is an Exchange of it with its body, to be revalidated."""

    def __init__(self, session: Session, ask: Ask, place: Destination, deadline: Deadline, earlier: Exchange | None) -> None:
        self._session = session
        self._ask = ask
        self._place = place
        self._deadline = deadline
        self._earlier = earlier
        self._most = session.network.settings.max_octets

    def answer(self) -> Answer:
        """Follow redirects to the answer; what stops that is in it as its failure."""
        answer = Answer()
        try:
            self._follow(answer)
        except Stopped as stopped:
            answer.failure = stopped.failure
        return answer

    def _follow(self, answer: Answer) -> None:
        url = self._permitted(self._place)
        seen = {url.url}
        while True:
            self._request(url, answer)
            if answer.status not in _REDIRECTS or self._ask.purpose == "plain-http":
                return
            url = self._next(url, answer)
            if url.url in seen:
                raise Stopped("redirect", "the redirects go in a circle")
            seen.add(url.url)
            answer.trail, answer.status, answer.headers = Trail(), None, ()

    def _permitted(self, url: Destination) -> Destination:
        """http only where a test estate is allowed by name: keys that came in clear text may be anybody's."""
        is_clear = url.scheme == "http" and self._ask.purpose != "plain-http"
        if is_clear and not self._session.network.is_allowed(url.host):
            raise Stopped("bad-url", "the URL is http, which is asked only at hosts named in `collect.allow_private`")
        return url

    def _next(self, url: Destination, answer: Answer) -> Destination:
        """Where a redirect leads, if it may be followed; it is written down in any case."""
        assert answer.status is not None
        status, address = answer.status, answer.trail.address
        locations = answer.header("location")
        try:
            target = redirected(url, locations[0]) if len(locations) == 1 else None
        except BadUrl:
            target = None
        answer.hops.append(Hop(url.url, status, target.url if target else None, address))
        if target is None:
            raise Stopped("redirect", "the redirect names no URL that may be asked")
        if url.scheme == "https" and target.scheme == "http":
            raise Stopped("redirect", "the redirect leads from https to http")
        if len(answer.hops) > _MOST_HOPS:
            raise Stopped("redirect", f"there are more than {_MOST_HOPS} redirects")
        return self._permitted(target)

    def _request(self, url: Destination, answer: Answer) -> None:
        """One request. A kept connection that the server has just closed is no failure: a new one is made."""
        is_new = self._ask.purpose == "again"
        while True:
            connection = self._session.connection(url, self._deadline, answer.trail, is_new=is_new)
            was_used = connection.is_used
            try:
                self._exchange(connection, url, answer)
            except BaseException as error:
                self._session.drop(connection)
                if was_used and answer.status is None and isinstance(error, Stopped) and error.failure.sort == "closed":
                    is_new, answer.trail = True, Trail()
                    continue
                raise
            self._put_back(connection, url)
            return

    def _put_back(self, connection: Connection, url: Destination) -> None:
        if self._ask.purpose == "again":
            self._session.drop(connection)
        else:
            self._session.keep(url, connection)

    def _exchange(self, connection: Connection, url: Destination, answer: Answer) -> None:
        if connection.is_used:
            answer.trail = seen_before(connection.trail)
        connection.is_used = True
        answer.was_conditional = self._is_conditional(url, answer)
        headers = headers_for(self._ask, url.authority.encode("ascii"), self._earlier if answer.was_conditional else None)
        begin = time.perf_counter()
        response = connection.ask(*self._session.network.request_line(url), headers, self._deadline)
        answer.first_byte_ms = milliseconds_since(begin)
        try:
            _read_head(response, answer)
            connection.allow_content(self._most)
            self._read_content(response, answer)
        except httpcore.ProtocolError as error:
            raise connection.stopped_by(error) from None
        finally:
            response.close()
        if connection.has_octets_left():
            raise Stopped("protocol", "more came than the answer's own length announces")

    def _is_conditional(self, url: Destination, answer: Answer) -> bool:
        """Validators belong to the URL that gave them."""
        if self._earlier is None:
            return False
        return self._earlier.final_url == (url.url if answer.hops else self._ask.url)

    def _read_content(self, response: httpcore.Response, answer: Answer) -> None:
        if answer.status in _REDIRECTS:
            _drain(response)
            return
        wire = _content(response, answer, self._most)
        answer.wire_size = len(wire)
        answer.content = decoded(wire, codings_of(answer.header("content-encoding")), self._most)


def _read_head(response: httpcore.Response, answer: Answer) -> None:
    version: bytes = response.extensions["http_version"]
    answer.status, answer.http_version = response.status, version.decode("latin-1")
    if len(response.headers) > _MOST_FIELDS:
        raise Stopped("too-large", f"there are more than {_MOST_FIELDS} header fields")
    if sum(len(name) + len(value) + 4 for name, value in response.headers) > LARGEST_HEAD:
        raise Stopped("too-large", f"the headers exceed {LARGEST_HEAD // 1024} KiB")
    answer.headers = tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in response.headers)


def _content(response: httpcore.Response, answer: Answer, most: int) -> bytes:
    """The content as it comes over the wire, at most `most` octets."""
    announced = answer.header("content-length")
    if announced and int(announced[0]) > most:  # h11 has seen that it is a number
        raise Stopped("too-large", f"the content is announced to exceed {most} octets")
    parts, size = [], 0
    for part in response.iter_stream():
        size += len(part)
        if size > most:
            raise Stopped("too-large", f"the content exceeds {most} octets")
        parts.append(part)
    return b"".join(parts)


def _drain(response: httpcore.Response) -> None:
    size = 0
    for part in response.iter_stream():
        size += len(part)
        if size > _REDIRECT_CONTENT:
            return
