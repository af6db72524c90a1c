"""Private keys in other encodings: PEM, PKCS#8, PKCS#1, SEC 1, PKCS#12, OpenSSH, or a JWK inside a text.

A text is parsed, never guessed: every modulus has high entropy, too. Nothing here keeps or returns a value.
"""

from __future__ import annotations

import base64
import binascii

from scanner.files.tree import Mapping, Node, Scalar, Sequence
from scanner.patterns import lazy_pattern

# with a body it is a key, without one a sentence about keys
_PEM = lazy_pattern(
    r"-----BEGIN ((?:[A-Z0-9]+ )*)PRIVATE KEY(?: BLOCK)?-----(?:\s|\\r|\\n)*(?:[A-Z][A-Za-z-]+: [^\n]*\s+)*[A-Za-z0-9+/=]{16}"
)
_PRIVATE_MEMBER = lazy_pattern(r'"(?:d|p|q|dp|dq|qi|k|priv)"\s*:\s*"[^"\s]')
_OPENSSH = "b3BlbnNzaC1rZXktdjEA"  # base64 of `openssh-key-v1` and its NUL
_PUTTY = "PuTTY-User-Key-File-"
_NAMES = frozenset(
    {"password", "passwd", "passphrase", "secret", "clientsecret", "privatekey", "secretkey", "seed", "mnemonic", "privkey"}
)
_SHORTEST = 40  # a PKCS#8 Ed25519 key, the smallest there is, has 64 characters
_LONGEST = 64 * 1024
_DEEPEST = 8

# DER contents of object identifiers: pkcs-7 data and signedData, pbes2, the PBE families of PKCS#5 and PKCS#12
_PKCS7 = (bytes.fromhex("2a864886f70d010701"), bytes.fromhex("2a864886f70d010702"))
_PBE = (bytes.fromhex("2a864886f70d0105"), bytes.fromhex("2a864886f70d010c01"))


def private_key_in(node: Node, depth: int = 0) -> str | None:
    """The kind of private key in a value, in words; None for every other value."""
    if isinstance(node, Scalar):
        return private_key_in_text(node.text) if len(node.text) >= _SHORTEST else None
    if depth > _DEEPEST:
        return None
    if isinstance(node, Sequence):
        return next((found for item in node.items if (found := private_key_in(item, depth + 1))), None)
    if _is_private_jwk(node):
        return "a private JWK"
    return next((found for entry in node.entries if (found := private_key_in(entry.value, depth + 1))), None)


def private_key_in_text(text: str) -> str | None:
    """The kind of private key in a text, in words."""
    if "-----BEGIN" in text:
        found = _PEM.search(text)
        return _describe_pem(found[1].strip()) if found else None
    start = text[:64].lstrip()
    if start.startswith("{"):
        return "a private JWK" if '"kty"' in text and _PRIVATE_MEMBER.search(text) else None
    if start.startswith(_OPENSSH):
        return "an OpenSSH private key"
    if start.startswith(_PUTTY):
        return "a PuTTY private key"
    if start.startswith("M") and len(text) <= _LONGEST:
        return _describe_der(base64_octets(text))
    return None


def is_called_secret(name: str) -> bool:
    """Whether a member's name says that its value is a secret."""
    return len(name) < 20 and name.lower().replace("_", "").replace("-", "") in _NAMES


def _is_private_jwk(node: Mapping) -> bool:
    names = node.names()
    return "kty" in names and any(
        entry.key.text in ("d", "k", "priv") and isinstance(entry.value, Scalar) and bool(entry.value.text.strip())
        for entry in node.entries
    )


def _describe_pem(kind: str) -> str:
    known = {"OPENSSH": "an OpenSSH private key", "ENCRYPTED": "an encrypted private key in PEM"}
    return known.get(kind, "a private key in PEM")


def base64_octets(text: str) -> bytes:
    """The bytes of base64 or base64url in any layout; empty for any other text, such as dots or `<your key>`."""
    bare = "".join(text.split()).rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _describe_der(data: bytes) -> str | None:
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
