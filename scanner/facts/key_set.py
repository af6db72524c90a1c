"""Facts about a JWK Set document."""

from __future__ import annotations

from scanner.evidence.model import JwkSet
from scanner.facts.fact import Fact, Unknown, fact, readable
from scanner.facts.thumbprint import material

_FORMS = {
    "jwk-set": "a JWK Set",
    "spiffe-bundle": "a SPIFFE bundle",
    "bare-jwk": "a single JWK",
    "bare-array": "an array of JWKs",
    "pem-map": "a map from kid to PEM",
    "other": "something else",
}


@fact("key_set.is_jwk_set", spec="RFC 7517 §5")
def is_jwk_set(key_set: JwkSet) -> bool:
    """Whether the document is an object with an array `keys`; a SPIFFE bundle is one too."""
    return key_set.form in ("jwk-set", "spiffe-bundle")


@fact("key_set.form_in_words")
def form_in_words(key_set: JwkSet) -> str:
    """What the document is, as a reader would say it."""
    return _FORMS[key_set.form]


@fact("key_set.is_published")
def is_published(key_set: JwkSet) -> bool:
    """Whether an issuer publishes the document; false for keys inside a consumer's configuration."""
    return key_set.is_published


@fact("key_set.stray_entries", spec="RFC 7517 §5")
def stray_entries(key_set: JwkSet) -> int:
    """How many entries of `keys` are no objects."""
    return key_set.unread_entries


@fact("key_set.ambiguous_kids", spec="RFC 7517 §4.5")
def ambiguous_kids(key_set: JwkSet) -> list[str] | Unknown:
    """The `kid` values that two entries of one key type share although their keys differ.

    The RFC lets equivalent keys of different types share a kid; entries that cannot be read are left aside.
    """
    seen: dict[tuple[str, str], set[tuple[str, ...]]] = {}
    for key in key_set.keys:
        kid, values = key.texts.get("kid"), material(key)
        if kid and values is not None:
            if isinstance(readable(kid), Unknown):
                return Unknown("a kid is unreadable text")
            seen.setdefault((kid, values[0]), set()).add(values)
    return [kid[:80] for (kid, _), keys in seen.items() if len(keys) > 1]


FACTS: tuple[Fact, ...] = (is_jwk_set, form_in_words, is_published, stray_entries, ambiguous_kids)
