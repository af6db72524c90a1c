"""Facts about one JWK."""

from __future__ import annotations

from datetime import datetime

from scanner.evidence.certificates import public_key_of
from scanner.evidence.model import Jwk, Octets, Unread
from scanner.facts import key_members, key_rsa, key_secrets
from scanner.facts.fact import ABSENT, Absent, Fact, Unknown, fact, readable
from scanner.facts.registries import KEY_TYPES
from scanner.facts.thumbprint import thumbprint

_LONGEST_LABEL = 80


@fact("key.label")
def label(key: Jwk) -> str:
    """What people call the key: its `kid`, else its JWK Thumbprint, else its place in the set."""
    kid = key.texts.get("kid")
    if kid and not isinstance(readable(kid), Unknown):
        return kid if len(kid) <= _LONGEST_LABEL else kid[:_LONGEST_LABEL] + "…"
    return thumbprint(key) or f"number {key.index + 1}"


@fact("key.kty", spec="RFC 7517 §4.1")
def kty(key: Jwk) -> str | Unknown:
    """The key type. Without one nothing can be said about a key, so a missing `kty` is unknown, not absent."""
    found = key.texts.get("kty")
    return readable(found) if found else Unknown("the key has no readable kty")


@fact("key.known_kty", spec="RFC 7518 §7.4.2")
def known_kty(key: Jwk) -> str:
    """The key type if it is registered, else an empty text: a rule about one type has nothing to say of a broken key."""
    found = key.texts.get("kty", "")
    return found if found in KEY_TYPES else ""


@fact("key.has_alg", spec="RFC 7517 §4.4")
def has_alg(key: Jwk) -> bool:
    """Whether `alg` is there as a string. It is optional, and many issuers leave it out."""
    return bool(key.texts.get("alg"))


@fact("key.alg", spec="RFC 7517 §4.4")
def alg(key: Jwk) -> str | Absent | Unknown:
    """The algorithm the key is meant for."""
    found = key.texts.get("alg")
    return readable(found) if found else ABSENT


@fact("key.has_crv", spec="RFC 7518 §6.2.1.1")
def has_crv(key: Jwk) -> bool:
    """Whether `crv` is there as a string."""
    return bool(key.texts.get("crv"))


@fact("key.crv", spec="RFC 7518 §6.2.1.1")
def crv(key: Jwk) -> str | Absent | Unknown:
    """The curve of an EC or OKP key."""
    found = key.texts.get("crv")
    return readable(found) if found else ABSENT


@fact("key.judged_on")
def judged_on(key: Jwk, at: datetime) -> str:  # noqa: ARG001 - the same for every key
    """The day of judgement as `2026-11-01`: a rule compares it with a date among its parameters."""
    return at.date().isoformat()


@fact("key.is_published")
def is_published(key: Jwk) -> bool:
    """Whether the key stands in a document that an issuer publishes, not in a consumer's configuration."""
    return key.is_published


@fact("key.has_certificate", spec="RFC 7517 §4.7")
def has_certificate(key: Jwk) -> bool:
    """Whether `x5c` is there with at least one certificate."""
    return isinstance(key.certificates, Unread) or bool(key.certificates)


@fact("key.certificate_count", spec="RFC 7517 §4.7")
def certificate_count(key: Jwk) -> int:
    """How many certificates `x5c` holds; the first ten are read."""
    return key.certificate_count


@fact("key.is_certificate_for_key", spec="RFC 7517 §4.7")
def is_certificate_for_key(key: Jwk) -> bool | Unknown:
    """Whether the first certificate of `x5c` holds this very public key, compared as numbers."""
    if isinstance(key.certificates, Unread):
        return Unknown(key.certificates.because)
    if not key.certificates:
        return Unknown("there is no certificate")
    first = key.certificates[0]
    if isinstance(first, Unread):
        return Unknown(f"x5c[0] cannot be read: {first.because}")
    certified = public_key_of(first.data)
    if isinstance(certified, Unread):
        return Unknown(certified.because)
    kind, values = certified
    if key.texts.get("kty") != kind:
        return False
    for name, value in values.items():
        found = key.octets.get(name)
        if not isinstance(found, Octets):
            return Unknown(f"{name} cannot be read")
        if value not in (int.from_bytes(found.data, "big"), found.data):
            return False
    return True


FACTS: tuple[Fact, ...] = (
    label,
    kty,
    known_kty,
    has_alg,
    alg,
    has_crv,
    crv,
    judged_on,
    is_published,
    has_certificate,
    certificate_count,
    is_certificate_for_key,
    *key_members.FACTS,
    *key_secrets.FACTS,
    *key_rsa.FACTS,
)
