"""HCL as Terraform, Vault, Nomad, Consul and Couper write it, in the shape of its JSON form.

A block's type and labels are nested names (`resource.aws_x.y`); blocks of one name are a list. A string keeps its `${…}` as
written; its `value` is the whole text where that is known. An expression is what it gives, as far as the file tells
(`hcl_expressions`); a name (`var.x`) is a scalar of its own text with `is_expression`, with its `value` where that is known,
and so is what has a value only at run time. `jsonencode({…})` and similar calls are read as their argument.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scanner.files.grouped import MappingBuilder
from scanner.files.hcl_expressions import Expressions
from scanner.files.hcl_functions import LONGEST_TEXT, is_open, make_text, text_of
from scanner.files.hcl_scope import LocalFile, Scope, Trace
from scanner.files.hcl_templates import Stretch, as_parts
from scanner.files.limits import DEEPEST, Refused
from scanner.files.syntax import Source, first_error, list_children
from scanner.files.tree import Entry, Fault, Mapping, Node, Scalar, Sequence, Unmask, Value
from scanner.patterns import lazy_pattern

if TYPE_CHECKING:
    import tree_sitter

_ESCAPE = lazy_pattern(r'\\(?:(["\\nrt])|u([0-9a-fA-F]{4})|U(000[0-9a-fA-F]{5}|0010[0-9a-fA-F]{4}))')
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_WORDS: dict[str, Value] = {"true": True, "false": False, "null": None}
_NUMBER = lazy_pattern(r"-?\d{1,40}(\.\d{1,40})?(?:[eE][-+]?\d{1,3})?")
# functions that change a value's type or form, not its content
_TRANSPARENT = frozenset({
    "jsonencode", "yamlencode", "toset", "tolist", "tomap", "sensitive", "nonsensitive",
})  # fmt: skip
# functions around one value
_WRAPPERS = frozenset({"expression", "literal_value", "template_expr", "collection_value"})
# what `hcl_expressions` reads
_EVALUATED = frozenset({"expression", "variable_expr", "conditional", "function_call", "for_expr", "operation"})


# of one block with `for_each`, and of one `dynamic` block
_MOST_COPIES = 200
# ends the text of a template file, read as a heredoc
_MARKER = "JWKSGOV_END_OF_TEMPLATE"


class _NoNames:
    """The scope of a template file: it knows its arguments only."""

    def find(self, _name: str, _steps: object, _depth: int) -> tuple[Node | None, int]:
        """Nothing."""
        return None, 0

    def read(self, _path: str) -> LocalFile | None:
        """No file."""
        return None


def read_hcl(text: str, unmask: Unmask | None = None) -> tuple[Node, tuple[Fault, ...]]:
    """The file's body as one mapping. An unreadable block becomes a fault; Refused where all are unreadable."""
    return HclReader(Source(text, "hcl", unmask)).file()


