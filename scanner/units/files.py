"""Reads the files of a unit: never outside the repository or scanned folder, not even through links, and only up to limits."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from scanner.files.encodings import as_utf8
from scanner.record import record
from scanner.sources.document import Document
from scanner.sources.targets import as_report_path, read_within

# of one unit: the files read, their bytes together, and the names listed in one folder
_MOST_FILES = 2_000
_MOST_BYTES = 16 * 1024 * 1024
_MOST_NAMES = 5_000


@record(slots=True)
class UnitFile:
    """A file of a unit: its real path, its path in reports, and its bytes in UTF-8."""

    origin: str
    path: str
    data: bytes


class UnitFiles:
    """The files around one document that may be read with it. What is beyond a limit is counted in `left_out`."""

    def __init__(self, document: Document) -> None:
        assert document.origin is not None
        assert document.root is not None
        self._root = os.path.realpath(document.root)
        self._base = os.path.realpath(document.origin)
        self._shown = document.path
        self._known: dict[str, UnitFile | None] = {}
        self._bytes = 0
        self.left_out = 0

    @property
    def root(self) -> str:
        """The folder, as a real path, outside of which nothing is read."""
        return self._root

    def is_inside(self, path: str) -> bool:
        """Whether a real path is the root or below it."""
        return f"{path}{os.sep}".startswith(self._root.rstrip(os.sep) + os.sep)

    def read(self, path: str) -> UnitFile | None:
        """A file by its path; None if there is none, if it is outside, or beyond a limit."""
        real = os.path.realpath(path)
        if real in self._known:
            return self._known[real]
        if len(self._known) >= _MOST_FILES or self._bytes >= _MOST_BYTES:
            self.left_out += os.path.exists(real)
            return None
        data = read_within(real, self._root, _MOST_BYTES - self._bytes)
        self._bytes += len(data or b"")
        self._known[real] = UnitFile(real, self.report_path(real), as_utf8(data)) if data is not None else None
        return self._known[real]

    def texts(self, paths: Iterable[str]) -> dict[str, bytes]:
        """The bytes of files that were read, by their paths in reports."""
        known = {each.path: each.data for each in self._known.values() if each is not None}
        return {path: known[path] for path in paths if path in known}

    def report_path(self, path: str) -> str:
        """The path of a file in reports, named like the document's own."""
        relative = os.path.relpath(os.path.realpath(path), os.path.dirname(self._base))
        return as_report_path(os.path.normpath(os.path.join(os.path.dirname(self._shown), relative)))

    def names(self, folder: str) -> tuple[str, ...]:
        """The sorted names in a folder, empty where it cannot be listed or is outside."""
        real = os.path.realpath(folder)
        if not self.is_inside(real):
            return ()
        try:
            with os.scandir(real) as listing:
                found = sorted(entry.name for entry, _ in zip(listing, range(_MOST_NAMES), strict=False))
        except OSError:
            return ()
        return tuple(found)

    def above(self, folder: str) -> Iterator[str]:
        """The folder and those above it, up to the root, as real paths."""
        real = os.path.realpath(folder)
        while self.is_inside(real):
            yield real
            if real == self._root:
                return
            real = os.path.dirname(real)
