"""A key: one JWK, in a published set or embedded in a consumer's configuration."""

from __future__ import annotations

from scanner.evidence.keys.thumbprint import thumbprint
from scanner.evidence.model import Jwk, Octets
from scanner.record import record
from scanner.subjects.kinds import WaiverNames
from scanner.subjects.model import Subject


@record(slots=True)
class KeyRow:
    """`key_set`: the id of the set that it is in. `private_members` names the members that held a private value."""

    id: str
    path: str
    line: int | None
    column: int | None
    key_set: str
    kid: str | None
    kty: str | None
    alg: str | None
    use: str | None
    crv: str | None
    modulus_bits: int | None
    is_published: bool
    private_members: tuple[str, ...]


Row = KeyRow


def make_row(subject: Subject) -> KeyRow:
    """The key as a report lists it."""
    key: Jwk = subject.about
    place, texts = subject.ref.place, key.texts
    return KeyRow(
        subject.ref.id,
        place.path,
        place.line,
        place.column,
        subject.owner,
        texts.get("kid"),
        texts.get("kty"),
        texts.get("alg"),
        texts.get("use"),
        texts.get("crv"),
        _count_modulus_bits(key),
        key.is_published,
        key.private,
    )


def _count_modulus_bits(key: Jwk) -> int | None:
    modulus = key.octets.get("n")
    return int.from_bytes(modulus.data, "big").bit_length() if isinstance(modulus, Octets) else None


def identify(subject: Subject) -> tuple[str, ...]:
    """The JWK Thumbprint; for a symmetric or unreadable key its label. A key that an issuer publishes and its copy in a
    consumer's configuration are two.
    """
    key: Jwk = subject.about
    found = thumbprint(key)
    named = (found,) if found is not None else (key.texts.get("kty", ""), key.texts.get("kid", ""))
    return place_of_use(is_published=key.is_published), *named


def place_of_use(*, is_published: bool) -> str:
    """Where a key is used, as a word of its identity."""
    return "published" if is_published else "embedded"


def find_waiver_names(subject: Subject) -> WaiverNames:
    """The kid, and the issuer for which it was fetched."""
    return WaiverNames((subject.visit,) if subject.visit else (), subject.about.texts.get("kid"))
