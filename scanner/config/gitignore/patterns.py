"""One pattern of a `.gitignore` as a regular expression, as git's wildmatch means it, in time linear in pattern × path.

A pattern comes from whoever wrote the scanned tree, so none may cost more than its length: each star takes the shortest text
that lets the next letters match and never gives it back, which finds a match whenever there is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# what begins anything but a plain character
SPECIAL = frozenset("*?[\\")
_CLASSES: dict[str, tuple[tuple[int, int], ...]] = {
    "alnum": ((48, 57), (65, 90), (97, 122)), "alpha": ((65, 90), (97, 122)), "blank": ((9, 9), (32, 32)),
    "cntrl": ((0, 31), (127, 127)), "digit": ((48, 57),), "graph": ((33, 126),), "lower": ((97, 122),), "print": ((32, 126),),
    "punct": ((33, 47), (58, 64), (91, 96), (123, 126)), "space": ((9, 13), (32, 32)), "upper": ((65, 90),),
    "xdigit": ((48, 57), (65, 70), (97, 102)),
}  # fmt: skip
# the parts of a pattern that are no character: a star, and two in the place of folders
_STAR, _FOLDERS, _REST = "*", "**/", "**"


class _NeverMatches(Exception):
    """The pattern has an open bracket or escape: git matches nothing with it."""


def translate(pattern: str, *, is_path: bool, end: str = r"\Z") -> str | None:
    """A regular expression for a name or a path up to `end`; None where git matches nothing."""
    try:
        parts = list(_Parser(pattern, is_path).parts())
    except _NeverMatches:
        return None
    segments: list[list[str]] = [[]]
    for part in parts:
        if part == _FOLDERS:
            segments.append([])
        else:
            segments[-1].append(part)
    last = len(segments) - 1
    made = [_segment(segment, end if number == last else "") for number, segment in enumerate(segments)]
    # the first place where a segment fits is as good as any other: what follows may begin at any folder behind it
    return made[0] + "".join(map(in_any_folder, made[1:]))


def in_any_folder(expression: str) -> str:
    """The expression, at the beginning or behind any slash: at the first such place where it fits."""
    return f"(?>(?:[^/]*+/)*?{expression})"


def _segment(parts: list[str], end: str) -> str:
    """The parts between two `**/`: components, each up to its slash or to the end."""
    made, component = "", list[str]()
    for part in parts:
        if part == "/":
            made += _component(component, "(?=/)") + "/"
            component = []
        else:
            component.append(part)
    if component[-1:] == [_REST]:
        return made + _component(component[:-1], "")
    return made + _component(component, end)


def _component(parts: list[str], end: str) -> str:
    """A part of a path without slashes: each star takes the shortest text before what follows it, and keeps it."""
    chunks: list[str] = [""]
    for part in parts:
        if part == _STAR:
            chunks.append("")
        else:
            chunks[-1] += part
    first, *others = chunks
    if not others:
        return first + end
    *middle, last = others
    return first + "".join(f"(?>[^/]*?{chunk})" for chunk in middle) + f"(?>[^/]*?{last}{end})"


class _Parser:
    """The parts of one pattern, as git's wildmatch reads it."""

    def __init__(self, pattern: str, is_path: bool) -> None:
        self._text = pattern
        self._is_path = is_path
        self._first = next((at for at, char in enumerate(pattern) if char in SPECIAL), None)
        self._at = self._closing = 0

    def parts(self) -> Iterator[str]:
        """Regular expressions for one character each, slashes, and stars."""
        while self._at < len(self._text):
            char = self._text[self._at]
            if char == "*":
                yield from self._stars()
                continue
            self._at += 1
            if char == "?":
                yield "[^/]"
            elif char == "[":
                yield self._bracket()
            else:
                char = self._next() if char == "\\" else char
                yield "/" if char == "/" else re.escape(char)

    def _stars(self) -> Iterator[str]:
        begin = self._at
        while self._text.startswith("*", self._at):
            self._at += 1
        many, after = self._at - begin, self._text[self._at : self._at + 2]
        # git compares what precedes the first mark on its own, so it does not see what stands before that
        is_begun = self._text[begin - 1 : begin] in ("", "/") or begin == self._first
        if many == 1 or not self._is_path or not is_begun or not (after in ("", "\\/") or after[0] == "/"):
            yield _STAR
        elif not after:
            yield _REST
        elif after[0] == "/":
            self._at += 1
            yield _FOLDERS
        else:  # an escaped slash: at least one folder
            self._at += 2
            yield from (_STAR, "/", _FOLDERS)

    def _next(self) -> str:
        """The next character, which must be there."""
        if self._at >= len(self._text):
            raise _NeverMatches
        self._at += 1
        return self._text[self._at - 1]

    def _bracket(self) -> str:
        """A set of characters, behind its bracket. A closing bracket that comes first is one of them."""
        is_negated = self._text[self._at : self._at + 1] in ("!", "^")
        self._at += is_negated
        ranges: list[tuple[int, int]] = []
        before, char = 0, self._next()
        while True:
            before = self._member(char, before, ranges)
            char = self._next()
            if char == "]":
                break
        shown = "".join(f"\\x{low:02x}-\\x{high:02x}" for low, high in ranges if low <= high)
        if not shown:
            return "[^/]" if is_negated else "(?!)"
        return f"(?!/)[{'^' if is_negated else ''}{shown}]"

    def _member(self, char: str, before: int, ranges: list[tuple[int, int]]) -> int:
        """Read one member of a set; the character that may begin a range, or 0."""
        if char == "\\":
            char = self._next()
        elif char == "-" and before and self._text[self._at : self._at + 1] not in ("", "]"):
            high = self._next()
            ranges.append((before, ord(self._next() if high == "\\" else high)))
            return 0
        elif char == "[" and self._text[self._at : self._at + 1] == ":":
            if self._closing <= self._at:  # looked for once, however many open before it
                self._closing = self._text.find("]", self._at + 1)
            end = self._closing
            if end < 0:
                raise _NeverMatches
            if end > self._at + 1 and self._text[end - 1] == ":":
                name, self._at = self._text[self._at + 1 : end - 1], end + 1
                if name not in _CLASSES:
                    raise _NeverMatches
                ranges += _CLASSES[name]
                return 0
        ranges.append((ord(char), ord(char)))
        return ord(char)
