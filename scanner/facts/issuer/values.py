"""Reading members of metadata: each may be of any type."""

from __future__ import annotations

from scanner.facts.fact import Unknown, readable
from scanner.hosts.reading import read_url
from scanner.subjects.model import Issuer

# IANA Well-Known URIs; the second ones have the path of the identifier behind them
_INSERTED = frozenset({"oauth-authorization-server", "oauth-protected-resource", "jwt-vc-issuer", "openid-credential-issuer"})
_WELL_KNOWN = _INSERTED | {"openid-configuration", "openid-federation", "smart-configuration", "uma2-configuration"}


def value(issuer: Issuer, name: str) -> object:
    """The value of a member; None where it is missing."""
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


def is_left_open(url: str) -> bool:
    """Whether a template stands where a URL has its scheme."""
    reading = read_url(url)
    return reading.kind == "template" and not reading.scheme


def is_metadata_url(url: str) -> bool:
    """Whether a URL is the place of metadata: a registered well-known name stands at its end, or the name of a document whose
    path RFC 8414 inserts stands between host and path. `…/openid-configuration/jwks` is a common place of keys.
    """
    before, mark, rest = url.partition("#")[0].partition("?")[0].rstrip("/").partition("/.well-known/")
    name, _, inserted = rest.partition("/")
    is_whole = bool(mark) and "://" in before and name in _WELL_KNOWN
    return is_whole and (not inserted or name in _INSERTED)


def flag(issuer: Issuer, name: str) -> bool:
    """Whether a member is `true`."""
    return value(issuer, name) is True
