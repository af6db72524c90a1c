"""Looking into trees in tests."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.files.read import read
from scanner.files.tree import Format, Mapping, Node, Parsed, Scalar, Sequence


def tree(text: str, format_: Format) -> Node:
    """The one document of a text that can be read without a fault."""
    parsed = read(text.encode(), format_)
    assert isinstance(parsed, Parsed), parsed
    assert parsed.faults == ()
    (node,) = parsed.documents
    return node


def at(node: Node, *names: str | int) -> Scalar:
    """The scalar under these names and indexes."""
    for name in names:
        if isinstance(name, int):
            assert isinstance(node, Sequence)
            node = node.items[name]
            continue
        assert isinstance(node, Mapping)
        found = node.get(name)
        assert found is not None, name
        node = found
    assert isinstance(node, Scalar)
    return node


def shown(text: str, scalar: Scalar) -> str:
    """What stands at the scalar's place, to the end of its line."""
    return text.split("\n")[scalar.line - 1][scalar.column - 1 :]


def scalars(node: Node) -> Iterator[Scalar]:
    """Every scalar value below `node`, shared nodes once."""
    seen: set[int] = set()
    waiting: list[Node] = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, Scalar):
            yield current
            continue
        if id(current) in seen:
            continue
        seen.add(id(current))
        if isinstance(current, Sequence):
            waiting.extend(reversed(current.items))
        else:
            waiting.extend(entry.value for entry in reversed(current.entries))
