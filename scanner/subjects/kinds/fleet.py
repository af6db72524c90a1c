"""The fleet: all published documents of a run."""

from __future__ import annotations

from scanner.record import record
from scanner.subjects.identifiers import label_of
from scanner.subjects.model import Fleet, Subject


@record(slots=True)
class FleetRow:
    """How much was compared: key sets, metadata documents, keys, and keys with an RSA modulus."""

    id: str
    path: str
    line: int | None
    column: int | None
    key_sets: int
    issuers: int
    size: int
    moduli: int


Row = FleetRow


def make_row(subject: Subject) -> FleetRow:
    """The fleet as a report lists it."""
    about: Fleet = subject.about
    place = subject.ref.place
    keys = [key for each in about.sets for key in each.keys]
    moduli = sum("n" in key.octets for key in keys)
    head = (subject.ref.id, place.path, place.line, place.column)
    return FleetRow(*head, len(about.sets), len(about.metadata), len(keys), moduli)


def identify(subject: Subject) -> tuple[str, ...]:
    """Its label: a run has one fleet."""
    return (label_of(subject),)
