"""What a scan left unread, counted by reason: nothing is left out without a word."""

from __future__ import annotations

from typing import Literal, get_args

from scanner.record import record

Reason = Literal["ignored", "excluded", "skipped", "bundle", "own", "link", "special"]
REASONS: tuple[Reason, ...] = get_args(Reason)
# how many places are named for each reason
_NAMED = 3


@record
class NotRead:
    """What was not read for one reason. `folders` were not entered, at most for files that git tracks, so the files in them are
    not counted. `first`: the first few paths in order, those of folders with `/` at their end.

    `ignored`: git ignores it and does not track it. `excluded`: by the configuration. `skipped`: a folder that a tool fills,
    such as node_modules or .venv. `bundle`: an evidence bundle inside the tree. `own`: a file of jwksgov itself. `link`: a link
    that leads out of the folder or nowhere. `special`: a pipe, socket or device.
    """

    reason: Reason
    files: int = 0
    folders: int = 0
    first: tuple[str, ...] = ()


class NotReadTally:
    """Counts what is not read. Those of parts of a run merge in any order."""

    def __init__(self) -> None:
        self._files: dict[Reason, int] = {}
        self._folders: dict[Reason, int] = {}
        self._first: dict[Reason, list[str]] = {}

    def add(self, reason: Reason, path: str) -> None:
        """Count one path as reports name it; that of a folder ends in `/`."""
        counts = self._folders if path.endswith("/") else self._files
        counts[reason] = counts.get(reason, 0) + 1
        self._name(reason, path)

    def merge(self, other: NotReadTally) -> None:
        """Add what another part of the run counted."""
        for mine, theirs in ((self._files, other._files), (self._folders, other._folders)):
            for reason, count in theirs.items():
                mine[reason] = mine.get(reason, 0) + count
        for reason, first in other._first.items():
            for path in first:
                self._name(reason, path)

    def count(self, *reasons: Reason) -> int:
        """How many files and folders were not read for one of these reasons."""
        return sum(self._files.get(reason, 0) + self._folders.get(reason, 0) for reason in reasons)

    def rows(self) -> tuple[NotRead, ...]:
        """A row for each reason that there was, in the order of REASONS."""
        return tuple(
            NotRead(reason, self._files.get(reason, 0), self._folders.get(reason, 0), tuple(self._first[reason]))
            for reason in REASONS
            if reason in self._first
        )

    def _name(self, reason: Reason, path: str) -> None:
        first = self._first.setdefault(reason, [])
        if len(first) < _NAMED or path < first[-1]:
            first.append(path)
            first.sort()
            del first[_NAMED:]
