"""A module as one text: its blocks as written, with the values of expressions in them, once for each instance."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Sequence as SequenceOf
from functools import partial
from typing import TYPE_CHECKING

from scanner.files.formats import may_hold
from scanner.files.hcl_functions import is_open, make_text
from scanner.files.hcl_reader import HclReader, find_argument, unwrap
from scanner.files.hcl_scope import Place
from scanner.files.limits import Refused
from scanner.files.syntax import list_children
from scanner.files.tree import Entry, Node, Scalar, Sequence
from scanner.files.tree import Mapping as MappingNode
from scanner.patterns import lazy_pattern
from scanner.units.made import OpenPart, Piece
from scanner.units.terraform.module import (
    ModuleFile,
    attributes_of,
    body_of,
    labels_of,
    list_blocks,
    name_of,
)
from scanner.units.terraform.scope import ModuleScope
from scanner.units.terraform.telling import Telling, tells
from scanner.units.terraform.writing import Use, ValueWriter, mark_plain, quote

if TYPE_CHECKING:
    import tree_sitter

# a text without one of these has nothing to fill in
_SIGNS = ("var.", "local.", "each.", "count", "module.", "(", "for_each", "{", "?", "dynamic", "path.", "data.")
# the type of a resource, which has an underscore
_REFERENCE = lazy_pattern(r"(?<![\w.\"/:-])[a-z0-9]++_[\w-]++\.[A-Za-z_]")
_MENTION = lazy_pattern(r"\b(local|var)\.([A-Za-z_][\w-]*+)")
# of one block, and of all of a module
_MOST_COPIES = 100
_MOST_PIECES = 60_000
_MOST_ROUNDS = 8
_STATEMENT = "statement"


class _Writer:
    """The pieces of a text, and the names that are left in it as they are written."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.mentions: set[str] = set()
        self.open_parts: list[OpenPart] = []
        self._left = _MOST_PIECES

    def add(self, piece: Piece) -> None:
        self.pieces.append(piece)
        self._left -= 1
        if self._left < 0:
            raise Refused("it becomes too long")

    def take(self) -> list[Piece]:
        """The pieces so far, and none any more."""
        taken, self.pieces = self.pieces, []
        return taken


class ModuleRenderer:
    """Renders a module in one scope. `open_parts` says what could not be rendered."""

    def __init__(self, scope: ModuleScope) -> None:
        self._scope = scope
        self._places = scope.world.places
        self._out = _Writer()
        self._done: list[Piece] = []
        self._telling = Telling(scope)
        self.open_parts = self._out.open_parts

    def render(self) -> list[Piece]:
        """The pieces of the whole module, file by file."""
        later: list[tuple[ModuleFile, tree_sitter.Node]] = []
        self._scope.module.parse_later(self._telling.may_tell)
        for file in self._scope.module.files:
            for block in list_blocks(file.source.root):
                if name_of(block) in ("locals", "variable", "output"):
                    later.append((file, block))
                else:
                    self._try(file, block, partial(FileRenderer(self._scope, file, self._out).block, block, top=True))
        self._definitions(later)
        return self._done

    def _try(self, file: ModuleFile, block: tree_sitter.Node, render: Callable[[], None]) -> None:
        """Render a block, and keep it if it tells of trust."""
        if not self._telling.may_tell(file.source.text[block.start_byte : block.end_byte]):
            self._blank(file, block)
            return
        mentions = set(self._out.mentions)
        try:
            render()
        except Refused as refused:
            self._out.take()
            at = self._places.origin(file.source.place(block.start_byte))
            self.open_parts.append(OpenPart(f"a part of the module cannot be assessed: {refused.because}", at))
            return
        pieces = self._out.take()
        if tells("".join(piece.text for piece in pieces)):
            self._done += (*pieces, Piece("\n"))
        else:
            self._out.mentions = mentions
            self._blank(file, block)

    def _definitions(self, blocks: SequenceOf[tuple[ModuleFile, tree_sitter.Node]]) -> None:
        """Definitions that are filled in wherever they are used say nothing more; the others stay."""
        waiting: list[tuple[ModuleFile, tree_sitter.Node, str]] = []
        for file, block in blocks:
            kind = name_of(block)
            if kind == "locals":
                body = body_of(block)
                attributes = list_children(body, "attribute") if body is not None else ()
                waiting += [(file, each, f"local.{name_of(each)}") for each in attributes]
            elif kind == "variable":
                waiting.append((file, block, f"var.{''.join(labels_of(block)[:1])}"))
            else:
                self._blank(file, block)
        for _ in range(_MOST_ROUNDS):
            kept = [each for each in waiting if each[2] in self._out.mentions or each[2] not in self._scope.used]
            if not kept:
                break
            waiting = [each for each in waiting if each not in kept]
            for file, node, name in kept:
                self._try(file, node, partial(self._definition, file, node, name))
        for file, node, _ in waiting:
            self._blank(file, node)

    def _definition(self, file: ModuleFile, node: tree_sitter.Node, name: str) -> None:
        if name.startswith("var."):
            if not self._scope.is_given(name[4:]):
                FileRenderer(self._scope, file, self._out).copy(node.start_byte, node.end_byte)
            return
        self._out.add(Piece("locals {\n"))
        FileRenderer(self._scope, file, self._out).attribute(node)
        self._out.add(Piece("\n}"))

    def _blank(self, file: ModuleFile, node: tree_sitter.Node) -> None:
        """Lines of which nothing is left in the text."""
        written = file.source.text[node.start_byte : node.end_byte]
        self._done.append(Piece("\n", self._places.origin(file.source.place(node.start_byte)), written=written))


