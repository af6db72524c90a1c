"""A key pair: a private key found in a file, and the public keys of the same scan that it belongs to."""

from __future__ import annotations

from scanner.errors import Place
from scanner.record import record
from scanner.subjects.identifiers import label_of
from scanner.subjects.kinds.private_key import public_names
from scanner.subjects.model import KeyPair, Subject


@record(slots=True)
class SpotRow:
    """A place in a file."""

    path: str
    line: int | None
    column: int | None


@record(slots=True)
class KeyPairRow:
    """`published_at` and `trusted_at`: the places of the public half at issuers and at consumers."""

    id: str
    path: str
    line: int | None
    column: int | None
    published_at: tuple[SpotRow, ...]
    trusted_at: tuple[SpotRow, ...]
    kid: str | None
    kty: str | None
    crv: str | None


Row = KeyPairRow


def make_row(subject: Subject) -> KeyPairRow:
    """The key pair as a report lists it."""
    pair: KeyPair = subject.about
    place = subject.ref.place
    head = (subject.ref.id, place.path, place.line, place.column)
    return KeyPairRow(*head, _list_spots(pair.published), _list_spots(pair.trusted), *public_names(pair.private))


def _list_spots(places: tuple[Place, ...]) -> tuple[SpotRow, ...]:
    return tuple(SpotRow(place.path, place.line, place.column) for place in places)


def identify(subject: Subject) -> tuple[str, ...]:
    """Its label: the kid or the form of the private key."""
    return (label_of(subject),)
