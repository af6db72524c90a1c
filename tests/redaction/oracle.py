"""Whether any part of a private value stands in a text that leaves jwksgov.

A part is a run of 12 characters with at least 6 different ones, of the value in one of these encodings: the octets themselves
(as Latin-1), hexadecimal (24 characters, 12 octets), base64 and base64url at each of the three alignments, and each of these in
base64 again. The text is also read with its escapes undone (percent, backslash, HTML references), and with its base64 decoded
where text or gzip is in it, three deep. Random octets meet such a run by chance less than once in 10^14 characters.
"""

from __future__ import annotations

import base64
import html
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

WINDOW = 12
FEWEST_DIFFERENT = 6
_HEX_WINDOW = 2 * WINDOW
# every window of 12 holds one run of 7 that begins at a multiple of 6: only these are looked up
_STEP = 6
_GRAM = _STEP + 1
_ESCAPE = re.compile(
    r"%([0-9A-Fa-f]{2})|\\+u00([0-9A-Fa-f]{2})|\\+x([0-9A-Fa-f]{2})|\\+(?=[\"'/\\])|&(?:#[0-9]{1,3}|#[xX][0-9A-Fa-f]{1,4}|[a-z]{2,6});"
)
_RUN = re.compile(r"(?![0-9a-f]{40,64}(?![A-Za-z0-9+/_-]))[A-Za-z0-9+/_-]{40,}")  # digests aside
_DEEPEST = 3
_MOST_CLEAN = 200_000  # pieces that are remembered


@dataclass(frozen=True)
class Leak:
    """A part of the value called `owner` that was seen, in words: never the part itself."""

    owner: str
    encoding: str


class LeakOracle:
    """Knows private values by the names of their owners."""

    def __init__(self, values: Mapping[str, Iterable[bytes]]) -> None:
        self._windows: dict[str, tuple[str, str]] = {}
        self._clean: set[str] = set()
        for owner, octets in values.items():
            for each in octets:
                self._add(owner, each)
        self._grams = {window[at : at + _GRAM] for window in self._windows for at in range(_STEP)}

    def find(self, text: str) -> list[Leak]:
        """The leaks of a text: one for each owner and encoding."""
        # what outputs say again and again is looked at once; no window spans a quote or a line end
        pieces = {piece for piece in text.replace('"', "\n").split("\n") if len(piece) >= WINDOW} - self._clean
        found = {leak for layer in _layers("\n".join(pieces)) for leak in self._look(layer)}
        if not found:
            self._learn(pieces)
        return sorted(found, key=lambda leak: (leak.owner, leak.encoding))

    def _learn(self, pieces: set[str]) -> None:
        if len(self._clean) > _MOST_CLEAN:
            self._clean.clear()
        self._clean |= pieces

    def _look(self, text: str) -> Iterator[Leak]:
        for gram in self._grams.intersection([text[at : at + _GRAM] for at in range(0, len(text), _STEP)]):
            for found in re.finditer(re.escape(gram), text):
                yield from self._verify(text, found.start())

    def _verify(self, text: str, at: int) -> Iterator[Leak]:
        for width in (WINDOW, _HEX_WINDOW):
            for start in range(max(0, at - width + _GRAM), at + 1):
                known = self._windows.get(text[start : start + width])
                if known is not None:
                    yield Leak(*known)

    def _add(self, owner: str, octets: bytes) -> None:
        for encoding, written in spellings(octets):
            width = _HEX_WINDOW if encoding == "hex" else WINDOW
            for at in range(len(written) - width + 1):
                window = written[at : at + width]
                if len(set(window)) >= FEWEST_DIFFERENT:
                    self._windows.setdefault(window, (owner, encoding))


def spellings(octets: bytes) -> Iterator[tuple[str, str]]:
    """The encodings of a value by name, as they stand inside of something longer."""
    yield "octets", octets.decode("latin-1")
    yield "hex", octets.hex()
    yield "hex", octets.hex().upper()
    for once in _base64(octets):
        yield "base64", once
        yield "base64url", once.translate(_URL)
        for form in {once, once.translate(_URL)}:
            for twice in _base64(form.encode()):
                yield "base64 in base64", twice
                yield "base64 in base64url", twice.translate(_URL)


_URL = str.maketrans("+/", "-_")
_STANDARD = str.maketrans("-_", "+/")


def _base64(octets: bytes) -> list[str]:
    """A value in base64 at each alignment, without the characters that its neighbours have a part in."""
    return [_inner(octets, before) for before in range(3)]


def _inner(octets: bytes, before: int) -> str:
    written = base64.b64encode(b"\0" * before + octets).decode()
    first = (0, 2, 3)[before]
    last = (before + len(octets)) * 8 // 6
    return written[first:last]


def _layers(text: str) -> Iterator[str]:
    """A text, and what is in it under escapes, base64 and gzip, in any order."""
    waiting = [(text, 0)]
    while waiting:
        each, depth = waiting.pop()
        yield each
        if depth < _DEEPEST:
            plain = _ESCAPE.sub(_unescape, each)
            inside = "\n".join(_decoded(each))
            waiting += [(found, depth + 1) for found in (plain, inside) if found and found != each]


def _unescape(found: re.Match[str]) -> str:
    number = found[1] or found[2] or found[3]
    if number is not None:
        return chr(int(number, 16))
    return html.unescape(found[0]) if found[0].startswith("&") else ""


def _decoded(text: str) -> Iterator[str]:
    """What the base64 of a text holds, where that is text again or gzip; the run may begin in the middle of it."""
    for found in _RUN.finditer(text):
        run = found[0].translate(_STANDARD)
        for start in range(4):
            whole = run[start:]
            data = base64.b64decode(whole[: len(whole) // 4 * 4])
            if data[:24].isascii():
                yield data.decode("latin-1")
            elif data.startswith(b"\x1f\x8b\x08"):
                yield _unpacked(data)


def _unpacked(data: bytes) -> str:
    try:
        return zlib.decompressobj(31).decompress(data).decode("latin-1")
    except zlib.error:  # it only begins as gzip does
        return ""
