"""Facts about one JWK."""

from __future__ import annotations

from datetime import datetime

from scanner.evidence.keys.published_keys import find_published
from scanner.evidence.keys.registries import KEY_TYPES
from scanner.evidence.keys.thumbprint import thumbprint
from scanner.evidence.model import Jwk
from scanner.facts.fact import ABSENT, Absent, Fact, Unknown, fact, readable
from scanner.facts.key import certificates as key_certificates
from scanner.facts.key import curves as key_curves
from scanner.facts.key import kid as key_kid
from scanner.facts.key import known_weak as key_known_weak
from scanner.facts.key import lifetime as key_lifetime
from scanner.facts.key import members as key_members
from scanner.facts.key import rsa as key_rsa
from scanner.facts.key import secrets as key_secrets
from scanner.facts.key import use as key_use
from scanner.redaction.text import cut

_LONGEST_LABEL = 80


@fact("key.label")
def label(key: Jwk) -> str:
    """The name of the key in messages: its `kid`, else its JWK Thumbprint, else its place in the set."""
    kid = key.texts.get("kid")
    if kid and not isinstance(readable(kid), Unknown):
        return cut(kid, _LONGEST_LABEL, end="…")
    return thumbprint(key) or f"number {key.index + 1}"


@fact("key.kty", spec="RFC 7517 §4.1")
def kty(key: Jwk) -> str | Unknown:
    """The key type. A key without one cannot be judged, so a missing `kty` is unknown, not absent."""
    found = key.texts.get("kty")
    return readable(found) if found else Unknown("the key has no readable kty")


@fact("key.known_kty", spec="RFC 7518 §7.4.2")
def known_kty(key: Jwk) -> str:
    """The key type if it is registered, else an empty text. A rule about one type does not apply to a broken key."""
    found = key.texts.get("kty", "")
    return found if found in KEY_TYPES else ""


@fact("key.is_published_example", spec="RFC 7638 §3")
def is_published_example(key: Jwk) -> bool:
    """Whether the private half of the key is public: an example of a standard, a sample, default or test key of a product. Keys
    are compared by canonical JWK Thumbprint, so another spelling is found as well.
    """
    return find_published(key) is not None


@fact("key.example_source", spec="RFC 7638 §3")
def example_source(key: Jwk) -> str | Absent:
    """The best known place of the private half: a standard, or a repository and a path in it."""
    found = find_published(key)
    return found.source if found is not None else ABSENT


@fact("key.example_prominence")
def example_prominence(key: Jwk) -> str | Absent:
    """How widespread the public private half is, in words: `shipped with the product, in 12 repositories`."""
    found = find_published(key)
    return found.prominence if found is not None else ABSENT


@fact("key.is_in_tests")
def is_in_tests(key: Jwk) -> bool:
    """Whether the path of the file is that of tests, samples or documentation. What a server sent is not."""
    return key.is_in_tests


@fact("key.judged_on")
def judged_on(key: Jwk, at: datetime) -> str:  # noqa: ARG001 - the same for every key
    """The day of the scan as `2026-11-01`: a rule compares it with a date in its parameters."""
    return at.date().isoformat()


@fact("key.is_published")
def is_published(key: Jwk) -> bool:
    """Whether the key stands in a document that an issuer publishes, not in a consumer's configuration."""
    return key.is_published


FACTS: tuple[Fact, ...] = (
    label,
    kty,
    known_kty,
    is_published_example,
    example_source,
    example_prominence,
    is_in_tests,
    judged_on,
    is_published,
    *key_members.FACTS,
    *key_secrets.FACTS,
    *key_rsa.FACTS,
    *key_known_weak.FACTS,
    *key_curves.FACTS,
    *key_use.FACTS,
    *key_kid.FACTS,
    *key_certificates.FACTS,
    *key_lifetime.FACTS,
)
