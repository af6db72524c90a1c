"""Runs of base64 letters: whether one may hold a private key, and the texts that it encodes."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.patterns import lazy_pattern
from scanner.redaction.der import base64_octets, find_private_der

RUN = lazy_pattern(r"[A-Za-z0-9+/_-]{24,}+")
OPENSSH = "b3BlbnNzaC1rZXktdjE"  # `openssh-key-v1`
_GZIP = "H4sI"
_WINDOW = 24  # letters that encode 18 bytes: of other bytes, one in 10^8 of such windows is ASCII
# of the letters of a structure that was masked: what tells its kind is before them. No real key ends in so many
_FEWEST_ZEROS = 16
_SHARE_OF_ZEROS = 0.4
_LARGEST = 1 << 20  # bytes of unpacked gzip


def decode_run(letters: str) -> Iterator[str]:
    """The texts that a run may encode, as it is or packed with gzip; what stands before them is unreadable."""
    letters = letters.replace("=", "")
    for start in dict.fromkeys(_find_text(letters)):
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
    """The remainders of offsets at which letters encode text. A text that is longer than two windows is seen."""
    size = len(letters)
    for at in (*range(0, size, _WINDOW), max(0, size - _WINDOW - 3)):
        for offset in range(4):
            window = letters[at + offset : at + offset + _WINDOW]
            if len(window) == _WINDOW and is_text(base64_octets(window)):
                yield (at + offset) % 4


def is_cleared(letters: str) -> bool:
    """Whether only the head of a structure is left, as bodies are masked: all bytes behind it are zero."""
    whole = letters.rstrip("=")
    zeros = len(whole) - len(whole.rstrip("A"))
    return zeros >= max(_FEWEST_ZEROS, _SHARE_OF_ZEROS * len(whole))


def is_text(octets: bytes) -> bool:
    """Whether bytes are ASCII text."""
    return octets.isascii() and octets.translate(None, b"\t\r\n").decode().isprintable() if octets else False
