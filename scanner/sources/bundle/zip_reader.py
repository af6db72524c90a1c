"""A bundle in one zip."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from threading import Lock
from typing import IO

from scanner.errors import BundleError, Place, RefusedBySystem, ScannerError
from scanner.record import changed
from scanner.sources.bundle.format import FORM, LARGEST_LOG, LOG, MANIFEST, OBJECTS, path_in_bundle, too_large_error
from scanner.sources.bundle.zip_content import content_of
from scanner.sources.bundle.zip_layout import Unaccounted, content_offsets

MOST_RATIO = 100  # our writer stores files uncompressed that would exceed this
SLACK = 64 * 1024
_LARGEST_DIRECTORY = 256 * 1024 * 1024  # some two million members
_END = b"PK\x05\x06"  # the record that closes the directory; 22 bytes and a comment of up to 64 KiB
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


class ChangedZip(BundleError):
    """The zip of a bundle has bytes that belong to no file of it."""


class ZipBundle:
    """A bundle in one zip."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._lock = Lock()
        self._file = _open(path)
        try:
            _check_directory(path, self._file)
            members = zipfile.ZipFile(self._file).infolist()
            self._members: dict[str, zipfile.ZipInfo] = {}
            for member in members:
                self._add(member)
            self._offsets = content_offsets(self._file, members)
        except _DAMAGED:
            self._file.close()
            raise FORM.broken("cannot read the bundle: it is neither a folder nor a zip that can be read", path) from None
        except Unaccounted as unaccounted:
            self._file.close()
            form = changed(FORM, error=ChangedZip) if MANIFEST in self._members else FORM
            raise form.broken(f"the zip holds something that belongs to no bundle: {unaccounted}", path) from None
        except BaseException:
            self._file.close()
            raise

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
        try:
            spooled = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
            try:
                for piece in self._pieces(member):
                    spooled.write(piece)
                spooled.seek(0)
            except BaseException:
                spooled.close()
                raise
        except OSError as error:
            raise RefusedBySystem(
                what=f"cannot unpack {LOG} into a temporary file: {error.strerror}",
                where=Place(path_in_bundle(self.path, LOG)),
                remedy="Name a folder that can be written and has room in TMPDIR, or unpack the zip and name the folder.",
            ) from None
        return spooled

    def names(self) -> Iterator[str]:
        """Every file, in order."""
        return iter(sorted(self._members))

    def close(self) -> None:
        """Close the zip."""
        self._file.close()

    def _read_start(self, member: zipfile.ZipInfo, count: int) -> bytes:
        data = b""
        for piece in self._pieces(member):
            data += piece
            if len(data) >= count:
                break
        return data[:count]

    def _pieces(self, member: zipfile.ZipInfo) -> Iterator[bytes]:
        try:
            with self._lock:  # the file has one position
                yield from content_of(self._file, member, self._offsets[member.filename])
        except _DAMAGED:
            raise _damage_error(self.path, member.filename) from None


def _open(path: str) -> IO[bytes]:
    """The file, open. OSError if it is none: a pipe, without waiting for its other end, or a device."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    raise OSError(errno.EINVAL, "it is not a regular file", path)


def _check_directory(path: str, file: IO[bytes]) -> None:
    """Refuse a zip with a huge directory: the library reads all of it into memory."""
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
