"""A JSON object that jwksgov wrote and reads back. Members are checked when they are read, so that a fault has its place."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any, TypeVar

from scanner.errors import Place, ScannerError
from scanner.patterns import lazy_pattern
from scanner.record import record

Choice = TypeVar("Choice", bound=str)

# what a terminal or a browser could obey: controls except tab and line feed, bidirectional overrides, lone surrogates
_OBEYED = lazy_pattern(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@record
class Form:
    """The name of a document in errors (`a jwksgov report`), the remedy, and the type of the error."""

    name: str
    remedy: str
    error: type[ScannerError]

    def broken(self, what: str, path: str) -> ScannerError:
        """The error that `what` is wrong with the document in the file `path`."""
        return self.error(what=what, where=Place(path), remedy=self.remedy)


def document(data: bytes, path: str, form: Form) -> Row:
    """The object that `data` holds as JSON; NaN, Infinity and numbers beyond a double's range are refused (RFC 8259 §6)."""
    try:
        members = json.loads(data, parse_constant=_refuse_number, parse_float=_parse_finite)
    except (ValueError, RecursionError) as error:
        because = f"line {error.lineno} column {error.colno}" if isinstance(error, json.JSONDecodeError) else "its text"
        raise form.broken(f"{form.name} cannot be read as JSON: {because}", path) from None
    if not isinstance(members, dict):
        raise form.broken(f"not {form.name}: no object", path)
    return Row(members, path, form)


def _refuse_number(text: str) -> float:
    raise ValueError(text)


def _parse_finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refuse_number(text)


class Row:
    """One object of a document: `name` in the object `parent`, or the document itself with `name` as its file."""

    __slots__ = ("form", "members", "name", "parent")

    def __init__(self, members: dict[str, Any], name: str, form: Form, parent: Row | None = None) -> None:
        self.members = members
        self.name = name
        self.form = form
        self.parent = parent

    def path_of(self, name: str) -> tuple[str, str]:
        """The file and the path in it of the member `name`, such as `findings[3].location.line`."""
        return (self.name, name) if self.parent is None else self.parent.path_of(f"{self.name}.{name}")

    def wrong(self, name: str, wanted: str) -> ScannerError:
        """The error with the path of `name` and the expected value."""
        file, spot = self.path_of(name)
        return self.form.broken(f"not {self.form.name}: `{spot}` should be {wanted}", file)

    def text(self, name: str, default: str | None = None) -> str:
        """A text of any characters, also from scanned documents. Without a default it is required."""
        value = self.members.get(name, default)
        if not isinstance(value, str):
            raise self.wrong(name, "a text")
        return value

    def text_or_none(self, name: str) -> str | None:
        """A text, null, or missing."""
        return None if self.members.get(name) is None else self.text(name)

    def words(self, name: str, default: str | None = None) -> str:
        """A text of a policy's author. Renderers trust it, so it must not contain what a terminal would obey."""
        value = self.text(name, default)
        if _OBEYED.search(value):
            raise self.wrong(name, "a text without control characters")
        return value

    def matching(self, name: str, pattern: re.Pattern[str], wanted: str) -> str:
        """A text of one shape."""
        value = self.text(name)
        if not pattern.fullmatch(value):
            raise self.wrong(name, wanted)
        return value

    def one_of(self, name: str, choices: tuple[Choice, ...]) -> Choice:
        """One of a few words."""
        value = self.members.get(name)
        for choice in choices:
            if value == choice:
                return choice
        raise self.wrong(name, f"one of {', '.join(choices)}")

    def one_of_or_none(self, name: str, choices: tuple[Choice, ...]) -> Choice | None:
        """One of a few words, null, or missing."""
        return None if self.members.get(name) is None else self.one_of(name, choices)

    def flag(self, name: str, default: bool | None = None) -> bool:
        """true or false."""
        value = self.members.get(name, default)
        if not isinstance(value, bool):
            raise self.wrong(name, "true or false")
        return value

    def measure(self, name: str) -> float | None:
        """A number from 0, null, or missing."""
        value = self.members.get(name)
        if value is None:
            return None
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < 2**53:
            raise self.wrong(name, "a number from 0")
        return float(value)

    def count(self, name: str, *, least: int = 0) -> int:
        """A whole number that fits into 53 bits, as JSON's readers agree on (RFC 8259 §6)."""
        value = self.members.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value < 2**53:
            raise self.wrong(name, f"a whole number from {least}")
        return value

    def listed(self, name: str) -> list[Any]:
        """A list, or missing: an older report has fewer of them."""
        value = self.members.get(name, [])
        if not isinstance(value, list):
            raise self.wrong(name, "a list")
        return value

    def texts(self, name: str) -> list[str]:
        """A list of texts."""
        values = self.listed(name)
        if not all(isinstance(value, str) for value in values):
            raise self.wrong(name, "a list of texts")
        return values

    def counts(self, name: str) -> dict[str, int]:
        """An object of whole numbers, or missing."""
        row = self.row_or_none(name)
        return {key: row.count(key) for key in row.members} if row else {}

    def row(self, name: str) -> Row:
        """An object."""
        value = self.members.get(name)
        if not isinstance(value, dict):
            raise self.wrong(name, "an object")
        return Row(value, name, self.form, self)

    def row_or_none(self, name: str) -> Row | None:
        """An object, null, or missing."""
        return None if self.members.get(name) is None else self.row(name)

    def rows(self, name: str) -> Iterator[Row]:
        """A list of objects."""
        for index, value in enumerate(self.listed(name)):
            if not isinstance(value, dict):
                raise self.wrong(f"{name}[{index}]", "an object")
            yield Row(value, f"{name}[{index}]", self.form, self)
