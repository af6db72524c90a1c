"""Directives with arguments and blocks: nginx, Apache, Caddy and HAProxy, which differ in how a line ends.

A directive is its name and the rest of it as text; a block is a mapping with its arguments as `#args`. Names that repeat are a
list: two `location`s are two places, not one overridden.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.files.align import Lines
from scanner.files.command_words import unquote
from scanner.files.grouped import MappingBuilder
from scanner.files.limits import DEEPEST, MOST_NODES, Refused
from scanner.files.tree import Fault, Mapping, Node, Scalar
from scanner.patterns import lazy_pattern

_QUOTED = r""""[^"\\]*(?:\\.[^"\\]*)*"|'[^'\\]*(?:\\.[^'\\]*)*'"""
_BRACED = r"\$\{[^{}\s]*\}|\{\{[^{}\n]*\}\}"
_TOKEN = lazy_pattern(
    rf"\s*+(?:(?P<remark>#[^\n]*)|(?P<mark>[;{{}}])|(?P<word>{_QUOTED}|(?:{_BRACED}|\\.|[^\s;{{}}\\])++|.))", re.DOTALL
)
# a backslash at the end of a line joins the next one, in the middle of a word too
_LINE_WORD = lazy_pattern(
    r"""[ \t]*+(?:\\\r?\n[ \t]*+)*+(?:(?P<remark>#[^\n]*)"""
    r"""|(?P<word>"[^"\\\n]*+(?:\\(?:\r?\n|.)[^"\\\n]*+)*+"|'[^'\n]*+'|(?:\\\r?\n(?=\S)|\\[^\s]|\\(?!\r?\n)|[^\s\\])++))"""
)
_JOINED = lazy_pattern(r"\\\r?\n(?=\S)")
_MODIFIER = lazy_pattern(r"(?:=|\^~)(?=\S)")
_VARIABLE = lazy_pattern(r"\$\{([^{}\s]++)\}")
_SECTION = lazy_pattern(
    r"(?:global|defaults|frontend|backend|listen|userlist|peers|resolvers|program|cache|ring|http-errors|mailers)\b"
)

Token = tuple[str, int, int]  # the written text, and where it begins and ends


def read_directives(text: str) -> tuple[Node, tuple[Fault, ...]]:
    """A file whose directives end with the line (Apache, Caddy, HAProxy) as one mapping; any text is valid."""
    reader = _DirectivesReader(text)
    reader.by_line()
    return reader.finish(), ()


def read_nginx(text: str) -> tuple[Node, tuple[Fault, ...]]:
    """A file whose directives end with a semicolon as one mapping; any text is valid."""
    reader = _DirectivesReader(text)
    reader.by_semicolon()
    return reader.finish(), ()


class _DirectivesReader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = Lines(text)
        self.count = 0
        self.defined: dict[str, str] = {}  # by Apache's `Define`
        self.open: list[tuple[str, MappingBuilder]] = [("", MappingBuilder(1, 1, self.lines.count))]

    def by_semicolon(self) -> None:
        said: list[Token] = []
        at = 0
        while (found := _TOKEN.match(self.text, at)) is not None:
            at = found.end()
            if found["word"]:
                said.append((found["word"], *found.span("word")))
            elif found["mark"]:
                self.ended(found["mark"], said, at)
                said = []
        self.statement(said)

    def ended(self, mark: str, said: list[Token], at: int) -> None:
        if mark == "{":
            self.begin(said, at)
            return
        self.statement(said)
        if mark == "}":
            self.close(at)

    def by_line(self) -> None:
        for at, said in self.list_lines():
            name, last = unquote(said[0][0]), said[-1][0]
            if name.startswith("</"):
                self.close(said[-1][2], name[2:].rstrip(">").lower())
            elif name.startswith("<") and last.endswith(">"):
                self.begin(_strip_brackets(said), said[-1][2], name.strip("<>").lower())
            elif name == "}" and len(said) == 1:
                self.close(said[0][2])
            elif last == "{":
                self.begin(said[:-1], said[-1][2])
            elif at == said[0][1] and _SECTION.fullmatch(name):
                self.close(at, "section")
                self.begin(said, said[-1][2], "section")
            else:
                if name.lower() == "define" and len(said) == 3:
                    self.defined[unquote(said[1][0])] = unquote(said[2][0])
                self.statement(said)

    def list_lines(self) -> Iterator[tuple[int, list[Token]]]:
        """The words of each line that has some, and where the line begins."""
        at = 0
        while at < len(self.text):
            begin, said = at, []
            while (found := _LINE_WORD.match(self.text, at)) is not None:
                at = found.end()
                if found["word"]:
                    said.append((found["word"], *found.span("word")))
            end = self.text.find("\n", at)
            at = len(self.text) if end < 0 else end + 1
            if said:
                yield begin, said

    def statement(self, said: list[Token]) -> None:
        if said:
            self.open[-1][1].add(self.name(said), self.rest(said))

    def begin(self, said: list[Token], at: int, kind: str = "") -> None:
        """A block; a brace without a name is one with an empty name."""
        if len(self.open) > DEEPEST:
            raise Refused("it nests too deep", self.lines.place(at)[0])
        key = self.name(said or [("", at - 1, at)])
        group = self.open[-1][1].begin(key)
        if len(said) > 1:
            rest = self.rest(said)
            if key.text == "location" and (found := _MODIFIER.match(rest.text)):  # nginx needs no blank behind it
                text = f"{found[0]} {rest.text[found.end() :]}"
                rest = Scalar(text, text, rest.line, rest.column, rest.end_line)
            group.add(Scalar("#args", "#args", rest.line, rest.column, rest.line), rest)
        self.open.append((kind, group))

    def close(self, at: int, kind: str = "") -> None:
        """End the innermost block of that kind, if one is open."""
        if not any(each == kind for each, _ in self.open[1:]):
            return
        while len(self.open) > 1:
            each, group = self.open.pop()
            group.end_line = self.lines.place(max(at - 1, 0))[0]
            if each == kind:
                return

    def finish(self) -> Mapping:
        for _, group in self.open[1:]:
            group.end_line = self.lines.count
        return self.open[0][1].node()

    def name(self, said: list[Token]) -> Scalar:
        name = unquote(said[0][0])
        if self.defined and "${" in name:
            name = _VARIABLE.sub(lambda found: self.defined.get(found[1], found[0]), name)
        return self.scalar(name, said[0][1], said[0][2])

    def rest(self, said: list[Token]) -> Scalar:
        """The text after the name: one argument without its quotes, several as written."""
        if len(said) == 1:
            line, column = self.lines.place(said[0][2])
            return Scalar("", None, line, column, line)
        start, end = said[1][1], said[-1][2]
        is_quoted = len(said) == 2 and said[1][0][0] in "\"'"
        text = unquote(said[1][0]) if is_quoted else self.text[start:end]
        return self.scalar(_JOINED.sub("", text) if "\\" in text else text, start, end, is_quoted=is_quoted)

    def scalar(self, text: str, start: int, end: int, *, is_quoted: bool = False) -> Scalar:
        self.count += 1
        line, column = self.lines.place(start)
        if self.count > MOST_NODES:
            raise Refused("it has too many values", line)
        return Scalar(text, text, line, column, self.lines.place(max(end - 1, start))[0], is_quoted)


def _strip_brackets(said: list[Token]) -> list[Token]:
    """The words of `<Location /api>` without its brackets."""
    (first, start, end), *others = said
    said = [(first[1:], start + 1, end), *others]
    last, start, end = said[-1]
    bare = last.removesuffix(">")
    return [*said[:-1], (bare, start, start + len(bare))] if bare else said[:-1]
