"""A bundle in one zip."""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from scanner.errors import ScannerError
from scanner.sources.bundle.format import FORM, LARGEST_LOG, LOG, OBJECTS, path_in_bundle, too_large_error

MOST_RATIO = 100  # our writer stores files uncompressed that would exceed this
SLACK = 64 * 1024
_LARGEST_DIRECTORY = 256 * 1024 * 1024  # some two million members
_END = b"PK\x05\x06"  # the record that closes the directory; 22 bytes and a comment of up to 64 KiB
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


class ZipBundle:
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
            raise FORM.broken("the bundle has two files of one name", path_in_bundle(self.path, member.filename))
        is_packed_too_well = member.file_size > MOST_RATIO * member.compress_size + SLACK
        if is_packed_too_well and member.filename.startswith(f"{OBJECTS}/"):
            raise FORM.broken(
                "a file of the bundle decompresses to far more than its stored size", path_in_bundle(self.path, member.filename)
            )
        self._members[member.filename] = member

    def read(self, name: str, largest: int) -> bytes | None:
        """The bytes of a file."""
        member = self._members.get(name)
        if member is None:
            return None
        if member.file_size > largest:
            raise too_large_error(self.path, name, largest)
        data = self._read_start(member, largest + 1)
        if len(data) > largest:
            raise too_large_error(self.path, name, largest)
        return data

    def start_of(self, name: str, count: int) -> bytes:
        """The first bytes of a file."""
        member = self._members.get(name)
        return self._read_start(member, count) if member is not None else b""

    def log(self) -> IO[bytes] | None:
        """exchanges.jsonl, decompressed into a temporary file: a member of a zip cannot be read at any offset."""
        member = self._members.get(LOG)
        if member is None:
            return None
        if member.file_size > LARGEST_LOG:
            raise too_large_error(self.path, LOG, LARGEST_LOG)
        spooled = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
        try:
            with self._open(member) as file:
                shutil.copyfileobj(file, spooled, 1024 * 1024)
        except _DAMAGED:
            spooled.close()
            raise _damage_error(self.path, LOG) from None
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
        try:
            return self._file.open(member)
        except OSError:  # a damaged directory has an offset before the beginning of the file
            raise zipfile.BadZipFile from None

    def _read_start(self, member: zipfile.ZipInfo, count: int) -> bytes:
        try:
            with self._open(member) as file:
                return file.read(count)
        except _DAMAGED:
            raise _damage_error(self.path, member.filename) from None


def _check_directory(path: str) -> None:
    """Refuse a zip with a huge directory: the library reads all of it into memory."""
    with open(path, "rb") as file:
        size = file.seek(0, os.SEEK_END)
        start = max(0, size - SLACK - 22)
        file.seek(start)
        tail = file.read()
    end = tail.rfind(_END)
    if end < 0 or end + 20 > len(tail):
        raise zipfile.BadZipFile
    directory = int.from_bytes(tail[end + 12 : end + 16], "little")
    # all bits set: the size is in the Zip64 record; the directory is never larger than the file
    if (size if directory == 0xFFFFFFFF else directory) > _LARGEST_DIRECTORY:
        raise FORM.broken("the bundle has too many files", path)


def _damage_error(path: str, name: str) -> ScannerError:
    return FORM.broken("a file of the bundle cannot be decompressed", path_in_bundle(path, name))
