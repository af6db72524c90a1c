"""Renders templates: the text that a chart's template gives with its values, and where each stretch of it comes from.

What is not known stays in the text as the template has it. A condition that nobody can decide stays with all its branches, a
loop over something unknown with its body once, as a reader of the bare template would see them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scanner.patterns import lazy_pattern
from scanner.record import changed
from scanner.units.helm.functions import FUNCTIONS, Refused
from scanner.units.helm.layout import split_lines
from scanner.units.helm.sources import Define, FileSource, Source, TooMuch, ValueSource
from scanner.units.helm.strings import LONGEST_TEXT, TEXT_FUNCTIONS, write_text
from scanner.units.helm.structures import Changes, Files, find_structure_function, merge, to_data, write_files
from scanner.units.helm.syntax import (
    Action,
    BadTemplate,
    Body,
    Branch,
    Call,
    Chain,
    Command,
    Condition,
    Literal,
    Loop,
    Node,
    Operand,
    Pipe,
    Span,
    Text,
    Word,
    parse_template,
)
from scanner.units.helm.value import (
    MISSING,
    NIL,
    NOT_KNOWN,
    Origins,
    Part,
    Unknown,
    Value,
    has_unknown,
    is_true,
    join_origins,
    text_of,
)
from scanner.units.made import Origin, Piece

# of one template that is rendered: the steps, and the characters and members that functions handle
_MOST_STEPS = 60_000
_MOST_HANDLED = 16 * 1024 * 1024
_DEEPEST = 30
ENDLESS = "its template takes too long to render"
# these may be given what is not known
_TAKE_UNKNOWN = frozenset({"list", "tuple", "dict", "append", "push", "prepend", "deepCopy"})
# these only move a text, so that its branches stay as they are
_TAKE_BRANCHES = frozenset({"indent", "nindent", "trim", "print"})
# these ask for the type alone, which an open text has too
_ASK_TYPE = frozenset({"kindOf", "kindIs", "typeOf", "typeIs"})
# these look at one member, or at none
_ARE_CHEAP = frozenset(
    {"get", "hasKey", "index", "dig", "list", "tuple", "dict", "first", "last", "len", "set", "unset", "include"}
)
# a character that these read, and a member, cost as much as so many characters
_ARE_COSTLY = frozenset({"fromYaml", "fromJson", "fromYamlArray", "fromJsonArray"})
_COSTLY = 60
_BEFORE_VALUE = lazy_pattern(r"(?:[:=]|(?:^|\s)-)[ \t]*[\"']?\Z")
_AFTER_VALUE = lazy_pattern(r"[\"']?[ \t]*(?:#[^\n]*)?(?:\r?\n|\Z)")
_BEGINS_LINE = lazy_pattern(r"\|\s{0,9}nindent\s{1,9}(\d{1,2})\s{0,9}-?\}\}\Z")
_LONGEST_LINE = 300
# the arguments of these after the first are names, which must be known
_TAKE_NAMES = frozenset({"get", "hasKey", "dig", "index", "pluck", "pick", "omit", "without", "split", "splitList"})


class _Parts:
    """Collects the text of a named template."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.is_open = False
        self.is_branched = False
        self.is_layout = False

    def text(self, source: Source, start: int, end: int) -> None:
        self.parts += source.parts(start, end)

    def write(self, source: Source, span: Span, value: Value) -> None:
        parts = write_text(value)
        if _stays(source, span, value, "".join(text for text, _ in parts)):
            self.leave(source, span)
            return
        self.parts += parts
        self.is_open |= value.is_open
        self.is_branched |= value.is_branched
        self.is_layout |= value.is_layout

    def leave(self, source: Source, span: Span, *, is_branch: bool = False) -> None:
        self.is_open = True
        self.is_branched |= is_branch
        if is_branch:
            self.parts += source.parts(span.outer_start, span.outer_end)
            return
        # where it would have begun a line of its own, it does so as it is written
        width = _BEGINS_LINE.search(source.text, span.start, span.end)
        if width is not None:
            self.parts.append((f"\n{' ' * int(width[1])}", ()))
        elif self.parts and self.parts[-1][0][-1:] != "\n" and _stands_alone(source, span):
            self.parts += source.parts(span.outer_start, span.start)
        self.parts += source.parts(span.start, span.end)

    def value(self) -> Value:
        found = text_of(self.parts)
        return changed(found, is_open=self.is_open, is_branched=self.is_branched, is_layout=self.is_layout)


