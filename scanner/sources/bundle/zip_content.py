"""The content of a member of a zip, in pieces; strict where the library is lenient: nothing may follow the packed data."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

_PIECE = 1024 * 1024


def content_of(file: IO[bytes], member: zipfile.ZipInfo, offset: int) -> Iterator[bytes]:
    """The content that begins at `offset`. BadZipFile, at the latest at its end, if it is not what the directory says."""
    file.seek(offset)
    unpack = _stored if member.compress_type == zipfile.ZIP_STORED else _inflated
    size = crc = 0
    for piece in unpack(_read(file, member.compress_size)):
        size += len(piece)
        crc = zlib.crc32(piece, crc)
        if size > member.file_size:
            raise zipfile.BadZipFile("it is larger than the directory says")
        yield piece
    if (size, crc) != (member.file_size, member.CRC):
        raise zipfile.BadZipFile("its size or checksum is not the one in the directory")


def _read(file: IO[bytes], left: int) -> Iterator[bytes]:
    while left:
        data = file.read(min(left, _PIECE))
        if not data:
            raise EOFError
        left -= len(data)
        yield data


def _stored(packed: Iterator[bytes]) -> Iterator[bytes]:
    return packed


def _inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    for data in packed:
        if inflater.eof:
            raise zipfile.BadZipFile("something follows the packed data")
        yield inflater.decompress(data, _PIECE)
        while inflater.unconsumed_tail:
            yield inflater.decompress(inflater.unconsumed_tail, _PIECE)
    if not inflater.eof or inflater.unused_data:
        raise zipfile.BadZipFile("the packed data is cut off, or something follows it")
