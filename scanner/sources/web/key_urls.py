"""Where fetched metadata says that the keys are. Evidence reads metadata in earnest; here only the way on is looked for."""

from __future__ import annotations

import json

from scanner.sources.exchange import Exchange

# no honest metadata comes near
_LARGEST = 1024 * 1024


def jwks_uri_in(exchange: Exchange) -> str | None:
    """The `jwks_uri` of a metadata document; None where there is none that can be read, whatever the server sent."""
    body = exchange.body
    if not exchange.has_document or body is None or len(body) > _LARGEST:
        return None
    try:
        metadata = json.loads(body)
    except (ValueError, RecursionError):
        return None
    uri = metadata.get("jwks_uri") if isinstance(metadata, dict) else None
    return uri if isinstance(uri, str) and uri else None