class _Pieces:
    """Collects the text of a template that is a manifest."""

    def __init__(self, source: FileSource) -> None:
        self.source = source
        self.pieces: list[Piece] = []

    @property
    def is_blank(self) -> bool:
        """Whether there is no text yet but blanks and marks of documents."""
        return not any(piece.text.strip("- \n") for piece in self.pieces)

    def text(self, source: Source, start: int, end: int) -> None:
        self.pieces.append(Piece(source.text[start:end], Origin(self.source.path, *self.source.place(start)), is_copy=True))

    def leave(self, source: Source, span: Span, *, is_branch: bool = False) -> None:  # noqa: ARG002 (a reader sees both)
        self.text(source, span.outer_start, span.outer_end)

    def write(self, source: Source, span: Span, value: Value) -> None:
        parts = [part for part in write_text(value) if part[0]]
        text = "".join(part for part, _ in parts)
        if _stays(source, span, value, text):
            self._stay(span, join_origins((value,)))
            return
        at = Origin(self.source.path, *self.source.place(span.start))
        if value.is_layout or "\n" in text.strip("\n"):
            for line in split_lines(parts):
                self.pieces += (Piece(part, at, origins=origins) for part, origins in line)
            return
        before, after = len(text) - len(text.lstrip("\n")), len(text.rstrip("\n"))
        written = source.text[span.start : span.end]
        pieces = (text[:before], ""), (text[before:after], written), (text[max(after, before) :], "")
        self.pieces += (Piece(each, at, origins=join_origins((value,)), written=action) for each, action in pieces)

    def _stay(self, span: Span, origins: Origins) -> None:
        """The action as it is written, with the places of the value that is empty."""
        start, text = span.outer_start, self.source.text
        self.pieces.append(
            Piece(
                text[start : span.outer_end], Origin(self.source.path, *self.source.place(start)), is_copy=True, origins=origins
            )
        )


def _stays(source: Source, span: Span, value: Value, text: str) -> bool:
    """Whether an action stays: where it is all that a setting has, and gives nothing, somebody is to fill it in."""
    stands_alone = _stands_alone(source, span)
    if value.data is None and value.is_given:
        return not stands_alone
    if value.is_given and text.strip() == "null":
        return True
    if value.is_branched and not (stands_alone and "\n" in text.strip()):
        return True
    if value.is_open and ('\\"' in text or ("\n" in text.strip() and text[0] != "\n" and not stands_alone)):
        return True
    return text.strip() in ("", '""', "''") and _is_whole_value(source, span)


def _line_around(source: Source, span: Span) -> tuple[str, str]:
    """What stands on the line of an action before it and after it."""
    text = source.text
    start = max(text.rfind("\n", 0, span.start) + 1, span.start - _LONGEST_LINE)
    end = text.find("\n", span.end)
    return text[start : span.start], text[span.end : (len(text) if end < 0 else end)][:_LONGEST_LINE]


def _stands_alone(source: Source, span: Span) -> bool:
    before, after = _line_around(source, span)
    return not before.strip() and not after.strip()


def _is_whole_value(source: Source, span: Span) -> bool:
    before, after = _line_around(source, span)
    return _BEFORE_VALUE.search(before) is not None and _AFTER_VALUE.fullmatch(after) is not None


class _Variables:
    """The variables of a template, the innermost last."""

    def __init__(self, dot: Value) -> None:
        self.known: list[list[Any]] = [["$", dot]]

    def find(self, name: str) -> Value:
        """The variable's value."""
        for each in reversed(self.known):
            if each[0] == name:
                found: Value = each[1]
                return found
        return NOT_KNOWN

    def declare(self, name: str, value: Value) -> None:
        """A new variable, which hides an outer one of that name."""
        self.known.append([name, value])

    def assign(self, name: str, value: Value) -> None:
        """Another value for a variable that is there."""
        for each in reversed(self.known):
            if each[0] == name:
                each[1] = value
                return


