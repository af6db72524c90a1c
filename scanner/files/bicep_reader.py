"""Bicep in the shape of the ARM template that it becomes.

`{parameters, variables, resources: [{type, apiVersion, name, properties, …}], modules: [{source, params}]}`; a resource within
another one stands in its `resources`, with its whole type. A file of parameters has `using`, and a `value` of each. A
parameter's default, a variable and a `${…}` of them are filled in as `value`; what the file does not tell is a scalar of its
own text with `is_expression`, and its resource is read all the same: either branch of a condition and any element of a loop may
be deployed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeVar

from scanner.files.align import Lines
from scanner.files.bicep_tokens import BicepTokens, end_of_string, find_value
from scanner.files.limits import DEEPEST, LARGEST_FILE, MOST_NODES, Refused
from scanner.files.tree import Entry, Fault, Mapping, Node, Scalar, Sequence, Value
from scanner.patterns import lazy_pattern

_ESCAPE = lazy_pattern(r"\\(?:([\\'nrt$])|u\{([0-9a-fA-F]{1,6})\})")
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t"}
_INTERPOLATION = lazy_pattern(r"\\[\s\S]|\$\{")
_WORDS: dict[str, Value] = {"true": True, "false": False, "null": None}
_LAST_CHARACTER = 0x10FFFF
# characters of one string with its parts filled in
_LONGEST_TEXT = 1024 * 1024
# of one loop
_MOST_COPIES = 200
Made = TypeVar("Made")


def read_bicep(text: str) -> tuple[Node, tuple[Fault, ...]]:
    """The file as one mapping. An unreadable statement becomes a fault; Refused where all are unreadable."""
    return _BicepReader(text).document()


class _Broken(Exception):
    """A statement cannot be read: the offset."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


