"""Mappings whose names repeat on purpose: Terraform's blocks, XML's elements, nginx's `location`s.

A name that occurs once has its value, a repeated one has a list, so that a path selects each of them in both cases. A
container's one variable (`env`) is a list, too, since the list means a mapping. A list, and a mapping from several blocks, ends
where the first of them ends: a waiver above it covers no more.
"""

from __future__ import annotations

from scanner.files.tree import Entry, Mapping, Node, Scalar, Sequence


class MappingBuilder:
    """A mapping under construction."""

    def __init__(self, line: int, column: int, end_line: int | None = None) -> None:
        self.line = line
        self.column = column
        self.end_line = end_line
        self._names: dict[str, _Member] = {}

    def add(self, key: Scalar, value: Node) -> None:
        """Add a value of that name."""
        self._member(key).values.append(value)

    def has(self, name: str) -> bool:
        """Whether the name has a value."""
        return name in self._names and bool(self._names[name].values)

    def is_empty(self) -> bool:
        """Whether it has no members."""
        return not self._names

    def below(self, key: Scalar) -> MappingBuilder:
        """The mapping that all blocks of that name share: the last one begun."""
        member = self._member(key)
        return member.groups[-1] if member.groups else self.begin(key)

    def begin(self, key: Scalar, end_line: int | None = None) -> MappingBuilder:
        """Begin another mapping of that name."""
        member = self._member(key)
        member.groups.append(MappingBuilder(key.line, key.column, end_line))
        return member.groups[-1]

    def node(self) -> Mapping:
        """The mapping; without a known end, it ends where its first member ends."""
        entries = tuple(Entry(member.key, member.node()) for member in self._names.values())
        first_end = entries[0].value.end_line if entries else self.line
        return Mapping(entries, self.line, self.column, self.end_line or first_end)

    def _member(self, key: Scalar) -> _Member:
        return self._names.setdefault(key.text, _Member(key))


class _Member:
    def __init__(self, key: Scalar) -> None:
        self.key = key
        self.values: list[Node] = []
        self.groups: list[MappingBuilder] = []

    def node(self) -> Node:
        nodes = [*self.values, *(group.node() for group in self.groups)]
        if len(nodes) == 1 and not (self.key.text == "env" and _is_variable(nodes[0])):
            return nodes[0]
        return Sequence(tuple(nodes), nodes[0].line, nodes[0].column, nodes[0].end_line)


def _is_variable(node: Node) -> bool:
    """Whether it is a variable of a container (`env { name = "A", value = "b" }`): one is a list as several are."""
    return isinstance(node, Mapping) and {"name", "value"} <= set(node.names())
