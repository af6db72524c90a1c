"""The parts of a URL as it is written. A template may stand in any of them, so nothing here refuses a text."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from scanner.record import record

_IPV6 = frozenset("0123456789abcdef:.")
_ALSO_IN_SCHEMES = str.maketrans("+.-", "aaa")
# the schemes of the web, each with its own port
WEB_PORTS: Final = {"http": 80, "https": 443}


@record
class Origin:
    """Scheme, host and port (RFC 6454 §4). The port is the scheme's own where the URL names none, 0 where no port is known."""

    scheme: str
    host: str
    port: int


@record
class UrlParts:
    """A URL taken apart (RFC 3986 §3), scheme and host in lower case, all empty for a text without `://`.

    `has_user`: user information stands before the host. `authority`: host and port. `host`: without brackets and without a dot
    at the end; a template in its place stays a template. `written_port`: the text after the host's colon. `target`: path, query
    and fragment.
    """

    scheme: str
    has_user: bool
    authority: str
    host: str
    written_port: str
    target: str

    @property
    def port(self) -> int | None:
        """The port that the URL names; None where it names none, or no possible one."""
        text = self.written_port
        is_number = text.isascii() and text.isdigit() and len(text) <= 5
        return int(text) if is_number and int(text) < 65_536 else None

    @property
    def origin(self) -> Origin:
        """Where the URL belongs."""
        port = self.port
        return Origin(self.scheme, self.host, WEB_PORTS.get(self.scheme, 0) if port is None else port)

    @property
    def is_web(self) -> bool:
        """Whether this is an http or https URL with a host."""
        return self.scheme in WEB_PORTS and bool(self.host)


@lru_cache(maxsize=1024)  # the facts of one binding ask a dozen times
def parts_of(url: str) -> UrlParts:
    """The parts of a URL."""
    head, _, rest = url.partition("://")
    scheme = head.lower()
    written = rest
    for end in "/?#":
        written = written.partition(end)[0]
    _, mark, authority = written.lower().rpartition("@")
    host, port = _host_and_port(authority)
    return UrlParts(
        scheme=scheme if rest and _is_scheme(scheme) else "",
        has_user=bool(mark),
        authority=authority,
        host=host,
        written_port=port,
        target=rest[len(written) :],
    )


def scheme_of(url: str) -> str:
    """The scheme in lower case; empty where there is none."""
    return parts_of(url).scheme


def host_of(url: str) -> str:
    """The host in lower case, without port, brackets and final dot; empty where there is none."""
    return parts_of(url).host


def web_host_of(found: object) -> str:
    """The host of a text that is an http or https URL; empty for anything else."""
    parts = parts_of(found) if isinstance(found, str) else None
    return parts.host if parts is not None and parts.is_web else ""


def origin_of(url: str) -> Origin:
    """Scheme, host and port of a URL."""
    return parts_of(url).origin


def _is_scheme(text: str) -> bool:
    """RFC 3986 §3.1."""
    return text.isascii() and text[:1].isalpha() and text.translate(_ALSO_IN_SCHEMES).isalnum()


def _host_and_port(authority: str) -> tuple[str, str]:
    if not authority.startswith("["):
        host, _, port = authority.partition(":")
        return host.rstrip("."), port
    host, bracket, port = authority[1:].partition("]")
    is_ipv6 = bracket and ":" in host and _IPV6.issuperset(host.partition("%")[0])
    return (host, port.removeprefix(":")) if is_ipv6 else ("", "")
