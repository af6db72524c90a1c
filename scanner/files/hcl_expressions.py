"""Expressions of HCL, evaluated as far as the file, or the module, tells their values: locals, variables, `for`, conditions,
functions, templates, files beside it.

What is not known stays an expression, and only that part: `merge({}, {a = var.x})` is a mapping with one open value. A
condition that is not known gives both branches, because either may be what the platform loads.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from collections.abc import Sequence as SequenceOf
from typing import TYPE_CHECKING, Protocol, TypeVar

from scanner.files.hcl_functions import LONGEST_TEXT, MOST_ITEMS, call, is_open, make_list, make_text, text_of
from scanner.files.hcl_scope import LocalFile, Part, Place, Scope, Trace, list_definitions
from scanner.files.hcl_templates import Stretch, as_parts, fill
from scanner.files.limits import DEEPEST
from scanner.files.syntax import Source, list_children
from scanner.files.tree import Entry, Format, Mapping, Node, Parsed, Scalar, Sequence

if TYPE_CHECKING:
    import tree_sitter

_PATHS = {"module": ".", "root": ".", "cwd": "."}
_ORDERS: dict[str, Callable[..., bool]] = {">": operator.gt, "<": operator.lt, ">=": operator.ge, "<=": operator.le}
_TESTS = ("&&", "||", "==", "!=", *_ORDERS)
Made_ = TypeVar("Made_")


class Reader(Protocol):
    """The reader of the file around the expressions."""

    source: Source

    def value(self, node: tree_sitter.Node, depth: int) -> Node:
        """The value of an expression."""

    def scalar(self, node: tree_sitter.Node, *, may_be_expression: bool = False) -> Scalar:
        """The text of an expression."""

    def read_other(self, file: LocalFile) -> tuple[Expressions, tree_sitter.Node] | None:
        """The expressions of a template in a file of its own, and its text as the template of a heredoc."""

    def unescape(self, text: str) -> str:
        """The text that a quoted string writes."""


class Expressions:
    """The expressions of one file. `names` are those of the loops around the current one. `trace`: the places of values are
    noted; without it a name keeps its own text beside its value.
    """

    def __init__(self, reader: Reader, root: tree_sitter.Node, scope: Scope | None, trace: Trace | None) -> None:
        self._reader = reader
        self.names: dict[str, Node] = {}
        self.scope = scope if scope is not None else _FileScope(self, root)
        self.trace = trace

    def value(self, node: tree_sitter.Node, depth: int) -> Node:
        """The value of an expression, as far as it is known."""
        return self._reader.value(node, depth)

    def unescape(self, text: str) -> str:
        """The text that a quoted string writes."""
        return self._reader.unescape(text)

    def written(self, start: int, end: int) -> str:
        """The text between two offsets."""
        return self._reader.source.text[start:end]

    def place(self, offset: int) -> Place:
        """Line and column of an offset."""
        return self._reader.source.place(offset)

    def mark(self) -> int:
        """Where the list of used values ends now."""
        return len(self.trace.used) if self.trace is not None else 0

    def used_since(self, mark: int) -> tuple[Place, ...]:
        """The places of the values that were used since then."""
        return tuple(dict.fromkeys(self.trace.used[mark:])) if self.trace is not None else ()

    def within(self, given: dict[str, Node], made: Callable[[], Made_]) -> Made_:
        """What is made where these names have a meaning as well."""
        before = self.names
        self.names = {**before, **given}
        try:
            return made()
        finally:
            self.names = before

    def alone(self, made: Callable[[], Made_]) -> Made_:
        """What is made where no names of loops have a meaning."""
        before, self.names = self.names, {}
        try:
            return made()
        finally:
            self.names = before

    def evaluate(self, node: tree_sitter.Node, depth: int) -> Node | None:
        """The value of an expression that is no literal; None where nothing of it is known."""
        if self.trace is None:
            return self._evaluate(node, depth)
        self.trace.step()
        mark = len(self.trace.used)
        found = self._evaluate(node, depth)
        if found is not None and node.type in ("conditional", "function_call", "operation"):
            self.trace.note(found, mark)
        return found

    def _evaluate(self, node: tree_sitter.Node, depth: int) -> Node | None:
        if depth > DEEPEST:
            return None
        if node.type == "conditional":
            return self._choose(node, depth)
        if node.type == "function_call":
            return self._call(node, depth)
        if node.type == "for_expr":
            return self._loop(node.children[0], depth)
        if node.type == "operation":
            truth = self._test(node, depth)
            return None if truth is None else make_text(truth, self._at(node))
        if node.type in ("variable_expr", "expression"):
            return self._follow(node, depth)
        return None

    def fill(self, nodes: SequenceOf[tree_sitter.Node], start: int, end: int, depth: int) -> list[Stretch]:
        """The stretches of a template between two offsets; its open parts are among `nodes`."""
        return fill(self, nodes, start, end, depth)

    def test(self, node: tree_sitter.Node, depth: int) -> bool | None:
        """A condition; None where it is not known."""
        return self._test(node, depth)

    def items(self, node: tree_sitter.Node, depth: int) -> list[tuple[Scalar, Node]] | None:
        """The keys and values of a collection; None where they are not known."""
        found = self._reader.value(node, depth)
        return None if is_open(found) else _list_elements(found)[:MOST_ITEMS]

    def elements(self, node: tree_sitter.Node, depth: int) -> list[Mapping] | None:
        """The `key` and `value` of each element of a collection, as `each` has them; None where it is not known."""
        found = self.items(node, depth)
        return None if found is None else [make_element(key, value) for key, value in found]

    def _at(self, node: tree_sitter.Node) -> Scalar:
        line, column = self._reader.source.place(node.start_byte)
        return Scalar("", None, line, column, self._reader.source.end_line(node))

    def _choose(self, node: tree_sitter.Node, depth: int) -> Node | None:
        parts = [each for each in node.children if each.type == "expression"]
        if len(parts) != 3:
            return None
        truth = self._test(parts[0], depth + 1)
        if truth is not None:
            return self._reader.value(parts[1 if truth else 2], depth + 1)
        branches = [self._reader.value(each, depth + 1) for each in parts[1:]]
        held = [each for each in branches if not isinstance(each, Scalar) and _list_elements(each)]
        if not held:
            return None
        if any(is_open(each) for each in branches) or len(held) > 1:
            return make_list([item for each in branches for item in _list_items(each)], self._at(node))
        return held[0]

    def _test(self, node: tree_sitter.Node, depth: int) -> bool | None:
        """A condition; None where it is not known."""
        while node.type in ("expression", "operation") and (node.child_count == 1 or _is_wrapped(node)):
            node = node.children[0 if node.child_count == 1 else 1]
        if depth > DEEPEST:
            return None
        if node.type == "unary_operation":
            truth = self._test_parts(node.children[1:], depth + 1) if node.children[0].type == "!" else None
            return None if truth is None else not truth
        if node.type != "binary_operation":
            return self._test_parts([node], depth)
        at = next((number for number, each in enumerate(node.children) if each.type in _TESTS), None)
        if at is None:
            return None
        mark, left, right = node.children[at].type, node.children[:at], node.children[at + 1 :]
        if mark in ("==", "!="):
            return self._compare(left, mark, right, depth)
        if mark in _ORDERS:
            return self._order(left, mark, right, depth)
        ends = mark == "||"
        both = self._test_parts(left, depth + 1), self._test_parts(right, depth + 1)
        return ends if ends in both else None if None in both else not ends

    def _test_parts(self, parts: list[tree_sitter.Node], depth: int) -> bool | None:
        """The truth of a part of a condition: a name with the steps after it is several nodes there."""
        parts = _strip_brackets(parts)
        if len(parts) == 1 and (parts[0].type == "operation" or _is_wrapped(parts[0])):
            return self._test(parts[0], depth + 1)
        found = self._operand(parts, depth)
        said = found.value if isinstance(found, Scalar) and not is_open(found) else None
        return said if isinstance(said, bool) else None

    def _operand(self, parts: list[tree_sitter.Node], depth: int) -> Node | None:
        parts = _strip_brackets(parts)
        if depth >= DEEPEST:
            return None
        return self._reader.value(parts[0], depth + 1) if len(parts) == 1 else self._follow_parts(parts, depth + 1)

    def _compare(self, left: list[tree_sitter.Node], mark: str, right: list[tree_sitter.Node], depth: int) -> bool | None:
        found = [each for parts in (left, right) if (each := self._operand(parts, depth)) is not None]
        if len(found) < 2 or any(not isinstance(each, Scalar) or is_open(each) for each in found):
            return None
        texts = [text_of(each) for each in found]
        is_null = [isinstance(each, Scalar) and each.value is None for each in found]
        if any(text is None and not null for text, null in zip(texts, is_null, strict=True)):
            return None
        return (texts[0] == texts[1]) is (mark == "==")

    def _order(self, left: list[tree_sitter.Node], mark: str, right: list[tree_sitter.Node], depth: int) -> bool | None:
        """A comparison of two known numbers."""
        found = [self._operand(parts, depth) for parts in (left, right)]
        numbers = [each.value for each in found if isinstance(each, Scalar) and not is_open(each)]
        if len(numbers) < 2 or not all(isinstance(each, (int, float)) for each in numbers):
            return None
        return _ORDERS[mark](*numbers)

    def _call(self, node: tree_sitter.Node, depth: int) -> Node | None:
        name = (node.children[0].text or b"").decode()
        given = [each for part in list_children(node, "function_arguments") for each in list_children(part, "expression")]
        at = self._at(node)
        if name in ("try", "can") and self.trace is not None:
            return self._try(given, name, at, depth)
        arguments = [self._reader.value(each, depth + 1) for each in given]
        if any(each.type == "ellipsis" for part in list_children(node, "function_arguments") for each in part.children):
            last = arguments.pop() if arguments else None
            arguments += last.items if isinstance(last, Sequence) else [last] if last is not None else []
        if name in ("yamldecode", "jsondecode"):
            return self._parse(arguments, name)
        if name in ("file", "filebase64", "templatefile"):
            return self._read_file(arguments, name, at)
        return call(name, arguments, at)

    def _parse(self, arguments: list[Node], name: str) -> Node | None:
        if len(arguments) != 1 or is_open(arguments[0]):
            return None
        given = arguments[0]
        if not isinstance(given, Scalar):
            return given  # what `yamlencode` was given
        if not isinstance(given.value, str):
            return None
        format_: Format = "yaml" if name == "yamldecode" else "json"
        if self.trace is not None:
            return self._parse_elsewhere(given, format_, self.trace)
        from scanner.files.inside import Insides

        text = Scalar(given.value, given.value, given.line, given.column, given.end_line, is_quoted=True)
        read = Insides(self._reader.source.text).read(text, format_)
        return read.documents[0] if isinstance(read, Parsed) and read.documents else None

    def _parse_elsewhere(self, given: Scalar, format_: Format, trace: Trace) -> Node | None:
        """The document in a text: with its own places where it is a file, else all of it at the place of the text."""
        from scanner.files.read import read_text

        file = trace.file_of(given)
        text = file.text if file is not None else text_of(given)
        read = read_text(text, format_) if text is not None else None
        if not isinstance(read, Parsed) or not read.documents:
            return None
        return move_tree(read.documents[0], given, file.before if file is not None else None)

    def _read_file(self, arguments: list[Node], name: str, at: Scalar) -> Node | None:
        path = text_of(arguments[0]) if arguments else None
        file = self.scope.read(path) if path is not None and not path.startswith(("/", "~")) else None
        if file is None:
            return None
        if name == "filebase64":
            return call("base64encode", [make_text(file.text, at)], at)
        if name == "templatefile":
            return self._render(file, arguments, at)
        line = file.before + 1 if self.trace is not None else at.line
        made = Scalar(file.text, file.text, line, 1 if self.trace is not None else at.column, at.end_line, is_quoted=True)
        if self.trace is not None:
            lines = file.text.split("\n")
            parts = [Part(f"{each}\n", (line + number, 1)) for number, each in enumerate(lines[:-1])]
            self.trace.note_file(made, file)
            self.trace.note_parts(made, [*parts, Part(lines[-1], (line + len(parts), 1))])
        return made

    def _render(self, file: LocalFile, arguments: list[Node], at: Scalar) -> Node | None:
        """`templatefile`: the file as a template whose only names are the arguments."""
        given = arguments[1] if len(arguments) == 2 else None
        other = self._reader.read_other(file) if isinstance(given, Mapping) else None
        if other is None or not isinstance(given, Mapping):
            return None
        expressions, node = other
        expressions.names = {entry.key.text: entry.value for entry in given.entries}
        start = node.children[1].end_byte + 1
        stretches = expressions.fill(node.children, start, start + len(file.text), 1)
        parts = list(as_parts(expressions, stretches, is_quoted=False))
        text = "".join(part.text for part in parts)
        if len(text) > LONGEST_TEXT:
            return None
        made = make_text(text, at)
        if self.trace is not None:
            self.trace.note_parts(made, parts)
        return made

    def _try(self, given: list[tree_sitter.Node], name: str, at: Scalar, depth: int) -> Node | None:
        """`try` and `can`: an argument fails that asks a known value for a member that it has not."""
        assert self.trace is not None
        for each in given:
            self.trace.has_failed = False
            found = self._reader.value(each, depth + 1)
            if not is_open(found):
                return found if name == "try" else make_text(True, at)
            if not self.trace.has_failed:
                return None
        return make_text(False, at) if name == "can" else None

    def _loop(self, node: tree_sitter.Node, depth: int) -> Node | None:
        """`[for …]` and `{for …}`: the body for each element; once, with open names, where the elements are not known."""
        intro = next(list_children(node, "for_intro"))
        names = [(each.text or b"").decode() for each in list_children(intro, "identifier")]
        given = self._reader.value(next(list_children(intro, "expression")), depth + 1)
        bodies = list(list_children(node, "expression"))
        condition = next(list_children(node, "for_cond"), None)
        test = next(list_children(condition, "expression"), None) if condition is not None else None
        elements: list[tuple[Scalar, Node] | None] = [None] if is_open(given) else [*_list_elements(given)]
        items: list[tuple[Node, Node]] = []
        for element in elements[:MOST_ITEMS]:
            before = self.names
            self.names = {name: each for name, each in before.items() if name not in names}
            if element is not None:
                self.names |= dict(zip(names, element if len(names) == 2 else element[1:], strict=False))
            try:
                if test is None or self._test(test, depth + 1) is not False:
                    made = [self._reader.value(body, depth + 1) for body in bodies]
                    items.append((made[0], made[-1]))
            finally:
                self.names = before
        if elements == [None] and self.trace is not None:
            return None  # how many there are is not known
        return _make_loop_result(items, self._at(node), is_list=node.type == "for_tuple_expr")

    def _follow(self, node: tree_sitter.Node, depth: int) -> Node | None:
        """`local.x`, `var.x.y["z"]`, `each.value`, a name of a loop, and what is below them."""
        parts = node.children if node.type == "expression" else [node]
        base = parts[0]
        found = self._follow_parts(parts, depth)
        if not isinstance(found, Scalar) or is_open(found):
            return found if not isinstance(found, Scalar) else None
        if self.trace is not None:
            return found
        if base.type == "variable_expr" and (base.text or b"").decode() not in self.names:
            # the name stays what is shown
            written = self._reader.scalar(node, may_be_expression=True)
            text = text_of(found) if isinstance(found.value, str) else found.value
            return None if text is None else _change_value(written, text)
        return found

    def _follow_parts(self, parts: list[tree_sitter.Node], depth: int) -> Node | None:
        """The value of a name or an expression with the steps after it; None where it is not known."""
        base, *steps = parts
        if base.type == "variable_expr":
            name = (base.text or b"").decode()
            found, steps = self._find_name(name, steps, depth)
        else:
            found = self._reader.value(base, depth + 1)
        for step in steps:
            if found is None or is_open(found):
                return None
            known = found
            found = self._step(known, step, depth)
            if found is None and self.trace is not None:
                self.trace.has_failed |= _is_whole(known)
        if found is not None and self.trace is not None:
            self.trace.use(found)
        return found

    def _find_name(self, name: str, steps: list[tree_sitter.Node], depth: int) -> tuple[Node | None, list[tree_sitter.Node]]:
        """The value that a reference begins with, and the steps that remain."""
        if name in self.names:
            return self.names[name], steps
        if name == "path" and steps and (attribute := _name_of(steps[0])) in _PATHS:
            return make_text(_PATHS[attribute], self._at(steps[0])), steps[1:]
        found, used = self.scope.find(name, [_name_of(step) for step in steps], depth)
        return found, steps[used:]

    def _step(self, found: Node, step: tree_sitter.Node, depth: int) -> Node | None:
        if step.type == "get_attr":
            return found.get(_name_of(step)) if isinstance(found, Mapping) else None
        if step.type == "splat":
            inner = [each for part in step.children for each in part.children if each.type in ("get_attr", "index")]
            items: list[Node] = []
            for item in _list_items(found):
                made: Node | None = item
                for each in inner:
                    made = None if made is None else self._step(made, each, depth)
                items += [] if made is None else [made]
            return make_list(items, self._at(step))
        index = next((each for part in step.children for each in list_children(part, "expression")), None)
        wanted = text_of(self._reader.value(index, depth + 1)) if index is not None else None
        if wanted is None:
            return None
        if isinstance(found, Mapping):
            return found.get(wanted)
        is_number = isinstance(found, Sequence) and wanted.isdecimal() and len(wanted) < 6 and int(wanted) < len(found.items)
        return found.items[int(wanted)] if is_number and isinstance(found, Sequence) else None


def _change_value(written: Scalar, value: str | int | float | bool) -> Scalar:
    return Scalar(written.text, value, written.line, written.column, written.end_line, False, written.is_masked, True)


def _list_items(node: Node) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else () if isinstance(node, Scalar) and node.value is None else (node,)


def _list_elements(node: Node) -> list[tuple[Scalar, Node]]:
    """The keys and values of a mapping, or the numbers and items of a list (of a set of texts the texts are both)."""
    if isinstance(node, Mapping):
        return [(entry.key, entry.value) for entry in node.entries]
    if not isinstance(node, Sequence):
        return []
    return [
        (item if isinstance(item, Scalar) else make_text(number, Scalar("", None, item.line, item.column, item.end_line)), item)
        for number, item in enumerate(node.items)
    ]


def make_element(key: Scalar, value: Node) -> Mapping:
    """One element of a collection as `each` has it."""
    entries = (Entry(make_text("key", key), key), Entry(make_text("value", key), value))
    return Mapping(entries, value.line, value.column, value.end_line)


def _make_loop_result(items: list[tuple[Node, Node]], at: Scalar, *, is_list: bool) -> Node:
    if is_list:
        return make_list([value for _, value in items], at)
    entries: list[Entry] = []
    for key, value in items:
        if isinstance(key, Scalar):
            text = text_of(key)
            entries.append(Entry(key if text is None else make_text(text, key), value))
    return Mapping(tuple(entries), at.line, at.column, at.end_line)


def _is_wrapped(node: tree_sitter.Node) -> bool:
    """Whether a node is an expression in brackets."""
    return node.type == "expression" and node.child_count == 3 and node.children[0].type == "("


def _strip_brackets(parts: list[tree_sitter.Node]) -> list[tree_sitter.Node]:
    """The expression in brackets, where all of the parts are that."""
    while len(parts) == 3 and parts[0].type == "(" and parts[2].type == ")":
        parts = [parts[1]]
    return parts


def _name_of(step: tree_sitter.Node) -> str:
    """The attribute that a step takes; empty for an index or a splat."""
    return (step.children[-1].text or b"").decode() if step.type == "get_attr" else ""


def _is_whole(node: Node) -> bool:
    """Whether all names of a mapping, or all items of a list, are known: then what is not there is missing."""
    if isinstance(node, Mapping):
        return not any(is_open(entry.key) for entry in node.entries)
    return not isinstance(node, Sequence) or not any(is_open(item) for item in node.items)


def move_tree(node: Node, near: Scalar, before: int | None) -> Node:
    """The tree of another text: its lines counted on from `before`, or all of it at one place."""

    def place(each: Node) -> tuple[int, int, int]:
        if before is None:
            return near.line, near.column, near.end_line
        return each.line + before, each.column, each.end_line + before

    if isinstance(node, Scalar):
        return Scalar(node.text, node.value, *place(node), node.is_quoted, node.is_masked, node.is_expression)
    if isinstance(node, Sequence):
        return Sequence(tuple(move_tree(item, near, before) for item in node.items), *place(node))
    entries = tuple(Entry(_move_key(entry.key, near, before), move_tree(entry.value, near, before)) for entry in node.entries)
    return Mapping(entries, *place(node))


def _move_key(key: Scalar, near: Scalar, before: int | None) -> Scalar:
    moved = move_tree(key, near, before)
    assert isinstance(moved, Scalar)
    return moved


class _FileScope:
    """The names of one file: its locals, and the defaults of its variables."""

    def __init__(self, expressions: Expressions, root: tree_sitter.Node) -> None:
        self._expressions = expressions
        self._root = root
        self._definitions: dict[str, tree_sitter.Node] | None = None
        self._known: dict[str, Node | None] = {}

    def find(self, name: str, steps: SequenceOf[str], depth: int) -> tuple[Node | None, int]:
        """The value of a local or a variable; each is evaluated once, and None within itself."""
        if name not in ("local", "var") or not steps:
            return None, 0
        full = f"{name}.{steps[0]}"
        if full not in self._known:
            if self._definitions is None:
                self._definitions = dict(list_definitions(self._root))
            node = self._definitions.get(full)
            self._known[full] = None
            if node is not None:
                self._known[full] = self._expressions.alone(lambda: self._expressions.value(node, depth + 1))
        return self._known[full], 1

    def read(self, path: str) -> LocalFile | None:  # noqa: ARG002
        """No file: a file by itself does not tell what lies around it."""
        return None
