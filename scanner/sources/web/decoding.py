"""Decodes content codings (RFC 9110 §8.4), up to a limit: a few KiB can decompress to gigabytes."""

from __future__ import annotations

import zlib

from scanner.sources.web.failures import FetchError

# the codings that we request, and that we can decode
ACCEPTED = b"gzip, deflate"

_GZIP, _ZLIB, _RAW = 31, 15, -15
# no real server applies more
_MAX_CODINGS = 2
# each member copies the rest of the data, so thousands of empty ones would take minutes
_MAX_MEMBERS = 64


def decode_content(content: bytes, codings: list[str], max_bytes: int) -> bytes:
    """The content without its `codings` (in the order of application). FetchError with `encoding` or `too-large`."""
    if len(codings) > _MAX_CODINGS:
        raise FetchError("encoding", f"the content is encoded more than {_MAX_CODINGS} times")
    for coding in reversed(codings):
        content = _decode(content, coding, max_bytes)
    return content


def codings_of(values: tuple[str, ...]) -> list[str]:
    """The codings that Content-Encoding lists, without `identity`."""
    names = [name.strip().lower() for value in values for name in value.split(",")]
    return [name for name in names if name not in ("", "identity")]


def _decode(content: bytes, coding: str, max_bytes: int) -> bytes:
    try:
        if coding in ("gzip", "x-gzip"):
            return _inflate(content, _GZIP, max_bytes)
        if coding == "deflate":
            return _decode_deflate(content, max_bytes)
    except zlib.error:
        raise FetchError("encoding", "the content encoding cannot be decoded") from None
    raise FetchError("encoding", "the content has an encoding that was not requested")


def _decode_deflate(content: bytes, max_bytes: int) -> bytes:
    """RFC 9110 §8.4.1.2: `deflate` is the zlib format, but some servers send the plain deflate stream."""
    try:
        return _inflate(content, _ZLIB, max_bytes)
    except zlib.error:
        return _inflate(content, _RAW, max_bytes)


def _inflate(content: bytes, form: int, max_bytes: int) -> bytes:
    """Decompress one or more members (RFC 1952 §2.2), one after the other."""
    parts: list[bytes] = []
    size = 0
    while content:
        if len(parts) == _MAX_MEMBERS:
            raise FetchError("encoding", f"the compressed content has more than {_MAX_MEMBERS} members")
        member = zlib.decompressobj(form)
        part = member.decompress(content, max_bytes - size + 1)
        size += len(part)
        if size > max_bytes:
            raise FetchError("too-large", f"the content exceeds {max_bytes} bytes when decompressed")
        if not member.eof:
            raise FetchError("encoding", "the compressed content ends too early")
        parts.append(part)
        content = member.unused_data
    return b"".join(parts)