class _BicepReader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = Lines(text)
        self.whole = BicepTokens(text)
        # the tokens of the current expression: all, or those of an interpolation
        self.tokens = self.whole
        self.count = 0
        self.written = 0
        self.faults: list[Fault] = []
        # the tokens of each parameter's default and each variable's value, and those that were read
        self.defined: dict[str, int] = {}
        self.known: dict[str, tuple[Node | None, int]] = {}
        # names of loops around the current expression
        self.names: dict[str, Node | None] = {}

    def document(self) -> tuple[Node, tuple[Fault, ...]]:
        statements = list(self.list_statements())
        using = next((begin for begin, _ in statements if self.tokens.word(begin) == "using"), None)
        is_values = using is not None
        for begin, _ in statements:
            at = find_value(self.tokens, begin)
            if at is not None and not is_values:
                self.defined[self.tokens.word(begin + 1)] = at
        parts: dict[str, list[Entry]] = {"parameters": [], "variables": []}
        lists: dict[str, list[Node]] = {"resources": [], "modules": []}
        read = 0
        for begin, end in statements:
            try:
                self.statement(begin, parts, lists, "value" if is_values else "defaultValue")
                read += 1
            except _Broken as broken:
                place = self.lines.place(min(broken.at, len(self.text)))
                last = self.tokens.all[end - 1].end
                lines = self.lines.place(self.tokens.all[begin].start)[0], self.lines.place(max(last - 1, 0))[0]
                self.faults.append(Fault("unparsed-document", "a statement is not Bicep", *place, *lines))
        if not read and (self.faults or self.tokens.skip_lines(0) < len(self.tokens.all)):
            place = (self.faults[0].line, self.faults[0].column) if self.faults else (1, 1)
            raise Refused("not Bicep: it cannot be read here", *place)
        entries = [Entry(self.made(name, 0), self.mapping(members, 0, len(self.text))) for name, members in parts.items()]
        entries += [Entry(self.made(name, 0), self.sequence(items, 0, len(self.text))) for name, items in lists.items()]
        if using is not None and self.tokens.kind(using + 1) == "string":
            entries.append(Entry(self.made("using", 0), self.string(using + 1, 1)))
        return self.mapping(entries, 0, len(self.text)), tuple(self.faults)

    def list_statements(self) -> Iterator[tuple[int, int]]:
        """The first token of each statement, and the one behind its last."""
        begins = self.tokens.statements
        yield from zip(begins, [*begins[1:], len(self.tokens.all)], strict=False)

    def statement(self, begin: int, parts: dict[str, list[Entry]], lists: dict[str, list[Node]], value_name: str) -> None:
        word = self.tokens.word(begin)
        if word in ("resource", "module"):
            items, _ = self.declaration(begin, "", 1)
            lists["resources" if word == "resource" else "modules"] += items
        elif word in ("param", "var") and (at := find_value(self.tokens, begin)) is not None:
            key = self.scalar(self.tokens.all[begin + 1].start, self.tokens.word(begin + 1), self.tokens.word(begin + 1))
            value, end = self.value(at, 1)
            if self.tokens.kind(end) not in ("", "line"):
                raise _Broken(self.tokens.all[end].start)
            if word == "param":
                start = self.tokens.all[at].start
                value = self.mapping([Entry(self.made(value_name, start), value)], start, self.tokens.all[end - 1].end)
            parts["parameters" if word == "param" else "variables"].append(Entry(key, value))

    def declaration(self, begin: int, above: str, depth: int) -> tuple[list[Node], int]:
        """The resources or modules that a declaration makes, and the token behind it."""
        named = begin + 2
        if self.tokens.kind(begin + 1) != "word" or self.tokens.kind(named) != "string":
            raise _Broken(self.tokens.all[begin].start)
        at = named + 1
        while self.tokens.kind(at) == "word":
            at += 1  # `existing`
        if self.tokens.word(at) != "=":
            raise _Broken(self.tokens.all[named].end)
        first = self.members_of(begin, named, above)
        kind = first[0].value.text if isinstance(first[0].value, Scalar) else ""
        bodies, end = self.bodies(at + 1, kind, depth)
        if self.tokens.kind(end) not in ("", "line"):
            raise _Broken(self.tokens.all[end].start)
        return [Mapping((*first, *each.entries), each.line, each.column, each.end_line) for each in bodies], end

    def members_of(self, begin: int, named: int, above: str) -> list[Entry]:
        """What the words before the body say: of a resource its type and version, of a module its source."""
        said = self.string(named, 1)
        at = self.tokens.all[named].start
        if self.tokens.word(begin) == "module":
            return [Entry(self.made("source", at), said)]
        kind, _, version = said.text.partition("@")
        # Microsoft Graph's own types are whole in a nested resource, too
        whole = f"{above}/{kind}" if above and not kind.startswith(above) else kind
        typed = Scalar(whole, whole, said.line, said.column, said.end_line, is_quoted=True)
        made = [Entry(self.made("type", at), typed)]
        if version:
            made.append(Entry(self.made("apiVersion", at), self.made(version, at)))
        if self.tokens.word(named + 1) == "existing":
            made.append(Entry(self.made("existing", at), self.scalar(at, "true", True)))
        return made

    def bodies(self, at: int, kind: str, depth: int) -> tuple[list[Mapping], int]:
        """The bodies of a declaration: one, or one for each element of a loop."""
        at = self.tokens.skip_lines(at)
        if depth > DEEPEST:
            raise Refused("it nests too deep", self.lines.place(self.tokens.all[at - 1].start)[0])
        word = self.tokens.word(at)
        if word == "if" and self.tokens.word(at + 1) == "(":
            return self.bodies(self.tokens.behind(at + 1), kind, depth)
        if word == "{":
            return [self.object(at, depth, kind)], self.tokens.behind(at)
        if word == "[" and self.tokens.word(first := self.tokens.skip_lines(at + 1)) == "for":
            made = self.loop(first, depth, lambda body: self.bodies(body, kind, depth + 1)[0])
            return [body for bodies in made for body in bodies], self.tokens.behind(at)
        raise _Broken(self.tokens.all[min(at, len(self.tokens.all) - 1)].start)

    def loop(self, at: int, depth: int, read: Callable[[int], Made]) -> list[Made]:
        """What is read of the body of `for x in xs: …` for each element; once where there are none, or they are not known."""
        names = [self.tokens.word(at + 1)]
        after = at + 2
        if names[0] == "(":
            close = self.tokens.all[at + 1].close
            names = [self.tokens.word(number) for number in range(at + 2, close) if self.tokens.kind(number) == "word"]
            after = close + 1
        if self.tokens.word(after) != "in":
            raise _Broken(self.tokens.all[at].start)
        colon = after + 1
        while self.tokens.kind(colon) not in ("", "close") and self.tokens.word(colon) != ":":
            colon = self.tokens.behind(colon)
        if self.tokens.word(colon) != ":":
            raise _Broken(self.tokens.all[at].start)
        found = self.evaluate(after + 1, colon, depth + 1)
        items: tuple[Node | None, ...] = found.items if isinstance(found, Sequence) else ()
        made: list[Made] = []
        before = self.names
        for number, element in enumerate(items[:_MOST_COPIES] or (None,)):
            index = self.scalar(self.tokens.all[at].start, str(number), number) if element is not None else None
            self.names = {**before, **dict(zip(names, (element, index), strict=False))}
            made.append(read(colon + 1))
        self.names = before
        return made

    def value(self, at: int, depth: int) -> tuple[Node, int]:
        """The value of an expression, as far as it is known, and the token behind it."""
        at = self.tokens.skip_lines(at)
        if at >= len(self.tokens.all):
            raise _Broken(len(self.text))
        start = self.tokens.all[at].start
        if depth > DEEPEST:
            raise Refused("it nests too deep", self.lines.place(start)[0])
        end = self.tokens.end_of_expression(at)
        if end == at:
            raise _Broken(start)
        if self.tokens.kind(at) == "open" and self.tokens.all[at].close < 0:
            raise _Broken(start)
        if self.tokens.behind(at) == end:
            return self.primary(at, depth), end
        written = self.text[start : self.tokens.all[end - 1].end]
        self.work(len(written))
        found = self.evaluate(at, end, depth)
        if found is None:
            return self.scalar(start, written, written, is_expression=True), end
        return self.named(found, start, written), end

    def primary(self, at: int, depth: int) -> Node:
        """An expression of one token, or in one pair of brackets."""
        token, word = self.tokens.all[at], self.tokens.word(at)
        if token.kind == "string":
            return self.string(at, depth)
        if token.kind == "text":
            return self.long_text(token.start, token.end)
        if word == "{":
            return self.object(at, depth)
        if word == "[":
            return self.array(at, depth)
        if word == "(":
            return self.value(at + 1, depth + 1)[0]
        if token.kind == "number":
            return self.scalar(token.start, word, int(word) if len(word) <= 40 else word)
        if word in _WORDS:
            return self.scalar(token.start, word, _WORDS[word])
        if token.kind != "word":
            raise _Broken(token.start)
        found = self.evaluate(at, at + 1, depth)
        if found is None:
            return self.scalar(token.start, word, word, is_expression=True)
        return self.named(found, token.start, word)

    def named(self, found: Node, start: int, written: str) -> Node:
        """A known value in the place of the name that stands for it: of a scalar the name is what is shown."""
        if not isinstance(found, Scalar):
            return found
        value = found.text if isinstance(found.value, str) and found.value == found.text else found.value
        return self.scalar(start, written, value, is_expression=True)

    def evaluate(self, at: int, end: int, depth: int) -> Node | None:
        """The value of a name with the steps after it (`a.b`, `a['b']`, `a[0]`), or of a literal; None for anything else."""
        at = self.tokens.skip_lines(at)
        if depth > DEEPEST or at >= end:
            return None
        name = self.tokens.word(at)
        if self.tokens.kind(at) != "word" or name in _WORDS:
            return self.primary(at, depth + 1) if self.tokens.behind(at) == end else None
        found = self.names[name] if name in self.names else self.find(name, depth)
        at += 1
        while found is not None and at < end:
            found, at = self.step(found, at)
        return found if found is None or not _is_open(found) else None

    def step(self, found: Node, at: int) -> tuple[Node | None, int]:
        """What one step selects, and the token behind it."""
        mark = self.tokens.word(at)
        if mark == "!":
            return found, at + 1
        if mark == ".":
            at += 1 + (self.tokens.word(at + 1) == "?")
            return found.get(self.tokens.word(at)) if isinstance(found, Mapping) else None, at + 1
        if mark != "[" or self.tokens.all[at].close != at + 2:
            return None, at + 1
        inner = self.tokens.all[at + 1]
        if inner.kind == "string" and isinstance(found, Mapping):
            return found.get(self.text[inner.start + 1 : inner.end - 1]), at + 3
        number = self.tokens.word(at + 1)
        if isinstance(found, Sequence) and inner.kind == "number" and len(number) < 7 and int(number) < len(found.items):
            return found.items[int(number)], at + 3
        return None, at + 3

    def find(self, name: str, depth: int) -> Node | None:
        """The value of a parameter or a variable; each is read once, and counted wherever it is used."""
        if name not in self.known:
            self.known[name] = None, 0  # a definition by itself has no value
            at, before, outer = self.defined.get(name), self.count, (self.names, self.tokens)
            self.names, self.tokens = {}, self.whole
            try:
                found = self.value(at, depth + 1)[0] if at is not None else None
            except _Broken:
                found = None
            self.names, self.tokens = outer
            self.known[name] = found, self.count - before
        found, size = self.known[name]
        if found is not None and not isinstance(found, Scalar):
            self.count_values(size)
        return found

    def object(self, at: int, depth: int, kind: str = "") -> Mapping:
        """`{ name: value }` as a mapping. `kind`: it is a resource of that type, which may have others in it."""
        close = self.tokens.all[at].close
        if close < 0:
            raise _Broken(self.tokens.all[at].start)
        entries: list[Entry] = []
        nested: list[Node] = []
        number = at + 1
        while (number := self.next_member(number)) < close:
            if self.tokens.word(number) == "@":
                number = self.tokens.end_of_expression(number)
            elif kind and self.tokens.word(number) == "resource" and self.tokens.kind(number + 2) == "string":
                items, number = self.declaration(number, kind, depth + 1)
                nested += items
            elif self.tokens.word(number) == "...":
                entries += self.spread(number, depth)
                number = self.tokens.end_of_expression(number + 1)
            else:
                entry, number = self.member(number, depth)
                entries.append(entry)
        if nested:
            start = self.tokens.all[at].start
            entries.append(Entry(self.made("resources", start), self.sequence(nested, start, self.tokens.all[close].end)))
        return self.mapping(entries, self.tokens.all[at].start, self.tokens.all[close].end)

    def next_member(self, number: int) -> int:
        """The first token of the next member or item."""
        while self.tokens.kind(number) == "line" or self.tokens.word(number) == ",":
            number += 1
        return number

    def member(self, number: int, depth: int) -> tuple[Entry, int]:
        token = self.tokens.all[number]
        if token.kind not in ("word", "string") or self.tokens.word(number + 1) != ":":
            raise _Broken(token.start)
        key = self.string(number, depth) if token.kind == "string" else None
        name = self.tokens.word(number)
        value, end = self.value(number + 2, depth + 1)
        return Entry(self.scalar(token.start, name, name) if key is None else key, value), end

    def spread(self, number: int, depth: int) -> list[Entry]:
        """The members that `...x` puts in; what is not known is a member of that name, which nobody reads."""
        end = self.tokens.end_of_expression(number + 1)
        found = self.evaluate(number + 1, end, depth + 1)
        if isinstance(found, Mapping):
            return list(found.entries)
        start = self.tokens.all[number].start
        written = self.text[start : self.tokens.all[end - 1].end]
        open_part = self.scalar(start, written, written, is_expression=True)
        return [Entry(open_part, open_part)]

    def array(self, at: int, depth: int) -> Sequence:
        close = self.tokens.all[at].close
        if close < 0:
            raise _Broken(self.tokens.all[at].start)
        first = self.next_member(at + 1)
        items: list[Node] = []
        if self.tokens.word(first) == "for":
            items = self.loop(first, depth, lambda body: self.body_of_loop(body, depth + 1))
        number = close if items else first
        while (number := self.next_member(number)) < close:
            begin = number + (self.tokens.word(number) == "...")
            value, number = self.value(begin, depth + 1)
            items += value.items if isinstance(value, Sequence) and self.tokens.word(begin - 1) == "..." else [value]
        return self.sequence(items, self.tokens.all[at].start, self.tokens.all[close].end)

    def body_of_loop(self, at: int, depth: int) -> Node:
        """The value that a loop makes of an element, also behind `if (…)`."""
        at = self.tokens.skip_lines(at)
        if self.tokens.word(at) == "if" and self.tokens.word(at + 1) == "(":
            at = self.tokens.behind(at + 1)
        return self.value(at, depth)[0]

    def string(self, number: int, depth: int) -> Scalar:
        """A quoted text: as it is written, and with its `${…}` filled in where all of them are known."""
        token = self.tokens.all[number]
        end = token.end - 1
        if token.end - token.start < 2 or self.text[end] != "'":
            raise _Broken(token.start)
        written: list[str] = []
        known: list[str | None] = []
        at = token.start + 1
        for start, behind in self.list_interpolations(at, end):
            literal = _unescape(self.text[at:start])
            written += [literal, self.text[start:behind]]
            known += [literal, self.text_between(start + 2, behind - 1, depth)]
            at = behind
        last = _unescape(self.text[at:end])
        text = "".join([*written, last])
        parts = [part for part in known if part is not None]
        is_known = len(parts) == len(known) and sum(map(len, parts)) <= _LONGEST_TEXT
        value = "".join([*parts, last]) if is_known else text
        self.work(len(value))
        return self.scalar(token.start, text, value, is_quoted=True, end=token.end)

    def list_interpolations(self, at: int, end: int) -> Iterator[tuple[int, int]]:
        """The offsets of each `${…}` of a string."""
        while (found := _INTERPOLATION.search(self.text, at, end)) is not None:
            at = found.end()
            if found[0] == "${":
                at = end_of_string(self.text, at, end, "{")
                yield found.start(), at

    def text_between(self, start: int, end: int, depth: int) -> str | None:
        """The text that an expression in a string writes; None where it is not known."""
        self.work(end - start)
        if depth >= DEEPEST:
            return None
        outer, self.tokens = self.tokens, BicepTokens(self.text, start, end)
        try:
            found = self.evaluate(0, len(self.tokens.all), depth + 1)
        except _Broken:
            found = None
        finally:
            self.tokens = outer
        if not isinstance(found, Scalar) or found.value is None or _is_open(found):
            return None
        return found.value if isinstance(found.value, str) else found.text

    def long_text(self, start: int, end: int) -> Scalar:
        """A text of several lines. A line end right after the opening does not count."""
        begin = self.text.index("'''", start) + 3
        text = self.text[begin:end].removesuffix("'''").removeprefix("\r").removeprefix("\n")
        return self.scalar(start, text, text, is_quoted=True, end=end)

    def work(self, characters: int) -> None:
        """Count the characters that are written again; Refused where there are too many."""
        self.written += characters
        if self.written > 2 * LARGEST_FILE:
            raise Refused("its expressions are too long together")

    def count_values(self, many: int) -> None:
        """Count values; Refused where there are too many."""
        self.count += many
        if self.count > MOST_NODES:
            raise Refused("it has too many values")

    def made(self, text: str, at: int) -> Scalar:
        """A name that the template has and the Bicep file has not."""
        return self.scalar(at, text, text)

    def scalar(
        self, at: int, text: str, value: Value, *, is_expression: bool = False, is_quoted: bool = False, end: int | None = None
    ) -> Scalar:
        self.count_values(1)
        line, column = self.lines.place(at)
        last = line if end is None else self.lines.place(end - 1)[0]
        return Scalar(text, value, line, column, last, is_quoted, False, is_expression)

    def mapping(self, entries: list[Entry], start: int, end: int) -> Mapping:
        self.count_values(1)
        return Mapping(tuple(entries), *self.lines.place(start), self.lines.place(max(end - 1, 0))[0])

    def sequence(self, items: list[Node], start: int, end: int) -> Sequence:
        self.count_values(1)
        return Sequence(tuple(items), *self.lines.place(start), self.lines.place(max(end - 1, 0))[0])


def _is_open(node: Node) -> bool:
    return isinstance(node, Scalar) and node.is_unknown


def _unescape(text: str) -> str:
    return _ESCAPE.sub(_read_escape, text) if "\\" in text else text


def _read_escape(found: re.Match[str]) -> str:
    if found[1]:
        return _SIMPLE.get(found[1], found[1])
    return chr(int(found[2], 16)) if int(found[2], 16) <= _LAST_CHARACTER else found[0]
