"""Raw bytes with their provenance."""

from __future__ import annotations

import hashlib

from scanner.record import record


@record(slots=True)
class File:
    """A file that is going to be read: how reports name it, where it lies, and the folder its neighbours may be read in."""

    path: str
    origin: str
    root: str
    is_named: bool = False


@record(slots=True)
class Document:
    """Bytes as they were found. `path` is how reports name the file: `/` separators, relative where possible. `origin` is where
    the file lies, `root` the folder that its neighbours may be read in; None for what came from no folder.
    """

    path: str
    data: bytes
    is_named: bool = False
    origin: str | None = None
    root: str | None = None

    def sha256(self) -> str:
        """Lower-case hex SHA-256 of the raw bytes."""
        return hashlib.sha256(self.data).hexdigest()


@record
class Unreadable:
    """A target or file that could not be read. `is_named`: the user asked for this one by name. `is_bundle`: it is an evidence
    bundle inside of a folder, which is judged when it is named itself.
    """

    path: str
    because: str
    is_named: bool = False
    is_bundle: bool = False