class Renderer:
    """Renders templates of one chart with one set of values. `root` has what `$` means; `defines` the named templates.
    `switches_on`: the conditions before the first text of a template hold, whatever the values say.
    """

    def __init__(self, root: Value, defines: dict[str, Define]) -> None:
        self._root = root
        self._defines = defines
        self._changes = Changes()
        self._parsed: dict[str, Body] = {}
        # of the template that was rendered last
        self.steps = 0
        self._handled = 0
        self._depth = 0
        # the named templates that were asked for and are not there
        self.missing: set[str] = set()
        self.switches_on = False

    def render(self, source: FileSource, body: Body) -> list[Piece]:
        """The pieces of a template's text; TooMuch where it does not end."""
        self.steps = self._handled = self._depth = 0
        self.missing = set()
        out = _Pieces(source)
        try:
            _Run(self, source, out, self._root).body(body, self._root)
        except RecursionError:
            raise TooMuch(ENDLESS) from None
        finally:
            self._changes.take_back()
        return out.pieces

    def count(self, length: int = 0) -> None:
        """One step more, and what it writes."""
        self.steps += 1
        self._handled += length
        if self.steps > _MOST_STEPS or self._handled > _MOST_HANDLED:
            raise TooMuch(ENDLESS)

    def include(self, name: str, dot: Value) -> Value:
        """The text of a named template."""
        found = self._defines.get(name)
        if found is None:
            self.missing.add(name)
            return NOT_KNOWN
        return self._render_inner(found.source, found.body, dot)

    def fill(self, value: Value, dot: Value) -> Value:
        """The text of a value that is a template."""
        text = value.data
        if not isinstance(text, str) or value.is_branched:
            return NOT_KNOWN
        if "{{" not in text:
            return value
        if text not in self._parsed:
            if len(self._parsed) > 200:
                self._parsed.clear()
            try:
                self._parsed[text] = parse_template(text).body
            except BadTemplate:
                return NOT_KNOWN
        return self._render_inner(ValueSource(value), self._parsed[text], dot)

    def _render_inner(self, source: Source, body: Body, dot: Value) -> Value:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise TooMuch(ENDLESS)
        out = _Parts()
        _Run(self, source, out, dot).body(body, dot)
        self._depth -= 1
        found = out.value()
        self.count(len(found.data))
        return found

    @property
    def changes(self) -> Changes:
        """What templates change in values."""
        return self._changes


