"""The request for one document, and its HTTP headers."""

from __future__ import annotations

from scanner import __version__
from scanner.record import record
from scanner.sources.exchange import Exchange, Purpose, Role
from scanner.sources.web.decoding import ACCEPTED

Headers = list[tuple[bytes, bytes]]

_USER_AGENT = f"jwksgov/{__version__}".encode("ascii")
# sent by a Relying Party's library: some servers answer clients differently
_OTHER_USER_AGENT = b"Java-http-client/21.0.2"

# RFC 7517 §8.5.2 for JWK Sets, RFC 8414 §3.2 for metadata; any other type is accepted last
_ACCEPT: dict[Role, bytes] = {
    "openid-configuration": b"application/json, */*;q=0.1",
    "oauth-authorization-server": b"application/json, */*;q=0.1",
    "jwks": b"application/jwk-set+json, application/json;q=0.9, */*;q=0.1",
    "spiffe-bundle": b"application/json, */*;q=0.1",
}


@record(kw_only=True)
class DocumentRequest:
    """A document to fetch from an issuer: `url` for `role`; see Exchange for `purpose` and `number`."""

    issuer: str
    role: Role
    url: str
    purpose: Purpose = "first"
    number: int = 0


def request_headers(request: DocumentRequest, authority: bytes, earlier: Exchange | None) -> Headers:
    """The headers of a request to `authority`. `earlier` is an Exchange of the same URL whose body is available."""
    is_other = request.purpose == "other-client"
    headers = [
        (b"Host", authority),
        (b"User-Agent", _OTHER_USER_AGENT if is_other else _USER_AGENT),
        (b"Accept", b"*/*" if is_other else _ACCEPT[request.role]),
        (b"Accept-Encoding", ACCEPTED),
    ]
    return headers if earlier is None else headers + _conditional_headers(earlier)


def _conditional_headers(earlier: Exchange) -> Headers:
    """Make the request conditional: is the stored body still current? (RFC 9110 §13.1)"""
    names = ((b"If-None-Match", "etag"), (b"If-Modified-Since", "last-modified"))
    return [(name, value.encode("latin-1")) for name, of in names for value in earlier.header(of)[-1:]]
