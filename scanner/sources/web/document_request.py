"""The request for one document, and its HTTP headers."""

from __future__ import annotations

from scanner import __version__
from scanner.record import record
from scanner.sources.exchange import Exchange, Purpose, Role
from scanner.sources.web.decoding import ACCEPTED

Headers = list[tuple[bytes, bytes]]

_USER_AGENT = f"jwksgov/{__version__}".encode("ascii")


@record
class Client:
    """A client as a server sees it: its User-Agent, and its Accept where it sends one."""

    user_agent: str
    accept: str | None

    @property
    def in_words(self) -> str:
        """The client in messages."""
        return f"{self.user_agent}, Accept: {self.accept}" if self.accept is not None else self.user_agent


# what libraries of Relying Parties send: some servers answer clients differently. Each says something else: by the User-Agent
# firewalls refuse, by the Accept servers with content negotiation (RFC 9110 §12.5.1)
OTHER_CLIENTS = (
    Client("Java-http-client/21.0.2", "*/*"),
    Client("Python-urllib/3.13", None),
    Client("node", "application/json"),
    Client("Go-http-client/1.1", None),
)

# RFC 7517 §8.5.2 for JWK Sets, RFC 8414 §3.2 for metadata; any other type is accepted last
_ACCEPT: dict[Role, bytes] = {
    "openid-configuration": b"application/json, */*;q=0.1",
    "oauth-authorization-server": b"application/json, */*;q=0.1",
    "jwks": b"application/jwk-set+json, application/json;q=0.9, */*;q=0.1",
    "spiffe-bundle": b"application/json, */*;q=0.1",
}


@record(kw_only=True)
class DocumentRequest:
    """A document to fetch from an issuer: `url` for `role`; see Exchange for `purpose` and `number`. `client`: the other client
    to be; None to be ourselves.
    """

    issuer: str
    role: Role
    url: str
    purpose: Purpose = "first"
    number: int = 0
    client: Client | None = None


def request_headers(request: DocumentRequest, authority: bytes, earlier: Exchange | None) -> Headers:
    """The headers of a request to `authority`. `earlier` is an Exchange of the same URL whose body is available."""
    headers = [
        (b"Host", authority),
        (b"User-Agent", _USER_AGENT if request.client is None else request.client.user_agent.encode("ascii")),
        *_accept_header(request),
        (b"Accept-Encoding", ACCEPTED),
    ]
    return headers if earlier is None else headers + _conditional_headers(earlier)


def _accept_header(request: DocumentRequest) -> Headers:
    if request.client is None:
        return [(b"Accept", _ACCEPT[request.role])]
    return [(b"Accept", request.client.accept.encode("ascii"))] if request.client.accept is not None else []


def _conditional_headers(earlier: Exchange) -> Headers:
    """Make the request conditional: is the stored body still current? (RFC 9110 §13.1)"""
    names = ((b"If-None-Match", "etag"), (b"If-Modified-Since", "last-modified"))
    return [(name, value.encode("latin-1")) for name, of in names for value in earlier.header(of)[-1:]]