class HclReader:
    """Reads one file. With a scope and a trace it is one of a module: names mean what they mean there, and values know where
    they come from.
    """

    def __init__(self, source: Source, scope: Scope | None = None, trace: Trace | None = None) -> None:
        self.source = source
        self.faults: list[Fault] = []
        self.expressions = Expressions(self, source.root, scope, trace)

    def read_other(self, file: LocalFile) -> tuple[Expressions, tree_sitter.Node] | None:
        """The expressions of a template in a file of its own, and its text as the template of a heredoc."""
        begin = f"x = <<{_MARKER}\n"
        source = Source(f"{begin}{file.text}\n{_MARKER}\n", "hcl", None, file.before - 1)
        body = next(list_children(source.root, "body"), None)
        attribute = body.children[0] if body is not None and body.child_count else None
        node = unwrap(attribute.children[-1]) if attribute is not None and attribute.type == "attribute" else None
        if node is None or node.type != "heredoc_template" or node.has_error or _MARKER in file.text:
            return None
        other = HclReader(source, _NoNames(), self.expressions.trace)
        return other.expressions, node

    def unescape(self, text: str) -> str:
        """The text that a quoted string writes."""
        return _unescape(text)

    def file(self) -> tuple[Node, tuple[Fault, ...]]:
        """The file's body as one mapping, and its faults."""
        root = self.source.root
        group = MappingBuilder(1, 1, self.source.lines.count)
        read = 0
        broken: list[tree_sitter.Node] = []
        stray: list[tree_sitter.Node] = []
        bodies = list(list_children(root, "body"))
        for child in (node for part in (root, *bodies) for node in part.children):
            if child.has_error and child.type != "body":
                broken.append(child)
            elif child.type in ("attribute", "block"):
                self.member(child, group, 0)
                read += 1
            elif root.is_error and child.type not in ("body", "comment"):
                stray.append(child)  # of a block without an end
        if stray and not read and not broken:
            raise Refused("not HCL: it cannot be read here", *self.place(stray[0]))
        if stray and read:
            lines = self.place(stray[0])[0], self.source.end_line(stray[-1])
            self.faults.append(Fault("unparsed-document", "a block has no end", *self.place(stray[0]), *lines))
        if broken and not read:
            raise Refused("not HCL: it cannot be read here", *self.place(first_error(broken[0])))
        for node in broken:
            lines = self.place(node)[0], self.source.end_line(node)
            self.faults.append(Fault("unparsed-document", "a block is not HCL", *self.place(first_error(node)), *lines))
        return group.node(), tuple(self.faults)

    def place(self, node: tree_sitter.Node) -> tuple[int, int]:
        """Line and column of a node."""
        return self.source.place(node.start_byte)

    def fault(self, kind: str, message: str, node: tree_sitter.Node) -> None:
        """Note a fault at a node."""
        self.faults.append(Fault(kind, message, *self.place(node)))

    def member(self, node: tree_sitter.Node, group: MappingBuilder, depth: int) -> None:
        """Add an attribute or a block to a mapping."""
        if node.type == "block":
            self.block(node, group, depth)
            return
        name, *_, value = (part for part in node.children if part.type != "comment")
        key = self.scalar(name)
        if group.has(key.text):
            self.fault("duplicate-member", f"`{key.text[:80]}` stands twice", name)
        group.add(key, self.value(value, depth + 1))

    def block(self, node: tree_sitter.Node, group: MappingBuilder, depth: int) -> None:
        """A block `type "label" { … }`, once for each element of its `for_each` where they are known; a `dynamic` block is read
        as its content.
        """
        kind, *labels = (self.label(name) for name in list_children(node, "identifier", "string_lit"))
        body = next(list_children(node, "body"), None)
        name = "each"
        each = _find_attribute(body, b"for_each")
        if kind.text == "dynamic" and len(labels) == 1 and (content := _find_content(body)) is not None:
            iterator = _find_attribute(body, b"iterator")
            name = labels[0].text if iterator is None else (iterator.text or b"").decode()
            kind, labels, body = labels[0], [], content
        *above, last = kind, *labels
        for part in above:
            group = group.below(part)
        elements = self.expressions.elements(each, depth + 1) if each is not None else None
        # without elements the body is read all the same: another variant of the module may have some
        copies: list[Mapping | None] = [*(elements or ())][:_MOST_COPIES] or [None]
        for element in copies:
            before = self.expressions.names
            if element is not None:
                self.expressions.names = {**before, name: element}
            made = group.begin(last, self.source.end_line(node))
            self.body(body, made, depth + 1 + len(labels))
            self.expressions.names = before

    def body(self, body: tree_sitter.Node | None, group: MappingBuilder, depth: int) -> None:
        """Add the members of a body to a mapping."""
        if depth > DEEPEST:
            raise Refused("it nests too deep", group.line)
        for member in list_children(body, "attribute", "block") if body else ():
            self.member(member, group, depth)

    def label(self, node: tree_sitter.Node) -> Scalar:
        """A label of a block."""
        return self.read_quoted(node) if node.type == "string_lit" else self.scalar(node)

    def value(self, node: tree_sitter.Node, depth: int) -> Node:
        """The value of an expression, as far as it is known."""
        node = unwrap(node)
        if depth > DEEPEST:
            raise Refused("it nests too deep", self.place(node)[0])
        if node.type == "object":
            return self.object(node, depth)
        if node.type == "tuple":
            line, column = self.source.count_node(node)
            items = tuple(self.value(item, depth + 1) for item in list_children(node, "expression"))
            return Sequence(items, line, column, self.source.end_line(node))
        if node.type == "function_call" and (inner := find_argument(node)) is not None:
            return self.value(inner, depth + 1)
        if node.type in ("quoted_template", "string_lit"):
            return self.read_quoted(node, depth)
        if node.type == "heredoc_template":
            return self.heredoc(node, depth)
        known = self.expressions.evaluate(node, depth) if node.type in _EVALUATED else None
        return self.scalar(node, may_be_expression=True) if known is None else known

    def object(self, node: tree_sitter.Node, depth: int) -> Mapping:
        """`{ name = value }` as a mapping."""
        line, column = self.source.count_node(node)
        entries: list[Entry] = []
        for member in list_children(node, "object_elem"):
            key, *_, value = (part for part in member.children if part.type != "comment")
            entries.append(Entry(self.key(key, depth), self.value(value, depth + 1)))
        return Mapping(tuple(entries), line, column, self.source.end_line(node))

    def key(self, node: tree_sitter.Node, depth: int) -> Scalar:
        """A member's name: a word, a string, or an expression in brackets."""
        inner = unwrap(node)
        if inner.type == "variable_expr" and inner.start_byte == node.start_byte:
            return self.scalar(inner)
        made = self.value(inner, depth + 1)
        if not isinstance(made, Scalar) or is_open(made):
            return self.scalar(inner, may_be_expression=inner.type in _EVALUATED)
        text = text_of(made)
        return made if text is None or text == made.text else make_text(text, made)

    def read_quoted(self, node: tree_sitter.Node, depth: int = 0) -> Scalar:
        """A quoted text."""
        line, column = self.source.count_node(node)
        start, end = node.start_byte + 1, node.end_byte - 1
        is_masked = self.source.text_of(node.start_byte, end)[1]
        if is_masked or not any(list_children(node, "template_interpolation", "template_directive")):
            text = _unescape(self.source.text_of(start, end)[0])
            return Scalar(text, text, line, column, self.source.end_line(node), is_quoted=True, is_masked=is_masked)
        stretches = self.expressions.fill(node.children, start, end, depth)
        text = "".join(self.list_written(node, start, end))
        return self.make_template(text, stretches, (line, column, self.source.end_line(node)), is_quoted=True)

    def list_written(self, node: tree_sitter.Node, start: int, end: int) -> Iterator[str]:
        """A quoted template as it is written, without the escapes of its literal text."""
        for part in list_children(node, "template_interpolation", "template_directive"):
            yield _unescape(self.source.text[start : part.start_byte])
            yield self.source.text[part.start_byte : part.end_byte]
            start = part.end_byte
        yield _unescape(self.source.text[start:end])

    def make_template(self, text: str, stretches: list[Stretch], place: tuple[int, int, int], *, is_quoted: bool) -> Scalar:
        """A template as a scalar: its text as written, its value as far as it is known."""
        trace = self.expressions.trace
        parts = list(as_parts(self.expressions, stretches, is_quoted=is_quoted))
        known = "".join(part.text for part in parts)
        is_known = len(known) <= LONGEST_TEXT and (trace is not None or not any(part.is_open for part in parts))
        made = Scalar(text, known if is_known else text, *place, is_quoted=True)
        if trace is not None and is_known:
            trace.note_parts(made, parts)
        return made

    def heredoc(self, node: tree_sitter.Node, depth: int = 0) -> Scalar:
        """The lines between the markers. `<<-` removes the indentation that all of them share."""
        line, column = self.source.count_node(node)
        written, is_masked = self.source.text_of(node.start_byte, node.end_byte)
        header, *lines = written.split("\n")
        body = lines[:-1]
        if self.expressions.trace is not None and not is_masked:
            start = node.start_byte + len(header) + 1
            text = "".join(f"{each}\n" for each in body)
            stretches = self.expressions.fill(node.children, start, start + len(text), depth)
            return self.make_template(text, stretches, (line, column, self.source.end_line(node)), is_quoted=False)
        if header.startswith("<<-"):
            indent = min((len(each) - len(each.lstrip()) for each in body if each.strip()), default=0)
            body = [each[indent:] for each in body]
        text = "".join(f"{each}\n" for each in body)
        value = text
        for part in list_children(node, "template_interpolation") if not is_masked else ():
            (filled,) = self.expressions.fill([part], part.start_byte, part.end_byte, depth)
            if not filled.is_open and len(value) <= LONGEST_TEXT:
                value = value.replace(self.source.text[part.start_byte : part.end_byte], filled.text, 1)
        return Scalar(text, value, line, column, self.source.end_line(node), is_quoted=True, is_masked=is_masked)

    def scalar(self, node: tree_sitter.Node, *, may_be_expression: bool = False) -> Scalar:
        """The text of a node, and its value where it is a literal."""
        line, column = self.source.count_node(node)
        text, is_masked = self.source.text_of(node.start_byte, node.end_byte)
        value = text if is_masked else _resolve(text)
        is_expression = may_be_expression and not is_masked and value is text
        return Scalar(text, value, line, column, self.source.end_line(node), False, is_masked, is_expression)


