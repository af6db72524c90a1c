"""Documents that are served as a signed JWT: an entity statement (OpenID Federation 1.0 §9), a signed JWK Set (§5.2.1).

Only the claims are read. Nothing is verified: what a document says is judged, not who signed it.
"""

from __future__ import annotations

import base64
import binascii

from scanner.files.read import read
from scanner.files.tree import Mapping, Parsed, Unparsed
from scanner.patterns import lazy_pattern

# RFC 7515 §7.1: header, payload and signature in base64url; an unsigned one ends in a dot
_COMPACT = lazy_pattern(rb"\s*+([A-Za-z0-9_-]++)\.([A-Za-z0-9_-]++)\.[A-Za-z0-9_-]*+\s*+")


def read_claims(data: bytes) -> Parsed | None:
    """The claims of a JWT in compact form; None for everything else. Places are those in the decoded payload."""
    found = _COMPACT.fullmatch(data)
    if found is None:
        return None
    header, payload = (_read_part(part) for part in found.groups())
    if header is None or payload is None or not _is_header(header):
        return None
    return payload


def _read_part(part: bytes) -> Parsed | None:
    try:
        decoded = base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4))
    except binascii.Error:
        return None
    parsed = read(decoded, "json", templates=False)
    return None if isinstance(parsed, Unparsed) or not isinstance(parsed.documents[0], Mapping) else parsed


def _is_header(header: Parsed) -> bool:
    node = header.documents[0]
    return isinstance(node, Mapping) and "alg" in node.names()
