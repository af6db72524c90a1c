"""Facts about the URLs in metadata."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from scanner.facts.fact import ABSENT, Absent, Fact, Unknown, fact, readable
from scanner.facts.issuer.values import text, value
from scanner.hosts.reach import reach_of
from scanner.hosts.urls import web_host_of
from scanner.subjects.model import Issuer

# registered members with a URL that clients call (IANA OAuth Authorization Server Metadata)
_ENDPOINTS = (
    "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "registration_endpoint", "revocation_endpoint",
    "introspection_endpoint", "end_session_endpoint", "check_session_iframe", "device_authorization_endpoint",
    "pushed_authorization_request_endpoint", "backchannel_authentication_endpoint", "federation_registration_endpoint",
    "nonce_endpoint", "challenge_endpoint",
)  # fmt: skip
_ALIASES = "mtls_endpoint_aliases"
_TEMPLATE_MARKS = frozenset("{}<>")


def _list_endpoints(issuer: Issuer) -> Iterator[tuple[str, object]]:
    """The member and value of every endpoint in the metadata; the aliases for mutual TLS count as one member."""
    members = issuer.metadata.members
    yield from ((name, members[name]) for name in _ENDPOINTS if members.get(name) not in (None, ""))
    aliases = members.get(_ALIASES)
    if isinstance(aliases, dict):
        yield from ((_ALIASES, each) for each in aliases.values() if each not in (None, ""))


@fact("issuer.http_endpoints", spec="RFC 8414 §2; OpenID Connect Discovery 1.0 §3")
def http_endpoints(issuer: Issuer) -> list[str]:
    """The endpoints with an http URL, except on a loopback address."""
    return _list_names(issuer, lambda found: found.lower().startswith("http://") and reach_of(web_host_of(found)) != "loopback")


@fact("issuer.endpoints_without_url", spec="RFC 8414 §2")
def endpoints_without_url(issuer: Issuer) -> list[str]:
    """The endpoints whose text is not an absolute URL. A URN is accepted: Kubernetes writes URNs, and clients do not follow
    them.
    """
    return _list_names(issuer, lambda found: not web_host_of(found) and not found.lower().startswith("urn:"))


def _list_names(issuer: Issuer, is_wrong: Callable[[str], bool]) -> list[str]:
    found = [name for name, url in _list_endpoints(issuer) if isinstance(url, str) and is_wrong(url)]
    return list(dict.fromkeys(found))


@fact("issuer.has_authorization_endpoint", spec="RFC 8414 §2")
def has_authorization_endpoint(issuer: Issuer) -> bool:
    """Whether clients send browsers to this server: `authorization_endpoint` is a web URL."""
    return bool(web_host_of(value(issuer, "authorization_endpoint")))


@fact("issuer.is_templated", spec="OpenID Connect Discovery 1.0 §3")
def is_templated(issuer: Issuer) -> bool:
    """Whether `issuer` holds a placeholder such as `{tenantid}` that each tenant's tokens fill in."""
    return bool(_TEMPLATE_MARKS & {*(text(issuer, "issuer") or "")})


@fact("issuer.jwks_uri_host", spec="RFC 8414 §2")
def jwks_uri_host(issuer: Issuer) -> str | Absent | Unknown:
    """The host of `jwks_uri` in lower case."""
    return readable(web_host_of(value(issuer, "jwks_uri"))) or ABSENT


@fact("issuer.are_keys_on_another_host", spec="OpenID Connect Discovery 1.0 §3")
def are_keys_on_another_host(issuer: Issuer) -> bool:
    """Whether `issuer` and `jwks_uri` are web URLs with different hosts."""
    hosts = [web_host_of(value(issuer, name)) for name in ("issuer", "jwks_uri")]
    return all(hosts) and hosts[0] != hosts[1]


@fact("issuer.are_keys_out_of_reach", spec="OpenID Connect Discovery 1.0 §3")
def are_keys_out_of_reach(issuer: Issuer) -> bool:
    """Whether only a private network reaches the host of `jwks_uri`, while the issuer's host is public."""
    own, keys = web_host_of(value(issuer, "issuer")), web_host_of(value(issuer, "jwks_uri"))
    return bool(own and keys) and reach_of(keys) != "public" and reach_of(own) == "public"


@fact("issuer.has_jwks", spec="RFC 7591 §2")
def has_jwks(issuer: Issuer) -> bool:
    """Whether the metadata holds a JWK Set itself."""
    return isinstance(value(issuer, "jwks"), dict)


FACTS: tuple[Fact, ...] = (
    http_endpoints,
    endpoints_without_url,
    has_authorization_endpoint,
    is_templated,
    jwks_uri_host,
    are_keys_on_another_host,
    are_keys_out_of_reach,
    has_jwks,
)
