"""A text that is made of several files, and the place of each stretch of it.

Every kind of unit gives such texts: a rendered template, a patched manifest, settings laid over each other, a module with its
arguments. They are read like the text of any file; a place in them is then told as the place in the file that it comes from.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import Literal

from scanner.files.align import Lines
from scanner.files.tree import Format
from scanner.record import record

# what stands at a further place of a value: the value itself, a default that applies because nothing else is said, the value of
# a layer below that this one replaces, a definition that names it, an argument of a call, a named template, a file's content
Role = Literal["value", "default", "base", "definition", "argument", "helper", "file"]

# at a place with one of these nobody changes the value
UNDECIDING: frozenset[str] = frozenset({"base", "helper"})


@record(slots=True)
class Origin:
    """A place in a file of the unit: `path` as reports name it, 1-based line and column, and what stands there."""

    path: str
    line: int
    column: int
    role: Role = "value"


@record(slots=True)
class Piece:
    """A stretch of a made text. `at`: the place of its first character, None for text that no file has (a bracket, a line end).
    `is_copy`: the characters after it stand in that file in the same order; else all of the piece has the place `at`.
    `origins`: further places that the text comes from, the one that decides first. `written`: what its own place has instead,
    as `{{ .Values.issuer }}`; empty where it has the text itself.
    """

    text: str
    at: Origin | None = None
    is_copy: bool = False
    origins: tuple[Origin, ...] = ()
    written: str = ""


@record(slots=True)
class FoundPlace:
    """The place of a stretch of a made text: where its first character stands, the further places of all of it, and the stretch
    as its own place has it, empty where that is the same.
    """

    at: Origin
    origins: tuple[Origin, ...] = ()
    written: str = ""


class MadeText:
    """A text as its pieces make it."""

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self._pieces = [piece for piece in pieces if piece.text]
        self._starts: list[int] = []
        length = 0
        for piece in self._pieces:
            self._starts.append(length)
            length += len(piece.text)
        self.text = "".join(piece.text for piece in self._pieces)
        self._lines = Lines(self.text)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Its pieces, for a longer text of which it is a part."""
        return tuple(self._pieces)

    def find(self, line: int, column: int, length: int = 1, *, within_line: bool = False) -> FoundPlace | None:
        """The place of the stretch that begins at a line and column (1-based) of the made text. A stretch that begins in text
        that no file has takes the nearest place before it, else after it. None where no piece has a place. `within_line`: it
        ends with its line, whatever its length (a value that is made of several is longer than what is written there).
        """
        if not self._pieces:
            return None
        offset = min(self._lines.offset(line, column), len(self.text))
        if length > 1 and self.text[offset : offset + 1] in ("'", '"'):
            offset += 1  # the place of a quoted value is that of its quote
        if within_line and (line_end := self.text.find("\n", offset, offset + length)) >= 0:
            length = line_end - offset
        first = max(bisect_right(self._starts, offset) - 1, 0)
        last = max(bisect_right(self._starts, offset + max(length, 1) - 1) - 1, first)
        own = next((number for number in range(first, last + 1) if self._pieces[number].at is not None), None)
        if own is None:
            own = next((number for number in range(first, -1, -1) if self._pieces[number].at is not None), None)
        if own is None:
            own = next((number for number in range(first, len(self._pieces)) if self._pieces[number].at is not None), None)
        if own is None:
            return None
        at = self._place_in(own, offset)
        further = [
            origin
            for number, piece in enumerate(self._pieces[first : last + 1], first)
            for origin in ((*piece.origins, piece.at) if piece.at is not None and number != own else piece.origins)
            # of the stretch itself one place is enough; a piece of another file is a place of its own
            if (origin.path, origin.line) != (at.path, at.line)
        ]
        return FoundPlace(at, tuple(dict.fromkeys(further)), self._write(first, last, offset, offset + length))

    def lines_of(self, path: str) -> frozenset[int]:
        """The lines of a file of which something is in the text."""
        found: set[int] = set()
        for piece in self._pieces:
            if piece.at is not None and piece.at.path == path:
                more = piece.text.rstrip("\n").count("\n") if piece.is_copy else piece.written.count("\n")
                found.update(range(piece.at.line, piece.at.line + more + 1))
        return frozenset(found)

    def lines_from(self, path: str) -> frozenset[int]:
        """The lines of a file that something in the text comes from, though it stands at a place of another file."""
        return frozenset(origin.line for piece in self._pieces for origin in piece.origins if origin.path == path)

    def _write(self, first: int, last: int, start: int, end: int) -> str:
        """A stretch as its own places have it; empty where that is the same."""
        if not any(piece.written for piece in self._pieces[first : last + 1]):
            return ""
        made: list[str] = []
        for number in range(first, last + 1):
            piece, at = self._pieces[number], self._starts[number]
            made.append(piece.written or piece.text[max(start - at, 0) : max(end - at, 0)])
        return "".join(made)

    def _place_in(self, number: int, offset: int) -> Origin:
        piece, start = self._pieces[number], self._starts[number]
        assert piece.at is not None
        before = piece.text[: offset - start] if piece.is_copy and start < offset <= start + len(piece.text) else ""
        lines = before.count("\n")
        column = len(before) - before.rfind("\n") if lines else piece.at.column + len(before)
        return Origin(piece.at.path, piece.at.line + lines, column, piece.at.role)


@record
class Variant:
    """One way in which a unit is deployed: its name as people say it (`prod`), and the report paths of the files that only this
    variant has; they give it its environment and owner.
    """

    name: str
    paths: tuple[str, ...] = ()


@record
class Made:
    """A text that the platform would load, in one variant; None: in the base alone. `name` is the base name under which it
    would be loaded.
    """

    text: MadeText
    format: Format
    name: str
    variant: Variant | None = None


@record
class OpenPart:
    """A part of a unit that could not be made, in words that quote no value, and its place."""

    because: str
    at: Origin
