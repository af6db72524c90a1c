"""Special-purpose addresses: their kinds, and who can reach each (RFC 6890 and IANA's two registries).

An IPv6 address that contains an IPv4 address is checked by both.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from scanner.hosts.reach import Reach
from scanner.record import record

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@record
class AddressKind:
    """Addresses of one kind: its name, who can reach them, and their networks."""

    name: str
    reach: Reach
    networks: tuple[Network, ...]


def _kind(name: str, reach: Reach, *networks: str) -> AddressKind:
    return AddressKind(name, reach, tuple(ipaddress.ip_network(each) for each in networks))


_METADATA = "a cloud's metadata address"
# the first match counts. From IANA's special-purpose registries, with the clouds' own addresses
KINDS = (
    _kind(
        _METADATA,
        "link-local",
        "169.254.169.254/32",
        "169.254.170.2/32",
        "100.100.100.200/32",
        "168.63.129.16/32",
        "192.0.0.192/32",
        "fd00:ec2::/32",
        "fd20:ce::254/128",
        "fd00:42::42/128",
    ),
    _kind("link-local", "link-local", "169.254.0.0/16", "fe80::/10"),
    _kind("unspecified", "loopback", "0.0.0.0/8", "::/128"),
    _kind("loopback", "loopback", "127.0.0.0/8", "::1/128"),
    _kind("private", "private", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "198.18.0.0/15"),
    _kind("shared by a carrier's customers", "private", "100.64.0.0/10"),
    _kind("unique local", "private", "fc00::/7"),
    _kind("multicast", "private", "224.0.0.0/4", "ff00::/8"),
    # these stand for any public address
    _kind("for documentation", "public", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"),
    _kind("behind a local translator", "private", "64:ff9b:1::/48"),
    _kind(
        "reserved",
        "private",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "240.0.0.0/4",
        "100::/64",
        "2001::/23",
        "fec0::/10",
    ),
)
# IANA's registry names these within 2001::/23 as reachable from everywhere
_REACHABLE = tuple(
    ipaddress.IPv6Network(each)
    for each in (
        "2001::/32",
        "2001:1::1/128",
        "2001:1::2/128",
        "2001:1::3/128",
        "2001:3::/32",
        "2001:4:112::/48",
        "2001:30::/28",
    )
)
# RFC 4291 §2.4: other addresses are not assigned, except forms that contain an IPv4 address
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_UNASSIGNED = AddressKind("not assigned", "private", ())


def _ipv6(text: str) -> ipaddress.IPv6Network:
    return ipaddress.IPv6Network(text)


# prefixes that are followed by an IPv4 address in the last 32 bits: IPv4-compatible and IPv4-mapped (RFC 4291 §2.5.5),
# IPv4-translated (RFC 7915), NAT64 (RFC 6052 §2.1, RFC 8215)
_CARRIERS = tuple(_ipv6(each) for each in ("::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48"))
_LOCAL_NAT64 = _ipv6("64:ff9b:1::/48")
_SIX_TO_FOUR = _ipv6("2002::/16")
_TEREDO = _ipv6("2001::/32")
# RFC 5214 §6.1: the interface identifier of an ISATAP address, with and without the bit for a global IPv4 address
_ISATAP = (0x00005EFE, 0x02005EFE)


def kinds_of(address: Address) -> Iterator[tuple[Address, AddressKind]]:
    """The address, and each IPv4 address that it contains, with its kind where that is a special one."""
    for each in (address, *_embedded_ipv4(address)):
        kind = _kind_of(each, is_embedded=each is not address)
        if kind is not None:
            yield each, kind


def reach_of_address(text: str) -> Reach:
    """Who can reach an address in any spelling that browsers read; `unknown` where it is no address."""
    try:
        address = _parsed(text)
    except ValueError:
        return "unknown"
    return next((kind.reach for _, kind in kinds_of(address) if kind.reach != "public"), "public")


def is_metadata_address(text: str) -> bool:
    """Whether a text, in any spelling that browsers read, is the address under which a cloud serves credentials."""
    try:
        return any(kind.name == _METADATA for _, kind in kinds_of(_parsed(text)))
    except ValueError:
        return False


def plain_address(text: str) -> str | None:
    """An address in its usual spelling; None where it is none."""
    try:
        return str(_parsed(text))
    except ValueError:
        return None


def _parsed(text: str) -> Address:
    # RFC 4007 §11: the zone behind `%` is a link of this machine, and no part of the address
    return ipaddress.IPv6Address(text.partition("%")[0]) if ":" in text else ipaddress.IPv4Address(_ipv4_number(text))


def _ipv4_number(text: str) -> int:
    """WHATWG URL §3.5, the IPv4 parser: one to four numbers, decimal, octal or hexadecimal; the last one fills the rest."""
    *heads, last = (_number(part) for part in text.split("."))
    if len(heads) > 3 or any(head > 255 for head in heads) or last >= 256 ** (4 - len(heads)):
        raise ValueError("no IPv4 address")
    return sum(head << 8 * (3 - at) for at, head in enumerate(heads)) + last


def _number(part: str) -> int:
    digits, base = (part[2:] or "0", 16) if part.startswith("0x") else (part, 8 if part[:1] == "0" and len(part) > 1 else 10)
    if not (digits.isascii() and digits.isalnum()):  # `int` also reads signs, blanks and underscores
        raise ValueError("no IPv4 address")
    return int(digits, base)


def _kind_of(address: Address, *, is_embedded: bool) -> AddressKind | None:
    if any(address in network for network in _REACHABLE):
        return None
    for kind in KINDS:
        if any(address.version == network.version and address in network for network in kind.networks):
            return kind
    if isinstance(address, ipaddress.IPv4Address) or is_embedded or address in _GLOBAL_UNICAST:
        return None
    return None if any(address in carrier for carrier in _CARRIERS) else _UNASSIGNED


def _embedded_ipv4(address: Address) -> Iterator[ipaddress.IPv4Address]:
    if isinstance(address, ipaddress.IPv4Address):
        return
    number = int(address)
    # ::1 and :: do not contain the addresses 0.0.0.1 and 0.0.0.0
    if number > 1 and (any(address in carrier for carrier in _CARRIERS) or number >> 32 & 0xFFFFFFFF in _ISATAP):
        yield ipaddress.IPv4Address(number & 0xFFFFFFFF)
    if address in _LOCAL_NAT64:  # RFC 6052 §2.2: in a /48 it stands around a byte of zeros
        yield ipaddress.IPv4Address((number >> 64 & 0xFFFF) << 16 | number >> 40 & 0xFFFF)
    if address in _SIX_TO_FOUR:
        yield ipaddress.IPv4Address(number >> 80 & 0xFFFFFFFF)
    if address in _TEREDO:  # RFC 4380 §4: the server, and the client's address inverted
        yield ipaddress.IPv4Address(number >> 64 & 0xFFFFFFFF)
        yield ipaddress.IPv4Address(~number & 0xFFFFFFFF)
