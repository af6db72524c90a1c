"""Where a bundle lies: a folder, or one zip. Both give its files by their names, and neither trusts what it finds.

Nothing is ever unpacked: names are looked up, so that a path in a zip leads nowhere. Links and whatever is no ordinary file are
refused; sizes are bounded before anything is read.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import IO, Protocol

from scanner.sources.bundle.folder import FolderBundle
from scanner.sources.bundle.format import FORM
from scanner.sources.bundle.zip_reader import ZipBundle


class BundleLocation(Protocol):
    """A bundle's files."""

    path: str

    def read(self, name: str, largest: int) -> bytes | None:
        """The octets of a file; None where there is none. BundleError where it is larger, or no ordinary file."""

    def start_of(self, name: str, count: int) -> bytes:
        """The first octets of a file; none where there is none."""

    def log(self) -> IO[bytes] | None:
        """exchanges.jsonl, open for reading at any offset; None where there is none."""

    def names(self) -> Iterator[str]:
        """Every file, by its name with `/`."""

    def close(self) -> None:
        """Let go of what is open."""


def open_location(path: str) -> BundleLocation:
    """The bundle at `path`."""
    if os.path.isdir(path):
        return FolderBundle(path)
    try:
        return ZipBundle(path)
    except OSError as error:
        raise FORM.broken(f"cannot read the bundle: {error.strerror or 'the file is damaged'}", path) from None
