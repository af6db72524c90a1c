"""A private key in a file outside a JWK Set."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.evidence.keys.test_paths import is_in_tests_or_documentation
from scanner.evidence.model import Evidence, PrivateKey
from scanner.record import changed, record
from scanner.subjects.identifiers import SubjectIds, label_of
from scanner.subjects.model import Subject


@record(slots=True)
class PrivateKeyRow:
    """The form of a private key, without any private values."""

    id: str
    path: str
    line: int | None
    column: int | None
    form: str
    is_encrypted: bool
    kid: str | None
    kty: str | None
    crv: str | None


Row = PrivateKeyRow


def subjects_of(evidence: Evidence, ids: SubjectIds) -> Iterator[Subject]:
    """Each private key."""
    is_test = bool(evidence.private_keys) and is_in_tests_or_documentation(evidence.path)
    for found in evidence.private_keys:
        key = changed(found, is_in_tests=True) if is_test else found
        kid = key.public.texts.get("kid") if key.public is not None else None
        yield ids.subject("private_key", kid or key.form, key, key.spot, {})


def make_row(subject: Subject) -> PrivateKeyRow:
    """The private key as a report lists it."""
    key: PrivateKey = subject.about
    place = subject.ref.place
    head = (subject.ref.id, place.path, place.line, place.column)
    return PrivateKeyRow(*head, key.form, key.is_encrypted, *public_names(key))


def public_names(key: PrivateKey) -> tuple[str | None, str | None, str | None]:
    """kid, kty and crv of the public half, where it is known."""
    texts = key.public.texts if key.public is not None else {}
    return texts.get("kid"), texts.get("kty"), texts.get("crv")


def identify(subject: Subject) -> tuple[str, ...]:
    """Its label: the kid or the form."""
    return (label_of(subject),)
