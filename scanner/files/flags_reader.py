"""Command lines as mappings: `--name=value`, `--name value` and a bare `--name`; `#command` is the first word.

A flag takes the next word as its value unless that begins with a dash. Flags that repeat are a list. `NAME=value` before a
command (or after `export`) is a member too. A script is one mapping for each command that has any of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.files.align import Lines
from scanner.files.command_words import Word, unquote, words
from scanner.files.grouped import MappingBuilder
from scanner.files.limits import MOST_NODES, Refused
from scanner.files.tree import Fault, Node, Scalar
from scanner.patterns import lazy_pattern

_FLAG = lazy_pattern(r"(--?[A-Za-z][\w.:\-]*+)(=)?")
_VARIABLE = lazy_pattern(r"([A-Za-z_]\w*+)(=)")
_ENDS = frozenset({";", "&&", "||", "|", "&"})


def read_flags(text: str) -> tuple[tuple[Node, ...], tuple[Fault, ...]]:
    """The commands of a text."""
    lines = Lines(text)
    found = [_Command(text, lines, command).node() for command in _split_commands(text)]
    return tuple(node for node, has_members in found if has_members) or tuple(node for node, _ in found[:1]), ()


def _split_commands(text: str) -> Iterator[list[Word]]:
    """The words of each command. A line end ends one unless a flag begins the next line."""
    command: list[Word] = []
    for count, word in enumerate(words(text)):
        if count > MOST_NODES:
            raise Refused("it has too many values")
        is_new_line = (
            command and not word.text.startswith("-") and "\n" in text[command[-1].end : word.start].replace("\\\n", "")
        )
        if command and (is_new_line or word.text in _ENDS):
            yield command
            command = []
        if word.text not in _ENDS:
            command.append(word)
    yield command


class _Command:
    def __init__(self, text: str, lines: Lines, command: list[Word]) -> None:
        self.text = text
        self.lines = lines
        self.words = command
        first, last = (command[0], command[-1]) if command else (Word("", 0, 0), Word("", 0, 0))
        self.group = MappingBuilder(*lines.place(first.start), lines.place(max(last.end - 1, 0))[0])
        self.has_members = False
        self.waiting: Scalar | None = None  # a flag that may take the next word

    def node(self) -> tuple[Node, bool]:
        """The command, and whether it has a flag or variable."""
        for word in self.words:
            flag = _FLAG.match(self.text, word.start)
            if flag is None and self.waiting:
                self.add(self.waiting, self.scalar(word.text, word.start, word.end))
                continue
            self.set_switch()
            if flag:
                self.named(word, flag)
            elif not self.group.has("#command"):
                self.first(word)
        self.set_switch()
        return self.group.node(), self.has_members

    def first(self, word: Word) -> None:
        """A variable, or the command itself."""
        variable = _VARIABLE.match(self.text, word.start)
        if variable:
            self.named(word, variable)
        elif word.text != "export":
            self.group.add(self.scalar("#command", word.start, word.end), self.scalar(word.text, word.start, word.end))

    def named(self, word: Word, found: re.Match[str]) -> None:
        key = self.scalar(found[1], found.start(1), found.end(1))
        if found[2]:
            self.add(key, self.scalar(unquote(self.text[found.end() : word.end]), found.end(), word.end))
        else:
            self.waiting = key

    def set_switch(self) -> None:
        """A flag without a value is switched on."""
        if self.waiting:
            key = self.waiting
            self.add(key, Scalar("true", True, key.line, key.column, key.end_line))

    def add(self, key: Scalar, value: Scalar) -> None:
        self.group.add(key, value)
        self.has_members, self.waiting = True, None

    def scalar(self, text: str, start: int, end: int) -> Scalar:
        line, column = self.lines.place(start)
        is_quoted = self.text[start : start + 1] in ('"', "'")
        return Scalar(text, text, line, column, self.lines.place(max(end - 1, start))[0], is_quoted)
