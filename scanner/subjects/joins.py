"""The joins of a run give subjects that only several documents together have. Each keeps the little that it needs of every
subject.

Parts of a run have joins of their own, which are merged before they give subjects. A join is made when the first subject that
it listens to arrives.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module
from typing import Protocol, Self

from scanner.config.model import IssuerEntry
from scanner.subjects.kinds import KINDS, SubjectJoin
from scanner.subjects.model import Subject


class Join(Protocol):
    """One join. `merge` gives the same whatever the order of the parts."""

    def note(self, subject: Subject) -> None:
        """Keep the needed parts of a subject."""

    def merge(self, other: Self) -> None:
        """Add the parts that another part of the run kept."""

    def subjects(self) -> Iterator[Subject]:
        """The subjects that all documents together give."""


class Joins:
    """The joins of one part of a run. `notes`: what the configuration says about issuers."""

    def __init__(self, notes: Sequence[IssuerEntry] = ()) -> None:
        self._notes = tuple(notes)
        self._made: dict[str, Join] = {}
        self._listening: dict[str, tuple[Join, ...]] = {}

    def note(self, subject: Subject) -> None:
        """Pass the subject to the joins that listen to its kind."""
        kind = subject.ref.kind
        if kind not in self._listening:
            self._listening[kind] = tuple(self._join(each) for each in _list_joins() if kind in each.listens_to)
        for join in self._listening[kind]:
            join.note(subject)

    def _join(self, declared: SubjectJoin) -> Join:
        if declared.module not in self._made:
            made: Join = import_module(declared.module).Join(self._notes)
            self._made[declared.module] = made
        return self._made[declared.module]

    def merge(self, other: Joins) -> None:
        """Add the parts that another part of the run kept."""
        for module, join in other._made.items():
            if module in self._made:
                self._made[module].merge(join)
            else:
                self._made[module] = join
        self._listening.clear()

    def subjects(self) -> Iterator[Subject]:
        """The subjects that all documents together give, in the order of kinds."""
        for declared in _list_joins():
            if declared.module in self._made:
                yield from self._made[declared.module].subjects()


@cache
def _list_joins() -> tuple[SubjectJoin, ...]:
    return tuple(dict.fromkeys(kind.join for kind in KINDS if kind.join is not None))
