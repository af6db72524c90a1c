"""Who can reach a host, by its name or address alone: the one answer for configuration, metadata and what was fetched."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

# `cluster`: a Kubernetes service. `private`: a private network. `single-label`: a name without a dot, which a search list or a
# container network completes. `link-local` and `loopback`: one link, one machine. `template`: the name is not written yet.
# `unknown`: no name and no address
Reach = Literal["public", "cluster", "private", "single-label", "link-local", "loopback", "template", "unknown"]

# names under which clouds serve credentials to whoever asks from inside
METADATA_NAMES = frozenset(
    ("metadata", "metadata.google.internal", "metadata.goog", "instance-data", "instance-data.ec2.internal")
)
# RFC 6761 §6.3: loopback, whatever a resolver says
_LOOPBACK = "localhost"
_CLUSTER = (".svc", ".cluster.local", ".cluster", ".pod")
# RFC 6762 §3 and appendix G, RFC 8375, RFC 6761 §6.2 and §6.4, RFC 9476, what ICANN reserved for private networks, and what
# such networks use
_PRIVATE = (
    ".local", ".internal", ".intranet", ".private", ".corp", ".home", ".lan", ".localdomain", ".home.arpa", ".test", ".invalid",
    ".alt",
)  # fmt: skip
_TEMPLATE_MARKS = frozenset("{}$<>")
_HEX = frozenset("0123456789abcdefABCDEF")


@lru_cache(maxsize=4096)  # endpoints ask several times for their own, and issuers share hosts
def reach_of(host: str) -> Reach:
    """Who can reach a host; an IPv4 address inside of an IPv6 one counts as itself. What documentation uses (RFC 5737,
    RFC 3849, example.com) stands for a public host.
    """
    name = host.lower().rstrip(".")
    if not name:
        return "unknown"
    if not _TEMPLATE_MARKS.isdisjoint(name):
        return "template"
    if is_address(name):
        from scanner.hosts.addresses import reach_of_address  # its tables take longer than a name

        return reach_of_address(name)
    return _reach_of_name(name)


def is_metadata_service(host: str) -> bool:
    """Whether a cloud serves credentials under that name or address to whoever asks from inside."""
    name = host.lower().rstrip(".")
    if is_address(name):
        from scanner.hosts.addresses import is_metadata_address  # its tables take longer than a name

        return is_metadata_address(name)
    return name in METADATA_NAMES


def is_address(host: str) -> bool:
    """Whether a host is an address rather than a name: one that ends in a number is an IPv4 address (WHATWG URL §3.5)."""
    last = host.rpartition(".")[2]
    is_hex = last[:2] in ("0x", "0X") and _HEX.issuperset(last[2:])
    return ":" in host or is_hex or (last.isascii() and last.isdigit())


def _is_service(name: str) -> bool:
    """Whether this is `service.name-space` in Kubernetes: no top-level domain has a hyphen, except `xn--…`."""
    service, _, space = name.partition(".")
    words = [service.replace("-", "a"), *space.split("-")]
    return len(words) > 2 and all(word.isalnum() and word.isascii() for word in words)


def _reach_of_name(name: str) -> Reach:
    if name == _LOOPBACK or name.endswith("." + _LOOPBACK):
        return "loopback"
    if name in METADATA_NAMES:
        return "link-local"
    if "." not in name:
        return "single-label"
    if name.endswith(_CLUSTER) or _is_service(name):
        return "cluster"
    return "private" if name.endswith(_PRIVATE) else "public"
