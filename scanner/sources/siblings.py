"""Reads files beside a document: the values of a chart, the variables of a module. Never outside the scanned folder or
repository, not even through links, and only up to a limit.
"""

from __future__ import annotations

import os

from scanner.sources.document import Document
from scanner.sources.targets import read_within

# the total size of the other files of a folder, and how many are read
_MAX_BYTES = 2 * 1024 * 1024
_MAX_FILES = 60


class Siblings:
    """The files around one document, by their path relative to its folder."""

    def __init__(self, document: Document) -> None:
        self._folder = os.path.dirname(document.origin) if document.origin else None
        self._root = document.root
        self._left = _MAX_BYTES

    def folder(self) -> str | None:
        """The folder of the document; None if it is not from a folder."""
        return self._folder if self._root is not None else None

    def read(self, relative: str) -> bytes | None:
        """The bytes of a file; None if there is none, if it is outside, or if the limit is reached."""
        if self._folder is None or self._root is None or self._left <= 0:
            return None
        data = read_within(os.path.join(self._folder, *relative.split("/")), self._root, self._left)
        self._left -= len(data or b"")
        return data

    def find_by_ending(self, *endings: str) -> list[str]:
        """The sorted names of files in the folder of the document that have one of the endings."""
        if self._folder is None or self._root is None:
            return []
        try:
            names = sorted(name for name in os.listdir(self._folder) if name.endswith(endings))
        except OSError:
            return []
        return names[:_MAX_FILES]
