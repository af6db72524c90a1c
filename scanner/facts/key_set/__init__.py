"""Facts about a JWK Set document."""

from __future__ import annotations

from scanner.evidence.model import JwkSet
from scanner.facts.fact import Fact, fact
from scanner.facts.key_set import document as key_set_document
from scanner.facts.key_set import keys as key_set_keys
from scanner.facts.key_set import kids as key_set_kids
from scanner.facts.key_set import purposes as key_set_purposes
from scanner.facts.key_set import spiffe as key_set_spiffe

_FORMS = {
    "jwk-set": "a JWK Set",
    "spiffe-bundle": "a SPIFFE bundle",
    "bare-jwk": "a single JWK",
    "bare-array": "an array of JWKs",
    "pem-map": "a map from kid to PEM",
    "wrapped": "another document with keys inside",
    "other": "something else",
    "unreadable": "no JSON",
    "unreached": "not known",
}


@fact("key_set.is_jwk_set", spec="RFC 7517 §5")
def is_jwk_set(key_set: JwkSet) -> bool:
    """Whether the document is an object with an array `keys`; a SPIFFE bundle is one too."""
    return key_set.form in ("jwk-set", "spiffe-bundle")


@fact("key_set.is_readable", spec="RFC 8259 §2")
def is_readable(key_set: JwkSet) -> bool:
    """Whether a file with the name of a JWK Set contains JSON at all; an error page or half a file does not."""
    return key_set.form != "unreadable"


@fact("key_set.is_spiffe_bundle", spec="SPIFFE Trust Domain and Bundle §4")
def is_spiffe_bundle(key_set: JwkSet) -> bool:
    """Whether the set is a SPIFFE bundle: by its own members, or because every key has a SPIFFE `use`."""
    return key_set.form == "spiffe-bundle"


@fact("key_set.is_historical", spec="OpenID Federation 1.0 §8.7")
def is_historical(key_set: JwkSet) -> bool:
    """Whether the set is the record of a federation entity's retired keys, none of which is trusted for new tokens."""
    return any(key.is_historical for key in key_set.keys)


@fact("key_set.form_in_words")
def form_in_words(key_set: JwkSet) -> str:
    """The form of the document, in words."""
    return _FORMS[key_set.form]


@fact("key_set.is_published", is_known_without_document=True)
def is_published(key_set: JwkSet) -> bool:
    """Whether an issuer publishes the document; false for keys inside a consumer's configuration."""
    return key_set.is_published


@fact("key_set.stray_entries", spec="RFC 7517 §5")
def stray_entries(key_set: JwkSet) -> int:
    """How many entries of `keys` are not objects."""
    return key_set.unread_entries


FACTS: tuple[Fact, ...] = (
    is_jwk_set,
    is_readable,
    is_spiffe_bundle,
    is_historical,
    form_in_words,
    is_published,
    stray_entries,
    *key_set_document.FACTS,
    *key_set_kids.FACTS,
    *key_set_keys.FACTS,
    *key_set_purposes.FACTS,
    *key_set_spiffe.FACTS,
)
