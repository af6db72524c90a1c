"""Private keys in DER: PKCS#1, PKCS#8, SEC 1 and PKCS#12, also in base64, in one piece or cut off.

A structure is parsed, never guessed: every modulus has high entropy, too. Nothing here keeps or returns a value.
"""

from __future__ import annotations

import base64
import binascii

from scanner.patterns import lazy_pattern

# DER contents of object identifiers: pkcs-7 data and signedData, pbes2, the PBE families of PKCS#5 and PKCS#12
_PKCS7 = (bytes.fromhex("2a864886f70d010701"), bytes.fromhex("2a864886f70d010702"))
_PBE = (bytes.fromhex("2a864886f70d0105"), bytes.fromhex("2a864886f70d010c01"))
_VERSIONS = (b"\x02\x01\x00", b"\x02\x01\x01", b"\x02\x01\x03")  # what every private structure in DER begins with
_ENCRYPTED = (b"\x2a\x86\x48\x86\xf7\x0d\x01\x05", b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c")  # PKCS#5, PKCS#12
_HEAD = lazy_pattern(r"M[A-I][A-Za-z0-9+/_-]{14}")  # base64 of a SEQUENCE and its length
_ENOUGH = 64  # letters that identify a structure


def base64_octets(text: str) -> bytes:
    """The bytes of base64 or base64url in any layout; empty for any other text, such as dots or `<your key>`."""
    bare = "".join(text.split()).rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def begins_as_private_der(octets: bytes) -> bool:
    """Whether bytes begin like PKCS#1, PKCS#8, SEC 1 or PKCS#12, and unlike a certificate, request or public key."""
    head = octets[:48]
    if len(head) < 8 or head[0] != 0x30:
        return False
    at = 2 + (head[1] & 0x7F if head[1] & 0x80 else 0)
    return head[at : at + 3] in _VERSIONS or any(oid in head for oid in _ENCRYPTED)


def find_private_der(letters: str) -> int | None:
    """Where a private structure begins in a run of base64 letters: whole or cut off, whatever stands before it."""
    for found in _HEAD.finditer(letters):
        head = letters[found.start() : found.start() + _ENOUGH]
        if begins_as_private_der(base64_octets(head[: len(head) // 4 * 4])):
            return found.start()
    return None


def describe_der(data: bytes) -> str | None:
    """The kind of private structure in DER bytes, by their first elements; the whole must be one SEQUENCE."""
    outer = _read_element(data, 0)
    if outer is None or outer[0] != 0x30 or outer[2] != len(data):
        return None
    first = _read_element(data, outer[1])
    if first is None:
        return None
    second = _read_element(data, first[2])
    if second is None:
        return None
    tags = (first[0], second[0])
    value = data[first[1] : first[2]]
    if tags == (0x30, 0x04) and any(oid in value[:20] for oid in _PBE):
        return "an encrypted PKCS#8 private key"
    if tags == (0x02, 0x30) and value == b"\3" and any(oid in data[second[1] : second[1] + 16] for oid in _PKCS7):
        return "a PKCS#12 key store"
    third = _read_element(data, second[2])
    if tags == (0x02, 0x30) and value in (b"\0", b"\1") and third is not None and third[0] == 0x04:
        return "a PKCS#8 private key"
    if tags == (0x02, 0x02) and value == b"\0" and third is not None and third[0] == 0x02:
        return "a private key in DER"
    return "an EC private key" if tags == (0x02, 0x04) and value == b"\1" else None


def _read_element(data: bytes, at: int) -> tuple[int, int, int] | None:
    """The DER element at `at`: its tag, where its content starts and where it ends."""
    if at + 2 > len(data):
        return None
    length, start = data[at + 1], at + 2
    if length & 0x80:
        size = length & 0x7F
        if not 1 <= size <= 4 or start + size > len(data):
            return None
        length = int.from_bytes(data[start : start + size], "big")
        start += size
    return (data[at], start, start + length) if start + length <= len(data) else None
