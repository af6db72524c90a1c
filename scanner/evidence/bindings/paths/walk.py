"""Paths through a tree: a Trail is a node with the path to it, a Walk the memory and the budget of one file's selections.

Nodes have no parent (aliases share them), so a Trail keeps the path. Many selectors visit the same few nodes, so a Walk keeps
each mapping's members by name, and for `**` the mappings of a document by the names of their members.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar, cast

from scanner.evidence.bindings.paths.named_readers import named_reader
from scanner.evidence.bindings.paths.pair_lists import as_mapping
from scanner.files.limits import MOST_TEXT
from scanner.files.tree import Entry, Mapping, Node, Scalar, Sequence
from scanner.record import record

# how many nodes the fields of one file may visit: each binding evaluates each path, and a hostile file has many bindings. It is
# enough for 500 providers of Envoy beside 500 rules, and takes some two seconds
_MOST_VISITS = 1_000_000

Names = Callable[[str], str]
Made = TypeVar("Made")


class BudgetExceeded(Exception):
    """Reading the bindings of a file takes more visits or more text than the file's budget allows."""


@record(slots=True)
class Trail:
    """A node with the path to it."""

    node: Node
    key: Scalar | None = None
    above: Trail | None = None

    def top(self) -> Trail:
        """The document where the path begins."""
        trail = self
        while trail.above is not None:
            trail = trail.above
        return trail

    def way(self) -> tuple[int, ...]:
        """The identity of the path: two trails over the same nodes have the same one, while the nodes live."""
        trail: Trail | None = self
        ids: list[int] = []
        while trail is not None:
            ids.append(id(trail.node))
            trail = trail.above
        return tuple(ids)


class Walk:
    """The budget for one file, and a cache of what is known about its nodes. The cache also keeps the nodes, because their
    ids are its keys.
    """

    __slots__ = ("_holders", "_made", "_members", "_once", "_pairs", "around", "left", "text_left")

    def __init__(self, visits: int = _MOST_VISITS, text: int = MOST_TEXT) -> None:
        self.left = visits
        self.text_left = text
        # where the document is a string of another one: the path to the mapping that has the string
        self.around: Trail | None = None
        self._pairs: dict[int, tuple[Sequence, Mapping | None]] = {}
        self._made: dict[tuple[str, int], tuple[Node, Node]] = {}
        self._members: dict[Names, dict[int, tuple[Mapping, dict[str, Entry]]]] = {}
        self._holders: dict[tuple[Names, tuple[int, ...]], tuple[Trail, dict[str, list[Trail]]]] = {}
        self._once: dict[object, tuple[object, Any]] = {}

    def unbounded(self) -> Walk:
        """The same cache without a budget: for a selection that runs once over a whole document."""
        other = Walk(10**9)
        other._pairs, other._made, other._members, other._holders = self._pairs, self._made, self._members, self._holders
        other._once, other.around = self._once, self.around
        return other

    def visit(self, count: int = 1) -> None:
        """Count nodes; BudgetExceeded where the budget is exceeded."""
        self.left -= count
        if self.left < 0:
            raise BudgetExceeded

    def take_text(self, count: int) -> None:
        """Count characters that a binding keeps; BudgetExceeded where the budget is exceeded."""
        self.text_left -= count
        if self.text_left < 0:
            raise BudgetExceeded

    def pairs(self, node: Sequence) -> Mapping | None:
        """The mapping that a list means; None for any other list."""
        known = self._pairs.get(id(node))
        if known is None:
            known = self._pairs[id(node)] = node, as_mapping(node)
        return known[1]

    def once(self, key: object, kept: object, make: Callable[[], Made]) -> Made:
        """What `make` gives, made once for a key. The key may be ids of what is `kept`."""
        known = self._once.get(key)
        if known is None:
            known = self._once[key] = kept, make()
        return cast("Made", known[1])

    def read_as(self, name: str, node: Node) -> Node:
        """The named reader's result for a node."""
        known = self._made.get((name, id(node)))
        if known is None:
            known = self._made[name, id(node)] = node, named_reader(name)(node)
        return known[1]

    def members(self, node: Mapping, spelling: Names) -> dict[str, Entry]:
        """The members of a mapping by their spelled names; the last of repeated ones."""
        by_node = self._members.setdefault(spelling, {})
        known = by_node.get(id(node))
        if known is None:
            known = by_node[id(node)] = node, {spelling(entry.key.text): entry for entry in node.entries}
        return known[1]

    def holders(self, start: Trail, spelling: Names) -> dict[str, list[Trail]]:
        """The mappings from `start` downwards (and the mappings that lists mean) by the spelled names of their members, in
        document order. Below the top of a document the nodes count against the budget.
        """
        way = start.way()
        known = self._holders.get((spelling, way))
        if known is None:
            known = self._holders[spelling, way] = start, self._find_members(start, spelling)
        return known[1]

    def _find_members(self, start: Trail, spelling: Names) -> dict[str, list[Trail]]:
        held: dict[str, list[Trail]] = {}
        for trail in below(start):
            if start.above is not None:
                self.visit()  # the reader limits the size of a whole document
            node = trail.node
            if isinstance(node, Scalar):
                continue
            if isinstance(node, Sequence):
                meant = self.pairs(node)
                if meant is None:
                    continue
                node, trail = meant, Trail(meant, trail.key, trail)
            for name in self.members(node, spelling):
                held.setdefault(name, []).append(trail)
        return held


def items(trail: Trail) -> Iterator[Trail]:
    """The members of a mapping or the items of a list, each with its path."""
    if isinstance(trail.node, Mapping):
        for entry in trail.node.entries:
            yield Trail(entry.value, entry.key, trail)
    elif isinstance(trail.node, Sequence):
        for item in trail.node.items:
            yield Trail(item, trail.key, trail)


def below(trail: Trail) -> Iterator[Trail]:
    """The node and all below it, in document order. The caller must count: hostile aliases make endless trees."""
    waiting = [trail]
    while waiting:
        current = waiting.pop()
        yield current
        if not isinstance(current.node, Scalar):
            waiting += reversed(list(items(current)))
