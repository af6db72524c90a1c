"""Environment files: `.env`, `prod.env`, the files of `docker run --env-file` and systemd's EnvironmentFile.

Lines of `NAME=value` or `NAME: value`, perhaps after `export`. `${OTHER:-default}` stays as written. The programs differ in
quotes: compose, dotenv and shells let a quoted value run over lines, `docker run --env-file` takes each line by itself. So a
line within such a value that is a variable to docker is one here too, where nothing else sets it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.files.align import Lines
from scanner.files.limits import MOST_NODES, Refused
from scanner.files.tree import Entry, Fault, Mapping, Node, Scalar
from scanner.patterns import lazy_pattern

_ENTRY = lazy_pattern(
    r"^[ \t]*+(?:export[ \t]++)?([A-Za-z_][\w.\-]*+(?::[\w.\-]++)*+)[ \t]*+(?:=|:(?=[ \t]))[ \t]*+", re.MULTILINE
)
_QUOTED = lazy_pattern(r'"([^"\\]*(?:\\.[^"\\]*)*)"|\'([^\']*)\'', re.DOTALL)
_ESCAPE = lazy_pattern(r"\\(.)", re.DOTALL)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", "\n": ""}


def read_env(text: str) -> tuple[Node, tuple[Fault, ...]]:
    """The variables as one mapping; the last of repeated names wins, and that they repeat is a fault."""
    lines = Lines(text)
    entries: list[Entry] = []
    faults: list[Fault] = []
    seen: set[str] = set()
    inside: list[Entry] = []
    at = 0
    while (found := _ENTRY.search(text, at)) is not None:
        line, column = lines.place(found.start(1))
        if len(entries) + len(inside) > MOST_NODES:
            raise Refused("it has too many values", line)
        if found[1] in seen:
            faults.append(Fault("duplicate-member", f"`{found[1][:80]}` stands twice", line, column))
        seen.add(found[1])
        begin = found.end()
        value, at = _value(text, begin, lines)
        entries.append(Entry(Scalar(found[1], found[1], line, column, line), value))
        if value.end_line > line:
            inside += _read_lines(text, begin, at, lines)
    others = [entry for entry in inside if entry.key.text not in seen]
    return Mapping((*others, *entries), 1, 1, lines.count), tuple(faults)


def _read_lines(text: str, begin: int, end: int, lines: Lines) -> Iterator[Entry]:
    """The lines of a quoted value that are variables by themselves."""
    at = begin
    while (found := _ENTRY.search(text, at, end)) is not None:
        line, column = lines.place(found.start(1))
        value, at = _plain_value(text, found.end(), lines)
        yield Entry(Scalar(found[1], found[1], line, column, line), value)


def _value(text: str, at: int, lines: Lines) -> tuple[Scalar, int]:
    """The value and the offset after it."""
    line, column = lines.place(at)
    quoted = _QUOTED.match(text, at)
    if quoted is not None:
        double, single = quoted.groups()
        said = single if double is None else _ESCAPE.sub(lambda found: _SIMPLE.get(found[1], found[1]), double)
        return Scalar(said, said, line, column, lines.place(quoted.end() - 1)[0], is_quoted=True), quoted.end()
    return _plain_value(text, at, lines)


def _plain_value(text: str, at: int, lines: Lines) -> tuple[Scalar, int]:
    """The rest of the line without a comment."""
    line, column = lines.place(at)
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    said = re.split(r"[ \t]#", text[at:end], maxsplit=1)[0].rstrip()
    return Scalar(said, said, line, column, line), end
