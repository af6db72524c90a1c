"""base64url as JOSE uses it (RFC 7515 §2), decoded even where a strict reader would refuse it, with the faults that it would
name.
"""

from __future__ import annotations

import base64
import binascii
import re

from scanner.evidence.model import Octets, Unread
from scanner.patterns import lazy_pattern

_STRICT = lazy_pattern(r"[A-Za-z0-9_-]*")
# hexadecimal and decimal digits are legal base64url; at this length no random value consists of them alone
_HEX = lazy_pattern(r"[0-9a-f]{32,}|[0-9A-F]{32,}")
# RFC 7517 sets stay far below; longer integers are refused, since computing with them is slow
LONGEST = 16 * 1024


def decode(text: str) -> Octets | Unread:
    """The bytes of `text`. Faults: whitespace, padding, standard-alphabet, trailing-bits (RFC 4648 §3.5), hex, decimal."""
    if len(text) > 2 * LONGEST:
        return Unread("it is longer than any key", "too-long")
    faults: list[str] = []
    bare = text
    if not _STRICT.fullmatch(text):
        if "-----BEGIN" in text:
            return Unread("it is PEM, not base64url", "pem")
        bare = re.sub(r"\s+", "", text)
        if bare != text:
            faults.append("whitespace")
        if bare.endswith("="):
            faults.append("padding")
            bare = bare.rstrip("=")
        if "+" in bare or "/" in bare:
            faults.append("standard-alphabet")
            bare = bare.replace("+", "-").replace("/", "_")
        if not _STRICT.fullmatch(bare):
            return Unread("it is not base64url")
    if not bare:
        return Unread("it is empty", "empty")
    if len(bare) % 4 == 1:
        return Unread("it is not base64url: no bytes have this length")
    try:
        data = base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
    except binascii.Error:
        return Unread("it is not base64url")
    if base64.urlsafe_b64encode(data).decode().rstrip("=") != bare:
        faults.append("trailing-bits")
    if _HEX.fullmatch(bare) and bare.count("A") * 2 < len(bare):  # zero bytes are `A`s, not digits
        faults.append("decimal" if bare.isdigit() else "hex")
    return Octets(data, tuple(faults))


def decode_standard(text: str) -> Octets | Unread:
    """Standard base64, as `x5c` holds it (RFC 7517 §4.7). Faults: whitespace, url-alphabet, no-padding."""
    if "-----BEGIN" in text:
        return Unread("it is PEM, not base64", "pem")
    bare = re.sub(r"\s+", "", text)
    if len(bare) > 4 * LONGEST:
        return Unread("it is longer than any certificate", "too-long")
    if not bare.isascii():
        return Unread("it is not base64")
    try:
        data = base64.b64decode(bare.replace("-", "+").replace("_", "/") + "=" * (-len(bare) % 4), validate=True)
    except binascii.Error:
        return Unread("it is not base64")
    if not data:
        return Unread("it is empty", "empty")
    found = {"whitespace": bare != text, "url-alphabet": "-" in bare or "_" in bare, "no-padding": len(bare) % 4 != 0}
    return Octets(data, tuple(word for word, holds in found.items() if holds))
