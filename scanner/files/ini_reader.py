"""Sections of `key = value` lines: grafana.ini, oauth2-proxy's cfg, rabbitmq.conf, postgrest.conf, systemd units.

A section is a mapping under its whole name; keys before any section stand at the top. A value may be quoted, a list in brackets
over several lines, or go on after a backslash or on indented lines. The types of values depend on the program: every value is
text here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.files.align import Lines
from scanner.files.command_words import Word, words
from scanner.files.limits import MOST_NODES, Refused
from scanner.files.tree import Entry, Fault, Mapping, Node, Scalar, Sequence
from scanner.patterns import lazy_pattern

_SECTION = lazy_pattern(r"[^\S\n]*+\[++([^\]\n]*)\]+[^\S\n]*(?:[#;][^\n]*)?$", re.MULTILINE)
# the first `=` or `: ` separates key and value, else the first blank
_ENTRY = lazy_pattern(
    r"[^\S\n]*+([^\s=:]++(?:[^\S\n]++[^\s=:]++)*+(?::[^\s=:]++)*+)[^\S\n]*+(?:=|:(?=\s))[^\S\n]*|[^\S\n]*(\S+)[^\S\n]*"
)
_CONTROL = lazy_pattern(r"[^\S\n]*(?:\{\{.*\}\}|\{%.*%\})[^\S\n]*$")
_QUOTED = lazy_pattern(r'"([^"\\\n]*(?:\\.[^"\\\n]*)*)"|\'([^\'\n]*)\'')
_REMARK = lazy_pattern(r"(?<![^\S\n])[^\S\n]++(?:[#;].*|$)")
_GAP = r"(?:\s|#[^\n]*\n)*+"
_ITEM = lazy_pattern(rf"""{_GAP}("[^"\\\n]*(?:\\.[^"\\\n]*)*"|'[^'\n]*'|[^\s,\[\]#"']++)?{_GAP}([,\]])""")
_ESCAPE = lazy_pattern(r"\\([\"\\])")


def read_ini(text: str) -> tuple[Node, tuple[Fault, ...]]:
    """The file as one mapping; repeated keys are kept, as a fault."""
    reader = _IniReader(text)
    return reader.file(), tuple(reader.faults)


class _IniReader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = Lines(text)
        self.faults: list[Fault] = []
        self.count = 0

    def file(self) -> Mapping:
        top: list[Entry] = []
        sections: list[tuple[Scalar, list[Entry]]] = []
        for key, value in self.members():
            if value is None:
                sections.append((key, []))
            else:
                (sections[-1][1] if sections else top).append(Entry(key, value))
        for entries in (top, *(entries for _, entries in sections)):
            self.repeated(entries)
            entries += [variable for entry in entries if entry.key.text == "Environment" for variable in _read_variables(entry)]
        made = (Entry(key, _make_mapping(key, entries)) for key, entries in _merge_sections(sections))
        return Mapping((*top, *made), 1, 1, self.lines.count)

    def members(self) -> Iterator[tuple[Scalar, Node | None]]:
        """Each section's name with None, each key with its value."""
        at = 0
        while at < len(self.text):
            end = self.line_end(at)
            line = self.text[at:end]
            if line.lstrip()[:1] in ("", "#", ";") or _CONTROL.match(line):
                at = end + 1
            elif section := _SECTION.match(self.text, at):
                yield self.scalar(section[1].strip(), section.start(1), section.end(1)), None
                at = self.line_end(section.end()) + 1
            else:
                key, value, at = self.entry(at)
                yield key, value

    def entry(self, at: int) -> tuple[Scalar, Node, int]:
        found = _ENTRY.match(self.text, at)
        assert found is not None  # the line is not blank
        group = 1 if found[1] else 2
        key = self.scalar(found[group].strip("\"'"), found.start(group), found.end(group))
        begin = found.end()
        if self.text.startswith("[", begin) and (read := self.read_bracketed(begin)) is not None:
            return key, *read
        quoted = _QUOTED.match(self.text, begin)
        if quoted and self.text[quoted.end() : self.line_end(quoted.end())].lstrip()[:1] in ("", "#", ";"):
            text = _ESCAPE.sub(r"\1", quoted[1]) if quoted[1] is not None else quoted[2]
            return key, self.scalar(text, begin, quoted.end(), is_quoted=True), self.line_end(quoted.end()) + 1
        return key, *self.read_plain(at, begin)

    def read_plain(self, at: int, begin: int) -> tuple[Scalar, int]:
        """An unquoted value and where the next line begins; it may go on over several lines."""
        indent, end = self.indent(at), self.line_end(begin)
        pieces = [self.piece(begin, end)]
        while end < len(self.text):
            is_joined = pieces[-1].endswith("\\")
            if not is_joined and not self.is_continued(end + 1, indent):
                break
            pieces[-1] = pieces[-1].removesuffix("\\")
            start, end = end + 1, self.line_end(end + 1)
            if pieces == [""]:  # the value begins below its key
                begin, pieces = start + self.indent(start), [self.piece(start, end)]
            else:
                pieces.append(f"{' ' if is_joined else chr(10)}{self.piece(start, end)}")
        return self.scalar("".join(pieces), begin, end), end + 1

    def piece(self, start: int, end: int) -> str:
        return _REMARK.sub("", self.text[start:end]).strip()

    def is_continued(self, at: int, indent: int) -> bool:
        """Whether a line is indented deeper than the key and does not begin another key."""
        end = self.line_end(at)
        line = self.text[at:end].strip()
        return self.indent(at) > indent and bool(line) and line[0] not in "#;[" and "=" not in line and ": " not in line

    def read_bracketed(self, begin: int) -> tuple[Sequence, int] | None:
        """A list in brackets and where the next line begins; None for other text (`[::]:80`)."""
        items: list[Scalar] = []
        at = begin + 1
        while (item := _ITEM.match(self.text, at)) is not None:
            if item[1] is not None:
                is_quoted = item[1][0] in "\"'"
                text = _ESCAPE.sub(r"\1", item[1][1:-1]) if is_quoted else item[1]
                items.append(self.scalar(text, item.start(1), item.end(1), is_quoted=is_quoted))
            at = item.end()
            if item[2] == "]":
                end = self.line_end(at)
                rest = self.text[at:end].strip()
                if rest and rest[0] not in "#;":
                    return None
                (line, column), (end_line, _) = self.lines.place(begin), self.lines.place(at)
                return Sequence(tuple(items), line, column, end_line), end + 1
        return None

    def scalar(self, text: str, start: int, end: int, *, is_quoted: bool = False) -> Scalar:
        line, column = self.lines.place(start)
        self.count += 1
        if self.count > MOST_NODES:
            raise Refused("it has too many values", line)
        return Scalar(text, text, line, column, self.lines.place(max(start, end - 1))[0], is_quoted)

    def repeated(self, entries: list[Entry]) -> None:
        seen: set[str] = set()
        for entry in entries:
            key = entry.key
            if key.text in seen:
                name = f"`{key.text[:80]}`" if key.text.isprintable() else "a key"
                self.faults.append(Fault("duplicate-member", f"{name} stands twice", key.line, key.column))
            seen.add(key.text)

    def line_end(self, at: int) -> int:
        end = self.text.find("\n", at)
        return end if end >= 0 else len(self.text)

    def indent(self, at: int) -> int:
        return len(self.text[at : self.line_end(at)]) - len(self.text[at : self.line_end(at)].lstrip(" \t"))


def _read_variables(entry: Entry) -> Iterator[Entry]:
    """The variables of a systemd unit's `Environment="A=b" C=d`."""
    value = entry.value
    written = value.text if isinstance(value, Scalar) else ""
    for word in (Word(written, 0, 0),) if isinstance(value, Scalar) and value.is_quoted else words(written):
        name, mark, text = word.text.partition("=")
        if mark and name.isidentifier() and isinstance(value, Scalar):
            column = value.column + word.start
            key = Scalar(name, name, value.line, column, value.line)
            yield Entry(key, Scalar(text, text, value.line, column + len(name) + 1, value.end_line))


def _merge_sections(sections: list[tuple[Scalar, list[Entry]]]) -> Iterator[tuple[Scalar, list[Entry]]]:
    """Sections of one name are one section."""
    found: dict[str, tuple[Scalar, list[Entry]]] = {}
    for key, entries in sections:
        found.setdefault(key.text, (key, []))[1].extend(entries)
    return iter(found.values())


def _make_mapping(key: Scalar, entries: list[Entry]) -> Mapping:
    return Mapping(tuple(entries), key.line, key.column, entries[-1].value.end_line if entries else key.line)
