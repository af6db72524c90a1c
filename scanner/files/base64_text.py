"""Text that is written as base64 or base64url inside a string: a PEM or a JWK Set in a Secret or a gateway's definition."""

from __future__ import annotations

import base64
import binascii

from scanner.files.encodings import as_utf8
from scanner.patterns import lazy_pattern

_ALPHABET = lazy_pattern(r"[A-Za-z0-9+/_\-\s]++={0,2}\s*+")
_SHORTEST = 16  # shorter text may be any word


def decode_text(text: str) -> str | None:
    """The text that `text` encodes; None where it is not base64, or its bytes are not Unicode text."""
    if len(text) < _SHORTEST or _ALPHABET.fullmatch(text) is None:
        return None
    letters = "".join(text.split()).rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return as_utf8(base64.b64decode(letters + "=" * (-len(letters) % 4), validate=True)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
