"""The kind of issuer that metadata describes: for people, for workloads, or one with a security profile."""

from __future__ import annotations

from scanner.facts.fact import Fact, fact
from scanner.facts.issuer.values import flag, texts, value
from scanner.hosts.urls import web_host_of
from scanner.subjects.model import Issuer

_OTHER_KINDS = {"protected-resource": "resource", "credential-issuer": "credentials", "vc-issuer": "credentials"}


@fact("issuer.is_server", spec="RFC 8414 §2; OpenID Connect Discovery 1.0 §3", is_known_without_document=True)
def is_server(issuer: Issuer) -> bool:
    """Whether the metadata describes an authorization server or an OpenID Provider, not a protected resource or a federation
    entity.
    """
    return issuer.metadata.kind in ("openid-provider", "authorization-server")


@fact("issuer.is_openid_provider", spec="OpenID Connect Discovery 1.0 §3", is_known_without_document=True)
def is_openid_provider(issuer: Issuer) -> bool:
    """Whether the metadata is a Provider Configuration, for which `jwks_uri` is REQUIRED; RFC 8414 leaves it optional."""
    return issuer.metadata.kind == "openid-provider"


@fact("issuer.is_protected_resource", spec="RFC 9728 §2", is_known_without_document=True)
def is_protected_resource(issuer: Issuer) -> bool:
    """Whether the metadata describes a protected resource."""
    return issuer.metadata.kind == "protected-resource"


@fact("issuer.is_federation_entity", spec="OpenID Federation 1.0 §3.1", is_known_without_document=True)
def is_federation_entity(issuer: Issuer) -> bool:
    """Whether the document holds the claims of a federation entity's statement."""
    return issuer.metadata.kind == "federation-entity"


@fact("issuer.is_credential_issuer", spec="OpenID4VCI 1.0 §12.2", is_known_without_document=True)
def is_credential_issuer(issuer: Issuer) -> bool:
    """Whether the metadata describes an issuer of verifiable credentials (`openid-credential-issuer`)."""
    return issuer.metadata.kind == "credential-issuer"


@fact("issuer.is_vc_issuer", spec="draft-ietf-oauth-sd-jwt-vc §4", is_known_without_document=True)
def is_vc_issuer(issuer: Issuer) -> bool:
    """Whether the metadata says where the keys of an issuer of SD-JWT VCs are (`jwt-vc-issuer`)."""
    return issuer.metadata.kind == "vc-issuer"


@fact("issuer.kind")
def kind(issuer: Issuer) -> str:
    """`login` where people log in through a browser, `workload` where there is no such page and no token endpoint (pods,
    pipelines), `fapi2` where pushed requests are required and tokens bound to their sender, `service` for other servers;
    `resource`, `federation` and `credentials` for metadata of those. The configuration can set another kind.
    """
    if issuer.declared_kind is not None:
        return issuer.declared_kind
    if not is_server.ask(issuer):
        return _OTHER_KINDS.get(issuer.metadata.kind, "federation")
    if not web_host_of(value(issuer, "authorization_endpoint")):
        return "service" if value(issuer, "token_endpoint") else "workload"
    is_bound = flag(issuer, "tls_client_certificate_bound_access_tokens") or texts(issuer, "dpop_signing_alg_values_supported")
    return "fapi2" if flag(issuer, "require_pushed_authorization_requests") and is_bound else "login"


FACTS: tuple[Fact, ...] = (
    is_server,
    is_openid_provider,
    is_protected_resource,
    is_federation_entity,
    is_credential_issuer,
    is_vc_issuer,
    kind,
)
