"""The syntax of Go's templates: texts, actions, conditions, loops and definitions, each with its stretch of the source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

from scanner.patterns import lazy_pattern
from scanner.record import record

# a template that nests deeper, or is longer, is not read
_DEEPEST = 60
_LONGEST = 2 * 1024 * 1024

_TRIMMING = lazy_pattern(r"\{\{-[ \t\r\n]")
_COMMENT_END = lazy_pattern(r"\s-\}\}|\}\}")
_TOKEN = lazy_pattern(
    r"(?P<space>\s++)|(?P<text>\"(?:[^\"\\\n]|\\.)*+\"|`[^`]*+`)|(?P<char>'(?:[^'\\\n]|\\.)*+')"
    r"|(?P<number>[-+]?(?:0[xX][0-9a-fA-F_]++|0[bB][01_]++|0[oO][0-7_]++"
    r"|(?:[0-9][0-9_]*+(?:\.[0-9_]*+)?+|\.[0-9]++)(?:[eE][-+]?[0-9]++)?+))"
    r"|(?P<var>\$\w*+)|(?P<field>\.[^\W\d]\w*+)|(?P<dot>\.)|(?P<word>[^\W\d]\w*+)|(?P<mark>:=|[=|(),])"
)
_ESCAPE = lazy_pattern(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|([0-7]{3})|(.))", re.DOTALL)
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_SPACE = " \t\r\n"


class BadTemplate(Exception):
    """The text is no template of Go, or too large to be read as one."""


@record(slots=True)
class Span:
    """The stretch of an action in its source. `outer_start` and `outer_end`: with the blanks that it trims."""

    start: int
    end: int
    outer_start: int
    outer_end: int


@record(slots=True)
class Literal:
    """A constant, and where it stands in its source."""

    value: Any
    at: int


@record(slots=True)
class Field:
    """`.a.b`, of the dot; `$x.a.b` where `variable` is `$x`."""

    names: tuple[str, ...]
    variable: str = ""


@record(slots=True)
class Chain:
    """`(…).a.b`."""

    inner: Pipe
    names: tuple[str, ...]


@record(slots=True)
class Word:
    """The name of a function."""

    name: str


Operand: TypeAlias = "Literal | Field | Chain | Word"
Command: TypeAlias = tuple[Operand, ...]


@record(slots=True)
class Pipe:
    """Commands, each with the result of the one before as its last argument; `declares`: the variables that take the result."""

    commands: tuple[Command, ...]
    declares: tuple[str, ...] = ()
    is_new: bool = False


@record(slots=True)
class Text:
    """A stretch of text as it is written, without what actions trim."""

    start: int
    end: int


@record(slots=True)
class Action:
    """An action that writes its result."""

    pipe: Pipe
    span: Span


@record(slots=True)
class Branch:
    """One branch of a condition; `pipe` is None for `else`."""

    pipe: Pipe | None
    span: Span
    body: tuple[Node, ...]


@record(slots=True)
class Condition:
    """`if` or `with`, by `kind`, and its further branches."""

    kind: str
    branches: tuple[Branch, ...]
    end: Span


@record(slots=True)
class Loop:
    """`range`, and what is written where there is nothing."""

    pipe: Pipe
    span: Span
    body: tuple[Node, ...]
    otherwise: Branch | None
    end: Span


@record(slots=True)
class Call:
    """`template "name" pipe`."""

    name: str
    pipe: Pipe | None
    span: Span


@record(slots=True)
class Jump:
    """`break` or `continue`."""

    kind: str
    span: Span


Node: TypeAlias = "Text | Action | Condition | Loop | Call | Jump"
Body: TypeAlias = tuple[Node, ...]


@record(slots=True)
class Parsed:
    """A template: its body and the bodies that it defines by name."""

    body: Body
    defines: dict[str, Body]


@record(slots=True)
class _Tag:
    """An action of the text: its tokens as (kind, text, place), or none for a comment."""

    tokens: list[tuple[str, str, int]]
    span: Span


def parse_template(text: str) -> Parsed:
    """The template that a text is; BadTemplate where it is none."""
    if len(text) > _LONGEST:
        raise BadTemplate("it is too long")
    return _Parser(text).template()


def _cut(text: str) -> Iterator[Text | _Tag]:
    """Texts and actions in order."""
    at = 0
    trims = False
    while True:
        opening = text.find("{{", at)
        end = opening if opening >= 0 else len(text)
        trims_next = _TRIMMING.match(text, opening) is not None if opening >= 0 else False
        start, stop = at, end
        if trims:
            while start < stop and text[start] in _SPACE:
                start += 1
        if trims_next:
            while stop > start and text[stop - 1] in _SPACE:
                stop -= 1
        if start < stop:
            yield Text(start, stop)
        if opening < 0:
            return
        outer_start = min(stop, opening) if start < stop else at
        tag, at, trims = _read_tag(text, opening, outer_start if trims_next else opening, trims_next)
        yield tag


def _read_tag(text: str, opening: int, outer_start: int, trims_before: bool) -> tuple[_Tag, int, bool]:
    """The action that begins at a place, the place after it, and whether it trims what follows."""
    at = opening + (4 if trims_before else 2)
    tokens: list[tuple[str, str, int]] = []
    if text.startswith("/*", at):
        close = text.find("*/", at)
        if close < 0:
            raise BadTemplate("a comment does not end")
        at = close + 2
        ending = _COMMENT_END.match(text, at)
        if ending is None:
            raise BadTemplate("a comment does not end")
        end = ending.end()
        trims = end - at > 2
    else:
        while not text.startswith("}}", at):
            if text.startswith("-}}", at) and text[at - 1 : at] in tuple(_SPACE):
                break
            found = _TOKEN.match(text, at)
            if found is None:
                raise BadTemplate("an action cannot be read")
            kind = found.lastgroup or ""
            tokens.append((kind, found[0], at))
            at = found.end()
        trims = text.startswith("-}}", at)
        end = at + (3 if trims else 2)
    outer_end = end
    if trims:
        while outer_end < len(text) and text[outer_end] in _SPACE:
            outer_end += 1
    return _Tag(tokens, Span(opening, end, outer_start, outer_end)), end, trims


class _Parser:
    def __init__(self, text: str) -> None:
        self.pieces = _cut(text)
        self.defines: dict[str, Body] = {}

    def template(self) -> Parsed:
        body, tag = self.body(0, at_top=True)
        if tag is not None:
            raise BadTemplate("an `end` has no beginning")
        return Parsed(body, self.defines)

    def body(self, depth: int, *, at_top: bool = False) -> tuple[Body, _Tag | None]:
        """The nodes up to an `end` or `else`, and that action."""
        if depth > _DEEPEST:
            raise BadTemplate("it nests too deep")
        nodes: list[Node] = []
        for piece in self.pieces:
            if isinstance(piece, Text):
                nodes.append(piece)
                continue
            word = _first_word(piece)
            if word in ("end", "else"):
                return tuple(nodes), piece
            nodes += self.action(word, piece, depth)
        if not at_top:
            raise BadTemplate("an action has no `end`")
        return tuple(nodes), None

    def action(self, word: str, tag: _Tag, depth: int) -> Iterator[Node]:
        if word in ("if", "with"):
            yield self.condition(word, tag, depth)
        elif word == "range":
            yield self.loop(tag, depth)
        elif word in ("define", "block", "template"):
            yield from self.named(word, tag, depth)
        elif word in ("break", "continue"):
            yield Jump(word, tag.span)
        elif any(kind != "space" for kind, _, _ in tag.tokens):
            yield Action(_pipe(tag.tokens), tag.span)

    def condition(self, kind: str, tag: _Tag, depth: int) -> Condition:
        branches: list[Branch] = []
        pipe: Pipe | None = _pipe(_after(tag.tokens, 1))
        while True:
            body, close = self.body(depth + 1)
            branches.append(Branch(pipe, tag.span, body))
            assert close is not None
            words = [token for token in close.tokens if token[0] != "space"]
            if words[0][1] == "end":
                return Condition(kind, tuple(branches), close.span)
            tag = close
            pipe = _pipe(_after(close.tokens, 2)) if len(words) > 1 else None
            if len(words) > 1 and words[1][1] not in ("if", "with"):
                raise BadTemplate("an `else` cannot be read")

    def loop(self, tag: _Tag, depth: int) -> Loop:
        pipe = _pipe(_after(tag.tokens, 1))
        body, close = self.body(depth + 1)
        assert close is not None
        otherwise = None
        if _first_word(close) == "else":
            other, end = self.body(depth + 1)
            assert end is not None
            otherwise, close = Branch(None, close.span, other), end
        return Loop(pipe, tag.span, body, otherwise, close.span)

    def named(self, word: str, tag: _Tag, depth: int) -> Iterator[Node]:
        """`define`, which writes nothing; `template`; `block`, which is both."""
        tokens = [token for token in tag.tokens if token[0] != "space"]
        if len(tokens) < 2 or tokens[1][0] != "text":
            raise BadTemplate("a named template has no name")
        name = _unquote(tokens[1][1])
        rest = _after(tag.tokens, 2)
        if word != "template":
            body, close = self.body(depth + 1)
            if close is None or _first_word(close) != "end":
                raise BadTemplate("a definition has no `end`")
            # of two definitions the last counts; an empty one does not replace
            if word == "define" or name not in self.defines:
                self.defines[name] = body
        if word != "define":
            yield Call(name, _pipe(rest) if any(token[0] != "space" for token in rest) else None, tag.span)


def _first_word(tag: _Tag) -> str:
    for kind, text, _ in tag.tokens:
        if kind != "space":
            return text if kind == "word" else ""
    return ""


def _after(tokens: list[tuple[str, str, int]], count: int) -> list[tuple[str, str, int]]:
    """The tokens after the first few words."""
    for number, (kind, _, _) in enumerate(tokens):
        if count == 0:
            return tokens[number:]
        count -= kind != "space"
    return []


def _pipe(tokens: list[tuple[str, str, int]]) -> Pipe:
    reader = _PipeReader(tokens)
    found = reader.pipe(0, may_declare=True)
    if reader.at != len(tokens):
        raise BadTemplate("an action cannot be read")
    return found


class _PipeReader:
    """Reads the tokens of one action from left to right."""

    def __init__(self, tokens: list[tuple[str, str, int]]) -> None:
        self.tokens = tokens
        self.at = 0

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.at][:2] if self.at < len(self.tokens) else ("", "")

    def skip(self) -> None:
        while self.peek()[0] == "space":
            self.at += 1

    def pipe(self, depth: int, *, may_declare: bool = False) -> Pipe:
        if depth > _DEEPEST:
            raise BadTemplate("an action nests too deep")
        declares, is_new = self.declarations() if may_declare else ((), False)
        commands: list[Command] = []
        while True:
            commands.append(self.command(depth))
            if self.peek() != ("mark", "|"):
                return Pipe(tuple(commands), declares, is_new)
            self.at += 1

    def declarations(self) -> tuple[tuple[str, ...], bool]:
        """`$x :=`, `$x =`, `$k, $v :=`."""
        start = self.at
        names: list[str] = []
        self.skip()
        while self.peek()[0] == "var":
            names.append(self.peek()[1])
            self.at += 1
            self.skip()
            if self.peek() == ("mark", ","):
                self.at += 1
                self.skip()
                continue
            if self.peek() in (("mark", ":="), ("mark", "=")):
                self.at += 1
                return tuple(names), self.tokens[self.at - 1][1] == ":="
            break
        self.at = start
        return (), False

    def command(self, depth: int) -> Command:
        operands: list[Operand] = []
        while True:
            self.skip()
            kind, text = self.peek()
            if kind == "" or (kind == "mark" and text in "|)"):
                break
            operands.append(self.operand(depth))
        if not operands:
            raise BadTemplate("a command is empty")
        return tuple(operands)

    def operand(self, depth: int) -> Operand:
        kind, text, place = self.tokens[self.at]
        self.at += 1
        if kind == "mark" and text == "(":
            inner = self.pipe(depth + 1, may_declare=True)
            if self.peek() != ("mark", ")"):
                raise BadTemplate("a bracket is open")
            self.at += 1
            return Chain(inner, self.names())
        if kind == "var":
            return Field(self.names(), text)
        if kind == "field":
            return Field((text[1:], *self.names()))
        if kind == "dot":
            return Field(())
        if kind == "word" and text not in ("true", "false", "nil"):
            return Word(text)
        return Literal(_constant(kind, text), place)

    def names(self) -> tuple[str, ...]:
        found: list[str] = []
        while self.peek()[0] == "field":
            found.append(self.peek()[1][1:])
            self.at += 1
        return tuple(found)


def _constant(kind: str, text: str) -> Any:
    if kind == "word":
        return {"true": True, "false": False, "nil": None}[text]
    if kind == "text":
        return _unquote(text)
    if kind == "char":
        inner = _ESCAPE.sub(_undo_escape, text[1:-1])
        return ord(inner[0]) if inner else 0
    if kind != "number":
        raise BadTemplate("an action cannot be read")
    try:
        return _number(text.replace("_", ""))
    except ValueError:
        raise BadTemplate("a number cannot be read") from None


def _number(text: str) -> int | float:
    bare = text.lstrip("+-").lower()
    if len(bare) > 40:
        raise ValueError
    if bare.startswith(("0x", "0b", "0o")):
        return int(text, 0)
    if bare.isdigit():
        return int(text, 8 if len(bare) > 1 and bare[0] == "0" else 10)
    return float(text)


def _unquote(text: str) -> str:
    return text[1:-1] if text[0] == "`" else _ESCAPE.sub(_undo_escape, text[1:-1])


def _undo_escape(found: re.Match[str]) -> str:
    number = found[1] or found[2] or found[3]
    if number:
        code = int(number, 16)
        return chr(code) if code < 0x110000 else "\ufffd"
    if found[4]:
        return chr(int(found[4], 8) & 0xFF)
    return _LETTERS.get(found[5], found[5])
