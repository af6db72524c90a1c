"""The rules of one `.gitignore`, or of a list of globs: of those that match a path, the last decides (gitignore(5))."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from scanner.config.gitignore.patterns import SPECIAL, translate
from scanner.record import record

_BYTE_ORDER_MARK = "\xef\xbb\xbf"
# to look a path up among plain names
_LEAST_WORK = 64


@record
class _Rule:
    """One line. `number` is its place: of the rules that match, the last decides."""

    number: int
    is_negated: bool
    is_for_folders: bool
    is_for_names: bool
    pattern: str


@record
class _Wildcard:
    """A rule that is no plain name."""

    rule: _Rule
    compiled: re.Pattern[str]


class IgnoreRules:
    """The rules of one file, or of one list."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._size_for_names = self._size_for_paths = 0
        self._names: dict[str, list[_Rule]] = {}
        self._endings: dict[int, dict[str, list[_Rule]]] = {}
        self._paths: dict[str, list[_Rule]] = {}
        self._wildcards: list[_Wildcard] = []
        for number, line in enumerate(lines):
            if (rule := _read_rule(number, line)) is not None:
                self._add(rule)

    def _add(self, rule: _Rule) -> None:
        pattern = rule.pattern
        if not SPECIAL.intersection(pattern):
            (self._names if rule.is_for_names else self._paths).setdefault(pattern, []).append(rule)
        elif rule.is_for_names and pattern[0] == "*" and not SPECIAL.intersection(pattern[1:]):
            self._endings.setdefault(len(pattern) - 1, {}).setdefault(pattern[1:], []).append(rule)
        elif (expression := translate(pattern, is_path=not rule.is_for_names)) is not None:
            self._wildcards.append(_Wildcard(rule, re.compile(expression, re.DOTALL)))
            if rule.is_for_names:
                self._size_for_names += len(pattern)
            else:
                self._size_for_paths += len(pattern)

    @property
    def size(self) -> int:
        """The characters of the rules that are no plain names."""
        return self._size_for_names + self._size_for_paths

    def work(self, path: str) -> int:
        """How many comparisons of characters a path may need."""
        return _LEAST_WORK + len(path) * self._size_for_paths + (len(path) - path.rfind("/", 0, -1)) * self._size_for_names

    def decide(self, path: str) -> bool | None:
        """Whether a path below the rules' folder (a folder's ends in `/`) is ignored; None where no rule matches."""
        is_folder = path.endswith("/")
        path = as_bytes(path.removesuffix("/"))
        name = path.rpartition("/")[2]
        found = [self._names.get(name, ()), self._paths.get(path, ())]
        found += [known.get(name[len(name) - length :], ()) for length, known in self._endings.items() if length <= len(name)]
        last = max(
            (rule for rules in found for rule in rules if is_folder or not rule.is_for_folders), key=_number, default=None
        )
        for wildcard in reversed(self._wildcards):
            rule = wildcard.rule
            if last is not None and rule.number < last.number:
                break
            if (is_folder or not rule.is_for_folders) and wildcard.compiled.match(name if rule.is_for_names else path):
                last = rule
                break
        return None if last is None else not last.is_negated


def _number(rule: _Rule) -> int:
    return rule.number


def as_bytes(path: str) -> str:
    """One character for each byte, as the rules are read: `?` of git means a byte."""
    return path if path.isascii() else os.fsencode(path).decode("latin-1")


def read_rules(text: str) -> IgnoreRules:
    """The rules in the text of a `.gitignore`, with one character for each byte."""
    return IgnoreRules(text.removeprefix(_BYTE_ORDER_MARK).split("\n"))


def _read_rule(number: int, line: str) -> _Rule | None:
    if not line or line[0] == "#":
        return None
    line = strip_end(line.removesuffix("\r").partition("\0")[0])
    pattern = line.removeprefix("!")
    is_negated, is_for_folders = len(pattern) < len(line), pattern.endswith("/")
    pattern = pattern.removesuffix("/")
    if not pattern:
        return None
    return _Rule(number, is_negated, is_for_folders, "/" not in pattern, pattern.removeprefix("/"))


def strip_end(line: str) -> str:
    """The line without the blanks at its end, unless a backslash precedes them."""
    bare = line.rstrip(" ")
    is_escaped = (len(bare) - len(bare.rstrip("\\"))) % 2 == 1
    return line[: len(bare) + 1] if is_escaped and len(bare) < len(line) else bare
