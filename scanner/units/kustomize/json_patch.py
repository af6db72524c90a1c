"""JSON patches (RFC 6902) of placed trees."""

from __future__ import annotations

from scanner.files.tree import Scalar
from scanner.record import changed, record
from scanner.units.kustomize.budget import DEEPEST_PATH, Budget
from scanner.units.kustomize.placed import Items, Leaf, Map, Placed, over

# a part of which something below has changed
_SET = "set"


class DoesNotFit(Exception):
    """An operation whose path is not in the manifest, or a test that is not met."""


@record
class Operation:
    """One operation: its path's segments, each with the place of the path, and its value or source."""

    op: str
    path: tuple[str, ...]
    at: Leaf
    value: Placed | None
    source: tuple[str, ...]


def read_operations(node: Placed) -> tuple[Operation, ...] | None:
    """The operations of a JSON patch; None where it is none."""
    if not isinstance(node, Items) or not node.items:
        return None
    found = []
    for each in node.items:
        op = each.text("op") if isinstance(each, Map) else ""
        path = each.get("path") if isinstance(each, Map) else None
        if not isinstance(each, Map) or not op or not isinstance(path, Leaf):
            return None
        found.append(Operation(op, _segments(path.text), path, each.get("value"), _segments(each.text("from"))))
    return tuple(found)


def _segments(pointer: str) -> tuple[str, ...]:
    # RFC 6901 §4
    return tuple(each.replace("~1", "/").replace("~0", "~") for each in pointer.split("/")[1:])


def apply(operation: Operation, root: Placed, budget: Budget) -> Placed:
    """The tree after the operation; DoesNotFit where it cannot be carried out."""
    if len(operation.path) > DEEPEST_PATH:
        raise DoesNotFit
    patch = _Patching(operation, budget)
    if operation.op in ("move", "copy"):
        value = patch.find(root, operation.source)
        if operation.op == "move":
            root = patch.change(root, operation.source, "remove", None)
        return patch.change(root, operation.path, "add", value)
    if operation.op == "test":
        if not _is_equal(patch.find(root, operation.path), operation.value, budget):
            raise DoesNotFit
        return root
    if operation.op not in ("add", "replace", "remove") or (operation.op != "remove" and operation.value is None):
        raise DoesNotFit
    return patch.change(root, operation.path, operation.op, operation.value)


class _Patching:
    def __init__(self, operation: Operation, budget: Budget) -> None:
        self._operation = operation
        self._budget = budget

    def find(self, node: Placed, path: tuple[str, ...]) -> Placed:
        for segment in path:
            node = self._child(node, segment)
        return node

    def _child(self, node: Placed, segment: str) -> Placed:
        found: Placed | None = None
        if isinstance(node, Map):
            self._budget.take(len(node.members))
            found = node.get(segment)
        elif isinstance(node, Items):
            number = _index(segment, len(node.items))
            found = node.items[number] if number < len(node.items) else None
        if found is None:
            raise DoesNotFit
        return found

    def change(self, node: Placed, path: tuple[str, ...], op: str, value: Placed | None) -> Placed:
        """The node with one thing added, replaced or removed at the path."""
        if not path:
            if value is None:
                raise DoesNotFit
            return over(node, value)
        first, rest = path[0], path[1:]
        if rest:
            return self._put(node, first, self.change(self._child(node, first), rest, op, value), _SET)
        return self._put(node, first, value, op)

    def _put(self, node: Placed, name: str, value: Placed | None, op: str) -> Placed:
        if isinstance(node, Map):
            return self._put_member(node, name, value, op)
        if not isinstance(node, Items):
            raise DoesNotFit
        self._budget.take(len(node.items))
        items = list(node.items)
        number = _index(name, len(items), is_new=op == "add")
        if op == "add":
            assert value is not None
            items.insert(number, value)
        elif number >= len(items):
            raise DoesNotFit
        elif op == "remove":
            del items[number]
        else:
            assert value is not None
            items[number] = value if op == _SET else over(items[number], value)
        return changed(node, items=tuple(items))

    def _put_member(self, node: Map, name: str, value: Placed | None, op: str) -> Map:
        self._budget.take(len(node.members))
        present = node.get(name)
        if present is None and op != "add":
            raise DoesNotFit
        if op == "remove":
            return node.without(name)
        assert value is not None
        return node.with_member(self._key(name), value if op == _SET or present is None else over(present, value))

    def _key(self, name: str) -> Leaf:
        """A member's name at the place of the path."""
        at = self._operation.at
        scalar = at.scalar
        return Leaf(Scalar(name, name, scalar.line, scalar.column, scalar.end_line, is_quoted=True), at.source)


def _index(segment: str, length: int, *, is_new: bool = False) -> int:
    if segment == "-":
        if is_new:
            return length
        raise DoesNotFit
    number = int(segment) if segment.isdecimal() and len(segment) < 10 else -1
    if number < 0 or number > length:
        raise DoesNotFit
    return number


def _is_equal(one: Placed, other: Placed | None, budget: Budget) -> bool:
    budget.take(1)
    if isinstance(one, Leaf) and isinstance(other, Leaf):
        return one.scalar.value == other.scalar.value
    if isinstance(one, Items) and isinstance(other, Items):
        both = zip(one.items, other.items, strict=False)
        return len(one.items) == len(other.items) and all(_is_equal(a, b, budget) for a, b in both)
    if isinstance(one, Map) and isinstance(other, Map) and len(one.members) == len(other.members):
        values = {each.key.text: each.value for each in other.members}
        return all(_is_equal(each.value, values.get(each.key.text), budget) for each in one.members)
    return False
