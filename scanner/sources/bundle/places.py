"""Where a bundle lies: a folder, or one zip. Both give its files by their names, and neither trusts what it finds.

Nothing is ever unpacked: names are looked up, so that a path in a zip leads nowhere. Links and whatever is no ordinary file are
refused; sizes are bounded before anything is read.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Protocol

from scanner.errors import ScannerError
from scanner.sources.bundle.format import FORM, LARGEST_LOG, LOG, OBJECTS

_LARGEST_DIRECTORY = 256 * 1024 * 1024  # of a zip: some two million members
_END = b"PK\x05\x06"  # the record that closes a zip's directory; 22 octets and a comment of up to 64 KiB
MOST_RATIO = 100  # we store what would be packed more tightly
SLACK = 64 * 1024
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


class Place(Protocol):
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


def place_of(path: str) -> Place:
    """The bundle at `path`."""
    if os.path.isdir(path):
        return Folder(path)
    try:
        return Zip(path)
    except OSError as error:
        raise FORM.broken(f"cannot read the bundle: {error.strerror or 'the file is damaged'}", path) from None


class Folder:
    """A bundle that is a folder. The folder itself may be a link, since somebody named it; nothing in it may."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._ways: set[str] = set()

    def read(self, name: str, largest: int) -> bytes | None:
        """The octets of a file."""
        file = self._open(name)
        if file is None:
            return None
        with file:
            data = file.read(largest + 1)
        if len(data) > largest:
            raise _too_large(self.path, name, largest)
        return data

    def start_of(self, name: str, count: int) -> bytes:
        """The first octets of a file."""
        file = self._open(name)
        if file is None:
            return b""
        with file:
            return file.read(count)

    def log(self) -> IO[bytes] | None:
        """exchanges.jsonl."""
        file = self._open(LOG)
        if file is not None and os.fstat(file.fileno()).st_size > LARGEST_LOG:
            file.close()
            raise _too_large(self.path, LOG, LARGEST_LOG)
        return file

    def names(self) -> Iterator[str]:
        """Every file, in order. A link or device is one of them: whoever reads it gets the error."""
        return _names_below(self.path, "")

    def close(self) -> None:
        """Nothing is open."""

    def _open(self, name: str) -> IO[bytes] | None:
        self._check_way(os.path.dirname(name))
        # without waiting for a pipe's other end, and never through a link
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        try:
            descriptor = os.open(os.path.join(self.path, name), flags)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            because = "it is a link" if os.path.islink(os.path.join(self.path, name)) else error.strerror
            raise FORM.broken(f"cannot read a file of the bundle: {because}", _at(self.path, name)) from None
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise FORM.broken("cannot read a file of the bundle: it is no ordinary file", _at(self.path, name))
        return os.fdopen(descriptor, "rb")

    def _check_way(self, folder: str) -> None:
        """BundleError where a folder on the way to a file is a link."""
        if folder and folder not in self._ways:
            self._check_way(os.path.dirname(folder))
            if os.path.islink(os.path.join(self.path, folder)):
                raise FORM.broken("cannot read a folder of the bundle: it is a link", _at(self.path, folder))
            self._ways.add(folder)


def _names_below(top: str, below: str) -> Iterator[str]:
    try:
        entries = sorted(os.scandir(os.path.join(top, below)), key=lambda entry: entry.name)
    except OSError as error:
        raise FORM.broken(f"cannot list the bundle: {error.strerror}", _at(top, below)) from None
    for entry in entries:
        name = f"{below}/{entry.name}" if below else entry.name
        # three levels are all that a bundle has
        if entry.is_dir(follow_symlinks=False) and name.count("/") < 2:
            yield from _names_below(top, name)
        else:
            yield name


class Zip:
    """A bundle in one zip."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._file: zipfile.ZipFile | None = None
        try:
            _check_directory(path)
            self._file = zipfile.ZipFile(path)
        except _DAMAGED:
            raise FORM.broken("cannot read the bundle: it is neither a folder nor a zip that can be read", path) from None
        self._members: dict[str, zipfile.ZipInfo] = {}
        for member in self._file.infolist():
            self._add(member)

    def _add(self, member: zipfile.ZipInfo) -> None:
        if member.is_dir():
            return
        if member.filename in self._members:
            raise FORM.broken("the bundle has two files of one name", _at(self.path, member.filename))
        is_packed_too_well = member.file_size > MOST_RATIO * member.compress_size + SLACK
        if is_packed_too_well and member.filename.startswith(f"{OBJECTS}/"):
            raise FORM.broken("a file of the bundle unpacks to far more than it is", _at(self.path, member.filename))
        self._members[member.filename] = member

    def read(self, name: str, largest: int) -> bytes | None:
        """The octets of a file."""
        member = self._members.get(name)
        if member is None:
            return None
        if member.file_size > largest:
            raise _too_large(self.path, name, largest)
        data = self._octets(member, largest + 1)
        if len(data) > largest:
            raise _too_large(self.path, name, largest)
        return data

    def start_of(self, name: str, count: int) -> bytes:
        """The first octets of a file."""
        member = self._members.get(name)
        return self._octets(member, count) if member is not None else b""

    def log(self) -> IO[bytes] | None:
        """exchanges.jsonl, unpacked into a file that is gone when it is closed: a zip cannot be read backwards."""
        member = self._members.get(LOG)
        if member is None:
            return None
        if member.file_size > LARGEST_LOG:
            raise _too_large(self.path, LOG, LARGEST_LOG)
        spooled = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
        try:
            with self._open(member) as file:
                shutil.copyfileobj(file, spooled, 1024 * 1024)
        except _DAMAGED:
            spooled.close()
            raise _damaged(self.path, LOG) from None
        spooled.seek(0)
        return spooled

    def names(self) -> Iterator[str]:
        """Every file, in order."""
        return iter(sorted(self._members))

    def close(self) -> None:
        """Close the zip."""
        if self._file is not None:
            self._file.close()

    def _open(self, member: zipfile.ZipInfo) -> IO[bytes]:
        assert self._file is not None
        return self._file.open(member)

    def _octets(self, member: zipfile.ZipInfo, count: int) -> bytes:
        try:
            with self._open(member) as file:
                return file.read(count)
        except _DAMAGED:
            raise _damaged(self.path, member.filename) from None


def _check_directory(path: str) -> None:
    """Refuse a zip whose directory alone would fill the memory: the library reads all of it at once."""
    with open(path, "rb") as file:
        size = file.seek(0, os.SEEK_END)
        start = max(0, size - SLACK - 22)
        file.seek(start)
        tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or at + 20 > len(tail):
        raise zipfile.BadZipFile
    directory = int.from_bytes(tail[at + 12 : at + 16], "little")
    # all ones: the size is in the record of a large zip, and no directory is larger than the file
    if (size if directory == 0xFFFFFFFF else directory) > _LARGEST_DIRECTORY:
        raise FORM.broken("the bundle has too many files", path)


def _at(path: str, name: str) -> str:
    return f"{path.rstrip('/')}/{name}".rstrip("/")


def _too_large(path: str, name: str, largest: int) -> ScannerError:
    return FORM.broken(f"a file of the bundle is larger than {largest // 1024} KiB", _at(path, name))


def _damaged(path: str, name: str) -> ScannerError:
    return FORM.broken("a file of the bundle cannot be unpacked", _at(path, name))