class FileRenderer:
    """Renders nodes of one file."""

    def __init__(self, scope: ModuleScope, file: ModuleFile, out: _Writer) -> None:
        self._scope = scope
        self._source = file.source
        self._is_exact = file.is_exact
        self._reader: HclReader = scope.reader(file)
        self._expressions = self._reader.expressions
        self._places = scope.world.places
        self._trace = scope.world.trace
        self._values = ValueWriter(self._places, self._trace, scope.is_home)
        self._out = out

    def copy(self, start: int, end: int) -> None:
        """Text as it is written."""
        if start >= end:
            return
        text = self._source.text[start:end]
        if "." in text:
            self._out.mentions.update(f"{found[1]}.{found[2]}" for found in _MENTION.finditer(text))
        line, column = self._source.place(start)
        if self._is_exact:
            self._out.add(Piece(text, self._places.origin((line, column)), is_copy=True))
            return
        for number, each in enumerate(text.splitlines(keepends=True)):
            self._out.add(Piece(each, self._places.origin((line + number, column))))

    def block(self, node: tree_sitter.Node, *, top: bool = False) -> None:
        """A block, once for each of its instances."""
        if not self._needs(node):
            self.copy(node.start_byte, node.end_byte)
            return
        if name_of(node) == "dynamic":
            self._dynamic(node)
            return
        given = dict(attributes_of(node)) if top else {}
        each, count = given.get("for_each"), given.get("count")
        if each is not None:
            self._for_each(node, each)
        elif count is not None:
            self._count(node, count)
        else:
            self._one(node)

    def attribute(self, node: tree_sitter.Node) -> None:
        """`name = expression`."""
        value = node.children[-1]
        self.copy(node.start_byte, value.start_byte)
        self._reader.source.count = 0
        self.expression(value)
        self.copy(value.end_byte, node.end_byte)

    def expression(self, node: tree_sitter.Node) -> None:
        """An expression: what is known of it, else as it is written."""
        if not self._needs(node):
            self.copy(node.start_byte, node.end_byte)
            return
        inner = unwrap(node)
        if inner.type == "object":
            self._parts(node, [part for member in list_children(inner, "object_elem") for part in _sides(member)])
        elif inner.type == "tuple":
            self._parts(node, list(list_children(inner, "expression")))
        elif inner.type == "function_call" and (argument := find_argument(inner)) is not None:
            self._parts(node, [argument])
        elif inner.type in ("quoted_template", "string_lit", "heredoc_template"):
            self._template(node, inner)
        elif inner.type == "conditional" and (chosen := self._choose(inner)) is not None:
            self.expression(chosen)
        elif not self._value(node):
            self._parts(node, list(_list_inner(inner)))

    def _needs(self, node: tree_sitter.Node) -> bool:
        """Whether there may be something to fill in."""
        text = self._source.text[node.start_byte : node.end_byte]
        if any(sign in text for sign in _SIGNS) or _REFERENCE.search(text) is not None:
            return True
        return any(f"{name}." in text or f"{name}[" in text for name in self._expressions.names)

    def _parts(self, node: tree_sitter.Node, parts: list[tree_sitter.Node]) -> None:
        """A node as it is written, with some of its parts as expressions."""
        at = node.start_byte
        for part in parts:
            self.copy(at, part.start_byte)
            self.expression(part)
            at = part.end_byte
        self.copy(at, node.end_byte)

    def _choose(self, node: tree_sitter.Node) -> tree_sitter.Node | None:
        """The branch of a conditional that is taken; None where that is not known."""
        parts = [each for each in node.children if each.type == "expression"]
        truth = self._expressions.test(parts[0], 0) if len(parts) == 3 else None
        return None if truth is None else parts[1 if truth else 2]

    def _value(self, node: tree_sitter.Node) -> bool:
        """The value of an expression in its place; False where it is not known or belongs elsewhere."""
        mark = self._expressions.mark()
        value = self._reader.value(node, 0)
        used = self._expressions.used_since(mark)
        del self._trace.used[mark:]
        if is_open(value) or not self._belongs_here(value) or (_is_empty(value) and self._is_by_default(used)):
            return False
        for piece in self._values.write(value, self._use(node.start_byte, node.end_byte), used):
            self._out.add(piece)
        return True

    def _use(self, start: int, end: int) -> Use:
        return Use(self._source.place(start), self._source.place(end), self._source.text[start:end])

    def _belongs_here(self, value: Node) -> bool:
        """Whether a value is told here: not a whole file that is read by itself, and not a policy that a caller writes, which
        is read there.
        """
        origin = self._places.origin((value.line, value.column))
        is_whole = not isinstance(value, Scalar) or self._trace.file_of(value) is not None
        if origin.role == "file" and is_whole and may_hold(origin.path.rpartition("/")[2]):
            return False
        return origin.role != "argument" or not _is_policy(value)

    def _template(self, node: tree_sitter.Node, inner: tree_sitter.Node) -> None:
        """A quoted text or heredoc, piece by piece."""
        is_quoted = inner.type != "heredoc_template"
        text = self._source.text[inner.start_byte : inner.end_byte]
        lines = text.split("\n")
        start = inner.start_byte + (1 if is_quoted else len(lines[0]) + 1)
        end = inner.end_byte - (1 if is_quoted else len(lines[-1]))
        indent = "" if is_quoted or not text.startswith("<<-") else _indent_of(lines[1:-1])
        mark = self._expressions.mark()
        stretches = self._expressions.fill(inner.children, start, end, 0)
        del self._trace.used[mark:]
        self.copy(node.start_byte, start)
        for each in stretches:
            if each.is_copy:
                self.copy(each.start, each.end)
            elif each.is_open:
                self._open_part(inner, each.start, each.end)
            else:
                text = quote(each.text) if is_quoted else mark_plain(each.text).replace("\n", f"\n{indent}")
                self._out.add(self._values.piece(text, self._use(each.start, each.end), each.places))
        self.copy(end, node.end_byte)

    def _open_part(self, template: tree_sitter.Node, start: int, end: int) -> None:
        """A part of a template of which not all is known."""
        found = next((each for each in template.children if each.start_byte == start and each.end_byte == end), None)
        if found is not None and found.type == "template_interpolation":
            self._parts(found, list(list_children(found, "expression")))
        else:
            self.copy(start, end)

    def _for_each(self, node: tree_sitter.Node, each: tree_sitter.Node) -> None:
        mark = self._expressions.mark()
        elements = self._expressions.elements(each, 0)
        used = self._expressions.used_since(mark)
        del self._trace.used[mark:]
        if elements is None or (not elements and self._is_by_default(used)):
            self._one(node, as_written=("for_each",))
        elif not elements:
            self._blank(node)
        elif "each." not in self._source.text[node.start_byte : node.end_byte]:
            self._one(node, without=("for_each",))
        else:
            self._copies(node, "for_each", [{"each": element} for element in elements])

    def _copies(self, node: tree_sitter.Node, attribute: str, names: list[dict[str, Node]]) -> None:
        """The instances of a block that tell of trust; beyond a limit they are left out, which is noted."""
        if len(names) > _MOST_COPIES:
            at = self._places.origin(self._source.place(node.start_byte))
            because = f"{len(names) - _MOST_COPIES} of the {len(names)} instances of this block are not assessed"
            self._out.open_parts.append(OpenPart(because, at))
        for given in names[:_MOST_COPIES]:
            before = len(self._out.pieces)
            self._expressions.within(given, partial(self._one, node, without=(attribute,)))
            self._out.add(Piece("\n"))
            if not tells("".join(piece.text for piece in self._out.pieces[before:])):
                del self._out.pieces[before:]
        if not self._out.pieces:
            self._blank(node)

    def _count(self, node: tree_sitter.Node, count: tree_sitter.Node) -> None:
        mark = self._expressions.mark()
        value = self._reader.value(count, 0)
        used = self._expressions.used_since(mark)
        del self._trace.used[mark:]
        number = value.value if isinstance(value, Scalar) and not is_open(value) else None
        if number == 0 and number is not False and not self._is_by_default(used):
            self._blank(node)
        elif not isinstance(number, int) or "count.index" not in self._source.text[node.start_byte : node.end_byte]:
            is_known = isinstance(number, int) and number > 0
            self._one(node, without=("count",) if is_known else (), as_written=("count",))
        else:
            at = Scalar("", None, value.line, value.column, value.end_line)
            many = min(max(number, 1), 10 * _MOST_COPIES)
            self._copies(node, "count", [{"count": _make_index(index, at)} for index in range(many)])

    def _is_by_default(self, used: tuple[Place, ...]) -> bool:
        """Whether the default of a variable decided: who calls the module may say something else."""
        return not self._scope.is_settled and any(self._places.origin(place).role == "default" for place in used)

    def _one(self, node: tree_sitter.Node, *, without: tuple[str, ...] = (), as_written: tuple[str, ...] = ()) -> None:
        """One instance of a block, without some of its attributes, and with some as they are written."""
        body = body_of(node)
        if body is None:
            self.copy(node.start_byte, node.end_byte)
            return
        self.copy(node.start_byte, body.start_byte)
        self._body(body, without, as_written)
        self.copy(body.end_byte, node.end_byte)

    def _body(self, body: tree_sitter.Node, without: tuple[str, ...] = (), as_written: tuple[str, ...] = ()) -> None:
        at = body.start_byte
        for member in body.children:
            if member.type not in ("attribute", "block"):
                continue
            name = name_of(member)
            self.copy(at, member.start_byte)
            at = member.end_byte
            if name in without:
                self._blank(member)
            elif name in as_written:
                self.copy(member.start_byte, member.end_byte)
            elif member.type == "block":
                self.block(member)
            else:
                self.attribute(member)
        self.copy(at, body.end_byte)

    def _dynamic(self, node: tree_sitter.Node) -> None:
        """A `dynamic` block: its content for each element, else as it is written."""
        given = dict(attributes_of(node))
        labels = labels_of(node)
        content = next((each for each in list_blocks(body_of(node)) if name_of(each) == "content"), None)
        each = given.get("for_each")
        mark = self._expressions.mark()
        elements = self._expressions.elements(each, 0) if each is not None else None
        used = self._expressions.used_since(mark)
        del self._trace.used[mark:]
        if not elements and self._is_by_default(used):
            elements = None
        body = body_of(content) if content is not None else None
        if elements is None or len(elements) > _MOST_COPIES or len(labels) != 1 or content is None:
            self._one(node)
            return
        iterator = given.get("iterator")
        name = labels[0] if iterator is None else self._source.text[iterator.start_byte : iterator.end_byte]
        if not elements:
            self._blank(node)
        for element in elements:
            self._out.add(Piece(f"{labels[0]} {{\n", self._places.origin(self._source.place(node.start_byte))))
            if body is not None:
                self._expressions.within({name: element}, partial(self._body, body))
            self._out.add(Piece("\n}\n"))

    def _blank(self, node: tree_sitter.Node) -> None:
        written = self._source.text[node.start_byte : node.end_byte]
        self._out.add(Piece("\n", self._places.origin(self._source.place(node.start_byte)), written=written))


