"""Facts about an issuer's metadata."""

from __future__ import annotations

from scanner.facts.fact import ABSENT, Absent, Fact, Unknown, fact, readable
from scanner.subjects.model import Issuer


@fact("issuer.label")
def label(issuer: Issuer) -> str:
    """What people call the issuer: its identifier, else the lack of one."""
    found = issuer.metadata.members.get("issuer")
    if isinstance(found, str) and found and not isinstance(readable(found), Unknown):
        return found[:200]
    return "that names no issuer"


@fact("issuer.is_openid_provider", spec="OpenID Connect Discovery 1.0 §3")
def is_openid_provider(issuer: Issuer) -> bool:
    """Whether the metadata is a Provider Configuration, for which `jwks_uri` is REQUIRED; RFC 8414 leaves it optional."""
    return issuer.metadata.kind == "openid-provider"


@fact("issuer.has_issuer", spec="RFC 8414 §2")
def has_issuer(issuer: Issuer) -> bool:
    """Whether `issuer` is a non-empty string."""
    return bool(_text(issuer, "issuer"))


@fact("issuer.scheme", spec="RFC 8414 §2")
def scheme(issuer: Issuer) -> str | Absent | Unknown:
    """The URL scheme of `issuer` in lower case; empty where the identifier has none."""
    return _scheme(_text(issuer, "issuer"))


@fact("issuer.has_url_extras", spec="RFC 8414 §2")
def has_url_extras(issuer: Issuer) -> bool:
    """Whether `issuer` has a query, a fragment or user information, which an issuer identifier must not have."""
    text = _text(issuer, "issuer") or ""
    authority = text.partition("://")[2].split("/", 1)[0]
    return any(mark in text for mark in "?#") or "@" in authority


@fact("issuer.has_jwks_uri", spec="RFC 8414 §2")
def has_jwks_uri(issuer: Issuer) -> bool:
    """Whether `jwks_uri` is a non-empty string."""
    return bool(_text(issuer, "jwks_uri"))


@fact("issuer.jwks_uri_scheme", spec="RFC 8414 §2")
def jwks_uri_scheme(issuer: Issuer) -> str | Absent | Unknown:
    """The URL scheme of `jwks_uri` in lower case; empty for a relative reference."""
    return _scheme(_text(issuer, "jwks_uri"))


@fact("issuer.id_token_algorithms", spec="OpenID Connect Discovery 1.0 §3")
def id_token_algorithms(issuer: Issuer) -> list[str]:
    """`id_token_signing_alg_values_supported`; empty where it is left out."""
    return _list(issuer, "id_token_signing_alg_values_supported")


@fact("issuer.unsigned_offers", spec="OpenID Connect Discovery 1.0 §3")
def unsigned_offers(issuer: Issuer) -> list[str]:
    """Which of the request-object and UserInfo algorithm lists offer `none`."""
    names = ("request_object_signing_alg_values_supported", "userinfo_signing_alg_values_supported")
    return [name for name in names if "none" in _list(issuer, name)]


@fact("issuer.client_authentication_algorithms", spec="RFC 8414 §2")
def client_authentication_algorithms(issuer: Issuer) -> list[str]:
    """The signing algorithms offered for client authentication at the token, revocation and introspection endpoints."""
    return [
        value
        for endpoint in ("token", "revocation", "introspection")
        for value in _list(issuer, f"{endpoint}_endpoint_auth_signing_alg_values_supported")
    ]


FACTS: tuple[Fact, ...] = (
    label,
    is_openid_provider,
    has_issuer,
    scheme,
    has_url_extras,
    has_jwks_uri,
    jwks_uri_scheme,
    id_token_algorithms,
    unsigned_offers,
    client_authentication_algorithms,
)


def _text(issuer: Issuer, name: str) -> str | None:
    value = issuer.metadata.members.get(name)
    return value if isinstance(value, str) else None


def _list(issuer: Issuer, name: str) -> list[str]:
    value = issuer.metadata.members.get(name)
    if not isinstance(value, list):
        return []
    return [item for item in value if isinstance(item, str) and not isinstance(readable(item), Unknown)]


def _scheme(text: str | None) -> str | Absent | Unknown:
    if not text:
        return ABSENT
    head, mark, _ = text.partition("://")
    return readable(head.lower()) if mark and head.isascii() and head.isalnum() else ""
