"""Who answers for a file, and in which environment it is used, as `paths` of `.jwksgov.yaml` says."""

from __future__ import annotations

from collections.abc import Iterable

from scanner.config.globs import covers
from scanner.config.load import PathNote


class Paths:
    """The notes of one configuration; each path is looked up once."""

    def __init__(self, notes: Iterable[PathNote]) -> None:
        self._notes = [(covers(note.path), note) for note in notes]
        self._known: dict[str, tuple[str | None, str | None]] = {}

    def of(self, path: str) -> tuple[str | None, str | None]:
        """Environment and owner of the file at a report path; of several notes that say it, the last wins."""
        if path not in self._known:
            meant = [note for matches, note in self._notes if matches(path)]
            self._known[path] = (
                next((note.environment for note in reversed(meant) if note.environment), None),
                next((note.owner for note in reversed(meant) if note.owner), None),
            )
        return self._known[path]
