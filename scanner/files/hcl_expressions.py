"""Expressions of HCL, evaluated as far as the file itself tells their values: locals, defaults of variables, `for`, conditions,
functions, files beside it.

What is not known stays an expression, and only that part: `merge({}, {a = var.x})` is a mapping with one open value. A
condition that is not known gives both branches, because either may be what the platform loads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Protocol

from scanner.files.formats import may_hold
from scanner.files.hcl_functions import LONGEST_TEXT, MOST_ITEMS, call, is_open, make_list, make_text, text_of
from scanner.files.limits import DEEPEST, LARGEST_FILE
from scanner.files.syntax import Source, list_children
from scanner.files.tree import Entry, Mapping, Node, Parsed, Scalar, Sequence

if TYPE_CHECKING:
    import tree_sitter

# the bytes of a file beside the one that is read, by its path from there
FileLookup = Callable[[str], "bytes | None"]
_PATHS = {"module": ".", "root": ".", "cwd": "."}
_MOST_FILES = 20


class Reader(Protocol):
    """The reader of the file around the expressions."""

    source: Source

    def value(self, node: tree_sitter.Node, depth: int) -> Node:
        """The value of an expression."""

    def scalar(self, node: tree_sitter.Node, *, may_be_expression: bool = False) -> Scalar:
        """The text of an expression."""


class Expressions:
    """The expressions of one file. `names` are those of the loops around the current one."""

    def __init__(self, reader: Reader, root: tree_sitter.Node, files: FileLookup | None) -> None:
        self._reader = reader
        self._files = files
        self._files_left = _MOST_FILES
        self.names: dict[str, Node] = {}
        self._definitions: dict[str, tree_sitter.Node] | None = None
        self._root = root
        self._known: dict[str, Node | None] = {}

    def evaluate(self, node: tree_sitter.Node, depth: int) -> Node | None:
        """The value of an expression that is no literal; None where nothing of it is known."""
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

    def interpolate(self, parts: list[tree_sitter.Node | str], depth: int) -> str | None:
        """The text of a template: its literals, with the values of what is between them; None where one is not known."""
        made: list[str] = []
        length = 0
        for part in parts:
            text = part if isinstance(part, str) else self._fill_in(part, depth)
            length += len(text or "")
            if text is None or length > LONGEST_TEXT:
                return None
            made.append(text)
        return "".join(made)

    def elements(self, node: tree_sitter.Node, depth: int) -> list[Mapping] | None:
        """The `key` and `value` of each element of a collection, as `each` has them; None where it is not known."""
        found = self._reader.value(node, depth)
        return None if is_open(found) else [_make_element(key, value) for key, value in _list_elements(found)]

    def _at(self, node: tree_sitter.Node) -> Scalar:
        line, column = self._reader.source.lines.place(node.start_byte)
        return Scalar("", None, line, column, self._reader.source.end_line(node))

    def _fill_in(self, part: tree_sitter.Node, depth: int) -> str | None:
        expression = next(list_children(part, "expression"), None)
        return None if expression is None else text_of(self._reader.value(expression, depth + 1))

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
        while node.type in ("expression", "operation") and node.child_count == 1:
            node = node.children[0]
        if depth > DEEPEST:
            return None
        if node.type == "unary_operation":
            truth = self._test_parts(node.children[1:], depth + 1) if node.children[0].type == "!" else None
            return None if truth is None else not truth
        if node.type != "binary_operation":
            return self._test_parts([node], depth)
        at = next((number for number, each in enumerate(node.children) if each.type in ("&&", "||", "==", "!=")), None)
        if at is None:
            return None
        mark, left, right = node.children[at].type, node.children[:at], node.children[at + 1 :]
        if mark in ("==", "!="):
            return self._compare(left, mark, right, depth)
        ends = mark == "||"
        both = self._test_parts(left, depth + 1), self._test_parts(right, depth + 1)
        return ends if ends in both else None if None in both else not ends

    def _test_parts(self, parts: list[tree_sitter.Node], depth: int) -> bool | None:
        """The truth of a part of a condition: a name with the steps after it is several nodes there."""
        if len(parts) == 1 and parts[0].type == "operation":
            return self._test(parts[0], depth)
        found = self._operand(parts, depth)
        said = found.value if isinstance(found, Scalar) and not is_open(found) else None
        return said if isinstance(said, bool) else None

    def _operand(self, parts: list[tree_sitter.Node], depth: int) -> Node | None:
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

    def _call(self, node: tree_sitter.Node, depth: int) -> Node | None:
        name = (node.children[0].text or b"").decode()
        given = [each for part in list_children(node, "function_arguments") for each in list_children(part, "expression")]
        arguments = [self._reader.value(each, depth + 1) for each in given]
        if any(each.type == "ellipsis" for part in list_children(node, "function_arguments") for each in part.children):
            last = arguments.pop() if arguments else None
            arguments += last.items if isinstance(last, Sequence) else [last] if last is not None else []
        at = self._at(node)
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
        from scanner.files.inside import Insides

        text = Scalar(given.value, given.value, given.line, given.column, given.end_line, is_quoted=True)
        read = Insides(self._reader.source.text).read(text, "yaml" if name == "yamldecode" else "json")
        return read.documents[0] if isinstance(read, Parsed) and read.documents else None

    def _read_file(self, arguments: list[Node], name: str, at: Scalar) -> Node | None:
        path = text_of(arguments[0]) if arguments else None
        if path is None or self._files is None or self._files_left <= 0 or path.startswith(("/", "~")):
            return None
        if may_hold(path.rsplit("/", 1)[-1]):
            return None  # it is read by itself
        self._files_left -= 1
        data = self._files(path.removeprefix("./"))
        if data is None or len(data) > LARGEST_FILE:
            return None
        text = data.decode("utf-8", "replace")
        if name == "filebase64":
            return call("base64encode", [make_text(text, at)], at)
        if name == "templatefile" and len(arguments) == 2 and isinstance(arguments[1], Mapping):
            for entry in arguments[1].entries[:100]:
                said = text_of(entry.value)
                name_in_text = f"${{{entry.key.text}}}"
                if said is not None and text.count(name_in_text) * len(said) <= LONGEST_TEXT:
                    text = text.replace(name_in_text, said)
        return make_text(text, at)

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
        return _make_loop_result(items, self._at(node), is_list=node.type == "for_tuple_expr")

    def _follow(self, node: tree_sitter.Node, depth: int) -> Node | None:
        """`local.x`, `var.x.y["z"]`, `each.value`, a name of a loop, and what is below them."""
        parts = node.children if node.type == "expression" else [node]
        base = parts[0]
        found = self._follow_parts(parts, depth)
        if not isinstance(found, Scalar) or is_open(found):
            return found if not isinstance(found, Scalar) else None
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
            found = self._step(found, step, depth)
        return found

    def _find_name(self, name: str, steps: list[tree_sitter.Node], depth: int) -> tuple[Node | None, list[tree_sitter.Node]]:
        """The value that a reference begins with, and the steps that remain."""
        if name in self.names:
            return self.names[name], steps
        if not steps or steps[0].type != "get_attr":
            return None, steps
        attribute = (steps[0].children[-1].text or b"").decode()
        if name == "path" and attribute in _PATHS:
            return make_text(_PATHS[attribute], self._at(steps[0])), steps[1:]
        return (self._define(f"{name}.{attribute}", depth) if name in ("local", "var") else None), steps[1:]

    def _define(self, name: str, depth: int) -> Node | None:
        """The value of a local, or the default of a variable; each is evaluated once, and None within itself."""
        if name in self._known:
            return self._known[name]
        if self._definitions is None:
            self._definitions = dict(_list_definitions(self._root))
        node = self._definitions.get(name)
        self._known[name] = None
        if node is not None:
            before, self.names = self.names, {}
            try:
                self._known[name] = self._reader.value(node, depth + 1)
            finally:
                self.names = before
        return self._known[name]

    def _step(self, found: Node, step: tree_sitter.Node, depth: int) -> Node | None:
        if step.type == "get_attr":
            name = (step.children[-1].text or b"").decode()
            return found.get(name) if isinstance(found, Mapping) else None
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


def _make_element(key: Scalar, value: Node) -> Mapping:
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


def _list_definitions(root: tree_sitter.Node) -> Iterator[tuple[str, tree_sitter.Node]]:
    bodies = [root, *list_children(root, "body")]
    for block in (each for body in bodies for each in list_children(body, "block")):
        kind = block.children[0].text
        body = next(list_children(block, "body"), None)
        attributes = list(list_children(body, "attribute")) if body is not None else []
        if kind == b"locals":
            for each in attributes:
                yield f"local.{(each.children[0].text or b'').decode()}", each.children[-1]
        elif kind == b"variable" and block.child_count > 1:
            name = (block.children[1].text or b"").decode().strip('"')
            for each in attributes:
                if each.children[0].text == b"default":
                    yield f"var.{name}", each.children[-1]
