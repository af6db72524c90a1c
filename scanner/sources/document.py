"""Raw bytes with their provenance."""

from __future__ import annotations

from scanner.digest import sha256_hex
from scanner.record import record


@record(slots=True)
class File:
    """A file to read: its path in reports, its location, and the folder in which its neighbours may be read. `is_object`: its
    place and name are those of an object in an evidence bundle.
    """

    path: str
    origin: str
    root: str
    is_named: bool = False
    is_object: bool = False


@record(slots=True)
class Document:
    """The unchanged bytes of a file. `path` is its path in reports: with `/`, relative if possible. `origin` is its location,
    `root` the folder in which its neighbours may be read; both are None for bytes that are not from a folder. `is_object`: see
    File.
    """

    path: str
    data: bytes
    is_named: bool = False
    origin: str | None = None
    root: str | None = None
    is_object: bool = False

    def sha256(self) -> str:
        """Lower-case hex SHA-256 of the raw bytes."""
        return sha256_hex(self.data)


@record
class Unreadable:
    """A target or file that could not be read. `is_named`: the user named it on the command line. `is_bundle`: it is a bundle
    inside a folder, which is judged only if it is named itself.
    """

    path: str
    because: str
    is_named: bool = False
    is_bundle: bool = False
