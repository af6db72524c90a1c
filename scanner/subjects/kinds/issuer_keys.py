"""An issuer's metadata with its JWK Set."""

from __future__ import annotations

from scanner.record import record
from scanner.subjects.identifiers import label_of
from scanner.subjects.kinds import WaiverNames
from scanner.subjects.model import IssuerKeys, Subject


@record(slots=True)
class IssuerKeysRow:
    """`documents`: the paths of the issuer's documents, its metadata first. `size`: how many keys its set has, null where the
    set is not known.
    """

    id: str
    path: str
    line: int | None
    column: int | None
    issuer: str | None
    size: int | None
    documents: tuple[str, ...]


Row = IssuerKeysRow


def make_row(subject: Subject) -> IssuerKeysRow:
    """The issuer with its keys as a report lists it."""
    about: IssuerKeys = subject.about
    place = subject.ref.place
    known = (about.metadata, about.key_set, about.other)
    documents = tuple(dict.fromkeys(each.path for each in known if each is not None))
    size = len(about.key_set.keys) if about.key_set is not None else None
    head = (subject.ref.id, place.path, place.line, place.column)
    return IssuerKeysRow(*head, about.metadata.text("issuer"), size, documents)


def identify(subject: Subject) -> tuple[str, ...]:
    """Its label: the issuer."""
    return (label_of(subject),)


def find_waiver_names(subject: Subject) -> WaiverNames:
    """The issuer that the metadata names, and the one for which it was fetched."""
    names = dict.fromkeys(name for name in (subject.about.metadata.text("issuer"), subject.visit) if name)
    return WaiverNames(tuple(names))
