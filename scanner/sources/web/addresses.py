"""Which addresses may be connected to: public ones, and private ones for hosts that the configuration allows by name.

The check is on the literal address just before the connection is made, never on a name. An IPv6 address that contains an IPv4
address is checked by both.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from typing import Literal

from scanner.record import record
from scanner.sources.web.hosts import canonical_host, is_address

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# `host`: allowed where `allow_private` names the host. `literal`: only where it names the address, too
Permit = Literal["host", "literal"]

# RFC 6761 §6.3: these names are loopback, whatever a resolver answers
_LOOPBACK_NAME = "localhost"
# names under which clouds serve credentials to their virtual machines
_METADATA_NAMES = frozenset(
    ("metadata", "metadata.google.internal", "metadata.goog", "instance-data", "instance-data.ec2.internal")
)


@record
class _Kind:
    """Addresses of one kind: its name, the permission they need, and their networks."""

    name: str
    permit: Permit
    networks: tuple[Network, ...]


def _kind(name: str, permit: Permit, *networks: str) -> _Kind:
    return _Kind(name, permit, tuple(ipaddress.ip_network(each) for each in networks))


# the first match counts. From IANA's special-purpose registries (RFC 6890), with the clouds' own addresses
_KINDS = (
    _kind(
        "a cloud's metadata address",
        "literal",
        "169.254.169.254/32",
        "169.254.170.2/32",
        "100.100.100.200/32",
        "168.63.129.16/32",
        "192.0.0.192/32",
        "fd00:ec2::/32",
        "fd20:ce::254/128",
        "fd00:42::42/128",
    ),
    _kind("link-local", "literal", "169.254.0.0/16", "fe80::/10"),
    _kind("unspecified", "literal", "0.0.0.0/8", "::/128"),
    _kind("loopback", "host", "127.0.0.0/8", "::1/128"),
    _kind("private", "host", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "198.18.0.0/15"),
    _kind("shared by a carrier's customers", "host", "100.64.0.0/10"),
    _kind("unique local", "host", "fc00::/7"),
    _kind("multicast", "literal", "224.0.0.0/4", "ff00::/8"),
    _kind("for documentation", "literal", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"),
    _kind("behind a local translator", "host", "64:ff9b:1::/48"),
    _kind(
        "reserved",
        "literal",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "240.0.0.0/4",
        "100::/64",
        "2001:2::/48",
        "2001:10::/28",
        "2001:20::/28",
        "fec0::/10",
    ),
)
# RFC 4291 §2.4: other addresses are not assigned, except forms that contain an IPv4 address
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_UNASSIGNED = _Kind("not assigned", "literal", ())


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


def refusal(address: str, host: str, allowed: frozenset[str]) -> str | None:
    """Why there may be no connection to the literal `address` for the canonical `host`; None if it is permitted. `allowed`
    comes from `allowed_hosts`.
    """
    if "%" in address:  # RFC 4007 §11: a zone is a network link of this machine
        return "the address belongs to a network link of this machine"
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "the resolver returned something that is not an address"
    for each in (found, *_embedded_ipv4(found)):
        kind = _kind_of(each, is_embedded=each is not found)
        if kind is not None and not _is_permitted(kind, str(found), host, allowed):
            wanted = "the address" if kind.permit == "literal" else "the host"
            prefix = "" if each is found else "contains an IPv4 address that "
            return f"the address {prefix}is {kind.name}, and `allow_private` does not name {wanted}"
    return None


def special_kind(address: str) -> str | None:
    """The name of the kind of a special address, or of the IPv4 address that it contains; None for a public address."""
    found = ipaddress.ip_address(address.partition("%")[0])
    kinds = (_kind_of(each, is_embedded=each is not found) for each in (found, *_embedded_ipv4(found)))
    return next((kind.name for kind in kinds if kind is not None), None)


def host_refusal(host: str, allowed: frozenset[str]) -> str | None:
    """Why the canonical `host` may not be contacted, known before its name is resolved: it is a refused address, or a name that
    is known to lead to one. Through a proxy, nothing more can be checked.
    """
    if is_address(host):
        return refusal(host, host, allowed)
    if host in allowed:
        return None
    if host == _LOOPBACK_NAME or host.endswith("." + _LOOPBACK_NAME):
        return "the name is that of this machine, and `allow_private` does not name the host"
    if host in _METADATA_NAMES:
        return "the name is that of a cloud's metadata service, and `allow_private` does not name the host"
    return None


def allowed_hosts(names: Iterable[str]) -> frozenset[str]:
    """The hosts and addresses of `allow_private`, canonical. Raises BadUrl for anything else."""
    return frozenset(canonical_host(name) for name in names)


def _kind_of(address: Address, *, is_embedded: bool) -> _Kind | None:
    for kind in _KINDS:
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
    if address in _LOCAL_NAT64:  # RFC 6052 §2.2: in a /48 it stands around an octet of zeros
        yield ipaddress.IPv4Address((number >> 64 & 0xFFFF) << 16 | number >> 40 & 0xFFFF)
    if address in _SIX_TO_FOUR:
        yield ipaddress.IPv4Address(number >> 80 & 0xFFFFFFFF)
    if address in _TEREDO:  # RFC 4380 §4: the server, and the client's address inverted
        yield ipaddress.IPv4Address(number >> 64 & 0xFFFFFFFF)
        yield ipaddress.IPv4Address(~number & 0xFFFFFFFF)


def _is_permitted(kind: _Kind, address: str, host: str, allowed: frozenset[str]) -> bool:
    return host in allowed and (kind.permit == "host" or address in allowed)