class _Run:
    """Runs the nodes of one body of text."""

    def __init__(self, renderer: Renderer, source: Source, out: _Parts | _Pieces, dot: Value) -> None:
        self.renderer = renderer
        self.source = source
        self.out = out
        self.variables = _Variables(dot)

    def body(self, nodes: Body, dot: Value) -> str:
        """Run nodes in order. The result is the jump out of a loop, if one is met."""
        mark = len(self.variables.known)
        jump = ""
        for node in nodes:
            self.renderer.count()
            jump = self.node(node, dot)
            if jump:
                break
        del self.variables.known[mark:]
        return jump

    def node(self, node: Node, dot: Value) -> str:
        if isinstance(node, Text):
            self.renderer.count(node.end - node.start)
            self.out.text(self.source, node.start, node.end)
        elif isinstance(node, Action):
            self.action(node, dot)
        elif isinstance(node, Condition):
            return self.condition(node, dot)
        elif isinstance(node, Loop):
            self.loop(node, dot)
        elif isinstance(node, Call):
            found = self.renderer.include(node.name, self.pipe(node.pipe, dot) if node.pipe else NIL)
            self.write(node.span, found)
        else:
            return node.kind
        return ""

    def action(self, node: Action, dot: Value) -> None:
        value = self.pipe(node.pipe, dot)
        if node.pipe.declares:
            for name in node.pipe.declares:
                if node.pipe.is_new:
                    self.variables.declare(name, value)
                else:
                    self.variables.assign(name, value)
            return
        self.write(node.span, value)

    def write(self, span: Span, value: Value) -> None:
        if value.is_unknown() or isinstance(value.data, Files):
            self.out.leave(self.source, span)
            return
        self.renderer.count(len(value.data) if isinstance(value.data, str) else 0)
        self.out.write(self.source, span, value)

    # conditions and loops

    def condition(self, node: Condition, dot: Value) -> str:
        mark = len(self.variables.known)
        for number, branch in enumerate(node.branches):
            value = self.pipe(branch.pipe, dot) if branch.pipe is not None else Value(True)
            truth = is_true(value)
            if truth is None and not self.is_switched_on():
                self.undecided(node.branches[number:], node, value, dot)
                break
            if truth or self.is_switched_on():
                self.declare(branch.pipe, value)
                inner = value if node.kind == "with" and branch.pipe is not None else dot
                jump = self.body(branch.body, inner)
                del self.variables.known[mark:]
                return jump
        del self.variables.known[mark:]
        return ""

    def is_switched_on(self) -> bool:
        """Whether a condition holds that decides about the whole template."""
        return self.renderer.switches_on and isinstance(self.out, _Pieces) and self.out.is_blank

    def declare(self, pipe: Pipe | None, value: Value) -> None:
        for name in pipe.declares if pipe is not None else ():
            self.variables.declare(name, value)

    def undecided(self, branches: tuple[Branch, ...], node: Condition, value: Value, dot: Value) -> None:
        """All branches that may be the one, with the actions that part them."""
        with _Doubt(self) as doubt:
            for number, branch in enumerate(branches):
                if number and branch.pipe is not None:
                    value = self.pipe(branch.pipe, dot)
                self.out.leave(self.source, branch.span, is_branch=True)
                mark = len(self.variables.known)
                self.declare(branch.pipe, value)
                self.body(branch.body, value if node.kind == "with" and branch.pipe is not None else dot)
                del self.variables.known[mark:]
                doubt.next_branch()
        self.out.leave(self.source, node.end, is_branch=True)

    def loop(self, node: Loop, dot: Value) -> None:
        value = self.pipe(node.pipe, dot)
        items = _list_items(value)
        if items is None:
            self.unknown_loop(node, dot)
            return
        for key, item in items:
            self.renderer.count()
            mark = len(self.variables.known)
            self.declare_item(node.pipe, key, item)
            jump = self.body(node.body, item)
            del self.variables.known[mark:]
            if jump == "break":
                break
        if not items and node.otherwise is not None:
            self.body(node.otherwise.body, dot)

    def declare_item(self, pipe: Pipe, key: Value, item: Value) -> None:
        names = pipe.declares
        values = (item,) if len(names) == 1 else (key, item)
        for name, value in zip(names, values, strict=False):
            self.variables.declare(name, value)

    def unknown_loop(self, node: Loop, dot: Value) -> None:
        with _Doubt(self) as doubt:
            self.out.leave(self.source, node.span, is_branch=True)
            mark = len(self.variables.known)
            self.declare_item(node.pipe, NOT_KNOWN, NOT_KNOWN)
            self.body(node.body, NOT_KNOWN)
            del self.variables.known[mark:]
            doubt.next_branch()
            if node.otherwise is not None:
                self.out.leave(self.source, node.otherwise.span, is_branch=True)
                self.body(node.otherwise.body, dot)
                doubt.next_branch()
        self.out.leave(self.source, node.end, is_branch=True)

    # expressions

    def pipe(self, pipe: Pipe | None, dot: Value) -> Value:
        """The value of a pipeline."""
        assert pipe is not None
        value: Value | None = None
        for command in pipe.commands:
            value = self.command(command, value, dot)
        assert value is not None
        return value

    def command(self, command: Command, piped: Value | None, dot: Value) -> Value:
        self.renderer.count()
        first = command[0]
        if isinstance(first, Word):
            return self.call(first.name, command[1:], piped, dot)
        last = () if piped is None else (piped,)
        arguments = [*(self.operand(each, dot) for each in command[1:]), *last]
        return self.operand(first, dot, arguments)

    def operand(self, operand: Operand, dot: Value, arguments: list[Value] | None = None) -> Value:
        if isinstance(operand, Literal):
            return Value(operand.value)
        if isinstance(operand, Word):
            return self.call(operand.name, (), None, dot)
        if isinstance(operand, Chain):
            value = self.pipe(operand.inner, dot)
            return value if not operand.names else _walk(value, operand.names, arguments or [], is_chain=True)
        start = self.variables.find(operand.variable) if operand.variable else dot
        return _walk(start, operand.names, arguments or []) if operand.names else start

    def call(self, name: str, operands: tuple[Operand, ...], piped: Value | None, dot: Value) -> Value:
        if name in ("and", "or"):
            return self.choose(name, operands, piped, dot)
        arguments = [self.operand(each, dot) for each in operands]
        if piped is not None:
            arguments.append(piped)
        try:
            if name == "default" and operands and isinstance(operands[0], Literal):
                origins = self.source.origin(operands[0].at, "default")
                arguments[0] = changed(arguments[0], origins=origins)
            own = _OWN.get(name)
            if name not in _ARE_CHEAP:
                self.renderer.count(sum(map(_measure, arguments)) * (_COSTLY if name in _ARE_COSTLY else 1))
            return own(self.renderer, *arguments) if own is not None else _call(name, arguments)
        except (Refused, TypeError, ValueError, AttributeError, KeyError, IndexError, OverflowError, ZeroDivisionError):
            # too few arguments, or of another type: Helm stops there
            return NOT_KNOWN

    def choose(self, name: str, operands: tuple[Operand, ...], piped: Value | None, dot: Value) -> Value:
        """`and` gives the first that is empty, `or` the first that is not; else the last."""
        found = NIL
        is_doubtful = False
        waiting: list[Callable[[], Value]] = [lambda each=each: self.operand(each, dot) for each in operands]  # type: ignore[misc]
        if piped is not None:
            waiting.append(lambda: piped)
        for each in waiting:
            found = each()
            truth = is_true(found)
            if truth is (name == "or"):
                return Value(Unknown(is_true=truth)) if is_doubtful else found
            is_doubtful |= truth is None
        return NOT_KNOWN if is_doubtful else found