def _make_index(index: int, at: Scalar) -> MappingNode:
    """What `count` is in one instance."""
    return MappingNode((Entry(make_text("index", at), make_text(index, at)),), at.line, at.column, at.end_line)


def _sides(member: tree_sitter.Node) -> list[tree_sitter.Node]:
    """The name and the value of an object's member; a plain word is no expression."""
    key, *_, value = (part for part in member.children if part.type != "comment")
    inner = unwrap(key)
    is_word = inner.type == "variable_expr" and inner.start_byte == key.start_byte
    return [value] if is_word else [key, value]


def _list_inner(node: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    """The expressions in a node that is no expression of one value."""
    for child in node.children:
        if child.type == "expression":
            yield child
        elif child.type not in ("for_intro", "template_interpolation"):
            yield from _list_inner(child)


def _indent_of(lines: list[str]) -> str:
    return " " * min((len(each) - len(each.lstrip()) for each in lines if each.strip()), default=0)


def _is_empty(value: Node) -> bool:
    """Whether a value says nothing: a default that stands for what a caller gives."""
    if isinstance(value, Scalar):
        return value.value is None or value.value == ""
    return not (value.items if isinstance(value, Sequence) else value.entries)


def _is_policy(value: Node) -> bool:
    """Whether a value has the statements of a policy, which are read wherever they stand."""
    if isinstance(value, Scalar):
        return isinstance(value.value, str) and "\n" in value.value and _STATEMENT in value.value.lower()
    if isinstance(value, Sequence):
        return any(map(_is_policy, value.items))
    return any(entry.key.text.lower() == _STATEMENT or _is_policy(entry.value) for entry in value.entries)
