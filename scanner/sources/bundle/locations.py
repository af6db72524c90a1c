"""Where a bundle is stored: a folder or one zip. Both give the files by their names, and neither trusts the content.

Nothing is unpacked: names are only looked up, so a path in a zip cannot write anywhere. Links and special files are refused;
sizes are checked before a file is read.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import IO, Protocol

from scanner.sources.bundle.folder import FolderBundle
from scanner.sources.bundle.format import FORM
from scanner.sources.bundle.zip_reader import ZipBundle


class BundleLocation(Protocol):
    """The files of a bundle."""

    path: str

    def read(self, name: str, largest: int) -> bytes | None:
        """The bytes of a file; None if there is none. BundleError if it is larger, or not a regular file."""

    def start_of(self, name: str, count: int) -> bytes:
        """The first bytes of a file; empty if there is no file."""

    def log(self) -> IO[bytes] | None:
        """exchanges.jsonl, open for reading at any offset; None if there is none."""

    def names(self) -> Iterator[str]:
        """The names of all files, with `/`."""

    def close(self) -> None:
        """Close all open files."""


def open_location(path: str) -> BundleLocation:
    """Open the bundle at `path`."""
    if os.path.isdir(path):
        return FolderBundle(path)
    try:
        return ZipBundle(path)
    except OSError as error:
        raise FORM.broken(f"cannot read the bundle: {error.strerror or 'the file is damaged'}", path) from None
