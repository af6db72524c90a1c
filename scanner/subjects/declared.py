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
        self._by_spelling: dict[str, list[str]] | None = None

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
        written = str(issuer.metadata.members.get("issuer"))
        known = self._notes.get(written)
        note = self._notes.get(visit)
        return changed(
            issuer,
            declared_kind=known.kind if known is not None else None,
            identifiers=tuple(note.identifiers) if note is not None else (),
            spellings=self._find_spellings(written),
        )

    def _find_spellings(self, written: str) -> tuple[str, ...]:
        from scanner.hosts.spelling import spelling_of  # few files are an issuer's metadata

        if self._by_spelling is None:
            self._by_spelling = {}
            for identifier, note in self._notes.items():
                if note.state != "retired":
                    self._by_spelling.setdefault(spelling_of(identifier), []).append(identifier)
        return tuple(self._by_spelling.get(spelling_of(written), ()))
