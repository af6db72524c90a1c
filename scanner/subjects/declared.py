"""Adds the configuration's declarations about issuers to the subjects."""

from __future__ import annotations

from collections.abc import Sequence

from scanner.config.model import IssuerEntry, by_identifier
from scanner.record import changed
from scanner.subjects.model import Issuer, Subject


class Declarations:
    """The inventory's entries by every identifier in them."""

    def __init__(self, notes: Sequence[IssuerEntry] = ()) -> None:
        self._notes = by_identifier(notes)

    def add_to(self, subject: Subject) -> Subject:
        """The subject: an issuer with its declared kind and identifiers, an endpoint with its issuer's entry."""
        if not self._notes:
            return subject
        if subject.ref.kind == "issuer":
            return changed(subject, about=self._declare_kind(subject.about, subject.visit))
        if subject.ref.kind == "endpoint" and (note := self._notes.get(subject.visit)) is not None:
            return changed(subject, about=changed(subject.about, note=note))
        return subject

    def _declare_kind(self, issuer: Issuer, visit: str) -> Issuer:
        known = self._notes.get(str(issuer.metadata.members.get("issuer")))
        note = self._notes.get(visit)
        kind = known.kind if known is not None else None
        return changed(issuer, declared_kind=kind, identifiers=tuple(note.identifiers) if note is not None else ())
