"""The names that `at` of a rule may use beside facts: the members and settings with a known place, for each kind of subject."""

from __future__ import annotations

from scanner.files.tree import FAULT_KINDS
from scanner.pack.binding_terms import FIELDS

# OpenID Federation 1.0 §3, RFC 7519 §4.1: the claims of a federation entity's statement, in metadata and in historical keys
_CLAIMS = (
    "iss", "sub", "iat", "exp", "aud", "jwks", "metadata", "metadata_policy", "constraints", "authority_hints", "crit",
    "trust_marks", "trust_mark_issuers", "trust_mark_owners",
)  # fmt: skip
# RFC 9728 §2; OpenID4VCI 1.0 §12.2 has a member of its own
_OF_RESOURCES = (
    "credential_issuer", "resource", "authorization_servers", "bearer_methods_supported", "resource_name",
    "resource_documentation", "resource_policy_uri", "resource_tos_uri", "dpop_bound_access_tokens_required",
)  # fmt: skip
# OpenID Connect Discovery 1.0 §3, RFC 8414 §2, RFC 9449 §5.1, RFC 9701 §7, JARM §4: each signing_alg, encryption_alg, …
_ALGORITHMS = tuple(
    f"{use}_values_supported"
    for use in (
        *(f"{what}_{how}" for what in ("id_token", "userinfo", "request_object", "authorization", "introspection")
          for how in ("signing_alg", "encryption_alg", "encryption_enc")),
        "token_endpoint_auth_signing_alg", "revocation_endpoint_auth_signing_alg", "introspection_endpoint_auth_signing_alg",
        "backchannel_authentication_request_signing_alg", "dpop_signing_alg", "resource_signing_alg",
    )
)  # fmt: skip
# RFC 7517 §5, SPIFFE Trust Domain and Bundle §4.1
_OF_SETS = ("keys", "spiffe_sequence", "spiffe_refresh_hint")


def places_about(kind: str) -> tuple[str, ...]:
    """The names with known places in subjects of one kind; empty where a subject has only its own place."""
    if kind == "binding":
        return FIELDS
    if kind == "override":
        return ("policy", "replaced")
    if kind == "key":
        from scanner.evidence.keys.registries import MEMBERS  # with the facts of a key, not before

        return tuple(sorted(MEMBERS))
    if kind == "key_set":
        return (*_OF_SETS, *_CLAIMS, *FAULT_KINDS, "imprecise-number")
    if kind in ("issuer", "issuer_keys"):
        from scanner.facts.issuer.members import REGISTERED  # with the facts of an issuer

        names = {*REGISTERED, *_ALGORITHMS, *_OF_RESOURCES, *_CLAIMS, *(FAULT_KINDS if kind == "issuer" else ())}
        return tuple(sorted(names))
    return ()
