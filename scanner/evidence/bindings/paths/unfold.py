"""Members whose name is a path: the key `Authentication:Schemes:Bearer` and the variable `Authentication__Schemes__Bearer` are
nested sections to .NET, whatever the case of their names.
"""

from __future__ import annotations

from collections.abc import Sequence as SequenceType

from scanner.evidence.bindings.paths.pair_lists import as_mapping
from scanner.evidence.bindings.paths.walk import Names
from scanner.files.limits import DEEPEST
from scanner.files.tree import Entry, Mapping, Node, Scalar, Sequence, list_nodes

# no list has more items than these digits count
_MOST_DIGITS = 4


def unfold(node: Node, separators: SequenceType[str], spelling: Names, *, only_paths: bool = False) -> Node:
    """The tree with nested members for each name that holds one of the separators; the tree itself where none does.
    `only_paths` leaves out the members with other names, and so all but environment variables and arguments.
    """
    if not _has_paths_below(node, separators):
        return Mapping((), node.line, node.column, node.end_line) if only_paths else node
    return _unfold(node, separators, spelling, only_paths=only_paths)


def _has_paths_below(node: Node, separators: SequenceType[str]) -> bool:
    """Whether some name in the tree holds a separator: in most trees none does."""
    for each in list_nodes(node):
        pairs = as_mapping(each) if isinstance(each, Sequence) else each
        if isinstance(pairs, Mapping) and _has_paths(pairs, separators):
            return True
    return False


def _unfold(node: Node, separators: SequenceType[str], spelling: Names, *, only_paths: bool) -> Node:
    if isinstance(node, Scalar):
        return node
    if isinstance(node, Sequence):
        pairs = as_mapping(node)
        if pairs is not None and _has_paths(pairs, separators):
            return _unfold(pairs, separators, spelling, only_paths=only_paths)
        items = tuple(_unfold(item, separators, spelling, only_paths=only_paths) for item in node.items)
        return Sequence(items, node.line, node.column, node.end_line)
    top = _Section(node.line, node.column, node.end_line, spelling)
    for entry in node.entries:
        value = _unfold(entry.value, separators, spelling, only_paths=only_paths)
        parts = _split(entry.key.text, separators)
        if len(parts) > 1 or not only_paths or not isinstance(value, Scalar):
            top.add(parts, Entry(entry.key, value))
    return top.node()


class _Section:
    """A mapping whose members may come from several names."""

    def __init__(self, line: int, column: int, end_line: int, spelling: Names) -> None:
        self._place = line, column, end_line
        self._spelling = spelling
        self._members: dict[str, tuple[Scalar, Node | _Section]] = {}

    def add(self, parts: list[str], entry: Entry) -> None:
        """Add a value below the names; a mapping is merged with what is there, any other value replaces it."""
        key = Scalar(parts[0], parts[0], entry.key.line, entry.key.column, entry.key.end_line)
        name = self._spelling(parts[0])
        value = entry.value
        if len(parts) == 1 and not isinstance(value, Mapping):
            self._members[name] = key, value
            return
        known = self._members.get(name)
        below = known[1] if known is not None and isinstance(known[1], _Section) else None
        if below is None:
            below = _Section(key.line, key.column, value.end_line, self._spelling)
            self._members[name] = key, below
        if len(parts) > 1:
            below.add(parts[1:], entry)
        elif isinstance(value, Mapping):
            for each in value.entries:
                below.add([each.key.text], each)

    def node(self) -> Mapping | Sequence:
        """The mapping; the list where each name is the number of an item, as in `ValidAudiences__0`."""
        entries = tuple(
            Entry(key, member.node() if isinstance(member, _Section) else member) for key, member in self._members.values()
        )
        if entries and all(entry.key.text.isdecimal() and len(entry.key.text) <= _MOST_DIGITS for entry in entries):
            ordered = sorted(entries, key=lambda entry: int(entry.key.text))
            return Sequence(tuple(entry.value for entry in ordered), *self._place)
        return Mapping(entries, *self._place)


def _has_paths(node: Mapping, separators: SequenceType[str]) -> bool:
    return any(separator in entry.key.text for entry in node.entries for separator in separators)


def _split(name: str, separators: SequenceType[str]) -> list[str]:
    for separator in separators[1:]:
        name = name.replace(separator, separators[0])
    parts = name.split(separators[0])
    # deeper than any section; a name of separators alone is a name
    return parts if len(parts) <= DEEPEST and all(parts) else [name]
