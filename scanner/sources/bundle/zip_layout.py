"""Accounts for every byte of a zip: members one behind the other from its first byte, their directory, the record that ends it.

A zip that has more (bytes before, between or behind them, comments, extra fields, data descriptors) can carry what no digest of
the bundle covers, so it is refused. Dates and modes of members are read by nobody and may be any.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterable
from typing import IO

_LOCAL = struct.Struct("<4s5H3L2H")  # APPNOTE.TXT 4.3.7
_CENTRAL_SIZE = 46  # 4.3.12, without the name
_END = struct.Struct("<4s4H2LH")  # 4.3.16
_END64 = struct.Struct("<4sQ2H2L4Q")  # 4.3.14
_LOCATOR = struct.Struct("<4sLQL")  # 4.3.15
_END_SIZE, _END_SIZE_64 = _END.size, _END64.size + _LOCATOR.size + _END.size
_LEVEL = 0b110  # flag bits 1 and 2: how hard the packer tried
_UTF8 = 1 << 11
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_MOST = (*[0xFFFF] * 4, *[0xFFFFFFFF] * 2)  # of the numbers in the last record; larger ones stand in the one for Zip64


class Unaccounted(Exception):
    """A part of the zip belongs to nothing; the message says which."""


def content_offsets(file: IO[bytes], members: Iterable[zipfile.ZipInfo]) -> dict[str, int]:
    """Where the content of each member begins. Unaccounted if a byte of the file belongs to no member and no entry."""
    offsets, at, directory = dict[str, int](), 0, 0
    for member in members:
        offsets[member.filename] = _content_offset(file, member, at)
        at = offsets[member.filename] + member.compress_size
        directory += _CENTRAL_SIZE + len(_name(member)) + len(member.extra)
    _check_end(file, at, directory, len(offsets))
    return offsets


def _content_offset(file: IO[bytes], member: zipfile.ZipInfo, at: int) -> int:
    """Where the content of the member begins whose header has to begin `at`."""
    if member.header_offset != at:
        raise Unaccounted(f"there are bytes before `{member.filename}`")
    if member.comment or member.extra != _central_extra(member):
        raise Unaccounted(f"`{member.filename}` has a comment or an extra field")
    if member.flag_bits & ~(_LEVEL | _UTF8) or member.compress_type not in _METHODS:
        raise Unaccounted(f"`{member.filename}` is packed or encrypted in a way that no bundle is")
    if member.is_dir() and member.compress_size:
        raise Unaccounted(f"the folder `{member.filename}` has content")
    file.seek(at)
    header = file.read(_LOCAL.size)
    if len(header) < _LOCAL.size:
        raise Unaccounted(f"`{member.filename}` is cut off")
    mark, _, flags, method, _, _, crc, packed, size, name_size, extra_size = _LOCAL.unpack(header)
    name, extra = file.read(name_size), file.read(extra_size)
    if (mark, flags, method, crc, name) != (b"PK\3\4", member.flag_bits, member.compress_type, member.CRC, _name(member)):
        raise Unaccounted(f"`{member.filename}` differs from its entry in the directory")
    if not _has_sizes(member, packed, size, extra):
        raise Unaccounted(f"`{member.filename}` has other sizes than in the directory, or an extra field")
    return at + _LOCAL.size + len(name) + len(extra)


def _has_sizes(member: zipfile.ZipInfo, packed: int, size: int, extra: bytes) -> bool:
    if not extra:
        return (size, packed) == (member.file_size, member.compress_size)
    is_large = member.file_size * 1.05 > zipfile.ZIP64_LIMIT  # the packer does not know yet how small it gets
    return is_large and extra == _zip64(member.file_size, member.compress_size)


def _central_extra(member: zipfile.ZipInfo) -> bytes:
    """The only extra field that a directory entry may have: numbers of a large archive."""
    large = [number for number in (member.file_size, member.compress_size) if number > zipfile.ZIP64_LIMIT]
    numbers = [member.file_size, member.compress_size] if large else []
    if member.header_offset > zipfile.ZIP64_LIMIT:
        numbers.append(member.header_offset)
    return _zip64(*numbers) if numbers else b""


def _zip64(*numbers: int) -> bytes:
    return struct.pack(f"<2H{len(numbers)}Q", 1, 8 * len(numbers), *numbers)  # 4.5.3


def _name(member: zipfile.ZipInfo) -> bytes:
    return member.orig_filename.encode("utf-8" if member.flag_bits & _UTF8 else "cp437")


def _check_end(file: IO[bytes], start: int, size: int, count: int) -> None:
    """The directory has to begin at `start` and have `size` bytes, and only the records that end the file come behind it."""
    file.seek(start + size)
    rest = file.read(_END_SIZE_64 + 1)
    if len(rest) not in (_END_SIZE, _END_SIZE_64):
        raise Unaccounted("there are bytes before, between or behind its parts, or a comment")
    fields, expected = [0, 0, count, count, size, start], b""
    if len(rest) == _END_SIZE_64:
        expected = _END64.pack(b"PK\6\6", _END64.size - 12, 45, 45, *fields) + _LOCATOR.pack(b"PK\6\7", 0, start + size, 1)
        fields = [min(field, most) for field, most in zip(fields, _MOST, strict=True)]
    fits = all(field <= most for field, most in zip(fields, _MOST, strict=True))
    if not fits or rest != expected + _END.pack(b"PK\5\6", *fields, 0):
        raise Unaccounted("the records at its end do not fit its members")
