"""Aligns a decoded string with the file: the place of each of its characters.

It walks decoded and written text side by side: literal and folded block scalars, quoted strings with escapes (also twice
escaped ones), heredocs, XML entities. Searching for a value could find a copy of it, and adding lengths fails on escapes.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right

from scanner.files.tree import Scalar
from scanner.patterns import lazy_pattern

# before the text: an anchor or tag, then a quote, or the header of a block scalar or heredoc
_OPENING = lazy_pattern(r'(?:[!&]\S*+[ \t]++)*+(?:\\*+(?:"""|\'\'\'|["\'])|[|>][^\n]*+\n|<<[-~]?[ \t]*+["\']?\w[^\n]*+\n)')
_BACKSLASHES = lazy_pattern(r"\\+")
_BLANKS = lazy_pattern(r"[ \t]*")
_HEX = lazy_pattern(r"[xu]\{[0-9a-fA-F]{1,8}\}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}")
_HALVES = lazy_pattern(r"u[dD][89abAB][0-9a-fA-F]{2}\\+u[dD][c-fC-F][0-9a-fA-F]{2}")
_ENTITY = lazy_pattern(r"&#?\w{1,10};")
# the meaning of the letter after a backslash, in all formats
_LETTERS = {
    "n": "\n", "t": "\t", "r": "\r", "f": "\f", "b": "\b", "v": "\v", "a": "\a", "e": "\x1b", "0": "\0", "s": " ",
    "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip


_FEWEST = 16


class Lines:
    """A text's lines: from an offset to a line and column (both 1-based) and back. Any numbers have a result."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self.count = len(self._starts)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """The offset of a line and column."""
        return self._starts[min(max(line, 1), len(self._starts)) - 1] + column - 1

    def length(self, line: int) -> int:
        """How many characters a line has, without its end."""
        at = min(max(line, 1), len(self._starts)) - 1
        end = self._starts[at + 1] - 1 if at + 1 < len(self._starts) else len(self.text)
        return end - self._starts[at]


def align(lines: Lines, scalar: Scalar) -> array[int]:
    """The offset in the file of each character of `scalar.text`; shorter than the text where the two differ."""
    found = _Alignment(lines.text, lines.offset(scalar.line, scalar.column), scalar).offsets()
    # a few characters can be equal by chance: base64 and its decoded text
    return found if len(found) >= min(len(scalar.text), _FEWEST) else array("L")


class _Alignment:
    def __init__(self, raw: str, at: int, scalar: Scalar) -> None:
        self.raw = raw
        self.at = at
        self.text = scalar.text
        self.found = array("L")
        opening = _OPENING.match(raw, at) if scalar.is_quoted else None
        if opening:
            self.at = opening.end()
            if opening[0].endswith("\n"):
                self.indent()

    def offsets(self) -> array[int]:
        while len(self.found) < len(self.text) and self.at < len(self.raw):
            if not self.step():
                break
        return self.found

    def step(self) -> bool:
        """Match one more character, or written text without a decoded one. False where the two differ."""
        index = len(self.found)
        want, have = self.text[index], self.raw[self.at]
        if have == "\\":
            return self.match_backslashes()
        if have == "&" and (entity := _ENTITY.match(self.raw, self.at)) and not self.text.startswith(entity[0], index):
            self.take(len(entity[0]))
        elif have == want:
            self.take(1)
            if have == "\n":
                self.indent()
        elif have in " \t\r\n":  # a fold: a line end means a blank or nothing, blanks around it mean nothing
            if want == " " and have == "\n":
                self.take(1)
            else:
                self.at += 1
        elif have in "'\"$%" and self.at and self.raw[self.at - 1] == have:  # `''`, `$$` and `%%` mean one character
            self.at += 1
        else:
            return False
        return True

    def take(self, length: int) -> None:
        """The next decoded character is the next `length` written ones."""
        self.found.append(self.at)
        self.at += length

    def indent(self) -> None:
        """Skip the indentation that the decoded line does not have."""
        written = _BLANKS.match(self.raw, self.at)
        kept = _BLANKS.match(self.text, len(self.found))
        if written and kept:
            self.at += max(len(written[0]) - len(kept[0]), 0)

    def match_backslashes(self) -> bool:
        """Match a run of backslashes: some mean themselves, the last may escape the next character, once or twice."""
        run = _BACKSLASHES.match(self.raw, self.at)
        own = _BACKSLASHES.match(self.text, len(self.found))
        assert run is not None
        start, length = self.at, len(run[0])
        self.at = run.end()
        kept = min(len(own[0]), length) if own else 0
        self.found.extend(start + length * number // kept for number in range(kept))
        if kept == length or len(self.found) == len(self.text) or self.at == len(self.raw):
            return True
        return self.match_escape(self.at if kept else start)

    def match_escape(self, start: int) -> bool:
        """Match the text after the backslashes: a letter or number that means a character, or a line end that means none."""
        want, have = self.text[len(self.found)], self.raw[self.at]
        if have == "\n":
            if want == " ":  # an INI file's value goes on
                self.found.append(start)
            self.at += 1
            self.indent()
            return True
        number = _HEX.match(self.raw, self.at)
        if number and int(number[0].strip("xuU{}"), 16) == ord(want):
            length = len(number[0])
        elif ord(want) > 0xFFFF and (halves := _HALVES.match(self.raw, self.at)):
            length = len(halves[0])
        elif have == want or _LETTERS.get(have) == want:
            length = 1
        else:
            return True
        self.found.append(start)
        self.at += length
        return True
