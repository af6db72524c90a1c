"""Reads git's index (gitformat-index(5)), versions 2 to 4, with SHA-1 or SHA-256: the names of the tracked files.

The bytes may come from whoever packed the tree. Each entry is visited once, names are limited in length and in sum, and what
does not fit together is a DamagedIndex.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from struct import Struct
from typing import Any

from scanner.record import record

# the sum of all names: those of two million files
MOST_NAMES = 192 * 1024 * 1024
# Linux's PATH_MAX; version 4 could otherwise make a long name of each octet
_LONGEST_NAME = 4096
# what git itself takes before it refuses a varint
_LARGEST_VARINT = 1 << 32
_HEADER = Struct(">4sII")
_SIZE = Struct(">I")
_FLAGS = Struct(">H")
# ten words of four octets before the object's name (ctime, mtime, dev, ino, mode, uid, gid, size)
_STAT = 40
_MODE = 24
_FOLDER_MODE = 0o040000
_LENGTH_MASK, _EXTENDED = 0x0FFF, 0x4000
# git's own choice, checked as git checks it: against damage, not against people
_DIGESTS: tuple[tuple[int, Callable[[memoryview], Any]], ...] = ((20, hashlib.sha1), (32, hashlib.sha256))


class DamagedIndex(Exception):
    """The bytes are no index, or one that does not fit together. `because` is for a note."""

    def __init__(self, because: str) -> None:
        super().__init__(because)
        self.because = because


@record
class Index:
    """The names of tracked files and submodules, as bytes with `/`. `folders` end in `/`: a sparse index names them instead of
    what is in them. `base`: the name of the shared index whose entries hold too, without those that `deleted` sets,
    a bitmap.
    """

    names: list[bytes]
    folders: list[bytes]
    base: str | None = None
    deleted: bytes = b""


def read_index(data: bytes) -> Index:
    """The index that the bytes are; DamagedIndex where they are none."""
    first: DamagedIndex | None = None
    for size, digest in _DIGESTS:
        try:
            return _Reader(data, size, digest).index()
        except DamagedIndex as damaged:
            first = first or damaged
    assert first is not None
    raise first


class _Reader:
    """Reads an index whose object names have `hash_size` octets."""

    def __init__(self, data: bytes, hash_size: int, digest: Callable[[memoryview], Any]) -> None:
        self._data = data
        self._hash_size = hash_size
        self._digest = digest
        self._end = len(data) - hash_size
        self._names: list[bytes] = []
        self._folders: list[bytes] = []
        self._left = MOST_NAMES

    def index(self) -> Index:
        """The whole index."""
        data = self._data
        if len(data) < _HEADER.size + self._hash_size:
            raise DamagedIndex("it is too short")
        mark, version, count = _HEADER.unpack_from(data)
        if mark != b"DIRC" or version not in (2, 3, 4):
            raise DamagedIndex("it is not an index of a version that jwksgov reads")
        self._check_digest()
        at = self._packed(count) if version == 4 else self._padded(count)
        base, deleted = self._extensions(at)
        return Index(self._names, self._folders, base, deleted)

    def _check_digest(self) -> None:
        """The digest at the end, which `index.skipHash` leaves out (all zero)."""
        stated = self._data[self._end :]
        if any(stated) and self._digest(memoryview(self._data)[: self._end]).digest() != stated:
            raise DamagedIndex("its digest differs")

    def _padded(self, count: int) -> int:
        """Versions 2 and 3: each name in full, with zeros up to a multiple of eight octets. Where the entries end."""
        data, end, fixed, at = self._data, self._end, _STAT + self._hash_size, _HEADER.size
        read_flags = _FLAGS.unpack_from
        for _ in range(count):
            start = at + fixed + 2
            if start >= end:
                raise DamagedIndex("it ends within an entry")
            (flags,) = read_flags(data, at + fixed)
            if flags & _EXTENDED:
                start += 2
            length = flags & _LENGTH_MASK
            stop = start + length if length < _LENGTH_MASK else data.find(b"\0", start, start + _LONGEST_NAME + 1)
            if stop < start or stop >= end or data[stop]:
                raise DamagedIndex("a name has no end")
            self._add(data[start:stop], at)
            # one to eight zeros
            at += (stop - at + 8) & ~7
        return at

    def _packed(self, count: int) -> int:
        """Version 4: of each name what differs from the one before. Where the entries end."""
        data, end, fixed, at = self._data, self._end, _STAT + self._hash_size, _HEADER.size
        name = b""
        for _ in range(count):
            start = at + fixed + 2
            if start >= end:
                raise DamagedIndex("it ends within an entry")
            if _FLAGS.unpack_from(data, at + fixed)[0] & _EXTENDED:
                start += 2
            removed, start = self._varint(start)
            stop = data.find(b"\0", start, start + _LONGEST_NAME + 1)
            if stop < 0 or stop >= end or removed > len(name):
                raise DamagedIndex("a name has no end")
            name = name[: len(name) - removed] + data[start:stop]
            self._add(name, at)
            at = stop + 1
        return at

    def _varint(self, at: int) -> tuple[int, int]:
        """A number as git's packs have it, and where it ends."""
        data, value = self._data, 0
        while True:
            if at >= self._end or value > _LARGEST_VARINT:
                raise DamagedIndex("a number has no end")
            octet = data[at]
            at += 1
            value = (value << 7) | (octet & 127)
            if octet < 128:
                return value, at
            value += 1

    def _add(self, name: bytes, at: int) -> None:
        self._left -= len(name)
        if len(name) > _LONGEST_NAME or self._left < 0:
            raise DamagedIndex("its names are too long")
        if name[-1:] == b"/":
            if int.from_bytes(self._data[at + _MODE : at + _MODE + 4], "big") != _FOLDER_MODE:
                raise DamagedIndex("a file is named as a folder")
            self._folders.append(name)
        self._names.append(name)

    def _extensions(self, at: int) -> tuple[str | None, bytes]:
        """The shared index that a split index stands on, and what it leaves out of that; the extensions end with the data."""
        data, base, deleted = self._data, None, b""
        while at < self._end:
            if at + 8 > self._end:
                raise DamagedIndex("it ends within an extension")
            mark, (size,) = data[at : at + 4], _SIZE.unpack_from(data, at + 4)
            at += 8
            if at + size > self._end:
                raise DamagedIndex("it ends within an extension")
            if mark == b"link":
                base, deleted = self._link(data[at : at + size])
            elif mark[:1].islower() and mark != b"sdir":
                raise DamagedIndex("it has an extension that jwksgov does not read")
            at += size
        if at != self._end:
            raise DamagedIndex("it ends within an entry")
        return base, deleted

    def _link(self, data: bytes) -> tuple[str | None, bytes]:
        digest = data[: self._hash_size]
        if len(digest) < self._hash_size:
            raise DamagedIndex("it ends within an extension")
        return (digest.hex(), data[self._hash_size :]) if any(digest) else (None, b"")


def read_bitmap(data: bytes, most: int) -> set[int]:
    """The positions below `most` of the bits that an EWAH bitmap sets (git's ewah/ewah_io.c); none where there is no bitmap. A
    run of ones costs eight octets and may mean billions of bits.
    """
    found: set[int] = set()
    if not data:
        return found
    if len(data) < 8:
        raise DamagedIndex("a bitmap has no end")
    end = 8 + 8 * _SIZE.unpack_from(data, 4)[0]
    if end > len(data):
        raise DamagedIndex("a bitmap has no end")
    at, position = 8, 0
    while at < end and position < most:
        run = int.from_bytes(data[at : at + 8], "big")
        at += 8
        is_set, repeated, literals = run & 1, (run >> 1) & 0xFFFFFFFF, run >> 33
        if at + 8 * literals > end:
            raise DamagedIndex("a bitmap has no end")
        if is_set:
            found.update(range(position, min(position + 64 * repeated, most)))
        position += 64 * repeated
        for _ in range(literals):
            word = int.from_bytes(data[at : at + 8], "big")
            at += 8
            while word and position < most:
                lowest = word & -word
                found.add(position + lowest.bit_length() - 1)
                word ^= lowest
            position += 64
    return found
