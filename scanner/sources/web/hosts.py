"""The canonical spelling of a host, so that the checked host is the one that is connected to."""

from __future__ import annotations

import ipaddress

from scanner.patterns import lazy_pattern

_LONGEST_NAME = 253
_LONGEST_LABEL = 63
_LABEL = lazy_pattern(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?")
# a last label that inet_aton and browsers read as a number: then the whole host is an IPv4 address (WHATWG URL §3.5)
_NUMBER = lazy_pattern(r"[0-9]+|0x[0-9a-f]*")


class BadUrl(ValueError):
    """A URL or host that may not be requested. `because` is our own sentence and quotes nothing of it."""

    def __init__(self, because: str) -> None:
        super().__init__(because)
        self.because = because


def canonical_host(host: str) -> str:
    """The canonical spelling of a host: lower case, IDNA (UTS 46), no dot at the end, an IPv6 address without brackets. Raises
    BadUrl for hosts that clients read differently: `127.1`, `0x7f000001`, `%31`, zones.
    """
    if host.startswith("[") or ":" in host:
        return _canonical_ipv6(host)
    name = (host if host.isascii() else _to_ascii(host)).lower()
    name = name[:-1] if name.endswith(".") else name
    labels = name.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return _canonical_ipv4(name, is_plain=host.isascii())
    if len(name) > _LONGEST_NAME or not all(len(each) <= _LONGEST_LABEL and _LABEL.fullmatch(each) for each in labels):
        raise BadUrl("the host is neither a name nor an address")
    return name


def _canonical_ipv6(host: str) -> str:
    if "%" in host:
        raise BadUrl("the host names a network link of this machine")  # RFC 4007 §11
    try:
        return str(ipaddress.IPv6Address(host[1:-1] if host.startswith("[") and host.endswith("]") else host)).lower()
    except ValueError:
        raise BadUrl("the host is neither a name nor an address") from None


def _canonical_ipv4(name: str, *, is_plain: bool) -> str:
    try:
        address = str(ipaddress.IPv4Address(name))
    except ValueError:
        address = ""
    # 0177.0.0.1 is 127.0.0.1 to one client and 177.0.0.1 to another: a likely attack
    if not is_plain or address != name:
        raise BadUrl("the host is an address in a spelling that clients read differently")
    return address


def _to_ascii(host: str) -> str:
    import idna  # comes with httpx; not needed for ASCII names

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise BadUrl("the host is not a valid internationalised name") from None
