"""Who answers for what was judged, and in which environment it is used, as `.jwksgov.yaml` says: `paths` and `consumers` of
files, the inventory of what was fetched for an issuer.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from scanner.config.globs import covers
from scanner.config.inventory import IssuerNote, by_identifier
from scanner.config.load import PathNote

# environment and owner
Known: TypeAlias = tuple[str | None, str | None]


class Paths:
    """The notes of one configuration; each path is looked up once."""

    def __init__(self, notes: Iterable[PathNote]) -> None:
        self._notes = [(covers(note.path), note) for note in notes]
        self._known: dict[str, Known] = {}

    def of(self, path: str) -> Known:
        """Environment and owner of the file at a report path; of several notes that say it, the last wins."""
        if path not in self._known:
            meant = [note for matches, note in self._notes if matches(path)]
            self._known[path] = (
                next((note.environment for note in reversed(meant) if note.environment), None),
                next((note.owner for note in reversed(meant) if note.owner), None),
            )
        return self._known[path]


class Notes:
    """What a configuration says of every report path, be it a file's or a URL."""

    def __init__(self, *, consumers: Iterable[PathNote], paths: Iterable[PathNote], issuers: Iterable[IssuerNote]) -> None:
        paths = tuple(paths)
        self._files = Paths((*consumers, *paths))
        self._urls = Paths(paths)  # nothing that was fetched lies in a consumer's folder
        self._issuers = by_identifier(issuers)
        self._fetched: dict[str, str] = {}

    def fetched(self, path: str, issuer: str) -> None:
        """What is found at `path` was fetched for `issuer`: for the first that names it, where several do."""
        self._fetched.setdefault(path, issuer)

    def of(self, path: str) -> Known:
        """Environment and owner. Of what was fetched the inventory knows best: `paths` may mean every path."""
        issuer = self._fetched.get(path)
        if issuer is None and path not in self._issuers:  # an issuer that was not asked stands for its documents
            return self._files.of(path)
        note, (environment, owner) = self._issuers.get(issuer or path), self._urls.of(path)
        return (note.environment or environment, note.owner or owner) if note is not None else (environment, owner)
