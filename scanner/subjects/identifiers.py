"""Ids of subjects that people can read, and that stay when other lines of the document move."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scanner.digest import sha256_hex
from scanner.errors import Place
from scanner.evidence.model import Spot
from scanner.files.limits import MOST_KEYS
from scanner.redaction.text import cut
from scanner.subjects.model import Subject, SubjectRef

_LONGEST_LABEL = 100


class SubjectIds:
    """Ids that are unique within a document: `path#kind:label`, a repeat gets `~2`. `visit`: the issuer it was fetched for.
    `keys_left`: how many keys of the document may still be judged one by one.
    """

    def __init__(self, path: str, visit: str = "") -> None:
        self.path = path
        self.visit = visit
        self.keys_left = MOST_KEYS
        self._seen: dict[str, int] = {}

    def subject(
        self, kind: str, label: str, about: Any, spot: Spot | None, spots: Mapping[str, Spot], *, owner: str = ""
    ) -> Subject:
        """The subject of this kind and label; `spots` are the places of its members. Without a spot: the document."""
        ref = SubjectRef(kind, self._identify(kind, label), self.place(spot) if spot is not None else Place(self.path))
        return Subject(ref, about, {name: self.place(found) for name, found in spots.items()}, self.visit, owner=owner)

    def _identify(self, kind: str, label: str) -> str:
        identity = f"{self.path}#{kind}:{shorten(label)}"
        count = self._seen[identity] = self._seen.get(identity, 0) + 1
        if count > 1:
            identity = f"{identity}~{count}"
        return identity

    def place(self, spot: Spot) -> Place:
        """A spot of the document, or of its unit, as a place of the report."""
        return Place(spot.path or self.path, spot.line, spot.column)


def shorten(label: str) -> str:
    """A label of bounded length: a hostile kid may have 10 KB."""
    if len(label) <= _LONGEST_LABEL:
        return label
    digest = sha256_hex(label.encode("utf-8", "surrogatepass"))[:12]
    return f"{cut(label, _LONGEST_LABEL)}…{digest}"


def label_of(subject: Subject) -> str:
    """A subject's id without its path and without the number of a repeat."""
    label = subject.ref.id.removeprefix(f"{subject.ref.place.path}#")
    head, mark, number = label.rpartition("~")
    return head if mark and number.isdecimal() else label
