"""Private keys in text: PEM, PKCS#8, PKCS#1, SEC 1, PKCS#12, OpenSSH, PuTTY, or a JWK.

A text is parsed, never guessed: every modulus has high entropy, too. Nothing here keeps or returns a value.
"""

from __future__ import annotations

from scanner.patterns import lazy_pattern
from scanner.redaction.der import base64_octets, describe_der

# between the lines of a block: also in a string, in a comment, or quoted line by line
_GAP = r"""(?:\\{1,9}+[nrt]?|[\s"',#|;]){0,200}+"""
# with a body it is a key, without one a sentence about keys
_PEM = lazy_pattern(
    rf"-----BEGIN ((?:(?!PRIVATE KEY)[A-Z0-9]+ )*+)PRIVATE KEY(?: BLOCK)?-----{_GAP}"
    rf"(?:[A-Z][A-Za-z-]{{1,30}}+: [^\n\\]{{0,200}}+{_GAP}){{0,9}}+(?:[A-Za-z0-9+/=]{_GAP}){{16}}"
)
_PRIVATE_MEMBER = lazy_pattern(r'"(?:d|p|q|dp|dq|qi|k|priv)"\s*:\s*"[^"\s]')
OPENSSH = "b3BlbnNzaC1rZXktdjEA"  # base64 of `openssh-key-v1` and its NUL
PUTTY = "PuTTY-User-Key-File-"
_NAMES = frozenset(
    {"password", "passwd", "passphrase", "secret", "clientsecret", "privatekey", "secretkey", "seed", "mnemonic", "privkey"}
)
_LONGEST = 64 * 1024


def private_key_in_text(text: str) -> str | None:
    """The kind of private key in a text, in words."""
    if "-----BEGIN" in text:
        found = _PEM.search(text)
        return _describe_pem(found[1].strip()) if found else None
    start = text[:64].lstrip()
    if start.startswith("{"):
        return "a private JWK" if '"kty"' in text and _PRIVATE_MEMBER.search(text) else None
    if start.startswith(OPENSSH):
        return "an OpenSSH private key"
    if start.startswith(PUTTY):
        return "a PuTTY private key"
    if start.startswith("M") and len(text) <= _LONGEST:
        return describe_der(base64_octets(text))
    return None


def is_called_secret(name: str) -> bool:
    """Whether a member's name says that its value is a secret."""
    return len(name) < 20 and name.lower().replace("_", "").replace("-", "") in _NAMES


def _describe_pem(kind: str) -> str:
    known = {"OPENSSH": "an OpenSSH private key", "ENCRYPTED": "an encrypted private key in PEM"}
    return known.get(kind, "a private key in PEM")
