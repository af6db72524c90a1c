"""Reading members of metadata: everything in it may be of any type."""

from __future__ import annotations

from urllib.parse import urlsplit

from scanner.facts.fact import Unknown, readable
from scanner.subjects.model import Issuer


def value(issuer: Issuer, name: str) -> object:
    """A member as it is; None where it is left out."""
    return issuer.metadata.members.get(name)


def text(issuer: Issuer, name: str) -> str | None:
    """A member that is a string; None for everything else."""
    found = value(issuer, name)
    return found if isinstance(found, str) else None


def texts(issuer: Issuer, name: str) -> list[str]:
    """The readable strings of an array; empty where there is no array."""
    found = value(issuer, name)
    if not isinstance(found, list):
        return []
    return [item for item in found if isinstance(item, str) and not isinstance(readable(item), Unknown)]


def flag(issuer: Issuer, name: str) -> bool:
    """Whether a member is `true`."""
    return value(issuer, name) is True


def is_web_url(found: object) -> bool:
    """Whether this is an absolute http or https URL with a host."""
    return bool(host_of(found))


def host_of(found: object) -> str:
    """The host of an http or https URL in lower case, without port; empty for anything else."""
    if not isinstance(found, str) or not found.lower().startswith(("http://", "https://")):
        return ""
    try:
        return urlsplit(found).hostname or ""
    except ValueError:  # an unclosed bracket of an IPv6 address
        return ""


def is_internal(host: str) -> bool:
    """Whether nobody outside reaches the host: a private or loopback address, a name of a cluster or without a dot."""
    import ipaddress

    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".local", ".internal", ".svc", ".localhost"))
