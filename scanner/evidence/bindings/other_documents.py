"""Documents that have a meaning of their own, whatever their file is called: metadata of an issuer, a JWK Set, a client's
registration, the claims of a token, an OpenAPI document, a JSON Schema, a package manifest.

Platforms that find their settings by common names (`issuer`, `jwt.key`) find them in such a document as well. It is no
configuration of theirs: nobody trusts a key because of it. Only the registered members of such a document are left out. What
stands beside them is read: otherwise a few more members in a real configuration would hide it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from scanner.evidence.bindings.paths.walk import Trail, Walk
from scanner.evidence.issuers.members import is_metadata, is_registered
from scanner.evidence.model import Binding, Spot
from scanner.files.tree import Mapping, Node, Scalar, Sequence

IsRegistered = Callable[[str], bool]

# RFC 7591 §2, OpenID Connect Registration §2, RP-initiated and back-channel logout
_OF_CLIENTS = frozenset(
    {
        "redirect_uris", "client_name", "client_uri", "logo_uri", "grant_types", "response_types", "token_endpoint_auth_method",
        "token_endpoint_auth_signing_alg", "id_token_signed_response_alg", "userinfo_signed_response_alg", "application_type",
        "subject_type", "sector_identifier_uri", "software_id", "software_version", "software_statement", "policy_uri",
        "tos_uri", "contacts", "default_max_age", "require_auth_time", "request_object_signing_alg", "request_uris",
        "initiate_login_uri", "post_logout_redirect_uris", "backchannel_logout_uri", "frontchannel_logout_uri",
        "client_id_issued_at", "client_secret_expires_at", "registration_access_token", "registration_client_uri",
    }
)  # fmt: skip
_WITH_CLIENTS = _OF_CLIENTS | {"client_id", "client_secret", "jwks", "jwks_uri", "scope", "issuer"}
# RFC 7519 §4.1; RFC 7662 §2.2 answers with the same; OpenID Federation §3 has metadata in it
_CLAIMS = frozenset({"iss", "sub", "aud", "exp", "nbf", "iat", "jti"})
_TIMES = ("exp", "iat", "nbf")
_WITH_CLAIMS = _CLAIMS | {
    "active", "issuer", "audience", "scope", "client_id", "username", "token_type", "jwks", "metadata", "authority_hints",
    "trust_marks", "constraints", "cnf", "act",
}  # fmt: skip
_OF_SETS = frozenset({"keys", "issuer", "spiffe_sequence", "spiffe_refresh_hint"})
_SCHEMAS = "json-schema.org"
_SUBSCHEMAS = frozenset({"properties", "definitions", "$defs", "oneOf", "anyOf", "allOf", "items", "patternProperties"})
_OF_SCHEMAS = _SUBSCHEMAS | {"default", "example", "examples", "const", "enum", "if", "then", "else", "not"}
_OF_APIS = ("openapi", "swagger", "asyncapi")
_IN_APIS = frozenset(
    {
        "paths", "components", "definitions", "webhooks", "channels", "parameters", "responses", "securityDefinitions",
        "operations", "messages",
    }
)  # fmt: skip
_DEPENDENCIES = ("dependencies", "devDependencies", "peerDependencies", "require", "require-dev")
_OF_MANIFESTS = frozenset(
    {
        *_DEPENDENCIES, "config", "scripts", "exports", "imports", "engines", "bin", "files", "extra", "autoload",
        "publishConfig", "contributes", "packages", "repository", "overrides", "resolutions",
    }
)  # fmt: skip
# an extension of an OpenAPI document is where a platform has its settings
_EXTENSION = "x-"


def is_in_another_document(root: Trail, binding: Binding, walk: Walk) -> bool:
    """Whether a node with that binding is, or is in, a document of another protocol, which is no platform's configuration."""
    is_extension = isinstance(root.node, Mapping) and any(name.startswith(_EXTENSION) for name in root.node.names())
    member: str | None = None  # of the mapping above, the way down to the node
    for trail in _upwards(root):
        if isinstance(trail.node, Mapping) and _is_of_another(trail, member, binding, walk, is_extension=is_extension):
            return True
        if trail.key is not None:
            member = trail.key.text
            is_extension |= member.startswith(_EXTENSION)
    return False


