"""TOML with positions: tables nest by their dotted names, tables in an array are a list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from scanner.files.grouped import MappingBuilder
from scanner.files.limits import DEEPEST, Refused
from scanner.files.syntax import Source, first_error, list_children
from scanner.files.tree import Fault, Node, Scalar, Sequence, Unmask, Value
from scanner.patterns import lazy_pattern

if TYPE_CHECKING:
    import tree_sitter

_ESCAPE = lazy_pattern(r'\\(?:(["\\btnfre])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|[ \t]*\n\s*)')
_SIMPLE = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b", '"': '"', "\\": "\\"}
_KEYS = ("bare_key", "quoted_key", "dotted_key")
_INTEGER = lazy_pattern(r"[-+]?\d{1,40}")
_LAST_CHARACTER = 0x10FFFF


def read_toml(text: str, unmask: Unmask | None = None) -> tuple[Node, tuple[Fault, ...]]:
    """The document as one mapping; Refused where it is not TOML."""
    reader = _TomlReader(Source(text, "toml", unmask))
    return reader.document(), tuple(reader.faults)


class _TomlReader:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.faults: list[Fault] = []

    def document(self) -> Node:
        root = self.source.root
        if root.has_error:
            raise Refused("not TOML: it cannot be read here", *self.source.lines.place(first_error(root).start_byte))
        group = MappingBuilder(1, 1, self.source.lines.count)
        for node in root.children:
            if node.type == "pair":
                self.pair(node, group, 0)
            elif node.type in ("table", "table_array_element"):
                self.table(node, group)
        return group.node()

    def table(self, node: tree_sitter.Node, group: MappingBuilder) -> None:
        pairs = list(list_children(node, "pair"))
        *above, last = self.path(next(list_children(node, *_KEYS)))
        for key in above:
            group = group.below(key)
        is_new = node.type == "table_array_element" or not group.has(last.text)
        end_line = self.source.end_line(pairs[-1]) if pairs else last.line
        table = group.begin(last, end_line) if is_new else group.below(last)
        for pair in pairs:
            self.pair(pair, table, len(above) + 1)

    def pair(self, node: tree_sitter.Node, group: MappingBuilder, depth: int) -> None:
        key, *_, value = (part for part in node.children if part.type != "comment")
        *above, last = self.path(key)
        for name in above:
            group = group.below(name)
        if group.has(last.text):
            self.faults.append(Fault("duplicate-member", f"`{last.text[:80]}` stands twice", last.line, last.column))
        depth += len(above) + 1
        if depth > DEEPEST:
            raise Refused("it nests too deep", last.line)
        if value.type == "inline_table":
            self.inline(value, group.begin(last, self.source.end_line(value)), depth)
        else:
            group.add(last, self.value(value, depth))

    def inline(self, node: tree_sitter.Node, group: MappingBuilder, depth: int) -> None:
        for pair in list_children(node, "pair"):
            self.pair(pair, group, depth)

    def path(self, node: tree_sitter.Node) -> list[Scalar]:
        """The parts of a dotted key. Its nodes nest to the left, as deep as it has parts."""
        parts: list[Scalar] = []
        while node.type == "dotted_key":
            parts.append(self.scalar(node.children[-1]))
            node = node.children[0]
        parts.append(self.scalar(node))
        if len(parts) > DEEPEST:
            raise Refused("it nests too deep", parts[0].line)
        return parts[::-1]

    def value(self, node: tree_sitter.Node, depth: int) -> Node:
        if depth > DEEPEST:
            raise Refused("it nests too deep", self.source.count_node(node)[0])
        if node.type == "inline_table":
            group = MappingBuilder(*self.source.count_node(node), self.source.end_line(node))
            self.inline(node, group, depth)
            return group.node()
        if node.type == "array":
            line, column = self.source.count_node(node)
            items = tuple(self.value(item, depth + 1) for item in _list_items(node))
            return Sequence(items, line, column, self.source.end_line(node))
        return self.scalar(node)

    def scalar(self, node: tree_sitter.Node) -> Scalar:
        line, column = self.source.count_node(node)
        written, is_masked = self.source.text_of(node.start_byte, node.end_byte)
        is_quoted = written[:1] in ('"', "'")
        text = _unquoted(written) if is_quoted else written
        value = text if is_quoted or is_masked else _resolve(text, node.type)
        return Scalar(text, value, line, column, self.source.end_line(node), is_quoted, is_masked)


def _list_items(node: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    return (child for child in node.children if child.is_named and child.type != "comment")


def _unquoted(written: str) -> str:
    quotes = written[:3] if written[:3] in ('"""', "'''") and len(written) >= 6 else written[0]
    text = written[len(quotes) :].removesuffix(quotes)
    if len(quotes) == 3:
        text = text.removeprefix("\r").removeprefix("\n")  # a line end right after the opening does not count
    return _ESCAPE.sub(_unescape, text) if quotes[0] == '"' and "\\" in text else text


def _unescape(found: re.Match[str]) -> str:
    if found[1]:
        return _SIMPLE[found[1]]
    digits = found[2] or found[3] or found[4]
    if not digits:
        return ""  # a backslash at the end joins the next line
    return chr(int(digits, 16)) if int(digits, 16) <= _LAST_CHARACTER else found[0]


def _resolve(text: str, kind: str) -> Value:
    digits = text.replace("_", "")
    if kind == "boolean":
        return text == "true"
    if kind == "integer":
        return int(digits) if _INTEGER.fullmatch(digits) else text
    if kind == "float" and len(digits) < 100:
        return float(digits)
    return text
