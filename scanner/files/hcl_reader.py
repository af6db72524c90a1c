"""HCL as Terraform, Vault, Nomad, Consul and Couper write it, in the shape of its JSON form.

A block's type and labels are nested names (`resource.aws_x.y`); blocks of one name are a list. A string keeps its `${…}` as
written. An expression with a value only at run time (`var.x`, a call) is a scalar of its own text with `is_expression`;
`jsonencode({…})` and similar calls are read as their argument.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scanner.files.grouped import MappingBuilder
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
    "jsonencode", "yamlencode", "toset", "tolist", "tomap", "sensitive", "nonsensitive", "trimspace", "chomp",
})  # fmt: skip
# functions around one value
_WRAPPERS = frozenset({"expression", "literal_value", "template_expr", "collection_value"})


def read_hcl(text: str, unmask: Unmask | None = None) -> tuple[Node, tuple[Fault, ...]]:
    """The file's body as one mapping. An unreadable block becomes a fault; Refused where all are unreadable."""
    return _HclReader(Source(text, "hcl", unmask)).file()


class _HclReader:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.faults: list[Fault] = []

    def file(self) -> tuple[Node, tuple[Fault, ...]]:
        root = self.source.root
        group = MappingBuilder(1, 1, self.source.lines.count)
        read = 0
        broken: list[tree_sitter.Node] = []
        bodies = list(list_children(root, "body"))
        for child in (node for part in (root, *bodies) for node in part.children):
            if child.has_error and child.type != "body":
                broken.append(child)
            elif child.type in ("attribute", "block"):
                self.member(child, group, 0)
                read += 1
        if broken and not read:
            raise Refused("not HCL: it cannot be read here", *self.place(first_error(broken[0])))
        for node in broken:
            lines = self.place(node)[0], self.source.end_line(node)
            self.faults.append(Fault("unparsed-document", "a block is not HCL", *self.place(first_error(node)), *lines))
        return group.node(), tuple(self.faults)

    def place(self, node: tree_sitter.Node) -> tuple[int, int]:
        return self.source.lines.place(node.start_byte)

    def fault(self, kind: str, message: str, node: tree_sitter.Node) -> None:
        self.faults.append(Fault(kind, message, *self.place(node)))

    def member(self, node: tree_sitter.Node, group: MappingBuilder, depth: int) -> None:
        if node.type == "block":
            self.block(node, group, depth)
            return
        name, *_, value = (part for part in node.children if part.type != "comment")
        key = self.scalar(name)
        if group.has(key.text):
            self.fault("duplicate-member", f"`{key.text[:80]}` stands twice", name)
        group.add(key, self.value(value, depth + 1))

    def block(self, node: tree_sitter.Node, group: MappingBuilder, depth: int) -> None:
        """A block `type "label" { … }`; a `dynamic` block is read as its content."""
        kind, *labels = (self.label(name) for name in list_children(node, "identifier", "string_lit"))
        body = next(list_children(node, "body"), None)
        if kind.text == "dynamic" and len(labels) == 1 and (content := _find_content(body)) is not None:
            kind, labels, body = labels[0], [], content
        *above, last = kind, *labels
        for name in above:
            group = group.below(name)
        made = group.begin(last, self.source.end_line(node))
        self.body(body, made, depth + 1 + len(labels))

    def body(self, body: tree_sitter.Node | None, group: MappingBuilder, depth: int) -> None:
        if depth > DEEPEST:
            raise Refused("it nests too deep", group.line)
        for member in list_children(body, "attribute", "block") if body else ():
            self.member(member, group, depth)

    def label(self, node: tree_sitter.Node) -> Scalar:
        return self.read_quoted(node) if node.type == "string_lit" else self.scalar(node)

    def value(self, node: tree_sitter.Node, depth: int) -> Node:
        node = _unwrap(node)
        if depth > DEEPEST:
            raise Refused("it nests too deep", self.place(node)[0])
        if node.type == "object":
            return self.object(node, depth)
        if node.type == "tuple":
            line, column = self.source.count_node(node)
            items = tuple(self.value(item, depth + 1) for item in list_children(node, "expression"))
            return Sequence(items, line, column, self.source.end_line(node))
        if node.type == "function_call" and (inner := _find_argument(node)) is not None:
            return self.value(inner, depth + 1)
        if node.type in ("quoted_template", "string_lit"):
            return self.read_quoted(node)
        if node.type == "heredoc_template":
            return self.heredoc(node)
        return self.scalar(node, may_be_expression=True)

    def object(self, node: tree_sitter.Node, depth: int) -> Mapping:
        line, column = self.source.count_node(node)
        entries: list[Entry] = []
        for member in list_children(node, "object_elem"):
            key, *_, value = (part for part in member.children if part.type != "comment")
            inner = _unwrap(key)
            is_text = inner.type in ("string_lit", "quoted_template")
            entries.append(Entry(self.read_quoted(inner) if is_text else self.scalar(inner), self.value(value, depth + 1)))
        return Mapping(tuple(entries), line, column, self.source.end_line(node))

    def read_quoted(self, node: tree_sitter.Node) -> Scalar:
        line, column = self.source.count_node(node)
        parts: list[str] = []
        at, end = node.start_byte + 1, node.end_byte - 1
        for open_part in list_children(node, "template_interpolation", "template_directive"):
            parts += _unescape(self.source.text_of(at, open_part.start_byte)[0]), self.source.text_of(*open_part.byte_range)[0]
            at = open_part.end_byte
        text = "".join((*parts, _unescape(self.source.text_of(at, end)[0])))
        is_masked = self.source.text_of(node.start_byte, end)[1]
        return Scalar(text, text, line, column, self.source.end_line(node), is_quoted=True, is_masked=is_masked)

    def heredoc(self, node: tree_sitter.Node) -> Scalar:
        """The lines between the markers. `<<-` removes the indentation that all of them share."""
        line, column = self.source.count_node(node)
        written, is_masked = self.source.text_of(node.start_byte, node.end_byte)
        header, *lines = written.split("\n")
        body = lines[:-1]
        if header.startswith("<<-"):
            indent = min((len(each) - len(each.lstrip()) for each in body if each.strip()), default=0)
            body = [each[indent:] for each in body]
        text = "".join(f"{each}\n" for each in body)
        return Scalar(text, text, line, column, self.source.end_line(node), is_quoted=True, is_masked=is_masked)

    def scalar(self, node: tree_sitter.Node, *, may_be_expression: bool = False) -> Scalar:
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


def _unwrap(node: tree_sitter.Node) -> tree_sitter.Node:
    while node.type in _WRAPPERS and node.child_count == 1:
        node = node.children[0]
    return node


def _find_content(body: tree_sitter.Node | None) -> tree_sitter.Node | None:
    """The body of a `dynamic` block's `content`."""
    for block in list_children(body, "block") if body else ():
        if block.children[0].text == b"content":
            return next(list_children(block, "body"), None)
    return None


def _find_argument(call: tree_sitter.Node) -> tree_sitter.Node | None:
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