def _is_of_another(trail: Trail, member: str | None, binding: Binding, walk: Walk, *, is_extension: bool) -> bool:
    """Whether the node is such a document, and has the binding in its registered members: in `member`, or in itself."""
    node = trail.node
    if not isinstance(node, Mapping):
        return False
    is_whole = trail.above is None
    # bindings share the nodes above them
    known = walk.once(("another", id(node), is_whole), node, lambda: tuple(_known_as(node, is_whole=is_whole)))
    if not known:
        return False
    members = [member] if member is not None else _members_at(node, _spots_of(binding))
    return bool(members) and any(
        all(is_registered(name) for name in members) and not (is_extension and is_registered == _IN_APIS.__contains__)
        for is_registered in known
    )


def _upwards(trail: Trail | None) -> Iterator[Trail]:
    while trail is not None:
        yield trail
        trail = trail.above


def _spots_of(binding: Binding) -> list[Spot]:
    return [setting.spot for setting in binding.settings.values() if setting.spot is not None]


def _members_at(node: Mapping, spots: Iterable[Spot]) -> list[str]:
    """The members of a mapping in which these places are."""
    begins = [(entry.key.line, entry.key.column, entry.key.text) for entry in node.entries]
    found = (max((each for each in begins if each[:2] <= (spot.line, spot.column)), default=None) for spot in spots)
    return [each[2] for each in found if each is not None]


def _known_as(node: Mapping, *, is_whole: bool) -> Iterator[IsRegistered]:
    """Of each protocol whose document the mapping is: whether a name is one of its registered members."""
    if is_metadata(node):
        yield is_registered
    if _is_schema(node):
        yield _OF_SCHEMAS.__contains__
    if _is_api(node):
        yield _IN_APIS.__contains__
    if not is_whole:
        return
    if _is_jwk_set(node):
        yield _OF_SETS.__contains__
    if _is_client(node):
        yield _WITH_CLIENTS.__contains__
    if _is_claims(node):
        yield _WITH_CLAIMS.__contains__
    if _is_manifest(node):
        yield _OF_MANIFESTS.__contains__


def _is_schema(node: Mapping) -> bool:
    """JSON Schema, and what a CustomResourceDefinition has in its place."""
    if _SUBSCHEMAS.isdisjoint(node.names()):
        return False
    is_of_object = _text(node.get("type")) == "object" and isinstance(node.get("properties"), Mapping)
    return is_of_object or _SCHEMAS in _text(node.get("$schema"))


def _is_api(node: Mapping) -> bool:
    return any(_text(node.get(name))[:1].isdigit() for name in _OF_APIS) and not _IN_APIS.isdisjoint(node.names())


def _is_jwk_set(node: Mapping) -> bool:
    keys = node.get("keys")
    return isinstance(keys, Sequence) and any(isinstance(key, Mapping) and "kty" in key.names() for key in keys.items)


def _is_client(node: Mapping) -> bool:
    names = set(node.names())
    return len(names & _OF_CLIENTS) >= 3 and 2 * len(names & _WITH_CLIENTS) >= len(names)


def _is_claims(node: Mapping) -> bool:
    return len(_CLAIMS.intersection(node.names())) >= 3 and any(_is_number(node.get(name)) for name in _TIMES)


def _is_manifest(node: Mapping) -> bool:
    """A package.json or a composer.json: a name, and the versions that it depends on."""
    if not _text(node.get("name")):
        return False
    return any(isinstance(needed, Mapping) and _are_texts(needed) for needed in map(node.get, _DEPENDENCIES))


def _are_texts(node: Mapping) -> bool:
    return bool(node.entries) and all(_text(entry.value) for entry in node.entries)


def _is_number(node: Node | None) -> bool:
    return isinstance(node, Scalar) and isinstance(node.value, int | float) and not isinstance(node.value, bool)


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ""
