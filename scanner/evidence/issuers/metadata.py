"""Recognising Provider Configuration (OpenID Connect Discovery §3), authorization server metadata (RFC 8414 §2), protected
resource metadata (RFC 9728 §2) and a federation entity's statement (OpenID Federation §3).
"""

from __future__ import annotations

from scanner.evidence.keys.jwk import PRIVATE
from scanner.evidence.model import IssuerMetadata, MetadataKind, Spot
from scanner.files.tree import Fault, Mapping, Node, Scalar, Sequence

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
}
_OF_RESOURCES = frozenset(
    {"authorization_servers", "bearer_methods_supported", "resource_signing_alg_values_supported", "resource_documentation"}
)
_OF_STATEMENTS = frozenset({"metadata", "authority_hints", "trust_marks", "metadata_policy"})


def read_metadata(
    node: Node, *, faults: tuple[Fault, ...] = (), path: str = "", kind: MetadataKind | None = None
) -> IssuerMetadata | None:
    """The metadata that `node` is, or None: by its registered members, or by its well-known name and one of them. `kind`: the
    known kind of an object, whatever its members.
    """
    if not isinstance(node, Mapping) or not all(isinstance(entry.key.value, str) for entry in node.entries):
        return None
    kind = kind or _find_kind(set(node.names()), path)
    if kind is None:
        return None
    members: dict[str, object] = {}
    spots: dict[str, Spot] = {}
    for entry in node.entries:
        members[entry.key.text] = _drop_private(entry.value)
        spots[entry.key.text] = Spot(entry.value.line, entry.value.column)
    return IssuerMetadata(kind=kind, members=members, spot=Spot(node.line, node.column), spots=spots, faults=faults)


def _find_kind(names: set[str], path: str) -> MetadataKind | None:
    file = path.rsplit("/", 1)[-1].lower()
    named = next((kind for word, kind in _NAMES.items() if word in file), None)
    if "resource" in names and (named == "protected-resource" or names & _OF_RESOURCES):
        return "protected-resource"
    if {"iss", "sub", "jwks"} <= names and names & _OF_STATEMENTS:
        return "federation-entity"
    telling = len(names & _TELLING)
    identified = bool(names & {"issuer", "jwks_uri"})
    if not (telling >= 2 and identified) and not (named and named != "protected-resource" and telling + identified >= 1):
        return None
    if named == "authorization-server":
        return named
    return "openid-provider" if names & _OPENID else "authorization-server"


def _drop_private(node: Node) -> object:
    """A value as plain data, without the private members of keys in it: no reader of metadata can see these."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [_drop_private(item) for item in node.items]
    is_key = "kty" in node.names()
    return {entry.key.text: _drop_private(entry.value) for entry in node.entries if not (is_key and entry.key.text in PRIVATE)}
