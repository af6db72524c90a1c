"""Finds the `jwks_uri` in fetched metadata. The room `evidence` parses metadata completely."""

from __future__ import annotations

import json

from scanner.sources.exchange import Exchange

# real metadata is far smaller
_LARGEST = 1024 * 1024


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
