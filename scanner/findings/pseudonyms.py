"""Pseudonyms: the same name always gets the same stand-in, numbered by first appearance, so that no name can be guessed.

A digest of a name would also be stable across reports, but trying likely names could reverse it. A number cannot be reversed.
"""

from __future__ import annotations

import re

from scanner.patterns import lazy_pattern

# endings that show the kind of a file and no name
_ENDINGS = frozenset(
    (
        "bicep", "cfg", "conf", "env", "hcl", "ini", "json", "jwks", "pem", "properties", "tf", "tfvars", "toml", "xml", "yaml",
        "yml",
    )
)  # fmt: skip
_URL = lazy_pattern(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)(.*)", re.DOTALL)
_SCHEMES = frozenset(("http", "https", "spiffe", "file", "classpath"))
_NUMBER = lazy_pattern(r"[+-]?\d{1,6}(\.\d{1,6})?")
# words of the standards and of values in messages: they identify no one
_PUBLIC_WORDS = """
RSA EC OKP oct AKP sig enc none true false public private for and in
RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K HS256 HS384 HS512 EdDSA Ed25519 Ed448 X25519 X448
ML-DSA-44 ML-DSA-65 ML-DSA-87 P-256 P-384 P-521 secp256k1
kty use alg kid crv key_ops n e x y d p q dp dq qi oth k pub priv x5c x5t x5t#S256 x5u
issuer jwks_uri audiences algorithms discovery_url key_file
"""
_PUBLIC = frozenset(_PUBLIC_WORDS.split())
_TRIM = ",;:.()[]{}`'\""


class Pseudonyms:
    """Stand-ins by kind of name. One object serves one report."""

    def __init__(self, words: frozenset[str] = frozenset()) -> None:
        self._given: dict[str, dict[str, str]] = {}
        self._known: dict[str, str] = {}
        self._words = _PUBLIC | words

    def name(self, kind: str, text: str) -> str:
        """`kid-3` for a kid, `owner-1` for an owner; a URL keeps its scheme, and equal hosts stay equal."""
        url = _URL.fullmatch(text)
        stand_in = self._location(text, *url.groups()) if url else self._numbered(kind, text)
        return self._known.setdefault(text, stand_in)

    def path(self, text: str) -> str:
        """`path-7.yaml`: the ending shows the kind of file. A fetched document stays a URL, with its host's stand-in."""
        if _URL.fullmatch(text):
            return self.name("path", text)
        ending = text.rpartition("/")[2].rpartition(".")[2].lower()
        stand_in = self._numbered("path", text) + (f".{ending}" if ending in _ENDINGS and "." in text else "")
        return self._known.setdefault(text, stand_in)

    def words(self, text: str) -> str:
        """Free text: known names by their stand-ins, with numbers and words of the standards kept, all else replaced."""
        if text in self._known:
            return self._known[text]
        return " ".join(self._word(word) for word in text.split())

    def _word(self, word: str) -> str:
        bare = word.strip(_TRIM)
        if word in self._known or not bare:
            return self._known.get(word, word)
        if bare in self._known:
            stand_in = self._known[bare]
        elif bare in self._words or _NUMBER.fullmatch(bare):
            stand_in = bare
        else:
            stand_in = self.name("value", bare)
        return word.replace(bare, stand_in, 1)

    def _location(self, text: str, scheme: str, host: str, rest: str) -> str:
        kept = scheme.lower() if scheme.lower() in _SCHEMES else "other"
        path = f"/{self._numbered('location', text)}" if rest not in ("", "/") else ""
        return f"{kept}://{self._numbered('host', host)}.invalid{path}"

    def _numbered(self, kind: str, text: str) -> str:
        given = self._given.setdefault(kind, {})
        return given.setdefault(text, f"{kind}-{len(given) + 1}")