class _Doubt:
    """Branches of which one is run, nobody knows which: what any of them assigns is not known afterwards."""

    def __init__(self, run: _Run) -> None:
        self.run = run
        self.before: list[Value] = []
        self.changed: set[int] = set()

    def __enter__(self) -> _Doubt:
        self.before = [each[1] for each in self.run.variables.known]
        self.run.renderer.changes.is_doubtful += 1
        return self

    def next_branch(self) -> None:
        """Note what the branch assigned, and begin the next as the first began."""
        for number, (variable, before) in enumerate(zip(self.run.variables.known, self.before, strict=False)):
            if variable[1] is not before:
                self.changed.add(number)
                variable[1] = before

    def __exit__(self, *_: object) -> None:
        self.run.renderer.changes.is_doubtful -= 1
        for number in self.changed:
            self.run.variables.known[number][1] = NOT_KNOWN


def _list_items(value: Value) -> list[tuple[Value, Value]] | None:
    """What a loop goes over; None where that is not known."""
    data = value.data
    if data is None:
        return []
    if isinstance(data, list):
        # an item that is null is nothing that somebody is to fill in
        return [(Value(number), NIL if item.data is None else item) for number, item in enumerate(data)]
    if isinstance(data, dict):
        return [(Value(name, data[name].origins), data[name]) for name in sorted(data)]
    return None


def _walk(value: Value, names: tuple[str, ...], arguments: list[Value], *, is_chain: bool = False) -> Value:
    """The member of a member of a value. A member of nothing is an error, but not in brackets."""
    for number, name in enumerate(names):
        is_last = number == len(names) - 1
        if isinstance(value.data, Files):
            return value.data.call(name, arguments) if is_last else NOT_KNOWN
        if name in ("AsConfig", "AsSecrets") and is_last and isinstance(value.data, dict):
            return write_files(value, as_secrets=name == "AsSecrets")
        if value.data is None and is_chain:
            return MISSING
        if not isinstance(value.data, dict):
            return NOT_KNOWN
        value = value.data.get(name, MISSING)
    return value


def _measure(value: Value) -> int:
    """How many characters or members a function has to handle."""
    if isinstance(value.data, str):
        return len(value.data)
    waiting, found = [value], 0
    while waiting and found < _MOST_HANDLED:
        data = waiting.pop().data
        if isinstance(data, dict | list) and data:
            found += len(data) * _COSTLY
            waiting += data.values() if isinstance(data, dict) else data
    return found


