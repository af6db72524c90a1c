"""Finds the `jwks_uri` in fetched metadata, and sees whether a document is of keys; `evidence` parses metadata completely."""

from __future__ import annotations

import json

from scanner.files.jwt_document import read_claims
from scanner.files.tree import to_plain
from scanner.sources.exchange import Exchange

# real metadata is far smaller
_LARGEST = 1024 * 1024
# entity types of one statement (OpenID Federation 1.0 §5.1 has fewer): each may cost requests
_MOST_TYPES = 8


def may_hold_keys(exchange: Exchange) -> bool:
    """Whether a fetched document may be a JWK Set, in some form. Wide on purpose: a web page is none."""
    return exchange.has_document and any(word in (exchange.body or b"") for word in (b'"keys"', b'"kty"'))


def list_jwks_uris(exchange: Exchange) -> list[str]:
    """The `jwks_uri` of metadata, and those of the entity types in an entity statement (OpenID Federation 1.0 §5.2.1),
    which is served as a JWT. Empty where the document has none or cannot be parsed.
    """
    body = exchange.body
    if not exchange.has_document or body is None or len(body) > _LARGEST:
        return []
    claims = read_claims(body)
    try:
        document = to_plain(claims.documents[0]) if claims is not None else json.loads(body)
    except (ValueError, RecursionError):
        return []
    if not isinstance(document, dict):
        return []
    types = document.get("metadata")
    inside = [each for each in types.values() if isinstance(each, dict)] if isinstance(types, dict) else []
    found = [each.get("jwks_uri") for each in (document, *inside[:_MOST_TYPES])]
    return list(dict.fromkeys(uri for uri in found if isinstance(uri, str) and uri))
