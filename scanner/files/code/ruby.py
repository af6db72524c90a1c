"""Ruby, as its grammar gives it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scanner.files.code.language import Language, fixed_text, number_of, unescape
from scanner.files.code.parts import (
    Argument,
    Call,
    Inner,
    Items,
    Literal,
    Member,
    Members,
    Name,
    Part,
    Text,
)
from scanner.files.code.scopes import Bound, Program, Scope
from scanner.files.syntax import Source

if TYPE_CHECKING:
    from tree_sitter import Node as Code

_WORDS: dict[str, bool | None] = {"true": True, "false": False, "nil": None}
_NAMES = frozenset({"identifier", "constant", "instance_variable", "global_variable", "self"})
_TEXTS = frozenset({"string", "delimited_symbol", "bare_string", "bare_symbol", "heredoc_body"})


class Ruby(Language):
    """Ruby, for one file."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self._heredocs: list[Code] | None = None

    def part(self, node: Code) -> Part | None:
        """What an expression is."""
        kind = node.type
        if kind in _TEXTS:
            return Text(tuple(self._pieces(node)))
        if kind == "simple_symbol":
            return Text((self.text(node)[1:],))
        if kind in ("integer", "float"):
            number = number_of(self.text(node))
            return Literal(number) if number is not None else None
        if kind in _WORDS:
            return Literal(_WORDS[kind])
        if kind in _NAMES:
            return Name(self.text(node))
        if kind == "scope_resolution":
            of, name = node.child_by_field_name("scope"), node.child_by_field_name("name")
            return Member(of, self.text(name)) if of is not None and name is not None else None
        if kind == "element_reference":
            return self._element(node)
        if kind in ("array", "string_array", "symbol_array"):
            return Items(tuple(self._items(node)))
        if kind == "hash":
            return Members(tuple(self._members(node)))
        if kind == "call":
            return self._call(node)
        if kind == "parenthesized_statements" and node.named_child_count == 1:
            return Inner(node.named_children[0])
        if kind == "heredoc_beginning":
            body = self._heredoc(node)
            return Inner(body) if body is not None else None
        return self.operation(node, ("binary",), ("||", "or"))

    def enter(self, node: Code, scope: Scope, program: Program) -> Scope:
        """Note what a node binds, assigns or calls."""
        kind = node.type
        if kind == "call":
            program.calls.append((node, scope))
        elif kind in ("assignment", "operator_assignment"):
            self._assign(node, scope, program)
        elif kind in ("class", "module"):
            return self.class_scope(node, scope, is_class=kind == "class")
        elif kind in ("method", "singleton_method", "block", "do_block", "lambda"):
            return self._function(node, scope)
        return scope

    def _pieces(self, node: Code) -> Iterator[str | Code]:
        is_plain = self.text(node)[:1] == "'"
        for each in node.named_children:
            if each.type == "interpolation":
                yield next(iter(each.named_children), each)
            elif each.type in ("string_content", "escape_sequence", "heredoc_content"):
                text = self.text(each)
                yield text.replace("\\'", "'") if is_plain else unescape(text)
        if node.type in ("bare_string", "bare_symbol") and not node.named_child_count:
            yield self.text(node)

    def _heredoc(self, node: Code) -> Code | None:
        """The body of a heredoc: those of a file follow each other as their beginnings do."""
        if self._heredocs is None:
            self._heredocs = list(_list_below(self.source.root, "heredoc_beginning", "heredoc_body"))
        begun = [each for each in self._heredocs if each.type == "heredoc_beginning"]
        bodies = [each for each in self._heredocs if each.type == "heredoc_body"]
        at = next((number for number, each in enumerate(begun) if each.id == node.id), len(bodies))
        return bodies[at] if at < len(bodies) and len(begun) == len(bodies) else None

    def _element(self, node: Code) -> Part | None:
        of = node.child_by_field_name("object")
        keys = [each for each in node.named_children if of is None or each.id != of.id]
        return self.element(of, keys[0]) if len(keys) == 1 else None

    def _items(self, node: Code) -> Iterator[tuple[Code, bool]]:
        for each in node.named_children:
            if each.type == "splat_argument":
                yield next(iter(each.named_children), each), True
            elif each.type != "comment":
                yield each, False

    def _members(self, node: Code) -> Iterator[tuple[str | Code | None, Code]]:
        for each in node.named_children:
            if each.type == "hash_splat_argument":
                yield None, next(iter(each.named_children), each)
            elif each.type == "pair":
                key, value = each.child_by_field_name("key"), each.child_by_field_name("value")
                if key is not None and value is not None:
                    yield self._key(key), value

    def _key(self, node: Code) -> str | Code:
        return self.text(node) if node.type == "hash_key_symbol" else node

    def _call(self, node: Code) -> Part | None:
        receiver, method = node.child_by_field_name("receiver"), node.child_by_field_name("method")
        if method is None:
            return None
        listed = node.child_by_field_name("arguments")
        block = node.child_by_field_name("block")
        if listed is None and block is None and receiver is not None:
            return Member(receiver, self.text(method))
        callee = Member(receiver, self.text(method)) if receiver is not None else Name(self.text(method))
        return Call(callee, tuple(self._arguments(listed)) if listed is not None else (), _only_value(block))

    def _arguments(self, listed: Code) -> Iterator[Argument]:
        for each in listed.named_children:
            if each.type == "pair":
                key, value = each.child_by_field_name("key"), each.child_by_field_name("value")
                is_word = key is not None and key.type == "hash_key_symbol"
                written = None if key is None else self.text(key) if is_word else fixed_text(self.part(key))
                if value is not None and written is not None:
                    yield Argument(value, written)
            elif each.type in ("splat_argument", "hash_splat_argument"):
                yield Argument(next(iter(each.named_children), each), is_more=True)
            elif each.type not in ("comment", "block_argument"):
                yield Argument(each)

    def _assign(self, node: Code, scope: Scope, program: Program) -> None:
        target, value = node.child_by_field_name("left"), node.child_by_field_name("right")
        if target is None or value is None:
            return
        if target.type in _NAMES:
            scope.assign(self.text(target), Bound(scope, value if node.type == "assignment" else None))
        path = self.path(target)
        if path is not None and node.type == "assignment":
            program.set(path, target, value, scope)

    def _function(self, node: Code, scope: Scope) -> Scope:
        inner = Scope(scope, None)
        parameters = node.child_by_field_name("parameters")
        for each in parameters.named_children if parameters is not None else ():
            name = each if each.type == "identifier" else each.child_by_field_name("name")
            if name is not None:
                inner.bind(self.text(name), Bound(inner))
        return inner


def _only_value(block: Code | None) -> Code | None:
    """The value of a block that is one expression."""
    body = block.child_by_field_name("body") if block is not None else None
    return body.named_children[0] if body is not None and body.named_child_count == 1 else None


def _list_below(node: Code, *types: str) -> Iterator[Code]:
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if each.type in types:
            yield each
        waiting.extend(reversed(each.children))