def _call(name: str, arguments: list[Value]) -> Value:
    """A function of the libraries."""
    is_branched = any(each.is_branched for each in arguments)
    if is_branched and name not in _TAKE_BRANCHES:
        return NOT_KNOWN
    if name not in _TAKE_UNKNOWN and any(each.is_unknown() for each in arguments):
        return NOT_KNOWN
    text_function = TEXT_FUNCTIONS.get(name)
    if text_function is not None:
        return _check_length(text_function(*arguments))
    structure = find_structure_function(name)
    if structure is not None:
        function, kind = structure
        if name in _TAKE_NAMES and any(each.is_open for each in arguments):
            return NOT_KNOWN
        return function(*arguments) if kind is None or isinstance(arguments[0].data, kind) else NOT_KNOWN
    plain = FUNCTIONS.get(name)
    if plain is not None and name in _ASK_TYPE:
        return Value(plain(*(each.data for each in arguments)), join_origins(arguments))
    if plain is None or any(has_unknown(each) for each in arguments):
        return NOT_KNOWN
    if any(each.is_open for each in arguments):
        # what is replaced in a text that stays open, nobody knows: it stays open
        return arguments[1] if "ReplaceAll" in name and len(arguments) == 3 and arguments[1].is_open else NOT_KNOWN
    return _from_data(plain(*(to_data(each) for each in arguments)), join_origins(arguments))


def _check_length(value: Value) -> Value:
    if isinstance(value.data, str) and len(value.data) > LONGEST_TEXT:
        raise TooMuch(ENDLESS)
    return value


def _from_data(data: Any, origins: Origins) -> Value:
    if isinstance(data, list):
        return Value([_from_data(item, origins) for item in data], origins)
    return Value(data, origins)


# the functions that know the renderer, or choose between their arguments


def _include(renderer: Renderer, name: Value, dot: Value = NIL) -> Value:
    return renderer.include(name.data, dot) if isinstance(name.data, str) and not name.is_open else NOT_KNOWN


def _fill(renderer: Renderer, value: Value, dot: Value) -> Value:
    return renderer.fill(value, dot)


def _default(_renderer: Renderer, default: Value, value: Value = NIL) -> Value:
    truth = is_true(value)
    return NOT_KNOWN if truth is None else value if truth else default


def _coalesce(_renderer: Renderer, *values: Value) -> Value:
    for value in values:
        truth = is_true(value)
        if truth is not False:
            return value if truth else NOT_KNOWN
    return NIL


def _ternary(_renderer: Renderer, yes: Value, no: Value, condition: Value) -> Value:
    if not isinstance(condition.data, bool):
        return NOT_KNOWN
    return yes if condition.data else no


def _not(_renderer: Renderer, value: Value) -> Value:
    truth = is_true(value)
    return NOT_KNOWN if truth is None else Value(not truth, value.origins)


def _empty(_renderer: Renderer, value: Value) -> Value:
    return _not(_renderer, value)


def _required(_renderer: Renderer, _message: Value, value: Value = NIL) -> Value:
    return NOT_KNOWN if value.data is None or value.data == "" else value


def _fail(renderer: Renderer, _message: Value) -> Value:
    # a branch that Helm would stop in is not the one
    return Value("") if renderer.changes.is_doubtful else NOT_KNOWN


def _lookup(_renderer: Renderer, *_arguments: Value) -> Value:
    return Value({})  # as without a cluster


def _set(renderer: Renderer, members: Value, name: Value, value: Value) -> Value:
    if not isinstance(members.data, dict) or not isinstance(name.data, str):
        return NOT_KNOWN
    renderer.changes.set(members.data, name.data, value)
    return members


def _unset(renderer: Renderer, members: Value, name: Value) -> Value:
    if not isinstance(members.data, dict) or not isinstance(name.data, str):
        return NOT_KNOWN
    renderer.changes.unset(members.data, name.data)
    return members


def _merge(renderer: Renderer, *dicts: Value) -> Value:
    return merge(renderer.changes, *dicts)


def _merge_over(renderer: Renderer, *dicts: Value) -> Value:
    return merge(renderer.changes, *dicts, is_forced=True)


_OWN: dict[str, Callable[..., Value]] = {
    "include": _include, "tpl": _fill, "default": _default, "coalesce": _coalesce, "ternary": _ternary, "not": _not,
    "empty": _empty, "required": _required, "fail": _fail, "lookup": _lookup, "set": _set, "unset": _unset, "merge": _merge,
    "mustMerge": _merge, "mergeOverwrite": _merge_over, "mustMergeOverwrite": _merge_over,
}  # fmt: skip
