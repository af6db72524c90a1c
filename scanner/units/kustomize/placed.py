"""Trees whose every scalar knows its file: what a build reads, merges and writes."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from typing import TypeAlias

from scanner.files.align import Lines, align
from scanner.files.tree import Mapping, Node, Scalar, Sequence
from scanner.record import changed, record
from scanner.units.made import Origin


class SourceText:
    """A text of a file: a whole file, or one document of it that begins after `before` lines."""

    def __init__(self, path: str, text: str, before: int = 0) -> None:
        self.path = path
        self.lines = Lines(text)
        self._before = before

    def place(self, line: int, column: int) -> Origin:
        """The place in the file of a line and column of the text."""
        return Origin(self.path, line + self._before, column)


@record(slots=True)
class Leaf:
    """A scalar, and where it comes from. `lower`: the value that it replaces. `is_content`: its text is the file's own from its
    place on, as that of a file in a generated ConfigMap.
    """

    scalar: Scalar
    source: SourceText
    lower: Leaf | None = None
    is_content: bool = False

    @property
    def text(self) -> str:
        """The text, as a reader of the format sees it."""
        return self.scalar.text

    def at(self) -> Origin:
        """The place in its file."""
        return self.source.place(self.scalar.line, self.scalar.column)

    def origins(self) -> tuple[Origin, ...]:
        """The places of the values that it replaces, the lowest last."""
        return _list_lower(self.lower) if self.lower is not None else ()

    def offsets(self) -> array[int]:
        """The offset in the source of each character of the text, as far as it is known."""
        if self.is_content:
            start = self.source.lines.offset(self.scalar.line, self.scalar.column)
            return array("L", range(start, start + len(self.text)))
        return align(self.source.lines, self.scalar)


@record(slots=True)
class Member:
    """A member of a map."""

    key: Leaf
    value: Placed


@record(slots=True)
class Map:
    """An object; each name stands once."""

    members: tuple[Member, ...]
    at: Origin

    def get(self, name: str) -> Placed | None:
        """The value of a member; None where there is none."""
        return next((each.value for each in self.members if each.key.text == name), None)

    def text(self, name: str) -> str:
        """The text of a member that is a scalar; empty where there is none."""
        found = self.get(name)
        return found.text if isinstance(found, Leaf) else ""

    def with_member(self, key: Leaf, value: Placed) -> Map:
        """The map with a member set; the key of one that it has stays."""
        if all(each.key.text != key.text for each in self.members):
            return Map((*self.members, Member(key, value)), self.at)
        return Map(
            tuple(Member(each.key, value if each.key.text == key.text else each.value) for each in self.members), self.at
        )

    def without(self, name: str) -> Map:
        """The map without a member."""
        return Map(tuple(each for each in self.members if each.key.text != name), self.at)


@record(slots=True)
class Items:
    """A list."""

    items: tuple[Placed, ...]
    at: Origin
    origins: tuple[Origin, ...] = ()


Placed: TypeAlias = "Leaf | Map | Items"


def place_nodes(node: Node, source: SourceText) -> Placed:
    """The tree of a text, with the text. Of repeated names the last counts, as for kustomize."""
    return _Placing(source).place(node)


class _Placing:
    def __init__(self, source: SourceText) -> None:
        self._source = source
        self._done: dict[int, Placed] = {}

    def place(self, node: Node) -> Placed:
        if isinstance(node, Scalar):
            return Leaf(node, self._source)
        if id(node) not in self._done:  # what aliases share stays shared
            self._done[id(node)] = self._collection(node)
        return self._done[id(node)]

    def _collection(self, node: Mapping | Sequence) -> Placed:
        at = self._source.place(node.line, node.column)
        if isinstance(node, Sequence):
            return Items(tuple(self.place(each) for each in node.items), at)
        members = {entry.key.text: Member(Leaf(entry.key, self._source), self.place(entry.value)) for entry in node.entries}
        return Map(tuple(members.values()), at)


def new_leaf(text: str, like: Leaf) -> Leaf:
    """A text at the place of another: its value in another form."""
    scalar = like.scalar
    made = Scalar(text, text, scalar.line, scalar.column, scalar.end_line, is_quoted=True)
    return Leaf(made, like.source, like.lower)


def _list_lower(lower: Leaf | None) -> tuple[Origin, ...]:
    found: list[Origin] = []
    while lower is not None:
        found.append(changed(lower.at(), role="base"))
        lower = lower.lower
    return tuple(found)


def first_leaf(node: Placed) -> Leaf | None:
    """The first scalar of a tree; None where it has none."""
    while not isinstance(node, Leaf):
        inner: tuple[Placed, ...] = node.items if isinstance(node, Items) else tuple(each.key for each in node.members)
        if not inner:
            return None
        node = inner[0]
    return node


def over(lower: Placed | None, upper: Placed) -> Placed:
    """`upper` in the place of `lower`: each scalar of it with the place of the scalar that it replaces."""
    if isinstance(upper, Leaf):
        return _over_leaf(lower, upper) if isinstance(lower, Leaf) else upper
    if isinstance(upper, Items):
        if not isinstance(lower, Items):
            return upper
        items = tuple(over(below, each) for below, each in _pair(lower, upper))
        return Items(items, upper.at, (changed(lower.at, role="base"), *lower.origins))
    if not isinstance(lower, Map):
        return upper
    below = {each.key.text: each for each in lower.members}
    return Map(tuple(_over_member(below.get(each.key.text), each) for each in upper.members), upper.at)


def _over_leaf(lower: Leaf, upper: Leaf) -> Leaf:
    return upper if lower is upper else changed(upper, lower=lower)


def _over_member(below: Member | None, member: Member) -> Member:
    if below is None:
        return member
    return Member(_over_leaf(below.key, member.key), over(below.value, member.value))


def _pair(lower: Items, upper: Items) -> Iterator[tuple[Placed | None, Placed]]:
    """The items of a list, each with the one that it stands for: of the same name or issuer, else at the same position."""
    named = {_name_of(each): each for each in lower.items if _name_of(each) is not None}
    names = {_name_of(each) for each in upper.items}
    for number, each in enumerate(upper.items):
        below = named.get(_name_of(each)) if _name_of(each) is not None else None
        if below is None and number < len(lower.items) and _name_of(lower.items[number]) not in names - {None}:
            below = lower.items[number]
        yield below, each


def _name_of(node: Placed) -> tuple[str, str] | None:
    if not isinstance(node, Map):
        return None
    return next(((name, node.text(name)) for name in ("name", "issuer") if node.text(name)), None)


def map_leaves(node: Placed, change: Callable[[Leaf], Leaf]) -> Placed:
    """The tree with each of its values changed; the same object where nothing changes."""
    if isinstance(node, Leaf):
        return change(node)
    if isinstance(node, Items):
        items = tuple(map_leaves(each, change) for each in node.items)
        return node if all(a is b for a, b in zip(items, node.items, strict=True)) else changed(node, items=items)
    values = tuple(map_leaves(each.value, change) for each in node.members)
    if all(value is each.value for value, each in zip(values, node.members, strict=True)):
        return node
    members = tuple(Member(each.key, value) for each, value in zip(node.members, values, strict=True))
    return Map(members, node.at)
