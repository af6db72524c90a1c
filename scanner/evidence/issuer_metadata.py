"""Recognising Provider Configuration (OpenID Connect Discovery §3) and authorization server metadata (RFC 8414 §2)."""

from __future__ import annotations

from scanner.evidence.model import IssuerMetadata, MetadataKind, Spot
from scanner.files.tree import Fault, Mapping, Node, Scalar, plain

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
}


def read_metadata(node: Node, *, faults: tuple[Fault, ...] = (), path: str = "") -> IssuerMetadata | None:
    """The metadata that `node` is, or None: by its registered members, or by its well-known name and one of them."""
    if not isinstance(node, Mapping) or not all(isinstance(entry.key.value, str) for entry in node.entries):
        return None
    names = set(node.names())
    file = path.rsplit("/", 1)[-1].lower()
    named = next((kind for word, kind in _NAMES.items() if word in file), None)
    telling = len(names & _TELLING)
    identified = bool(names & {"issuer", "jwks_uri"})
    if not (telling >= 2 and identified) and not (named and telling + identified >= 1):
        return None
    kind: MetadataKind = "openid-provider" if names & _OPENID else "authorization-server"
    if named == "authorization-server":
        kind = named
    members: dict[str, object] = {}
    spots: dict[str, Spot] = {}
    for entry in node.entries:
        members[entry.key.text] = plain(entry.value) if not isinstance(entry.value, Scalar) else entry.value.value
        spots[entry.key.text] = Spot(entry.value.line, entry.value.column)
    return IssuerMetadata(kind=kind, members=members, spot=Spot(node.line, node.column), spots=spots, faults=faults)
