"""A quick search of bytes for signs of a private key, before the expensive search for its place.

It is wide on purpose: bytes without a sign contain no private key in any form that this room knows. It takes microseconds, and
ordinary key sets, certificates and metadata have no signs.
"""

from __future__ import annotations

from itertools import pairwise

from scanner.patterns import lazy_pattern
from scanner.redaction.base64_runs import is_telling
from scanner.redaction.der import begins_as_private_der
from scanner.redaction.key_text import is_called_secret
from scanner.redaction.urls import has_secret_parameter

# RFC 7518 §6.2.2, §6.3.2, §6.4.1; `priv` of AKP; InverseQ as .NET names qi. Upper case counts, too
PRIVATE_NAMES = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv", "inverseq"})
_PRIVATE_KEY = "privatekey"  # `privateKeyMultibase`, `privateKeyHex`: names that say so in any notation
_LITERALS = (
    b"PRIVATE KEY",
    b"\\u00",  # a letter may be written as an escape, in a name or in a value
    b"b3BlbnNzaC1rZXktdjEA",  # an OpenSSH key in base64
    b"PuTTY-User-Key-File-",
    b"kty&",  # JSON in HTML, with quotes as entities
    b"kty%22",  # and in a URL
    b"%",  # or any part of a key in a URL
    b"&#",
    b"&quot",
    b"\\x",
    b"H4sI",  # gzip in base64
    b"@",  # a password in a URL
    b"<D>",  # XML Signature's RSAKeyValue with its private half, as .NET writes it
)
GZIP = b"\x1f\x8b"
_MAGIC = (b"openssh-key-v1\0", b"\xfe\xed\xfe\xed")
_NAMES = frozenset(name.encode() for name in PRIVATE_NAMES)
_STEMS = (b"pass", b"secret", b"priv", b"seed", b"mnemonic")  # of the names of secrets
_BARE_KTY = lazy_pattern(rb"kty'?\s*[:=]")  # YAML, JavaScript: names without quotes
_RUN = lazy_pattern(rb"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{40,}")
_SHORTEST_RUN = 40
_LONGEST_NAME = 24


def is_private_file(data: bytes) -> bool:
    """Whether bytes are a binary file of private keys: DER, an OpenSSH key, a Java key store."""
    return begins_as_private_der(data) or data.startswith(_MAGIC)


def might_hold_private(data: bytes) -> bool:
    """Whether bytes have a sign of a private key: in UTF-8, in UTF-16 and UTF-32 without their zeros, or binary."""
    if is_private_file(data) or data.startswith(GZIP):
        return True
    bare = data.replace(b"\0", b"") if b"\0" in data else data
    if any(literal in bare for literal in _LITERALS) or _BARE_KTY.search(bare):
        return True
    if b"=" in bare and b"?" in bare and has_secret_parameter(bare.decode("latin-1")):
        return True
    lower = bare.lower()
    parts = bare.split(b'"')  # names and values of JSON are parts, and a backslash before the quote ends one in a string
    if not _NAMES.isdisjoint(part.lower().rstrip(b"\\") for part in parts) or (
        any(stem in lower for stem in _STEMS) and _has_secret_name(parts)
    ):
        return True
    return any(_is_telling(part) for part in parts if len(part) >= _SHORTEST_RUN)


def _has_secret_name(parts: list[bytes]) -> bool:
    """Whether a name for a secret occurs. `password` is a grant type, too: only a text before a colon is a name."""
    names = {part for part, after in pairwise(parts) if len(part) < _LONGEST_NAME and after.lstrip().startswith(b":")}
    return any(is_secret_name(name.rstrip(b"\\").decode("latin-1")) for name in names)


def is_secret_name(name: str) -> bool:
    """Whether a member's name says that its value is private."""
    return is_called_secret(name) or name.lower().replace("_", "").startswith(_PRIVATE_KEY)


def _is_telling(part: bytes) -> bool:
    return any(is_telling(found[0].decode()) for found in _RUN.finditer(part))
