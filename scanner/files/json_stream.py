"""A JSON object that may be larger than memory, read value by value from a file.

Members come one after another, lists item by item, also the lists in members named in `opened`. Python's own decoder reads each
value. NaN, Infinity and numbers beyond a double's range are refused (RFC 8259 §6).
"""

from __future__ import annotations

import json
import math
from codecs import getincrementaldecoder
from collections.abc import Iterator
from typing import Any, BinaryIO, NoReturn

_CHUNK = 1 << 20
# how many characters one value may have
LARGEST_VALUE = 64 * 1024 * 1024
_SPACE = " \t\n\r"
# characters after a number that may belong to it when more text arrives: `.`, `e`, `e-`
_AHEAD = 2
# an error nearer than this to the end of the text at hand may be of a word or an escape that is cut off: `-Infinity`, `\u1234`
_CUT = 12


class BadJson(Exception):
    """The text is not such a JSON object; `because` says why, with the line where it is known."""

    def __init__(self, because: str) -> None:
        super().__init__(because)
        self.because = because


def read_members(file: BinaryIO, opened: frozenset[str] = frozenset()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Path and value: `("run",)` for a member, `("findings", 3)` for a list's item, `("subjects", "keys", 3)` for an item of a
    list in a member that is `opened`. Raises BadJson.
    """
    return _StreamReader(file, opened).members()


def _refuse_number(text: str) -> NoReturn:
    raise ValueError(f"`{text[:20]}` is not a JSON number")


def _parse_finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refuse_number(text)


class _StreamReader:
    def __init__(self, file: BinaryIO, opened: frozenset[str]) -> None:
        self._file = file
        self._opened = opened
        self._decode = getincrementaldecoder("utf-8")().decode
        self._decoder = json.JSONDecoder(parse_constant=_refuse_number, parse_float=_parse_finite)
        self._text = ""
        self._at = 0
        self._lines_before = 1
        self._has_ended = False

    def members(self) -> Iterator[tuple[tuple[str | int, ...], Any]]:
        if self._peek() == "\ufeff":
            self._at += 1
        yield from self._object((), is_top=True)
        if self._peek():
            self._refuse("more text after the object")

    def _object(self, path: tuple[str | int, ...], *, is_top: bool) -> Iterator[tuple[tuple[str | int, ...], Any]]:
        self._expect("{")
        if self._peek() == "}":
            self._at += 1
            return
        while True:
            name = self._value()
            if not isinstance(name, str):
                self._refuse("a member without a name")
            self._expect(":")
            inner = (*path, name)
            if self._peek() == "[":
                yield from self._items(inner)
            elif is_top and name in self._opened and self._peek() == "{":
                yield from self._object(inner, is_top=False)
            else:
                yield inner, self._value()
            if self._expect(",}") == "}":
                return

    def _items(self, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
        self._expect("[")
        if self._peek() == "]":
            self._at += 1
            return
        number = 0
        while True:
            yield (*path, number), self._value()
            number += 1
            if self._expect(",]") == "]":
                return

    def _value(self) -> Any:
        """The next value. A value at the end of the buffer may continue, so a little more must follow."""
        self._peek()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
                if end - self._at > LARGEST_VALUE:
                    self._refuse("a value that is too large")
                if end + _AHEAD < len(self._text) or self._has_ended:
                    self._at = end
                    return value
            except json.JSONDecodeError as error:
                if self._has_ended or not self._is_cut(error):
                    self._refuse(error.msg, error.pos)
            except ValueError as error:  # of a number; Python converts none of thousands of digits
                self._refuse(str(error).partition(":")[0])
            except RecursionError:
                self._refuse("values nested too deep")
            if len(self._text) - self._at > LARGEST_VALUE:
                self._refuse("a value that is too large, or not closed")
            self._more()

    def _is_cut(self, error: json.JSONDecodeError) -> bool:
        """Whether the error may come of text that has not arrived yet."""
        return error.msg.startswith("Unterminated string") or error.pos + _CUT > len(self._text)

    def _expect(self, characters: str) -> str:
        found = self._peek()
        if not found or found not in characters:
            self._refuse(f"`{found}` where {' or '.join(f'`{each}`' for each in characters)} should be")
        self._at += 1
        return found

    def _peek(self) -> str:
        """The next character that is not white space; empty at the end."""
        while True:
            while self._at < len(self._text):
                if self._text[self._at] not in _SPACE:
                    return self._text[self._at]
                self._at += 1
            if self._has_ended:
                return ""
            self._more()

    def _more(self) -> None:
        """Drop the text already read and double the buffer, so that a long value is not decoded too often."""
        self._lines_before += self._text.count("\n", 0, self._at)
        rest = self._text[self._at :]
        data = self._file.read(max(_CHUNK, len(rest)))
        try:
            self._text = rest + self._decode(data, final=not data)
        except UnicodeDecodeError:
            self._refuse("text that is not UTF-8")
        self._at = 0
        self._has_ended = not data

    def _refuse(self, because: str, at: int | None = None) -> NoReturn:
        line = self._lines_before + self._text.count("\n", 0, self._at if at is None else at)
        raise BadJson(f"line {line}: {because}")
