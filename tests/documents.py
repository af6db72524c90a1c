"""Documents as a scan reads them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scanner.config.globs import Globs
from scanner.sources.document import Document, File, Unreadable
from scanner.sources.targets import files_of, read_file


def collect(targets: Sequence[str], *, exclude: Sequence[str] = ()) -> Iterator[Document | Unreadable]:
    """The documents of `targets`, one after another."""
    return (read_file(found) if isinstance(found, File) else found for found in files_of(targets, exclude=Globs(exclude)))
