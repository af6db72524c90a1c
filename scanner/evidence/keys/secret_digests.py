"""Digests of a symmetric secret, by which a published one is recognised. They stay in the process: a short secret is guessed
from its digest.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from scanner.digest import sha256_hex

# no secret that people publish is longer
_LONGEST = 1024


def digests_of(text: str) -> tuple[str, ...]:
    """SHA-256 of the text's bytes, of the bytes that it has in base64, base64url or hexadecimal, and of these encodings of
    both: platforms decode their setting or not, and `k` of a JWK is the base64url of the bytes (RFC 7518 §6.4.1).
    """
    plain = text.strip()
    if not plain or len(plain) > _LONGEST:
        return ()
    data = plain.encode("utf-8", "surrogatepass")
    octets = dict.fromkeys([data, *_decode(plain)])
    octets |= dict.fromkeys(form for each in octets for form in _encode(each))
    return tuple(sha256_hex(each) for each in octets)


def _decode(text: str) -> Iterator[bytes]:
    letters = text.rstrip("=").replace("-", "+").replace("_", "/")
    for decode, written in ((base64.b64decode, letters + "=" * (-len(letters) % 4)), (bytes.fromhex, text)):
        try:
            found = decode(written)
        except (binascii.Error, ValueError):
            continue
        if found:
            yield found


def _encode(data: bytes) -> Iterator[bytes]:
    yield base64.b64encode(data)
    yield base64.urlsafe_b64encode(data).rstrip(b"=")
    yield data.hex().encode()
