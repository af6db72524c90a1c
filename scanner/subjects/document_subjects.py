"""The subjects of one document, kind by kind, from the kinds' own modules."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.evidence.model import Evidence
from scanner.subjects.identifiers import SubjectIds
from scanner.subjects.kinds import KINDS
from scanner.subjects.model import Subject


def subjects_of(evidence: Evidence) -> Iterator[Subject]:
    """Sets before their keys, a binding before the keys embedded in it."""
    ids = SubjectIds(evidence.path, evidence.fetched.wanted.issuer if evidence.fetched is not None else "")
    for kind in KINDS:
        if kind.is_in is not None and kind.is_in(evidence):
            yield from kind.module.subjects_of(evidence, ids)
