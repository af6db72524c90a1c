"""Private keys in a parsed value: a JWK, or a text that is a private key in another encoding. Values are not kept."""

from __future__ import annotations

from scanner.files.tree import Mapping, Node, Scalar, Sequence
from scanner.redaction.key_text import private_key_in_text

_SHORTEST = 40  # a PKCS#8 Ed25519 key, the smallest there is, has 64 characters
_DEEPEST = 8


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


def _is_private_jwk(node: Mapping) -> bool:
    names = node.names()
    return "kty" in names and any(
        entry.key.text in ("d", "k", "priv") and isinstance(entry.value, Scalar) and bool(entry.value.text.strip())
        for entry in node.entries
    )
