"""Content codings undone (RFC 9110 §8.4), never to more octets than allowed: a few KiB can hold gigabytes."""

from __future__ import annotations

import zlib

from scanner.sources.web.failures import Stopped

# what we ask for, and therefore what we can undo
ACCEPTED = b"gzip, deflate"

_GZIP, _ZLIB, _RAW = 31, 15, -15
# nobody codes twice in earnest
_MOST_CODINGS = 2
# what follows a member is copied for the next one, so thousands of empty ones would take minutes
_MOST_MEMBERS = 64


def decoded(octets: bytes, codings: list[str], most: int) -> bytes:
    """The content behind `codings` (in the order they were applied); Stopped with `encoding` or `too-large`."""
    if len(codings) > _MOST_CODINGS:
        raise Stopped("encoding", f"the content is encoded more than {_MOST_CODINGS} times")
    for coding in reversed(codings):
        octets = _undone(octets, coding, most)
    return octets


def codings_of(values: tuple[str, ...]) -> list[str]:
    """The codings that Content-Encoding lists, without `identity`."""
    names = [name.strip().lower() for value in values for name in value.split(",")]
    return [name for name in names if name not in ("", "identity")]


def _undone(octets: bytes, coding: str, most: int) -> bytes:
    try:
        if coding in ("gzip", "x-gzip"):
            return _inflated(octets, _GZIP, most)
        if coding == "deflate":
            return _deflated(octets, most)
    except zlib.error:
        raise Stopped("encoding", "the content encoding cannot be undone") from None
    raise Stopped("encoding", "the content has an encoding that was not asked for")


def _deflated(octets: bytes, most: int) -> bytes:
    """RFC 9110 §8.4.1.2: `deflate` is the zlib format, but some servers send the bare deflate stream."""
    try:
        return _inflated(octets, _ZLIB, most)
    except zlib.error:
        return _inflated(octets, _RAW, most)


def _inflated(octets: bytes, form: int, most: int) -> bytes:
    """One or more members (RFC 1952 §2.2) after each other."""
    parts: list[bytes] = []
    size = 0
    while octets:
        if len(parts) == _MOST_MEMBERS:
            raise Stopped("encoding", f"the compressed content has more than {_MOST_MEMBERS} members")
        member = zlib.decompressobj(form)
        part = member.decompress(octets, most - size + 1)
        size += len(part)
        if size > most:
            raise Stopped("too-large", f"the content exceeds {most} octets when decompressed")
        if not member.eof:
            raise Stopped("encoding", "the compressed content ends too early")
        parts.append(part)
        octets = member.unused_data
    return b"".join(parts)
