"""Which addresses may be connected to: public ones, and private ones for hosts that the configuration allows by name.

The check is on the literal address just before the connection is made, never on a name.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from scanner.hosts.addresses import AddressKind, kinds_of
from scanner.hosts.reach import METADATA_NAMES, is_address, reach_of
from scanner.sources.web.hosts import canonical_host

# kinds that `allow_private` permits by the name of a host; for all others it must name the address itself
_BY_HOST = frozenset(("loopback", "private", "shared by a carrier's customers", "unique local", "behind a local translator"))


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
    for each, kind in kinds_of(found):
        if not _is_permitted(kind, str(found), host, allowed):
            wanted = "the host" if kind.name in _BY_HOST else "the address"
            prefix = "" if each is found else "contains an IPv4 address that "
            return f"the address {prefix}is {kind.name}, and `allow_private` does not name {wanted}"
    return None


def host_refusal(host: str, allowed: frozenset[str]) -> str | None:
    """Why the canonical `host` may not be contacted, known before its name is resolved: it is a refused address, or a name that
    is known to lead to one. Through a proxy, nothing more can be checked.
    """
    if is_address(host):
        return refusal(host, host, allowed)
    if host in allowed:
        return None
    if reach_of(host) == "loopback":
        return "the name is that of this machine, and `allow_private` does not name the host"
    if host in METADATA_NAMES:
        return "the name is that of a cloud's metadata service, and `allow_private` does not name the host"
    return None


def allowed_hosts(names: Iterable[str]) -> frozenset[str]:
    """The hosts and addresses of `allow_private`, canonical. Raises BadUrl for anything else."""
    return frozenset(canonical_host(name) for name in names)


def _is_permitted(kind: AddressKind, address: str, host: str, allowed: frozenset[str]) -> bool:
    return host in allowed and (kind.name in _BY_HOST or address in allowed)
