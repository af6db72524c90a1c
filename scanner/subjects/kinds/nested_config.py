"""A configuration file inside the scanned tree, below the one that is its root."""

from __future__ import annotations

from scanner.record import record
from scanner.subjects.identifiers import label_of
from scanner.subjects.model import NestedConfigUse, Subject


@record(slots=True)
class NestedConfigRow:
    """`sha256`: the digest of its bytes. `ignored`: what it says in vain, because it would loosen what its root says."""

    id: str
    path: str
    line: int | None
    column: int | None
    sha256: str | None
    ignored: tuple[str, ...]


Row = NestedConfigRow


def make_row(subject: Subject) -> NestedConfigRow:
    """The file as a report lists it."""
    use: NestedConfigUse = subject.about
    place = subject.ref.place
    return NestedConfigRow(subject.ref.id, place.path, place.line, place.column, use.sha256, use.ignored)


def identify(subject: Subject) -> tuple[str, ...]:
    """Its path: every folder has one at most."""
    return (subject.ref.place.path, label_of(subject))