def _resolve(text: str) -> Value:
    """A literal's value; any other text is itself."""
    if text in _WORDS:
        return _WORDS[text]
    number = _NUMBER.fullmatch(text)
    if number is None:
        return text
    return float(text) if number[1] or "e" in text.lower() else int(text)


def unwrap(node: tree_sitter.Node) -> tree_sitter.Node:
    """The expression within brackets and other wrappers."""
    while node.type in _WRAPPERS:
        if node.child_count == 1:
            node = node.children[0]
        elif node.child_count == 3 and node.children[0].type == "(" and node.children[1].type == "expression":
            node = node.children[1]
        else:
            break
    return node


def _find_attribute(body: tree_sitter.Node | None, name: bytes) -> tree_sitter.Node | None:
    """The value of a block's attribute."""
    for each in list_children(body, "attribute") if body else ():
        if each.children[0].text == name:
            return each.children[-1]
    return None


def _find_content(body: tree_sitter.Node | None) -> tree_sitter.Node | None:
    """The body of a `dynamic` block's `content`."""
    for block in list_children(body, "block") if body else ():
        if block.children[0].text == b"content":
            return next(list_children(block, "body"), None)
    return None


def find_argument(call: tree_sitter.Node) -> tree_sitter.Node | None:
    """The argument of a function call that only changes a value's form."""
    name = call.children[0].text or b""
    arguments = [each for part in list_children(call, "function_arguments") for each in _list_expressions(part)]
    return arguments[0] if len(arguments) == 1 and name.decode() in _TRANSPARENT else None


def _list_expressions(node: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    return list_children(node, "expression")


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda found: _SIMPLE[found[1]] if found[1] else chr(int(found[2] or found[3], 16)), text)
