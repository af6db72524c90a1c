"""Reads the files of a unit: never outside the repository or scanned folder, not even through links, and only up to limits."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from copy import copy
from typing import Protocol

from scanner.files.encodings import as_utf8
from scanner.record import record
from scanner.sources.document import Document, File
from scanner.sources.targets import as_report_path, read_real_within

# of one unit: the files read, their bytes together, and the names listed in one folder
_MOST_FILES = 2_000
_MOST_BYTES = 16 * 1024 * 1024
_MOST_NAMES = 5_000
# folders whose names are kept
_MOST_LISTED = 1_000


@record(slots=True)
class UnitFile:
    """A file of a unit: its real path, its path in reports, its bytes in UTF-8, and as they are."""

    origin: str
    path: str
    data: bytes
    raw: bytes


class Wanted(Protocol):
    """Names that somebody looks for."""

    def fit(self, path: str) -> bool:
        """Whether a name in lower case is one of them."""


class Listings:
    """The names in folders. Each folder is listed, and searched for names of one kind, once while files of it follow each
    other. `kept`: what the kinds keep for the next documents of a run, by a name of their own.
    """

    def __init__(self) -> None:
        self.kept: dict[tuple[str, ...], object] = {}
        self._real: dict[str, str] = {}
        self._names: dict[str, tuple[str, ...]] = {}
        self._has: dict[tuple[str, Wanted], bool] = {}
        self._found: dict[tuple[str, re.Pattern[str]], tuple[re.Match[str], ...]] = {}

    def real(self, folder: str) -> str:
        """The real path of a folder."""
        if folder not in self._real:
            if len(self._real) >= _MOST_LISTED:
                for kept in (self._real, self._names, self._has, self._found):
                    kept.clear()
            self._real[folder] = os.path.realpath(folder)
        return self._real[folder]

    def real_file(self, path: str) -> str:
        """The real path of a file: that of its folder is asked once for all files in it."""
        folder, name = os.path.split(path)
        if not folder or name in ("", os.curdir, os.pardir):
            return os.path.realpath(path)
        real = os.path.join(self.real(folder), name)
        return os.path.realpath(real) if os.path.islink(real) else real

    def names(self, real: str) -> tuple[str, ...]:
        """The sorted names in a folder, none where it cannot be listed."""
        if real not in self._names:
            self._names[real] = _list_folder(real)
        return self._names[real]

    def has_name(self, real: str, wanted: Wanted) -> bool:
        """Whether one of them is wanted, or may be where there are too many."""
        key = real, wanted
        if key not in self._has:
            names = self.names(real)
            self._has[key] = len(names) >= _MOST_NAMES or any(wanted.fit(name.lower()) for name in names)
        return self._has[key]

    def find_names(self, real: str, pattern: re.Pattern[str]) -> tuple[re.Match[str], ...]:
        """Those of the names that a pattern matches as a whole."""
        key = real, pattern
        if key not in self._found:
            self._found[key] = tuple(found for name in self.names(real) if (found := pattern.fullmatch(name)) is not None)
        return self._found[key]


def _list_folder(real: str) -> tuple[str, ...]:
    try:
        with os.scandir(real) as listing:
            return tuple(sorted(entry.name for entry, _ in zip(listing, range(_MOST_NAMES), strict=False)))
    except OSError:
        return ()


class UnitFiles:
    """The files around one document that may be read with it. What is beyond a limit is counted in `left_out`. `listings` are
    shared by those of many documents.
    """

    def __init__(self, document: Document | File, listings: Listings | None = None) -> None:
        assert document.origin is not None
        assert document.root is not None
        self._listings = listings or Listings()
        self._root = self._listings.real(document.root)
        self._base = self._listings.real_file(document.origin)
        self._shown = document.path
        self._shown_root: str | None = None
        self._known: dict[str, UnitFile | None] = {}
        self._bytes = 0
        self.left_out = 0
        self.kept = self._listings.kept

    def afresh(self) -> UnitFiles:
        """The same files with limits of their own, for reading that is not for the unit."""
        made = copy(self)
        made._known, made._bytes, made.left_out = {}, 0, 0
        return made

    @property
    def folder(self) -> str:
        """The real path of the folder of the document."""
        return os.path.dirname(self._base)

    @property
    def root(self) -> str:
        """The folder, as a real path, outside of which nothing is read."""
        return self._root

    def is_inside(self, path: str) -> bool:
        """Whether a real path is the root or below it."""
        return f"{path}{os.sep}".startswith(self._root.rstrip(os.sep) + os.sep)

    def read(self, path: str) -> UnitFile | None:
        """A file by its path; None if there is none, if it is outside, or beyond a limit."""
        real = self._listings.real_file(path)
        if real in self._known:
            return self._known[real]
        if len(self._known) >= _MOST_FILES or self._bytes >= _MOST_BYTES:
            self.left_out += os.path.exists(real)
            return None
        data = read_real_within(real, self._root, _MOST_BYTES - self._bytes)
        self._bytes += len(data or b"")
        self._known[real] = UnitFile(real, self._name(real), as_utf8(data), data) if data is not None else None
        return self._known[real]

    def by_path(self, paths: Iterable[str]) -> dict[str, UnitFile]:
        """Files of the unit, by their paths in reports; some may have been read for another document."""
        known = {each.path: each for each in self._known.values() if each is not None}
        found = {path: known.get(path) or self.read(self.find_real(path)) for path in paths}
        return {path: file for path, file in found.items() if file is not None}

    def find_real(self, path: str) -> str:
        """The path on this machine of a file that reports name so."""
        relative = os.path.relpath(path, os.path.dirname(self._shown) or os.curdir)
        return os.path.normpath(os.path.join(os.path.dirname(self._base), relative))

    def report_path(self, path: str) -> str:
        """The path of a file in reports, named like the document's own."""
        return self._name(self._listings.real_file(path))

    def _name(self, real: str) -> str:
        if self._shown_root is None:
            self._shown_root = self._name_anywhere(self._root)
        if real == self._root or not self.is_inside(real):
            return self._name_anywhere(real)
        below = as_report_path(real[len(self._root.rstrip(os.sep)) + 1 :])
        return below if self._shown_root == "." else f"{self._shown_root.rstrip('/')}/{below}"

    def _name_anywhere(self, real: str) -> str:
        relative = os.path.relpath(real, os.path.dirname(self._base))
        return as_report_path(os.path.normpath(os.path.join(os.path.dirname(self._shown), relative)))

    def names(self, folder: str) -> tuple[str, ...]:
        """The sorted names in a folder, empty where it cannot be listed or is outside."""
        real = self._listings.real(folder)
        return self._listings.names(real) if self.is_inside(real) else ()

    def find_names(self, folder: str, pattern: re.Pattern[str]) -> tuple[re.Match[str], ...]:
        """The sorted names in a folder that a pattern matches as a whole; they are searched once for many documents."""
        real = self._listings.real(folder)
        return self._listings.find_names(real, pattern) if self.is_inside(real) else ()

    def has_around(self, folder: str, places: tuple[str, ...], names: Wanted) -> bool:
        """Whether such a name is in one of these places of a folder or of one above it; where there are too many, it may be."""
        return any(
            self._listings.has_name(self._listings.real(f"{above}{os.sep}{place}" if place else above), names)
            for above in self.above(folder)
            for place in places
        )

    def folders(self, folder: str) -> tuple[str, ...]:
        """The sorted names of the folders in a folder, without hidden ones and links."""
        real = os.path.realpath(folder)
        if not self.is_inside(real):
            return ()
        try:
            with os.scandir(real) as listing:
                entries = [entry for entry, _ in zip(listing, range(_MOST_NAMES), strict=False)]
                return tuple(sorted(e.name for e in entries if e.name[0] != "." and e.is_dir(follow_symlinks=False)))
        except OSError:
            return ()

    def above(self, folder: str) -> Iterator[str]:
        """The folder and those above it, up to the root, as real paths."""
        real = self._listings.real(folder)
        while self.is_inside(real):
            yield real
            if real == self._root:
                return
            real = os.path.dirname(real)
