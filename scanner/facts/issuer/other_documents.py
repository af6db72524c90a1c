"""Facts about metadata of other parties: protected resources (RFC 9728) and federation entities (OpenID Federation §3)."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.facts.fact import ABSENT, Absent, Fact, Unknown, fact, readable
from scanner.facts.issuer.requested import path_of
from scanner.facts.issuer.values import is_metadata_url, text, texts, value
from scanner.facts.key.members import shorten_names
from scanner.hosts.reach import reach_of
from scanner.hosts.urls import web_host_of
from scanner.redaction.text import cut
from scanner.subjects.model import Issuer

_KEY_FORMS = frozenset({"jwks", "jwks_uri", "signed_jwks_uri"})


@fact("issuer.resource", spec="RFC 9728 §2")
def resource(issuer: Issuer) -> str | Absent | Unknown:
    """The identifier of a protected resource."""
    found = text(issuer, "resource")
    return readable(cut(found, 200)) if found else ABSENT


@fact("issuer.is_resource_https", spec="RFC 9728 §1.2")
def is_resource_https(issuer: Issuer) -> bool:
    """Whether `resource` is an https URL without fragment; on a loopback address http is accepted."""
    found = text(issuer, "resource") or ""
    host = web_host_of(found)
    is_local = reach_of(host) == "loopback"
    return bool(host) and "#" not in found and (found.lower().startswith("https:") or is_local)


@fact("issuer.has_https_authorization_servers", spec="RFC 9728 §2")
def has_https_authorization_servers(issuer: Issuer) -> bool:
    """Whether the metadata lists authorization servers, all of them as https URLs."""
    found = texts(issuer, "authorization_servers")
    return bool(found) and all(each.lower().startswith("https://") and web_host_of(each) for each in found)


@fact("issuer.is_resource_at_its_place", spec="RFC 9728 §3.1, §3.3")
def is_resource_at_its_place(issuer: Issuer) -> bool | Unknown:
    """Whether `resource` is the URL from which the document's well-known place was made: by the URL it came from, or by its
    place in a mirror of a site. A slash at the end of the host counts as none, since §3.1 drops it.
    """
    return _is_at_its_place(issuer, "resource", "/.well-known/oauth-protected-resource")


@fact("issuer.is_credential_issuer_https", spec="OpenID4VCI 1.0 §12.2.1")
def is_credential_issuer_https(issuer: Issuer) -> bool:
    """Whether `credential_issuer` is an https URL without query and fragment; on a loopback address http is accepted."""
    found = text(issuer, "credential_issuer") or ""
    host = web_host_of(found)
    is_secure = found.lower().startswith("https:") or reach_of(host) == "loopback"
    return bool(host) and is_secure and not any(mark in found for mark in "?#")


@fact("issuer.is_credential_issuer_at_its_place", spec="OpenID4VCI 1.0 §12.2.2")
def is_credential_issuer_at_its_place(issuer: Issuer) -> bool | Unknown:
    """Whether `credential_issuer` is the identifier from which the document's well-known place was made."""
    return _is_at_its_place(issuer, "credential_issuer", "/.well-known/openid-credential-issuer")


def _is_at_its_place(issuer: Issuer, member: str, well_known: str) -> bool | Unknown:
    found = text(issuer, member) or ""
    if issuer.fetched is not None:
        before, mark, after = issuer.fetched.first.url.partition(well_known)
        if not mark:
            return Unknown("the document did not come from its well-known URL")
        return _drop_slash_of_host(found) == _drop_slash_of_host(before + after)
    if not issuer.mirrored_host:
        return Unknown("nothing tells from which URL this file is served")
    return web_host_of(found) == issuer.mirrored_host and path_of(found) == issuer.mirrored_path


def _drop_slash_of_host(url: str) -> str:
    return url.removesuffix("/") if url.count("/") == 3 else url


@fact("issuer.servers_by_metadata_url", spec="RFC 9728 §2; RFC 8414 §2")
def servers_by_metadata_url(issuer: Issuer) -> list[str]:
    """The entries of `authorization_servers` that are the URL of a well-known document instead of an issuer identifier."""
    return shorten_names((each for each in texts(issuer, "authorization_servers") if is_metadata_url(each)), longest=200)


@fact("issuer.takes_query_tokens", spec="RFC 9728 §2; RFC 6750 §2.3")
def takes_query_tokens(issuer: Issuer) -> bool:
    """Whether the resource takes access tokens from the query of the URL."""
    return "query" in texts(issuer, "bearer_methods_supported")


@fact("issuer.statement_days", spec="OpenID Federation 1.0 §3.1")
def statement_days(issuer: Issuer) -> int:
    """For how many days the statement of a federation entity is valid; 0 where it has no end, or ends before it begins."""
    start, end = value(issuer, "iat"), value(issuer, "exp")
    if not isinstance(start, int | float) or not isinstance(end, int | float):
        return 0
    return max(0, int(end - start) // 86_400)


@fact("issuer.entity_types_with_several_key_forms", spec="OpenID Federation 1.0 §5.2.1")
def entity_types_with_several_key_forms(issuer: Issuer) -> list[str]:
    """The entity types whose metadata has more than one of `jwks`, `jwks_uri` and `signed_jwks_uri`."""
    return shorten_names(name for name, found in _list_entity_types(issuer) if len(_KEY_FORMS & {*found}) > 1)


@fact("issuer.shares_federation_keys", spec="OpenID Federation 1.0 §3.1")
def shares_federation_keys(issuer: Issuer) -> bool:
    """Whether a key that signs the entity's statements also stands in the metadata of one of its entity types."""
    own = _list_materials(value(issuer, "jwks"))
    return any(own & _list_materials(found.get("jwks")) for _, found in _list_entity_types(issuer))


def _list_entity_types(issuer: Issuer) -> Iterator[tuple[str, dict[str, object]]]:
    found = value(issuer, "metadata")
    for name, each in found.items() if isinstance(found, dict) else ():
        if isinstance(each, dict):
            yield name, each


def _list_materials(jwks: object) -> set[tuple[str, ...]]:
    keys = jwks.get("keys") if isinstance(jwks, dict) else None
    values = [tuple(str(key.get(name, "")) for name in ("kty", "crv", "n", "x", "y", "pub")) for key in _list_objects(keys)]
    return {each for each in values if any(each[2:])}


def _list_objects(found: object) -> list[dict[str, object]]:
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


FACTS: tuple[Fact, ...] = (
    resource,
    is_resource_https,
    has_https_authorization_servers,
    is_resource_at_its_place,
    servers_by_metadata_url,
    is_credential_issuer_https,
    is_credential_issuer_at_its_place,
    takes_query_tokens,
    statement_days,
    entity_types_with_several_key_forms,
    shares_federation_keys,
)
