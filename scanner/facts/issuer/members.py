"""Facts about metadata as a document: its JSON, and its members and their types."""

from __future__ import annotations

from scanner.facts.fact import Fact, fact
from scanner.facts.issuer.values import texts, value
from scanner.facts.key.members import shorten_names
from scanner.hosts.urls import web_host_of
from scanner.subjects.model import Issuer

_NOT_JSON = ("trailing-content", "comment", "trailing-comma", "not-a-number", "lone-surrogate")


@fact("issuer.json_faults", spec="RFC 8259 §2; RFC 8414 §3.2")
def json_faults(issuer: Issuer) -> list[str]:
    """What a strict JSON reader refuses: trailing-content, comment, trailing-comma, not-a-number, lone-surrogate."""
    return [kind for kind in _NOT_JSON if any(fault.kind == kind for fault in issuer.metadata.faults)]


@fact("issuer.has_byte_order_mark", spec="RFC 8259 §8.1")
def has_byte_order_mark(issuer: Issuer) -> bool:
    """Whether the metadata begins with a byte order mark, or is not UTF-8, but UTF-16 or UTF-32."""
    return any(fault.kind == "byte-order-mark" for fault in issuer.metadata.faults)


@fact("issuer.has_repeated_member", spec="RFC 8259 §4")
def has_repeated_member(issuer: Issuer) -> bool:
    """Whether some member stands twice in its object."""
    return any(fault.kind == "duplicate-member" for fault in issuer.metadata.faults)


@fact("issuer.empty_members", spec="RFC 8414 §3.2")
def empty_members(issuer: Issuer) -> list[str]:
    """The members that are null, an empty string or an empty array; the issuer should leave them out instead."""
    return shorten_names(name for name, found in issuer.metadata.members.items() if found is None or found in ("", []))


_STRINGS = frozenset(
    {"issuer", "jwks_uri", "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "registration_endpoint"}
    | {"revocation_endpoint", "introspection_endpoint", "end_session_endpoint", "check_session_iframe", "signed_metadata"}
    | {"device_authorization_endpoint", "pushed_authorization_request_endpoint", "backchannel_authentication_endpoint"}
    | {"service_documentation", "op_policy_uri", "op_tos_uri", "signed_jwks_uri", "organization_name"}
)
_BOOLEANS = frozenset(
    {"claims_parameter_supported", "request_parameter_supported", "request_uri_parameter_supported"}
    | {"require_request_uri_registration", "require_pushed_authorization_requests", "require_signed_request_object"}
    | {"tls_client_certificate_bound_access_tokens", "authorization_response_iss_parameter_supported"}
    | {"frontchannel_logout_supported", "frontchannel_logout_session_supported", "backchannel_logout_supported"}
    | {"backchannel_logout_session_supported", "backchannel_user_code_parameter_supported"}
    | {"pre-authorized_grant_anonymous_access_supported", "client_id_metadata_document_supported"}
)
_ARRAYS = frozenset(
    {"scopes_supported", "response_types_supported", "response_modes_supported", "grant_types_supported"}
    | {"acr_values_supported", "subject_types_supported", "claims_supported", "claim_types_supported"}
    | {"display_values_supported", "claims_locales_supported", "ui_locales_supported", "code_challenge_methods_supported"}
    | {"token_endpoint_auth_methods_supported", "revocation_endpoint_auth_methods_supported"}
    | {"introspection_endpoint_auth_methods_supported", "prompt_values_supported", "authorization_details_types_supported"}
    | {"backchannel_token_delivery_modes_supported"}
)
# every registered member with a type of its own; arrays of algorithms are recognised by their endings
REGISTERED = _STRINGS | _BOOLEANS | _ARRAYS


def _find_expected_type(name: str) -> type | None:
    if name in _STRINGS:
        return str
    if name in _BOOLEANS:
        return bool
    is_algorithms = name.endswith(("_alg_values_supported", "_enc_values_supported"))
    return list if name in _ARRAYS or is_algorithms else None


@fact("issuer.mistyped_members", spec="RFC 8414 §2; OpenID Connect Discovery 1.0 §3")
def mistyped_members(issuer: Issuer) -> list[str]:
    """Registered members with the wrong JSON type, or arrays of strings with other values. Null counts as empty, not as
    mistyped.
    """
    return shorten_names(
        name for name, found in issuer.metadata.members.items() if found is not None and not _is_of_type(name, found)
    )


def _is_of_type(name: str, found: object) -> bool:
    expected = _find_expected_type(name)
    if expected is None:
        return True
    return isinstance(found, expected) and (not isinstance(found, list) or all(isinstance(item, str) for item in found))


@fact("issuer.missing_members", spec="OpenID Connect Discovery 1.0 §3; RFC 8414 §2")
def missing_members(issuer: Issuer) -> list[str]:
    """The required members that are missing, by the standard that the document follows. An issuer for workloads needs no
    `authorization_endpoint`, and no `token_endpoint`.
    """
    required = ["response_types_supported"]
    if issuer.metadata.kind == "openid-provider":
        required += ["subject_types_supported", "id_token_signing_alg_values_supported"]
        if value(issuer, "token_endpoint") or value(issuer, "userinfo_endpoint"):
            required.insert(0, "authorization_endpoint")
    if web_host_of(value(issuer, "authorization_endpoint")) and _needs_token_endpoint(issuer):
        required.append("token_endpoint")
    return [name for name in required if value(issuer, name) is None]


def _needs_token_endpoint(issuer: Issuer) -> bool:
    """Whether a response type needs the token endpoint: all but those that deliver all tokens through the browser."""
    return any("code" in each.split() for each in texts(issuer, "response_types_supported"))


@fact("issuer.members_with_repeats", spec="RFC 8414 §2")
def members_with_repeats(issuer: Issuer) -> list[str]:
    """The arrays in which a value stands twice."""
    members = issuer.metadata.members
    return shorten_names(name for name in members if len(set(values := texts(issuer, name))) < len(values))


@fact("issuer.odd_scopes", spec="RFC 6749 §3.3")
def odd_scopes(issuer: Issuer) -> list[str]:
    """The values of `scopes_supported` that are not scope tokens: they contain a space, a quote or a backslash."""
    return shorten_names(each for each in texts(issuer, "scopes_supported") if not each or not _is_scope(each))


def _is_scope(token: str) -> bool:
    return all("!" <= char <= "~" and char not in '"\\' for char in token)


@fact("issuer.lacks_openid_scope", spec="OpenID Connect Discovery 1.0 §3")
def lacks_openid_scope(issuer: Issuer) -> bool:
    """Whether an OpenID Provider lists its scopes and not `openid` among them."""
    scopes = texts(issuer, "scopes_supported")
    return issuer.metadata.kind == "openid-provider" and bool(scopes) and "openid" not in scopes


FACTS: tuple[Fact, ...] = (
    json_faults,
    has_byte_order_mark,
    has_repeated_member,
    empty_members,
    mistyped_members,
    missing_members,
    members_with_repeats,
    odd_scopes,
    lacks_openid_scope,
)
