"""What several facts of one subject share, worked out once: the facts of a subject are asked one after another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

Subject_ = TypeVar("Subject_")
Made = TypeVar("Made")


class Memo(Generic[Subject_, Made]):
    """A function that remembers its last argument (by identity) and its answer. It holds on to one subject, no more."""

    __slots__ = ("_last", "_make")

    def __init__(self, make: Callable[[Subject_], Made]) -> None:
        self._make = make
        self._last: tuple[Subject_, Made] | None = None

    def __call__(self, subject: Subject_) -> Made:
        """What was made of `subject`, now or a moment ago."""
        last = self._last
        if last is None or last[0] is not subject:
            last = self._last = (subject, self._make(subject))
        return last[1]
