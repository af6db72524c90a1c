"""Fills variables into texts as compose does: `$X`, `${X}`, `${X:-default}`, `${X-default}`, `${X:?error}`, `${X:+other}`.

A variable that is empty or in no file may be set where compose runs: it stays open, as `${X}` or `${X:-default}`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from scanner.patterns import lazy_pattern
from scanner.record import record
from scanner.units.made import Origin

_NAME = lazy_pattern(r"[A-Za-z_]\w*+", re.ASCII)
_BRACED = lazy_pattern(r"([A-Za-z_]\w*+)(:?[-?+])?", re.ASCII)
# of one text, and of all texts of a project
_LONGEST = 64 * 1024
_MOST_CHARACTERS = 8 * 1024 * 1024
_DEEPEST = 16


@record(slots=True)
class Variable:
    """The text of a variable, and where it is written."""

    text: str
    origins: tuple[Origin, ...]


Lookup = Callable[[str], Variable | None]


class Interpolation:
    """Fills texts of one project, up to a limit of characters together."""

    def __init__(self) -> None:
        self._left = _MOST_CHARACTERS

    def fill(self, text: str, lookup: Lookup) -> Variable:
        """The text with its variables, and where they are written; as it is where it would grow too long."""
        if "$" not in text or self._left <= 0:
            return Variable(text, ())
        filling = _Filling(lookup)
        made = filling.fill(text, 0)
        if made is None:
            return Variable(text, ())
        self._left -= len(made)
        return Variable(made, tuple(dict.fromkeys(filling.origins)))


class _Filling:
    def __init__(self, lookup: Lookup) -> None:
        self.origins: list[Origin] = []
        self._lookup = lookup
        self._length = 0

    def fill(self, text: str, depth: int) -> str | None:
        """The text; None where it is too long."""
        made: list[str] = []
        at = 0
        while (mark := text.find("$", at)) >= 0:
            said, end = self._read(text, mark, depth)
            made += [text[at:mark], said]
            self._length += len(said)
            if self._length > _LONGEST:
                return None
            at = end
        return "".join([*made, text[at:]])

    def _read(self, text: str, mark: int, depth: int) -> tuple[str, int]:
        """What is at a dollar sign, and where it ends."""
        if text.startswith("$$", mark):
            return "$", mark + 2
        if text.startswith("${", mark):
            end = _find_end(text, mark + 1)
            if end < 0:  # compose refuses the rest
                return text[mark:], len(text)
            return self._fill_braced(text[mark + 2 : end], depth), end + 1
        name = _NAME.match(text, mark + 1)
        return ("$", mark + 1) if name is None else (self._value(name[0]) or f"${{{name[0]}}}", name.end())

    def _fill_braced(self, inside: str, depth: int) -> str:
        found = _BRACED.match(inside)
        if found is None or depth == _DEEPEST or (found[2] is None and found.end() < len(inside)):
            return f"${{{inside}}}"
        name, sign, rest = found[1], found[2] or "", inside[found.end() :]
        value = self._value(name)
        if sign.endswith("+") and value is not None:
            return self.fill(rest, depth + 1) or ""
        if value is not None or not sign.endswith("-"):
            return value or f"${{{name}}}"
        return f"${{{name}:-{self.fill(rest, depth + 1) or ''}}}"

    def _value(self, name: str) -> str | None:
        variable = self._lookup(name)
        if variable is None or not variable.text.strip():
            return None
        self.origins += variable.origins
        return variable.text


def _find_end(text: str, start: int) -> int:
    """Where the brace at `start` is closed; -1 where it is not."""
    depth = 0
    for at in range(start, len(text)):
        depth += (text[at] == "{") - (text[at] == "}")
        if depth == 0:
            return at
    return -1
