"""HOCON: EMQX's `emqx.conf` and `cluster.hocon`, and what Lightbend's config library reads.

A dotted name is nested names; objects of one name are one object, of other values the last one counts, as for whoever loads the
file. A substitution (`${a}`) stays as written, and an included file is not opened.
"""

from __future__ import annotations

import re

from scanner.files.limits import DEEPEST
from scanner.files.text_reader import TextReader
from scanner.files.tree import Entry, Fault, Mapping, Node, Scalar, Sequence, Unmask, Value
from scanner.patterns import lazy_pattern

# blanks, comments, and the commas between members and items
_GAP = lazy_pattern(r"(?:[\s,\ufeff]|#[^\n]*+|//[^\n]*+)*+")
_SPACE = lazy_pattern(r"(?:\s|#[^\n]*+|//[^\n]*+)*+")
_BLANK = lazy_pattern(r"[^\S\n]*+")
_QUOTED = lazy_pattern(r'"([^"\\\n]*+(?:\\.[^"\\\n]*+)*+)"')
_LONG = lazy_pattern(r'"""(.*?)"""', re.DOTALL)
_NAME = lazy_pattern(r'[^\s.,:=+{}\[\]#"]++')
# a file by its name, alone or as `file("…")`, `required(file("…"))`
_INCLUDE = lazy_pattern(r"include[^\S\n]++(?:[a-z]++\()*+(?:\"[^\"\n]*+\"\)*+|[^\s=:{\"]++)[^\S\n]*+(?=\n|\Z)")
# a value without quotes ends with its line, a comma, a bracket or a comment
_PLAIN = lazy_pattern(r'(?:"[^"\n]*+"|\$\{[^}\n]*+\}|(?<!\s)//|/(?!/)|[^\n,{}\[\]#"$/]|\$(?!\{))++')
_ENDS = lazy_pattern(r"[^\S\n]*+(?:[\n,}\]#]|//|\Z)")
_ESCAPE = lazy_pattern(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_WORDS: dict[str, Value] = {"true": True, "false": False, "null": None}


def read_hocon(text: str, unmask: Unmask | None = None) -> tuple[Node, tuple[Fault, ...]]:
    """The file as one mapping; Refused with the place of the first error."""
    return _HoconReader(text, unmask).file(), ()


class _Object:
    """A mapping under construction, whose members of one name are joined."""

    def __init__(self, line: int, column: int) -> None:
        self.line = line
        self.column = column
        self.end_line = line
        self.members: dict[str, tuple[Scalar, _Object | Node]] = {}

    def put(self, path: list[Scalar], value: _Object | Node) -> None:
        """Set the value of a path of names."""
        first, *below = path
        _, known = self.members.get(first.text, (first, None))
        if below:
            inner = known if isinstance(known, _Object) else _Object(first.line, first.column)
            inner.put(below, value)
            value = inner
        elif isinstance(value, _Object) and isinstance(known, _Object):
            for name, each in value.members.values():
                known.put([name], each)
            value = known
        self.members[first.text] = (first, value)

    def node(self) -> Mapping:
        """The mapping."""
        entries = tuple(
            Entry(key, value.node() if isinstance(value, _Object) else value) for key, value in self.members.values()
        )
        end_line = max([self.end_line, *(entry.value.end_line for entry in entries)])
        return Mapping(entries, self.line, self.column, end_line)


class _HoconReader(TextReader):
    called = "HOCON"

    def file(self) -> Mapping:
        self.skip(_GAP)
        node = self.object(0, closing="}" if self.takes("{") else "").node()
        self.skip(_GAP)
        if self.at < len(self.text):
            raise self.refuse("a name is expected")
        return node

    def skip(self, what: re.Pattern[str]) -> None:
        found = what.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def object(self, depth: int, closing: str) -> _Object:
        """The members up to `closing`, or to the end of the text."""
        self.count_value(depth)
        made = _Object(*self.lines.place(max(self.at - 1, 0)))
        while True:
            self.skip(_GAP)
            if self.at >= len(self.text):
                if closing:
                    raise self.refuse(f"`{closing}` is expected")
                break
            if closing and self.takes(closing):
                break
            if _INCLUDE.match(self.text, self.at):
                self.skip(_INCLUDE)
            else:
                self.member(made, depth)
        made.end_line = self.lines.place(max(self.at - 1, 0))[0]
        return made

    def member(self, into: _Object, depth: int) -> None:
        path = self.path()
        self.skip(_BLANK)
        if not self.text.startswith("{", self.at):
            if not (self.takes("+=") or self.takes("=") or self.takes(":")):
                raise self.refuse("`=`, `:` or `{` is expected")
            self.skip(_SPACE)
        into.put(path, self.value(depth + len(path)))

    def path(self) -> list[Scalar]:
        """A name, or several with dots between."""
        path: list[Scalar] = []
        while not path or self.takes("."):
            start = self.at
            found = _QUOTED.match(self.text, start) or _NAME.match(self.text, start)
            if found is None:
                raise self.refuse("a name is expected")
            self.at = found.end()
            is_quoted = found.re.groups > 0
            path.append(self.scalar(found[1] if is_quoted else found[0], found.span(1 if is_quoted else 0), start, is_quoted))
            if len(path) > DEEPEST:
                raise self.refuse("it nests too deep")
        return path

    def value(self, depth: int) -> _Object | Node:
        start = self.at
        if self.takes("{"):
            return self.object(depth, "}")
        if self.takes("["):
            return self.list(start, depth)
        self.count_value(depth)
        long = _LONG.match(self.text, start)
        quoted = None if long else _QUOTED.match(self.text, start)
        found = long or quoted
        if found is not None and _ENDS.match(self.text, found.end()):
            self.at = found.end()
            return self.scalar(found[1], found.span(1), start, is_quoted=True, is_escaped=long is None)
        plain = _PLAIN.match(self.text, start)
        if plain is None or not plain[0].strip():
            raise self.refuse("a value is expected")
        self.at = start + len(plain[0].rstrip())
        return self.scalar(plain[0].rstrip(), (start, self.at), start)

    def list(self, start: int, depth: int) -> Sequence:
        self.count_value(depth)
        items: list[Node] = []
        while True:
            self.skip(_GAP)
            if self.takes("]"):
                break
            if self.at >= len(self.text):
                raise self.refuse("`]` is expected")
            item = self.value(depth + 1)
            items.append(item.node() if isinstance(item, _Object) else item)
        line, column = self.lines.place(start)
        return Sequence(tuple(items), line, column, self.lines.place(self.at - 1)[0])

    def scalar(
        self, text: str, span: tuple[int, int], start: int, is_quoted: bool = False, *, is_escaped: bool = True
    ) -> Scalar:
        line, column = self.lines.place(start)
        end_line = self.lines.place(max(self.at - 1, start))[0]
        written = self.unmask(*span) if self.unmask else None
        if written is not None:
            return Scalar(written, written, line, column, end_line, is_quoted, True)
        if not is_quoted:
            return Scalar(text, _WORDS.get(text, text), line, column, end_line)
        said = _ESCAPE.sub(_resolve_escape, text) if is_escaped and "\\" in text else text
        return Scalar(said, said, line, column, end_line, is_quoted=True)


def _resolve_escape(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else _SIMPLE.get(found[2], found[2])
