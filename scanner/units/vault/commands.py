"""The writes to JWT mounts in a shell script: `vault write auth/jwt/config key=value`, `@file`, standard input, and curl.

A write names a path (`auth/PATH/config`, `auth/PATH/role/NAME`) and gives members, each from a word of the command or from
JSON: a file, a here-document, or the command itself. Variables that the script sets once, to plain text, are filled in.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise

from scanner.files.align import Lines
from scanner.files.command_words import Word, unquote, words
from scanner.files.here_documents import blank_bodies, list_here_documents
from scanner.files.limits import MOST_NODES
from scanner.patterns import lazy_pattern
from scanner.record import record
from scanner.units.made import Origin

_TARGET = lazy_pattern(r"(?:\A|/v1/)/?auth/([^\s?\"'/]++(?:/[^\s?\"'/]++)*?)/(config|role/([^\s?\"'/]++))/?\Z")
_MEMBER = lazy_pattern(r"([a-z][a-z_]*+)=")
_DATA = frozenset({"-d", "--data", "--data-binary", "--data-raw", "--json"})
_DATA_FLAG = lazy_pattern(r"(--(?:data|data-binary|data-raw|json))=")
_ENDS = frozenset({";", "&&", "||", "|", "&"})
_ASSIGNED = lazy_pattern(
    r"^[ \t]*+(?:export[ \t]++|readonly[ \t]++)?([A-Za-z_]\w*+)="
    r"(?:\"([^\"\n$`\\]*+)\"|'([^'\n]*+)'|([^\s\"'$`\\;&|()]++))[ \t]*+(?:;|#|$)",
    re.MULTILINE,
)
_SET = lazy_pattern(r"(?<![\w$])([A-Za-z_]\w*+)=")
_VARIABLE = lazy_pattern(r"\$(?:\{([A-Za-z_]\w*+)\}|([A-Za-z_]\w*+))")
_COMMAND = lazy_pattern(r"\$\([^()]*+\)|`[^`]*+`")
# in a string for another shell (`sh -c "…"`), how deep
_DEEPEST = 3
# no path or URL is longer
_LONGEST = 2_000


@record
class Given:
    """A text that a command gives: as the program sees it, and its place. `written`: what the script has in its place, where
    that differs; `origins`: where its variables are set.
    """

    text: str
    at: Origin
    written: str = ""
    origins: tuple[Origin, ...] = ()


@record
class Write:
    """A write to one path. `mount` and `role` (empty for the configuration); `members`: by name; `json`: JSON texts that give
    more; `files`: names of files with such.
    """

    mount: str
    role: str
    at: Origin
    members: tuple[tuple[str, Given], ...]
    json: tuple[Given, ...]
    files: tuple[str, ...]


class Script:
    """The text of a script, and the variables that it sets."""

    def __init__(self, path: str, text: str) -> None:
        self._path = path
        self._text = text
        self._lines = Lines(text)
        self._variables = _list_variables(text)
        self._heres = tuple(list_here_documents(text))

    def list_writes(self) -> Iterator[Write]:
        """Every write to a path of a mount, in order."""
        yield from self._read(blank_bodies(self._text, self._heres), 0, 0)  # a body is no command

    def _read(self, text: str, offset: int, depth: int) -> Iterator[Write]:
        """The writes in a part of the script that begins at `offset`."""
        for command in _split_commands(text):
            found = [
                (number, match)
                for number, word in enumerate(command)
                if len(word.text) < _LONGEST and (match := _TARGET.search(word.text)) is not None
            ]
            if not found:
                if depth < _DEEPEST:
                    yield from self._read_inside(command, text, offset, depth)
                continue
            number, target = found[0]
            if self._is_write(command, number):
                yield self._make_write(command, number, target, text, offset)

    def _read_inside(self, command: list[Word], text: str, offset: int, depth: int) -> Iterator[Write]:
        """The writes in a word that is a script itself."""
        for word in command:
            if " " in word.text and "auth/" in word.text:
                start = word.start + (text[word.start] in "\"'")
                yield from self._read(text[start : word.end - 1], offset + start, depth + 1)

    def _is_write(self, command: list[Word], number: int) -> bool:
        """Whether the command writes to the path: `vault write`, or a request with a body."""
        before = {word.text for word in command[:number]}
        return "write" in before or any(word.text in _DATA or _DATA_FLAG.match(word.text) for word in command)

    def _make_write(self, command: list[Word], number: int, target: re.Match[str], text: str, offset: int) -> Write:
        members: list[tuple[str, Given]] = []
        json: list[Given] = []
        files: list[str] = []
        for word in _list_data(command, number):
            member = _MEMBER.match(word.text)
            if word.text.startswith("@"):
                files.append(word.text[1:])
            elif word.text.lstrip().startswith("{"):
                json.append(self._give(word, 0, text, offset))
            elif member is not None:
                members.append((member[1], self._give(word, member.end(), text, offset)))
        json += self._read_here(offset + command[0].start, offset + command[-1].end)
        at = self._place(offset + command[number].start)
        return Write(target[1], target[3] or "", at, tuple(members), tuple(json), tuple(files))

    def _read_here(self, start: int, end: int) -> Iterator[Given]:
        """The here-document of a command."""
        number = bisect_left(self._heres, start, key=lambda each: each.mark)
        here = self._heres[number] if number < len(self._heres) and self._heres[number].mark < end else None
        body = self._text[here.start : here.end] if here is not None else ""
        if here is not None and body.lstrip().startswith("{"):
            yield self._fill(body, body, self._place(here.start), is_literal=here.is_literal)

    def _give(self, word: Word, start: int, text: str, offset: int) -> Given:
        """The value of a word after its first `start` characters."""
        written = text[word.start + start : word.end]
        quotes = 1 if written[:1] in ("'", '"') else 0
        # `"key=value"`, quoted as a whole
        if start and text[word.start] in ("'", '"'):
            written, quotes = text[word.start + start + 1 : word.end - 1], 0
            return self._fill(written, written, self._place(offset + word.start + start + 1))
        at = self._place(offset + word.start + start + quotes)
        return self._fill(unquote(written), written.strip("'\""), at, is_literal=written.startswith("'"))

    def _fill(self, value: str, written: str, at: Origin, *, is_literal: bool = False) -> Given:
        if is_literal or ("$" not in value and "`" not in value):
            return Given(value, at, written if written != value else "")
        used = [name for found in _VARIABLE.finditer(value) if (name := found[1] or found[2]) in self._variables]
        filled = _VARIABLE.sub(lambda found: self._value(found[1] or found[2]), _COMMAND.sub("${command}", value))
        return Given(filled, at, written, tuple(self._place(self._variables[name][1]) for name in used))

    def _value(self, name: str) -> str:
        """What the script sets a variable to; else a mark of what is open."""
        return self._variables[name][0] if name in self._variables else f"${{{name}}}"

    def _place(self, offset: int) -> Origin:
        line, column = self._lines.place(offset)
        return Origin(self._path, line, column)


def _list_variables(text: str) -> dict[str, tuple[str, int]]:
    """The variables that are set once, to plain text, with the offsets of their values."""
    times: dict[str, int] = {}
    for found in _SET.finditer(text):
        times[found[1]] = times.get(found[1], 0) + 1
    return {
        found[1]: next((found[part], found.start(part)) for part in (2, 3, 4) if found[part] is not None)
        for found in _ASSIGNED.finditer(text)
        if times[found[1]] == 1
    }


def _split_commands(text: str) -> Iterator[list[Word]]:
    """The words of each command; a line end ends one."""
    command: list[Word] = []
    for count, word in enumerate(words(text)):
        if count > MOST_NODES:
            return
        is_new_line = command and "\n" in text[command[-1].end : word.start].replace("\\\n", "").replace("\\\r\n", "")
        if command and (is_new_line or word.text in _ENDS):
            yield command
            command = []
        if word.text in _ENDS:
            continue
        is_last = text[word.end - 1] == ";" and word.text.endswith(";")
        command.append(Word(word.text[:-1], word.start, word.end - 1) if is_last else word)
        if is_last:
            yield command
            command = []
    if command:
        yield command


def _list_data(command: list[Word], number: int) -> Iterator[Word]:
    """The words that give data: those after the path of `vault write`, the bodies of a request."""
    if any(word.text == "write" for word in command[:number]):
        yield from command[number + 1 :]
        return
    for before, word in pairwise(command):
        if before.text in _DATA:
            yield word
    for word in command:
        flag = _DATA_FLAG.match(word.text)
        if flag is not None:
            yield Word(word.text[flag.end() :], word.start + flag.end(), word.end)
