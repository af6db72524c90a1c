"""The texts of templates: files of a chart, and values that are templates themselves."""

from __future__ import annotations

from typing import Protocol

from scanner.files.align import Lines
from scanner.record import changed, record
from scanner.units.helm.syntax import Body
from scanner.units.helm.value import Origins, Part, Value, cut_parts
from scanner.units.made import Origin, Role


class TooMuch(Exception):
    """A template that does not end, or writes too much."""


class Source(Protocol):
    """A text of templates, and the places of its stretches."""

    text: str

    def parts(self, start: int, end: int) -> tuple[Part, ...]:
        """A stretch with its places, as the part of another text."""

    def origin(self, at: int, role: Role) -> Origins:
        """The place of a character."""


class FileSource:
    """The text of a file of the chart."""

    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        self._lines: Lines | None = None

    def place(self, at: int) -> tuple[int, int]:
        """Line and column of a character."""
        self._lines = self._lines or Lines(self.text)
        return self._lines.place(at)

    def parts(self, start: int, end: int) -> tuple[Part, ...]:
        """Line by line, each with its place."""
        found: list[Part] = []
        while start < end:
            stop = self.text.find("\n", start, end) + 1 or end
            found.append((self.text[start:stop], self.origin(start, "helper")))
            start = stop
        return tuple(found)

    def origin(self, at: int, role: Role) -> Origins:
        """The place of a character."""
        return (Origin(self.path, *self.place(at), role),)


class ValueSource:
    """A value that is a template itself, for `tpl`."""

    def __init__(self, value: Value) -> None:
        self.text: str = value.data
        self._parts = value.list_parts()

    def parts(self, start: int, end: int) -> tuple[Part, ...]:
        """The stretch with the places of the value."""
        return tuple(cut_parts(self._parts, start, end))

    def origin(self, at: int, role: Role) -> Origins:
        """The places of the part that has a character."""
        found = next((origins for _, origins in self.parts(at, at + 1)), ())
        return tuple(changed(origin, role=role) for origin in found)


@record(slots=True)
class Define:
    """A named template."""

    source: Source
    body: Body
