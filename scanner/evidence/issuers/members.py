"""The registered members by which metadata is recognised. It imports little: each file with a binding is asked whether it is
metadata itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scanner.files.tree import Mapping

if TYPE_CHECKING:
    from scanner.evidence.model import MetadataKind

# registered members that hardly occur elsewhere
_TELLING = frozenset(
    {
        "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "registration_endpoint", "revocation_endpoint",
        "introspection_endpoint", "end_session_endpoint", "device_authorization_endpoint",
        "pushed_authorization_request_endpoint", "check_session_iframe", "response_types_supported",
        "response_modes_supported", "grant_types_supported", "subject_types_supported", "scopes_supported",
        "claims_supported", "id_token_signing_alg_values_supported", "token_endpoint_auth_methods_supported",
        "token_endpoint_auth_signing_alg_values_supported", "code_challenge_methods_supported",
        "userinfo_signing_alg_values_supported", "request_object_signing_alg_values_supported",
    }
)  # fmt: skip
_OPENID = frozenset(
    {"subject_types_supported", "id_token_signing_alg_values_supported", "userinfo_endpoint", "claims_supported"}
)
_NAMES: dict[str, MetadataKind] = {
    "openid-configuration": "openid-provider",
    "oidc.json": "openid-provider",
    "oauth-authorization-server": "authorization-server",
    "oauth-protected-resource": "protected-resource",
    "openid-credential-issuer": "credential-issuer",
    "jwt-vc-issuer": "vc-issuer",
}
_SERVERS = frozenset({"openid-provider", "authorization-server"})
_OF_RESOURCES = frozenset(
    {"authorization_servers", "bearer_methods_supported", "resource_signing_alg_values_supported", "resource_documentation"}
)
_OF_STATEMENTS = frozenset({"metadata", "authority_hints", "trust_marks", "metadata_policy"})
# the endings of registered members (RFC 8414 §7.1, RFC 9728 §8.1), and those that have none of them
_ENDINGS = ("_supported", "_endpoint", "_endpoints", "_uri", "_url")
_PLAIN = _OF_RESOURCES | {
    "issuer",
    "resource",
    "resource_name",
    "jwks",
    "service_documentation",
    "signed_metadata",
    "metadata",
    "credential_issuer",
    "authorization_servers",
}
_OF_A_CLIENT = frozenset({"client_id", "client_secret", "clientId", "clientSecret", "ClientId", "ClientSecret"})
# OpenID for Verifiable Credential Issuance §12.2
_OF_CREDENTIALS = frozenset({"credential_issuer", "credential_endpoint"})


def find_kind(names: set[str], path: str) -> MetadataKind | None:
    """The kind of metadata with these members, in a file of that path; None where it is none."""
    place = path.lower()
    # the path of an identifier may stand behind the well-known name
    file = place.rpartition("/.well-known/")[2] if "/.well-known/" in place else place.rsplit("/", 1)[-1]
    named = next((kind for word, kind in _NAMES.items() if word in file), None)
    if "resource" in names and (named == "protected-resource" or names & _OF_RESOURCES):
        return "protected-resource"
    if {"iss", "sub", "jwks"} <= names and names & _OF_STATEMENTS:
        return "federation-entity"
    if named == "vc-issuer" and "issuer" in names and names & {"jwks", "jwks_uri"}:
        return named
    if named == "credential-issuer" and names & _OF_CREDENTIALS:
        return named
    telling = len(names & _TELLING)
    identified = bool(names & {"issuer", "jwks_uri"})
    is_server = named in _SERVERS and telling + identified >= 1
    if not (telling >= 2 and identified) and not is_server:
        return "credential-issuer" if names >= _OF_CREDENTIALS else None
    if named == "authorization-server":
        return named
    return "openid-provider" if names & _OPENID else "authorization-server"


def is_metadata(node: Mapping) -> bool:
    """Whether a mapping is metadata by its members alone. The settings of a client may have an issuer and endpoints as well;
    metadata says what the issuer supports, and has no client.
    """
    names = set(node.names())
    kind = find_kind(names, "")
    if kind in ("federation-entity", "credential-issuer") or names >= _OF_CREDENTIALS:
        return True
    if kind is None or names & _OF_A_CLIENT:
        return False
    registered = sum(map(is_registered, names))
    has_supported = any(name.endswith("_supported") for name in names)
    return registered == len(names) or (has_supported and 2 * registered >= len(names))


def is_registered(name: str) -> bool:
    """Whether metadata has a member of that name, or of one of its kind."""
    return name.endswith(_ENDINGS) or name in _PLAIN
