"""Other files beside a document: a chart's values, a module's variables. Never outside the folder or repository that is
scanned, not by links either, and only so much.
"""

from __future__ import annotations

import os

from scanner.sources.document import Document
from scanner.sources.targets import read_within

# what a folder's other files may hold together, and how many are looked at
_MOST_OCTETS = 2 * 1024 * 1024
_MOST_FILES = 60


class Siblings:
    """The files around one document, by their path relative to its folder."""

    def __init__(self, document: Document) -> None:
        self._folder = os.path.dirname(document.origin) if document.origin else None
        self._root = document.root
        self._left = _MOST_OCTETS

    def folder(self) -> str | None:
        """The document's folder; None where it came from no folder."""
        return self._folder if self._root is not None else None

    def read(self, relative: str) -> bytes | None:
        """The octets of a file; None where there is none, it lies outside, or enough was read."""
        if self._folder is None or self._root is None or self._left <= 0:
            return None
        data = read_within(os.path.join(self._folder, *relative.split("/")), self._root, self._left)
        self._left -= len(data or b"")
        return data

    def called(self, *endings: str) -> list[str]:
        """The names of files in the document's own folder with one of the endings, in order."""
        if self._folder is None or self._root is None:
            return []
        try:
            names = sorted(name for name in os.listdir(self._folder) if name.endswith(endings))
        except OSError:
            return []
        return names[:_MOST_FILES]
