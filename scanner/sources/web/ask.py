"""What one document is asked for, and how the request says it."""

from __future__ import annotations

from scanner import __version__
from scanner.record import record
from scanner.sources.exchange import Exchange, Purpose, Role
from scanner.sources.web.decoding import ACCEPTED

Headers = list[tuple[bytes, bytes]]

_OURS = f"jwksgov/{__version__}".encode("ascii")
# what a Relying Party's library sends, for servers that answer clients differently
_OTHER = b"Java-http-client/21.0.2"

# RFC 7517 §8.5.2 for JWK Sets, RFC 8414 §3.2 for metadata; whatever else there is comes last
_ACCEPT: dict[Role, bytes] = {
    "openid-configuration": b"application/json, */*;q=0.1",
    "oauth-authorization-server": b"application/json, */*;q=0.1",
    "jwks": b"application/jwk-set+json, application/json;q=0.9, */*;q=0.1",
    "spiffe-bundle": b"application/json, */*;q=0.1",
}


@record(kw_only=True)
class Ask:
    """One document wanted of an issuer: `url` for `role`; see Exchange for `purpose` and `number`."""

    issuer: str
    role: Role
    url: str
    purpose: Purpose = "first"
    number: int = 0


def headers_for(ask: Ask, authority: bytes, earlier: Exchange | None) -> Headers:
    """The headers of the request at `authority`; `earlier` is an Exchange of the same URL whose body is still at hand."""
    is_other = ask.purpose == "other-client"
    headers = [
        (b"Host", authority),
        (b"User-Agent", _OTHER if is_other else _OURS),
        (b"Accept", b"*/*" if is_other else _ACCEPT[ask.role]),
        (b"Accept-Encoding", ACCEPTED),
    ]
    return headers if earlier is None else headers + _conditions(earlier)


def _conditions(earlier: Exchange) -> Headers:
    """RFC 9110 §13.1: ask whether what we have is still the current one."""
    names = ((b"If-None-Match", "etag"), (b"If-Modified-Since", "last-modified"))
    return [(name, value.encode("latin-1")) for name, of in names for value in earlier.header(of)[-1:]]
