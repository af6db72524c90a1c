"""The place of a value inside a policy or configuration file, found when an error needs it.

Records keep the place of an item and of few members: the stored form must stay small. An error about a value deep in a file
therefore reads the file again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from scanner.errors import Place
from scanner.files.read import read
from scanner.files.tree import Mapping, Node, Parsed, Scalar, Sequence

# the path to a value: members and list positions
ValuePath: TypeAlias = "tuple[str | int, ...]"


def locate(file: Place, way: ValuePath, *, offset: int | None = None, is_name: bool = False) -> Place:
    """The place of the value at `way` in the document of `file`: `offset` characters into its text, or (`is_name`) of its name.
    The nearest place where the path does not exist; `file` itself where it cannot be read.
    """
    document = _read_document(file.path)
    if document is None:
        return file
    *_, (name, node) = _follow(document, way)
    if is_name and name is not None:
        return Place(file.path, name.line, name.column)
    return _place_in_value(file.path, node, offset)


def node_at(file: Place, way: ValuePath) -> Node | None:
    """The value at `way` itself; None where there is none."""
    document = _read_document(file.path)
    steps = list(_follow(document, way)) if document is not None else []
    return steps[-1][1] if len(steps) == len(way) + 1 else None


def _read_document(path: str) -> Node | None:
    try:
        with open(path, "rb") as opened:
            parsed = read(opened.read(), "yaml", templates=False)
    except OSError:
        return None
    return parsed.documents[0] if isinstance(parsed, Parsed) and parsed.documents else None


def _follow(node: Node, way: ValuePath) -> Iterable[tuple[Scalar | None, Node]]:
    """The nodes along the path, each with its name."""
    yield None, node
    for step in way:
        if isinstance(node, Mapping) and (entry := node.entry(str(step))) is not None:
            node = entry.value
            yield entry.key, node
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            yield None, node
        else:
            return


def _place_in_value(path: str, node: Node, offset: int | None) -> Place:
    """The place of a value, or of a character in its text. For a value over several lines only the first line is known."""
    if offset is None or not isinstance(node, Scalar) or node.end_line != node.line:
        return Place(path, node.line, node.column)
    return Place(path, node.line, node.column + offset + (1 if node.is_quoted else 0))
