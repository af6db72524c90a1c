"""Keys whose private half is public: examples of standards, samples, defaults and tests of products. The list is data of the
policies (`published/*.jsonl`), and is read when the first key is looked up. Published symmetric secrets have one, too.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from functools import cache

from scanner.digest import sha256
from scanner.evidence.keys.certificates import spki_sha256_of
from scanner.evidence.keys.thumbprint import material, thumbprint
from scanner.evidence.model import Jwk, Octets
from scanner.memo import Memo
from scanner.pack.shipped import shipped_path
from scanner.patterns import lazy_pattern
from scanner.record import record

# the names by which a line is found; nothing else of a line is read before that
_NAMES = lazy_pattern(rb'"(?:jkt|spki_sha256|sha256)":"([A-Za-z0-9_-]{43,64})"')
# whoever has the primes of a modulus has the private exponent for every public one (RFC 8017 §3.2)
_EXPONENTS = ("AQAB", "Aw")
_WORDS = {
    "default": "shipped with the product",
    "docs": "printed in documentation",
    "sample": "a sample",
    "test": "in the tests of a project",
}


@record
class PublishedKey:
    """Where the private half stands (`source`, the best known place), and how widespread it is, in words."""

    source: str
    prominence: str


class PublishedList:
    """The entries of lists in memory, each found by its names; `data` are the lines of the files."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._starts = {found[1]: found.start() for found in _NAMES.finditer(data)}

    def find(self, name: str | None) -> PublishedKey | None:
        """The entry of a JWK Thumbprint, or of a SHA-256 in hexadecimal."""
        start = self._starts.get(name.encode()) if name is not None else None
        if start is None:
            return None
        data = self._data
        entry = json.loads(data[data.rfind(b"\n", 0, start) + 1 : data.find(b"\n", start)])
        words, copies = _WORDS[entry["prominence"]], entry["copies"]
        return PublishedKey(entry["sources"][0], f"{words}, in {copies} repositories" if copies > 1 else words)

    def find_secret(self, digests: Iterable[str]) -> PublishedKey | None:
        """The entry of a symmetric secret that has one of these digests."""
        return next((found for each in digests if (found := self.find(each)) is not None), None)

    def find_key(self, key: Jwk) -> PublishedKey | None:
        """The entry of a key: by its canonical values in any spelling, for an RSA key also under another public exponent, for a
        key without values by its certificate, for a symmetric one by its digests.
        """
        if key.secret_digests:
            return self.find_secret(key.secret_digests)
        found = self.find(thumbprint(key))
        values = material(key)
        if found is None and values is not None and values[0] == "RSA":
            others = (each for each in _EXPONENTS if each != values[2])
            found = next((hit for e in others if (hit := self.find(_name_rsa(e, values[3]))) is not None), None)
        if found is None and values is None and isinstance(key.certificates, tuple) and key.certificates:
            leaf = key.certificates[0]  # a key that only its certificate tells
            found = self.find(spki_sha256_of(leaf.data)) if isinstance(leaf, Octets) else None
        return found


def source_of(name: str | None) -> str | None:
    """The best known place of the private half of the key with this canonical JWK Thumbprint, or SHA-256 of its
    SubjectPublicKeyInfo in hexadecimal.
    """
    found = _shipped().find(name)
    return found.source if found is not None else None


def _find_key(key: Jwk) -> PublishedKey | None:
    return key.published if key.published is not None else _shipped().find_key(key)


_published = Memo(_find_key)


def find_published(key: Jwk) -> PublishedKey | None:
    """Where the private half of a key is public, by a list of the user's policies or by ours; None where that is not known."""
    return _published(key)


def find_published_secret(digests: Iterable[str]) -> PublishedKey | None:
    """Where a symmetric secret is published that has one of these digests."""
    return _shipped().find_secret(digests)


def _name_rsa(exponent: str, modulus: str) -> str:
    digest = sha256(f'{{"e":"{exponent}","kty":"RSA","n":"{modulus}"}}'.encode())
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


@cache
def _shipped() -> PublishedList:
    data = b""
    for name in ("keys", "secrets"):
        with open(f"{shipped_path()}/published/{name}.jsonl", "rb") as opened:
            data += opened.read()
    return PublishedList(data)
