"""Finds the `jwks_uri` in fetched metadata, and sees whether a document is of keys; `evidence` parses metadata completely."""

from __future__ import annotations

import json

from scanner.sources.exchange import Exchange

# real metadata is far smaller
_LARGEST = 1024 * 1024


def may_hold_keys(exchange: Exchange) -> bool:
    """Whether a fetched document may be a JWK Set, in some form. Wide on purpose: a web page is none."""
    return exchange.has_document and any(word in (exchange.body or b"") for word in (b'"keys"', b'"kty"'))


def read_jwks_uri(exchange: Exchange) -> str | None:
    """The `jwks_uri` of a metadata document; None if the document has none or cannot be parsed."""
    body = exchange.body
    if not exchange.has_document or body is None or len(body) > _LARGEST:
        return None
    try:
        metadata = json.loads(body)
    except (ValueError, RecursionError):
        return None
    uri = metadata.get("jwks_uri") if isinstance(metadata, dict) else None
    return uri if isinstance(uri, str) and uri else None
