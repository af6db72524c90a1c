"""Python, as its grammar gives it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scanner.files.code.language import Language, number_of, unescape
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
    Super,
    Text,
)
from scanner.files.code.scopes import Bound, Program, Scope
from scanner.files.syntax import list_children

if TYPE_CHECKING:
    from tree_sitter import Node as Code

_WORDS: dict[str, bool | None] = {"true": True, "false": False, "none": None}
_INSTANCES = frozenset({"self", "cls"})


class Python(Language):
    """Python, for one file."""

    def part(self, node: Code) -> Part | None:
        """What an expression is."""
        kind = node.type
        if kind in ("string", "concatenated_string"):
            return Text(tuple(self._pieces(node)))
        if kind in ("integer", "float"):
            number = number_of(self.text(node))
            return Literal(number) if number is not None else None
        if kind in _WORDS:
            return Literal(_WORDS[kind])
        if kind == "identifier":
            return Name(self.text(node))
        if kind in ("attribute", "subscript"):
            return self._member(node)
        if kind in ("list", "tuple", "set"):
            return Items(tuple(self._items(node)))
        if kind == "dictionary":
            return Members(tuple(self._members(node)))
        if kind == "call":
            return self._call(node)
        if kind in ("parenthesized_expression", "await", "named_expression"):
            inner = node.child_by_field_name("value") or next(iter(node.named_children), None)
            return Inner(inner) if inner is not None else None
        return self.operation(node, ("binary_operator", "boolean_operator"), ("or",))

    def enter(self, node: Code, scope: Scope, program: Program) -> Scope:
        """Note what a node binds, assigns or calls."""
        kind = node.type
        if kind == "call":
            program.calls.append((node, scope))
        elif kind == "assignment":
            self._assign(node, scope, program)
        elif kind == "import_statement":
            self._import(node, scope)
        elif kind == "import_from_statement":
            self._import_from(node, scope)
        elif kind == "class_definition":
            return self._class(node, scope)
        elif kind in ("function_definition", "lambda"):
            return self._function(node, scope)
        elif kind in ("for_statement", "for_in_clause", "augmented_assignment", "as_pattern_target"):
            left = node.child_by_field_name("left") or node
            for name in _list_names(left):
                scope.bind(self.text(name), Bound(scope))
        return scope

    def _pieces(self, node: Code) -> Iterator[str | Code]:
        if node.type == "concatenated_string":
            for each in list_children(node, "string"):
                yield from self._pieces(each)
            return
        is_raw = "r" in self.text(node.children[0]).lower()
        is_format = "f" in self.text(node.children[0]).lower()
        for each in node.named_children:
            if each.type == "interpolation":
                inner = each.child_by_field_name("expression")
                yield inner if inner is not None else each
            elif each.type == "string_content":
                text = self.text(each) if is_raw else unescape(self.text(each))
                yield text.replace("{{", "{").replace("}}", "}") if is_format else text

    def _member(self, node: Code) -> Part | None:
        if node.type == "attribute":
            of, name = node.child_by_field_name("object"), node.child_by_field_name("attribute")
            return Member(of, self.text(name)) if of is not None and name is not None else None
        return self.element(node.child_by_field_name("value"), node.child_by_field_name("subscript"))

    def _items(self, node: Code) -> Iterator[tuple[Code, bool]]:
        for each in node.named_children:
            if each.type == "list_splat":
                yield each.named_children[0], True
            elif each.type != "comment":
                yield each, False

    def _members(self, node: Code) -> Iterator[tuple[Code | None, Code]]:
        for each in node.named_children:
            if each.type == "dictionary_splat" and each.named_child_count:
                yield None, each.named_children[0]
            elif each.type == "pair":
                key, value = each.child_by_field_name("key"), each.child_by_field_name("value")
                if key is not None and value is not None:
                    yield key, value

    def _call(self, node: Code) -> Part | None:
        function, listed = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        callee: Part | Super | None = self.part(function) if function is not None else None
        if isinstance(callee, Member) and self._is_super(callee.of):
            callee = Super()
        arguments = tuple(self._arguments(listed)) if listed is not None and listed.type == "argument_list" else ()
        return Call(callee if isinstance(callee, Name | Member | Super) else None, arguments)

    def _is_super(self, node: Code) -> bool:
        return node.end_byte - node.start_byte == len("super()") and self.text(node) == "super()"

    def _arguments(self, listed: Code) -> Iterator[Argument]:
        for each in listed.named_children:
            if each.type == "keyword_argument":
                name, value = each.child_by_field_name("name"), each.child_by_field_name("value")
                if name is not None and value is not None:
                    yield Argument(value, self.text(name))
            elif each.type in ("list_splat", "dictionary_splat"):
                yield Argument(each.named_children[0] if each.named_child_count else each, is_more=True)
            elif each.type != "comment":
                yield Argument(each)

    def _assign(self, node: Code, scope: Scope, program: Program) -> None:
        target, value = node.child_by_field_name("left"), node.child_by_field_name("right")
        if target is None or value is None:
            return
        if target.type == "identifier":
            scope.bind(self.text(target), Bound(scope, value))
        path = self.path(target)
        if path is None:
            for name in _list_names(target):
                scope.bind(self.text(name), Bound(scope))
        elif path[0] in _INSTANCES:
            scope.bind_attribute(path[1:], Bound(scope, value))
        else:
            program.set(path, target, value, scope)

    def _import(self, node: Code, scope: Scope) -> None:
        for each in node.children_by_field_name("name"):
            if each.type == "aliased_import":
                name, alias = each.child_by_field_name("name"), each.child_by_field_name("alias")
                if name is not None and alias is not None:
                    scope.bind(self.text(alias), Bound(scope, canonical=self.text(name)))
            else:
                first = self.text(each).partition(".")[0]
                if first not in scope.names:  # `import a.b, a.c`
                    scope.bind(first, Bound(scope, canonical=first))

    def _import_from(self, node: Code, scope: Scope) -> None:
        module = node.child_by_field_name("module_name")
        for each in node.children_by_field_name("name"):
            name = each.child_by_field_name("name") or each
            alias = each.child_by_field_name("alias") or name
            said = f"{self.text(module) if module is not None else ''}.{self.text(name)}"
            known = scope.names.get(self.text(alias))
            if known is None or known[0].canonical != said:
                scope.bind(self.text(alias), Bound(scope, canonical=said))

    def _class(self, node: Code, scope: Scope) -> Scope:
        inner = self.class_scope(node, scope)
        bases = node.child_by_field_name("superclasses")
        inner.base = next((each for each in bases.named_children if each.type != "keyword_argument"), None) if bases else None
        return inner

    def _function(self, node: Code, scope: Scope) -> Scope:
        inner = Scope(scope, None)
        parameters = node.child_by_field_name("parameters")
        for each in parameters.named_children if parameters is not None else ():
            name = (
                each if each.type == "identifier" else each.child_by_field_name("name") or next(iter(_list_names(each)), None)
            )
            if name is not None:
                inner.bind(self.text(name), Bound(inner))
        return inner


_PATTERNS = frozenset({
    "pattern_list", "tuple_pattern", "list_pattern", "typed_parameter", "list_splat_pattern", "dictionary_splat_pattern",
    "as_pattern_target",
})  # fmt: skip


def _list_names(node: Code) -> Iterator[Code]:
    """The names of a target: one, or those of a list."""
    if node.type == "identifier":
        yield node
    elif node.type in _PATTERNS:
        yield from list_children(node, "identifier")
