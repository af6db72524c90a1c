"""Runs of base64 letters: whether one may hold a private key, and the texts that it encodes."""

from __future__ import annotations

import binascii
from collections.abc import Iterator

from scanner.patterns import lazy_pattern
from scanner.redaction.der import base64_octets, find_private_der

RUN = lazy_pattern(r"[A-Za-z0-9+/_-]{20,}+")
OPENSSH = "b3BlbnNzaC1rZXktdjE"  # `openssh-key-v1`
_GZIP = "H4sI"
_ASCII = bytes(0x20 <= byte < 0x7F or byte in b"\t\n\r" for byte in range(256))
_TEXT = b"\1" * 18  # of other bytes, one stretch in 10^7 of this length is ASCII by chance
# of the letters of a structure that was masked: what tells its kind is before them. No real key ends in so many
_FEWEST_ZEROS = 16
_SHARE_OF_ZEROS = 0.4
_LARGEST = 1 << 20  # bytes of unpacked gzip


def decode_run(letters: str) -> Iterator[str]:
    """The texts that a run may encode, as it is or packed with gzip; what stands before them is unreadable."""
    letters = letters.replace("=", "")
    for start in _find_text(letters):
        yield base64_octets(_whole(letters[start:])).decode("utf-8", "replace")
    packed = letters.find(_GZIP)
    if packed >= 0:
        yield _unpack(base64_octets(_whole(letters[packed:]))).decode("utf-8", "replace")


def _whole(letters: str) -> str:
    return letters[: len(letters) // 4 * 4] if len(letters) % 4 == 1 else letters


def _unpack(data: bytes) -> bytes:
    """The beginning of what gzip packed, as far as it can be read."""
    import zlib  # few texts hold any

    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data, _LARGEST)
    except zlib.error:
        return b""


def is_telling(run: str) -> bool:
    """Whether a run of base64 letters may hold a private key."""
    if run in (run.lower(), run.upper()):  # a digest in hexadecimal, a path, words
        return False
    return find_private_der(run) is not None or OPENSSH in run or _GZIP in run or any(True for _ in _find_text(run))


def _find_text(letters: str) -> Iterator[int]:
    """The offsets, below 4, at which letters encode bytes with a stretch of ASCII text among them."""
    plain = letters.replace("-", "+").replace("_", "/")
    for offset in range(min(4, len(plain))):
        whole = (len(plain) - offset) // 4 * 4
        if _TEXT in binascii.a2b_base64(plain[offset : offset + whole]).translate(_ASCII):
            yield offset


def is_cleared(letters: str) -> bool:
    """Whether only the head of a structure is left, as bodies are masked: all bytes behind it are zero."""
    whole = letters.rstrip("=")
    zeros = len(whole) - len(whole.rstrip("A"))
    return zeros >= max(_FEWEST_ZEROS, _SHARE_OF_ZEROS * len(whole))


def is_text(octets: bytes) -> bool:
    """Whether bytes are ASCII text."""
    return octets.isascii() and octets.translate(None, b"\t\r\n").decode().isprintable() if octets else False
