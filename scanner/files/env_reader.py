"""Environment files: `.env`, `prod.env`, the files of `docker run --env-file` and systemd's EnvironmentFile.

Lines of `NAME=value`, perhaps after `export`; quoted values may run over lines. `${OTHER:-default}` stays as written.
"""

from __future__ import annotations

import re

from scanner.files.align import Lines
from scanner.files.limits import MOST_NODES, Refused
from scanner.files.tree import Entry, Fault, Mapping, Node, Scalar
from scanner.patterns import lazy_pattern

_ENTRY = lazy_pattern(r"^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.\-]*)[ \t]*=[ \t]*", re.MULTILINE)
_QUOTED = lazy_pattern(r'"([^"\\]*(?:\\.[^"\\]*)*)"|\'([^\']*)\'', re.DOTALL)
_ESCAPE = lazy_pattern(r"\\(.)", re.DOTALL)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", "\n": ""}


def read_env(text: str) -> tuple[Node, tuple[Fault, ...]]:
    """The variables as one mapping; the last of repeated names wins, and that they repeat is a fault."""
    lines = Lines(text)
    entries: list[Entry] = []
    faults: list[Fault] = []
    seen: set[str] = set()
    at = 0
    while (found := _ENTRY.search(text, at)) is not None:
        line, column = lines.place(found.start(1))
        if len(entries) > MOST_NODES:
            raise Refused("it has too many values", line)
        if found[1] in seen:
            faults.append(Fault("duplicate-member", f"`{found[1][:80]}` stands twice", line, column))
        seen.add(found[1])
        value, at = _value(text, found.end(), lines)
        entries.append(Entry(Scalar(found[1], found[1], line, column, line), value))
    return Mapping(tuple(entries), 1, 1, lines.count), tuple(faults)


def _value(text: str, at: int, lines: Lines) -> tuple[Scalar, int]:
    """The value and the offset after it."""
    line, column = lines.place(at)
    quoted = _QUOTED.match(text, at)
    if quoted is not None:
        double, single = quoted.groups()
        said = single if double is None else _ESCAPE.sub(lambda found: _SIMPLE.get(found[1], found[1]), double)
        return Scalar(said, said, line, column, lines.place(quoted.end() - 1)[0], is_quoted=True), quoted.end()
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    said = re.split(r"[ \t]#", text[at:end], maxsplit=1)[0].rstrip()
    return Scalar(said, said, line, column, line), end
