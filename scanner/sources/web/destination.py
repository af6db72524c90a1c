"""Parses a URL: its one host is checked, resolved and connected to, even if other clients read it differently."""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin

from scanner.hosts.reach import is_address
from scanner.hosts.urls import WEB_PORTS
from scanner.patterns import lazy_pattern
from scanner.record import record
from scanner.sources.web.hosts import BadUrl, canonical_host

_LONGEST_URL = 8192
# control characters and blanks would enter request lines; `\` is `/` to browsers and a part of the name to others
_FORBIDDEN = lazy_pattern(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029\ufeff]")
_SHAPE = lazy_pattern(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#]*)(?P<target>[^#]*)(?:#.*)?", re.DOTALL)
_AUTHORITY = lazy_pattern(r"(?P<host>\[[^\]]*\]|[^:\[\]]+)(?::(?P<port>[0-9]{0,5}))?")
# RFC 3986 §3.3, §3.4: what a path and a query may contain; everything else is percent-encoded
_KEPT = "/?:@!$&'()*+,;=-._~%"


@record
class Destination:
    """A parsed URL that may be requested. `host` is canonical (an IPv6 address has no brackets), `target` begins with `/`."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """The value of the Host header: with the port only if it is not the default of the scheme."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == WEB_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port as one string (RFC 6454 §6.2)."""
        return f"{self.scheme}://{self.authority}"

    @property
    def url(self) -> str:
        """The URL in its one canonical spelling, which is requested."""
        return self.origin + self.target

    @property
    def is_address(self) -> bool:
        """Whether the host is an address, which needs no resolution."""
        return is_address(self.host)


def destination_of(url: str) -> Destination:
    """Parse `url`. Raises BadUrl if it is not http(s), contains a user, or can be read in two ways."""
    _refuse_unreadable(url)
    shape = _SHAPE.fullmatch(url)
    scheme = shape["scheme"].lower() if shape else ""
    if shape is None or scheme not in WEB_PORTS:
        raise BadUrl("the URL is neither https nor http")
    if "@" in shape["authority"]:
        raise BadUrl("the URL contains a user or password")
    authority = _AUTHORITY.fullmatch(shape["authority"])
    if authority is None:
        raise BadUrl("the URL has no host that can be read")
    port = int(authority["port"] or WEB_PORTS[scheme])
    if not 0 < port < 65536:
        raise BadUrl("the URL has an invalid port")
    return Destination(scheme, canonical_host(authority["host"]), port, _encode_target(shape["target"]))


def resolve_redirect(base: Destination, location: str) -> Destination:
    """Resolve a Location header against `base` (RFC 3986 §5.2). Raises BadUrl as `destination_of` does."""
    # urljoin drops tabs and line ends: the check must see what the server sent
    _refuse_unreadable(location)
    try:
        return destination_of(urljoin(base.url, location))
    except BadUrl:
        raise
    except ValueError:
        raise BadUrl("the URL has no host that can be read") from None


def _refuse_unreadable(url: str) -> None:
    if len(url) > _LONGEST_URL:
        raise BadUrl(f"the URL has more than {_LONGEST_URL} characters")
    if _FORBIDDEN.search(url):
        raise BadUrl("the URL contains blanks, control characters or backslashes")


def _encode_target(written: str) -> str:
    try:
        target = quote(written, safe=_KEPT)
    except UnicodeEncodeError:  # half of a surrogate pair, as JSON can spell it
        raise BadUrl("the URL contains half of a surrogate pair") from None
    return target if target.startswith("/") else "/" + target
