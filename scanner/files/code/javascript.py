"""JavaScript and TypeScript, as the grammar of TypeScript gives them."""

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

_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "undefined": None}
_NAMES = frozenset({
    "identifier", "property_identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern",
    "private_property_identifier", "type_identifier",
})  # fmt: skip
_AROUND = frozenset({
    "parenthesized_expression", "await_expression", "as_expression", "satisfies_expression", "non_null_expression",
})  # fmt: skip
_FUNCTIONS = frozenset({
    "function_declaration", "function_expression", "arrow_function", "method_definition", "generator_function_declaration",
    "generator_function",
})  # fmt: skip
_CLASSES = frozenset({"class_declaration", "class", "abstract_class_declaration"})
_DECLARATIONS = frozenset({"lexical_declaration", "variable_declaration"})


class JavaScript(Language):
    """JavaScript or TypeScript, for one file."""

    def part(self, node: Code) -> Part | None:
        """What an expression is."""
        kind = node.type
        if kind in ("string", "template_string"):
            return Text(tuple(self._pieces(node)))
        if kind == "number":
            number = number_of(self.text(node))
            return Literal(number) if number is not None else None
        if kind in _WORDS:
            return Literal(_WORDS[kind])
        if kind in _NAMES:
            return Name(self.text(node))
        if kind == "this":
            return Name("this")
        if kind in ("member_expression", "subscript_expression"):
            return self._member(node)
        if kind == "array":
            return Items(tuple(self._items(node)))
        if kind == "object":
            return Members(tuple(self._members(node)))
        if kind in ("call_expression", "new_expression"):
            return self._call(node)
        if kind in _AROUND:
            inner = next(iter(node.named_children), None)
            return Inner(inner) if inner is not None else None
        return self.operation(node, ("binary_expression",), ("||", "??"))

    def enter(self, node: Code, scope: Scope, program: Program) -> Scope:
        """Note what a node binds, assigns or calls."""
        kind = node.type
        if kind in ("call_expression", "new_expression"):
            program.calls.append((node, scope))
        elif kind == "variable_declarator":
            self._declare(node, scope, program)
        elif kind == "assignment_expression":
            self._assign(node, scope, program)
        elif kind == "import_statement":
            self._import(node, scope)
        elif kind == "export_statement":
            value = node.child_by_field_name("value")
            if value is not None:
                program.set(("default",), node, value, scope)
        elif kind == "public_field_definition":
            self._field(node, scope, program)
        elif kind in _CLASSES:
            return self._class(node, scope)
        elif kind in _FUNCTIONS:
            return self._function(node, scope)
        elif kind in ("for_in_statement", "catch_clause", "augmented_assignment_expression"):
            left = node.child_by_field_name("left") or node.child_by_field_name("parameter")
            for name, _, _ in self._list_targets(left) if left is not None else ():
                scope.bind(name, Bound(scope))
        return scope

    def _pieces(self, node: Code) -> Iterator[str | Code]:
        for each in node.named_children:
            if each.type in ("string_fragment", "escape_sequence"):
                yield unescape(self.text(each))
            elif each.type == "template_substitution":
                yield next(iter(each.named_children), each)

    def _member(self, node: Code) -> Part | None:
        of = node.child_by_field_name("object")
        name = node.child_by_field_name("property")
        if of is not None and name is not None:
            return Member(of, self.text(name))
        return self.element(of, node.child_by_field_name("index"))

    def _items(self, node: Code) -> Iterator[tuple[Code, bool]]:
        for each in node.named_children:
            if each.type == "spread_element":
                yield next(iter(each.named_children), each), True
            elif each.type != "comment":
                yield each, False

    def _members(self, node: Code) -> Iterator[tuple[str | Code | None, Code]]:
        for each in node.named_children:
            if each.type == "spread_element":
                yield None, next(iter(each.named_children), each)
            elif each.type == "shorthand_property_identifier":
                yield self.text(each), each
            elif each.type == "method_definition":
                name = each.child_by_field_name("name")
                if name is not None:
                    yield self.text(name), each
            elif each.type == "pair":
                key, value = each.child_by_field_name("key"), each.child_by_field_name("value")
                if key is not None and value is not None:
                    yield self._key(key), value

    def _key(self, node: Code) -> str | Code:
        if node.type == "computed_property_name":
            return next(iter(node.named_children), node)
        return node if node.type == "string" else self.text(node)

    def _call(self, node: Code) -> Part | None:
        function = node.child_by_field_name("function") or node.child_by_field_name("constructor")
        listed = node.child_by_field_name("arguments")
        callee: Part | Super | None = None
        if function is not None:
            callee = Super() if function.type == "super" else self.part(function)
            if function.type == "import":
                callee = Name("import")
        arguments = tuple(self._arguments(listed)) if listed is not None and listed.type == "arguments" else ()
        return Call(callee if isinstance(callee, Name | Member | Super) else None, arguments)

    def _arguments(self, listed: Code) -> Iterator[Argument]:
        for each in listed.named_children:
            if each.type == "spread_element":
                yield Argument(next(iter(each.named_children), each), is_more=True)
            elif each.type != "comment":
                yield Argument(each)

    def _declare(self, node: Code, scope: Scope, program: Program) -> None:
        target, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if target is None:
            return
        if target.type == "identifier":
            name = self.text(target)
            if value is None:
                scope.names.setdefault(name, [])
                return
            scope.bind(name, Bound(scope, value))
            if node.parent is not None and node.parent.type in _DECLARATIONS:
                program.set((name,), target, value, scope)
            return
        for name, member, otherwise in self._list_targets(target):
            scope.bind(name, Bound(scope, value if member else None, member, otherwise))

    def _list_targets(self, pattern: Code) -> Iterator[tuple[str, str | None, Code | None]]:
        """The names that a pattern binds, each with the member that it takes and its default."""
        if pattern.type in _NAMES:
            yield self.text(pattern), None, None
        for each in pattern.named_children if pattern.type in ("object_pattern", "array_pattern") else ():
            is_member = pattern.type == "object_pattern"
            left, right = each.child_by_field_name("left"), each.child_by_field_name("right")
            key, value = each.child_by_field_name("key"), each.child_by_field_name("value")
            if each.type in _NAMES:
                yield self.text(each), self.text(each) if is_member else None, None
            elif left is not None and left.type in _NAMES:
                yield self.text(left), self.text(left) if is_member else None, right
            elif key is not None and value is not None:
                inner = value.child_by_field_name("left") or value
                if inner.type in _NAMES:
                    yield self.text(inner), self.text(key), value.child_by_field_name("right")

    def _assign(self, node: Code, scope: Scope, program: Program) -> None:
        target, value = node.child_by_field_name("left"), node.child_by_field_name("right")
        if target is None or value is None:
            return
        if target.type == "identifier":
            scope.assign(self.text(target), Bound(scope, value))
            return
        path = self.path(target)
        if path is None:
            return
        if path[0] == "this":
            scope.bind_attribute(path[1:], Bound(scope, value))
        else:
            program.set(path, target, value, scope)

    def _import(self, node: Code, scope: Scope) -> None:
        for each in list_children(node, "import_require_clause"):
            name, of = next(list_children(each, "identifier"), None), each.child_by_field_name("source")
            if name is not None and of is not None:
                scope.bind(self.text(name), Bound(scope, canonical=self._module(of)))
        source = node.child_by_field_name("source")
        clause = next(list_children(node, "import_clause"), None)
        if source is None or clause is None:
            return
        module = self._module(source)
        for each in clause.named_children:
            if each.type == "identifier":
                scope.bind(self.text(each), Bound(scope, canonical=module))
            elif each.type == "namespace_import":
                for name in list_children(each, "identifier"):
                    scope.bind(self.text(name), Bound(scope, canonical=module))
            for one in list_children(each, "import_specifier"):
                imported = one.child_by_field_name("name")
                alias = one.child_by_field_name("alias") or imported
                if imported is not None and alias is not None:
                    said = self.text(imported)
                    canonical = module if said == "default" else f"{module}.{said}"
                    scope.bind(self.text(alias), Bound(scope, canonical=canonical))

    def _module(self, source: Code) -> str:
        return self.text(source)[1:-1]

    def _field(self, node: Code, scope: Scope, program: Program) -> None:
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is not None and value is not None:
            scope.bind(self.text(name), Bound(scope, value))
            program.set((self.text(name),), name, value, scope)

    def _class(self, node: Code, scope: Scope) -> Scope:
        inner = self.class_scope(node, scope)
        for heritage in list_children(node, "class_heritage"):
            extends = next(list_children(heritage, "extends_clause"), heritage)
            inner.base = extends.child_by_field_name("value") or next(iter(extends.named_children), None)
        return inner

    def _function(self, node: Code, scope: Scope) -> Scope:
        inner = Scope(scope, None)
        one = node.child_by_field_name("parameter")
        if one is not None:
            inner.bind(self.text(one), Bound(inner))
        parameters = node.child_by_field_name("parameters")
        for each in parameters.named_children if parameters is not None else ():
            pattern = each.child_by_field_name("pattern") or each
            for name, _, _ in self._list_targets(pattern):
                inner.bind(name, Bound(inner))
        return inner
