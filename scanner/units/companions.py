"""The files of the units to which named files belong: a hook knows only what changed, and a value in one file decides about
what another file trusts. They are found from the changed paths, and read like files found in a folder. Of a folder below its
repository, the files whose units reach out of folders have such a part: an overlay whose base is elsewhere.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence

from scanner.cpu_clock import Overtime, within
from scanner.sources.document import File, Unreadable
from scanner.sources.not_read import NotReadTally
from scanner.units.files import Listings, UnitFiles
from scanner.units.kinds import KINDS, CompanionFinder, KnownKind


class Companions:
    """Adds those files. `exclude` and `takes_ignore_files` have a say as in a folder. `left_out` counts the files that are too
    many, `not_read` those that a folder would not give; `interrupted`: the named files whose units took too much CPU time.
    What was read to find them, `listings` has for those who read the units.
    """

    def __init__(
        self, *, exclude: Sequence[str] = (), takes_ignore_files: bool = True, kinds: Sequence[KnownKind] = KINDS
    ) -> None:
        self._exclude = exclude
        self._takes_ignore_files = takes_ignore_files
        self._kinds = kinds
        self.listings = Listings()
        self._finder = CompanionFinder(self.listings, kinds)
        self.not_read = NotReadTally()
        self._reached: set[tuple[KnownKind, str]] = set()
        self.left_out = 0
        self.interrupted: list[str] = []

    def add_to(self, files: Iterable[File | Unreadable]) -> Iterator[File | Unreadable]:
        """The same files, then those of the units of the named ones, each once."""
        named: list[File] = []
        seen: set[str] = set()
        for file in files:
            if isinstance(file, File):
                seen.add(file.path)
                if file.is_named or self._may_reach_out(file):
                    named.append(file)
                    seen.add(os.path.realpath(file.origin))
            yield file
        yield from self._list(named, seen)

    def _may_reach_out(self, file: File) -> bool:
        """Whether the unit of a file in a folder may have files outside of it."""
        path = file.path.lower()
        reaching = [known for known in self._kinds if known.reaches_out(path)]
        folder = path[: path.rfind("/") + 1]
        is_first = any((known, folder) not in self._reached for known in reaching)
        self._reached.update((known, folder) for known in reaching)
        return is_first

    def _list(self, named: list[File], seen: set[str]) -> Iterator[File | Unreadable]:
        """The companions by the roots of the named files."""
        found: dict[str, set[str]] = {}
        firsts: dict[str, File] = {}
        for file in named:
            if companions := self._find(file):
                found.setdefault(file.root, set()).update(companions)
                firsts.setdefault(file.root, file)
        if not found:
            return  # as for most files
        from scanner.units.unit import MOST_COMPANIONS

        given = 0
        for root, paths in found.items():
            for companion in self._list_below(firsts[root], paths):
                if isinstance(companion, Unreadable):
                    yield companion
                    continue
                if companion.path in seen or (real := os.path.realpath(companion.origin)) in seen:
                    continue
                seen.add(real)
                given += 1
                if given <= MOST_COMPANIONS:
                    yield companion
                else:
                    self.left_out += 1

    def _find(self, file: File) -> set[str]:
        try:
            return within(self._finder.find, file)
        except Overtime:
            self.interrupted.append(file.path)
            return set()

    def _list_below(self, near: File, paths: set[str]) -> Iterator[File | Unreadable]:
        """Those of the files below the root of one of them that a scan of that folder would read."""
        from scanner.config.globs import Globs  # most files are in no unit
        from scanner.sources.folder import FolderListing

        shown = UnitFiles(near, self.listings).report_path(near.root)
        listing = FolderListing(
            near.root,
            "" if shown == "." else f"{shown.rstrip('/')}/",
            near.root,
            exclude=Globs(self._exclude) if self._exclude else None,
            takes_ignore_files=self._takes_ignore_files,
            judged=frozenset(),
        )
        places = (os.path.split(path) for path in paths)
        yield from listing.pick(os.path.join(self.listings.real(folder), name) for folder, name in places)
        self.not_read.merge(listing.not_read)
