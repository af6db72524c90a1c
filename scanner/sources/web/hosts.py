"""The one spelling of a host, so that what is checked is what is dialled."""

from __future__ import annotations

import ipaddress
import re

_LONGEST_NAME = 253
_LONGEST_LABEL = 63
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?")
# what inet_aton and browsers take for a number: then they read the whole host as an IPv4 address (WHATWG URL §3.5)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


class BadUrl(ValueError):
    """A URL or host that is not asked; `because` says why, in our words, quoting nothing."""

    def __init__(self, because: str) -> None:
        super().__init__(because)
        self.because = because


def canonical_host(host: str) -> str:
    """The one spelling of a host that is compared, checked, resolved and dialled: lower case, IDNA (UTS 46), no dot at the end,
    an IPv6 address without brackets. Raises BadUrl for what clients read differently: `127.1`, `0x7f000001`, `%31`, zones.
    """
    if host.startswith("[") or ":" in host:
        return _canonical_ipv6(host)
    name = (host if host.isascii() else _ascii(host)).lower()
    name = name[:-1] if name.endswith(".") else name
    labels = name.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return _canonical_ipv4(name, is_plain=host.isascii())
    if len(name) > _LONGEST_NAME or not all(len(each) <= _LONGEST_LABEL and _LABEL.fullmatch(each) for each in labels):
        raise BadUrl("the host is no name and no address")
    return name


def _canonical_ipv6(host: str) -> str:
    if "%" in host:
        raise BadUrl("the host names a link of this machine")  # RFC 4007 §11
    try:
        return str(ipaddress.IPv6Address(host[1:-1] if host.startswith("[") and host.endswith("]") else host)).lower()
    except ValueError:
        raise BadUrl("the host is no name and no address") from None


def _canonical_ipv4(name: str, *, is_plain: bool) -> str:
    try:
        address = str(ipaddress.IPv4Address(name))
    except ValueError:
        address = ""
    # 0177.0.0.1 is 127.0.0.1 to one client and 177.0.0.1 to another: nobody writes it by accident
    if not is_plain or address != name:
        raise BadUrl("the host is an address in a spelling that clients read differently")
    return address


def _ascii(host: str) -> str:
    import idna  # comes with httpx; names in ASCII need none

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise BadUrl("the host is no internationalised name") from None
