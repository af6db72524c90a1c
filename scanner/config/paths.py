"""Who answers for what was judged, and in which environment it is used, as `.jwksgov.yaml` says: `paths` and `consumers` of
files, the inventory of what was fetched for an issuer.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from scanner.config.globs import covers
from scanner.config.model import IssuerEntry, PathEntry, by_identifier

# environment and owner
EnvironmentAndOwner: TypeAlias = tuple[str | None, str | None]


class Paths:
    """The path entries of one configuration; each path is looked up once."""

    def __init__(self, entries: Iterable[PathEntry]) -> None:
        self._entries = [(covers(entry.path), entry) for entry in entries]
        self._known: dict[str, EnvironmentAndOwner] = {}

    def of(self, path: str) -> EnvironmentAndOwner:
        """Environment and owner of the file at a report path; of several entries that say it, the last wins."""
        if path not in self._known:
            meant = [entry for matches, entry in self._entries if matches(path)]
            self._known[path] = (
                next((entry.environment for entry in reversed(meant) if entry.environment), None),
                next((entry.owner for entry in reversed(meant) if entry.owner), None),
            )
        return self._known[path]


class Ownership:
    """Environment and owner of every report path, a file's or a URL, as the configuration gives them."""

    def __init__(self, *, consumers: Iterable[PathEntry], paths: Iterable[PathEntry], issuers: Iterable[IssuerEntry]) -> None:
        paths = tuple(paths)
        self._files = Paths((*consumers, *paths))
        self._urls = Paths(paths)  # nothing that was fetched lies in a consumer's folder
        self._issuers = by_identifier(issuers)
        self._fetched: dict[str, str] = {}

    def fetched(self, path: str, issuer: str) -> None:
        """What is found at `path` was fetched for `issuer`: for the first that names it, where several do."""
        self._fetched.setdefault(path, issuer)

    def of(self, path: str) -> EnvironmentAndOwner:
        """Environment and owner. Of what was fetched the inventory knows best: `paths` may mean every path."""
        issuer = self._fetched.get(path)
        if issuer is None and path not in self._issuers:  # an issuer that was not asked stands for its documents
            return self._files.of(path)
        entry, (environment, owner) = self._issuers.get(issuer or path), self._urls.of(path)
        return (entry.environment or environment, entry.owner or owner) if entry is not None else (environment, owner)
