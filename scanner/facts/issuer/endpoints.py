"""Facts about the URLs in metadata."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from scanner.facts.fact import ABSENT, Absent, Fact, Unknown, fact, readable
from scanner.facts.issuer.values import is_left_open, is_metadata_url, text, value
from scanner.hosts.reach import reach_of
from scanner.hosts.reading import INVISIBLE, read_url
from scanner.hosts.urls import web_host_of
from scanner.subjects.model import Issuer

# registered members with a URL that clients call (IANA OAuth Authorization Server Metadata)
_ENDPOINTS = (
    "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "registration_endpoint", "revocation_endpoint",
    "introspection_endpoint", "end_session_endpoint", "check_session_iframe", "device_authorization_endpoint",
    "pushed_authorization_request_endpoint", "backchannel_authentication_endpoint", "federation_registration_endpoint",
    "nonce_endpoint", "challenge_endpoint", "credential_endpoint", "deferred_credential_endpoint", "notification_endpoint",
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
    return _list_names(issuer, _is_http_elsewhere)


def _is_http_elsewhere(url: str) -> bool:
    reading = read_url(url)
    return reading.scheme == "http" and any(reach_of(host) != "loopback" for host in reading.hosts or ("",))


@fact("issuer.endpoints_without_url", spec="RFC 8414 §2")
def endpoints_without_url(issuer: Issuer) -> list[str]:
    """The endpoints whose text is not an absolute URL. A URN is accepted: Kubernetes writes URNs, and clients do not follow
    them. So is a template in a file, which whoever serves the document fills in.
    """
    is_file = issuer.fetched is None

    def is_none(found: str) -> bool:
        return not web_host_of(found) and not found.lower().startswith("urn:") and not (is_file and is_left_open(found))

    return _list_names(issuer, is_none)


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
    """Whether `issuer` and `jwks_uri` are web URLs with different hosts, for some client."""
    own, keys = (_hosts(issuer, name) for name in ("issuer", "jwks_uri"))
    return bool(own and keys) and len({*own, *keys}) > 1


@fact("issuer.are_keys_out_of_reach", spec="OpenID Connect Discovery 1.0 §3")
def are_keys_out_of_reach(issuer: Issuer) -> bool:
    """Whether only a private network reaches the host of `jwks_uri`, while the issuer's host is public."""
    own, keys = (_hosts(issuer, name) for name in ("issuer", "jwks_uri"))
    return any(reach_of(host) == "public" for host in own) and any(reach_of(host) != "public" for host in keys)


def _hosts(issuer: Issuer, name: str) -> tuple[str, ...]:
    """The hosts that clients take from a member that is a web URL."""
    reading = read_url(text(issuer, name) or "")
    return reading.hosts if reading.kind == "web" else ()


@fact("issuer.disguised_urls", spec="WHATWG URL §3.3; UTS #39 §5.2")
def disguised_urls(issuer: Issuer) -> list[str]:
    """The members among `issuer`, `jwks_uri` and the endpoints whose URL hides its host from a reader, or has an invisible
    character.
    """
    return list(dict.fromkeys(name for name, _ in _list_disguises(issuer)))


@fact("issuer.url_disguises", spec="WHATWG URL §3.3; UTS #39 §5.2")
def url_disguises(issuer: Issuer) -> list[str]:
    """What hides the host of a URL, in the words of `binding.url_disguises`."""
    return list(dict.fromkeys(each for _, found in _list_disguises(issuer) for each in found))


def _list_disguises(issuer: Issuer) -> Iterator[tuple[str, tuple[str, ...]]]:
    main = ((name, value(issuer, name)) for name in ("issuer", "jwks_uri"))
    for name, url in (*main, *_list_endpoints(issuer)):
        if isinstance(url, str):
            reading = read_url(url)
            found = (*reading.disguises, *(each for each in reading.oddities if each == INVISIBLE))
            if found:
                yield name, found


@fact("issuer.jwks_uri_names", spec="RFC 8414 §2; OpenID Connect Discovery 1.0 §3")
def jwks_uri_names(issuer: Issuer) -> str:
    """What `jwks_uri` names instead of a JWK Set, in words: metadata, the issuer itself, an endpoint; else empty."""
    found = text(issuer, "jwks_uri") or ""
    if not found:
        return ""
    if is_metadata_url(found):
        return "a document of metadata"
    if found.rstrip("/") == (text(issuer, "issuer") or "").rstrip("/"):
        return "the issuer itself"
    return next((f"the {name}" for name, url in _list_endpoints(issuer) if url == found), "")


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
    jwks_uri_names,
    disguised_urls,
    url_disguises,
)
