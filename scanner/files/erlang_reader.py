"""Erlang terms: RabbitMQ's `advanced.config` and `rabbitmq.config`.

A list of pairs is a mapping, a pair alone (`{pem, …}`) a mapping of one. Strings, binaries and atoms are text.
"""

from __future__ import annotations

import re

from scanner.files.text_reader import TextReader
from scanner.files.tree import Entry, Fault, Mapping, Node, Scalar, Sequence, Unmask, Value
from scanner.patterns import lazy_pattern

_BLANK = lazy_pattern(r"(?:\s|%[^\n]*)*+")
_STRING = lazy_pattern(r'"([^"\\]*(?:\\.[^"\\]*)*)"', re.DOTALL)
_WORD = lazy_pattern(r"'([^'\\\n]*(?:\\.[^'\\\n]*)*)'|([a-z][\w@]*)|([-+]?\d[\w#]*(?:\.\d+(?:[eE][-+]?\d+)?)?)|(\$\{[^}\n]*\})")
_ESCAPE = lazy_pattern(r"\\(?:x\{([0-9a-fA-F]{1,6})\}|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "s": " ", "e": "\x1b", "0": "\0"}
_WORDS: dict[str, Value] = {"true": True, "false": False, "undefined": None}
_LAST_CHARACTER = 0x10FFFF


def read_erlang(text: str, unmask: Unmask | None = None) -> tuple[tuple[Node, ...], tuple[Fault, ...]]:
    """Every term of the file, each ended by a full stop; Refused with the place of the first error."""
    return tuple(_ErlangReader(text, unmask).file()), ()


class _ErlangReader(TextReader):
    called = "Erlang terms"

    def file(self) -> list[Node]:
        terms: list[Node] = []
        while not terms or self.skip() < len(self.text):
            terms.append(self.term(0))
            self.skip()
            if not self.takes(".") and self.at < len(self.text):
                raise self.refuse("`.` is expected")
        return terms

    def skip(self) -> int:
        blank = _BLANK.match(self.text, self.at)
        self.at = blank.end() if blank else self.at
        return self.at

    def takes(self, mark: str) -> bool:
        """Skip what is blank, and `mark` if it comes next."""
        self.skip()
        return super().takes(mark)

    def term(self, depth: int) -> Node:
        start = self.skip()
        self.count_value(depth)
        if self.takes("["):
            return self.read_list(self.items("]", depth), start)
        if self.takes("#{"):
            return self.map(start, depth)
        if self.takes("<<"):
            return self.binary(start)
        if self.takes("{"):
            return self.pair_or_list(self.items("}", depth), start)
        return self.string(start) if self.text.startswith('"', start) else self.word(start)

    def items(self, end: str, depth: int) -> list[Node]:
        items: list[Node] = []
        while not self.takes(end):
            if items and not self.takes(","):
                raise self.refuse(f"`,` or `{end}` is expected")
            items.append(self.term(depth + 1))
        return items

    def read_list(self, items: list[Node], start: int) -> Node:
        """A list; one of pairs (and bare names, which are true) is a mapping."""
        line, column = self.lines.place(start)
        end_line = self.lines.place(self.at - 1)[0]
        if not any(_is_pair(item) for item in items) or not all(_is_pair(item) or isinstance(item, Scalar) for item in items):
            return Sequence(tuple(items), line, column, end_line)
        entries: list[Entry] = []
        for item in items:
            if isinstance(item, Mapping):
                entries += item.entries
            elif isinstance(item, Scalar):
                entries.append(Entry(item, Scalar("true", True, item.line, item.column, item.end_line)))
        return Mapping(tuple(entries), line, column, end_line)

    def pair_or_list(self, items: list[Node], start: int) -> Node:
        line, column = self.lines.place(start)
        end_line = self.lines.place(self.at - 1)[0]
        if len(items) == 2 and isinstance(items[0], Scalar):
            return Mapping((Entry(items[0], items[1]),), line, column, end_line)
        return Sequence(tuple(items), line, column, end_line)

    def map(self, start: int, depth: int) -> Mapping:
        entries: list[Entry] = []
        while not self.takes("}"):
            if entries and not self.takes(","):
                raise self.refuse("`,` or `}` is expected")
            key = self.term(depth + 1)
            if not isinstance(key, Scalar) or not (self.takes("=>") or self.takes(":=")):
                raise self.refuse("a key and `=>` are expected")
            entries.append(Entry(key, self.term(depth + 1)))
        line, column = self.lines.place(start)
        return Mapping(tuple(entries), line, column, self.lines.place(self.at - 1)[0])

    def binary(self, start: int) -> Scalar:
        begin = self.skip()
        found = self.string(begin) if self.text.startswith('"', begin) else Scalar("", "", *self.lines.place(start), 0, True)
        end = self.text.find(">>", self.at)
        if end < 0:
            raise self.refuse("`>>` is expected")
        self.at = end + 2
        return Scalar(found.text, found.value, found.line, found.column, found.end_line or found.line, True, found.is_masked)

    def string(self, start: int) -> Scalar:
        found = _STRING.match(self.text, start)
        if found is None:
            raise self.refuse("a string does not end")
        self.at = found.end()
        return self.scalar(found[1], found.span(1), start, is_quoted=True)

    def word(self, start: int) -> Scalar:
        found = _WORD.match(self.text, start)
        if found is None:
            raise self.refuse("a term is expected")
        self.at = found.end()
        if found[1] is not None:
            return self.scalar(found[1], found.span(1), start, is_quoted=True)
        return self.scalar(found[0], found.span(), start)

    def scalar(self, text: str, span: tuple[int, int], start: int, *, is_quoted: bool = False) -> Scalar:
        line, column = self.lines.place(start)
        end_line = self.lines.place(self.at - 1)[0]
        written = self.unmask(*span) if self.unmask else None
        if written is not None:
            return Scalar(written, written, line, column, end_line, is_quoted, True)
        text = _unescape(text) if is_quoted else text
        value = _WORDS.get(text, text) if not is_quoted else text
        return Scalar(text, value, line, column, end_line, is_quoted)


def _is_pair(node: Node) -> bool:
    return isinstance(node, Mapping) and len(node.entries) == 1


def _unescape(text: str) -> str:
    return _ESCAPE.sub(_resolve_escape, text) if "\\" in text else text


def _resolve_escape(found: re.Match[str]) -> str:
    digits = found[1] or found[2]
    if digits:
        return chr(int(digits, 16)) if int(digits, 16) <= _LAST_CHARACTER else found[0]
    return _SIMPLE.get(found[3], found[3])
