"""The members that a variable's type fills in: `object({issuer = string, leeway = optional(number, 30)})`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from scanner.files.hcl_functions import make_text
from scanner.files.syntax import list_children
from scanner.files.tree import Entry, Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    import tree_sitter

_DEEPEST = 12
_COLLECTIONS = ("list", "set", "map")


def add_optional(value: Node, type_: tree_sitter.Node, evaluate: Callable[[tree_sitter.Node], Node], depth: int = 0) -> Node:
    """The value with the optional members that it does not have, as its type says."""
    name, arguments = _call_of(type_)
    if not arguments or depth > _DEEPEST:
        return value
    if name == "optional":
        return add_optional(value, arguments[0], evaluate, depth + 1)
    if name in _COLLECTIONS:
        return _within(value, lambda each: add_optional(each, arguments[0], evaluate, depth + 1), is_map=name == "map")
    members = _object_of(arguments[0]) if name == "object" and isinstance(value, Mapping) else None
    if members is None or not isinstance(value, Mapping):
        return value
    at = Scalar("", None, value.line, value.column, value.end_line)
    entries = {entry.key.text: entry for entry in value.entries}
    for key, member in _list_members(members):
        given = entries.get(key)
        if given is not None and not (isinstance(given.value, Scalar) and given.value.value is None):
            entries[key] = Entry(given.key, add_optional(given.value, member, evaluate, depth + 1))
            continue
        function, rest = _call_of(member)
        if function == "optional":
            default = evaluate(rest[1]) if len(rest) > 1 else make_text(None, at)
            entries[key] = Entry(make_text(key, at), default)
    return Mapping(tuple(entries.values()), value.line, value.column, value.end_line)


def _within(value: Node, change: Callable[[Node], Node], *, is_map: bool) -> Node:
    if is_map and isinstance(value, Mapping):
        entries = tuple(Entry(entry.key, change(entry.value)) for entry in value.entries)
        return Mapping(entries, value.line, value.column, value.end_line)
    if not is_map and isinstance(value, Sequence):
        return Sequence(tuple(change(item) for item in value.items), value.line, value.column, value.end_line)
    return value


def _call_of(node: tree_sitter.Node) -> tuple[str, list[tree_sitter.Node]]:
    """The name and arguments of a type that is written as a call; an empty name for any other."""
    while node.type == "expression" and node.child_count == 1:
        node = node.children[0]
    if node.type != "function_call":
        return "", []
    arguments = [each for part in list_children(node, "function_arguments") for each in list_children(part, "expression")]
    return (node.children[0].text or b"").decode(), arguments


def _object_of(node: tree_sitter.Node) -> tree_sitter.Node | None:
    while node.type in ("expression", "collection_value") and node.child_count == 1:
        node = node.children[0]
    return node if node.type == "object" else None


def _list_members(node: tree_sitter.Node) -> list[tuple[str, tree_sitter.Node]]:
    found: list[tuple[str, tree_sitter.Node]] = []
    for member in list_children(node, "object_elem"):
        key, *_, value = (part for part in member.children if part.type != "comment")
        found.append(((key.text or b"").decode().strip('"'), value))
    return found
