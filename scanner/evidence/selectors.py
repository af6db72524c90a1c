"""Paths into the uniform tree, as platform files write them.

    spec.jwtRules.*            members by name; `*` each member or item
    **[jwt].providers.*        `**` any depth, the node itself included; `[k]` has, `[!k]` lacks, `[k=a*|b]` is like
    clusters[name={a.b}]       `{…}`: the same as what this path selects from the node that the selection began at
    requires[**.name=x]        a filter's name may be a path, and `.` the node itself
    [type=oidc]  .[.=https:*]  filters alone: the node itself, if it is so; of a list its items that are
    remoteJwks.uri|jwks_uri    the first alternative that selects anything
    ^.^.optional               `^` the node above, `$` the document
    #key                       the name under which the node hangs
    $.#iam-statements          what the named reader makes of the node
    '@type'                    a quoted name may hold any character

A name applied to a list applies to each of its items, so there is no `[*]`, and to the pairs of a list that means a mapping
(`[{name: A, value: b}]`, `["A=b"]`, `["--flag", "b"]`). With relaxed names only letters and digits count,
whatever their case. Nodes know no parent (aliases share them), so a Trail remembers the way.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from scanner.evidence.named_readers import NAMES, named_reader
from scanner.evidence.pair_lists import as_mapping
from scanner.files.tree import Mapping, Node, Scalar, Sequence
from scanner.record import record

_FILTER = re.compile(r"\[(?P<not>!)?(?P<name>'[^'\]]+'|[\w@/*.#^$-]+)(?:=(?:\{(?P<same>[^\]{}]+)\}|(?P<globs>[^\]{}]+)))?\]")
_NAMELESS = re.sub(r"[?]P<[a-z]+>", "?:", _FILTER.pattern)
_STEP = re.compile(rf"(?P<name>'[^']+'|\*\*|\*|\^|\$|#[a-z-]+|[\w@/-]+|(?=\[))(?P<filters>(?:{_NAMELESS})*)")
# members that the readers of formats make, and the name that a node hangs under
_MADE = ("key", "args", "text", "command")
_SQUASHED = re.compile(r"[^a-z0-9]")
# how many nodes the fields of one file may look at: a path is asked once for each binding, and a hostile file has as many
# bindings as nodes
_MOST_VISITS = 300_000

Names = Callable[[str], str]


class BadPath(Exception):
    """A path that cannot be read; the message says which part."""


class TooMuch(Exception):
    """A selection looked at more nodes than a file's Walk allows."""


class Walk:
    """The patience for one file."""

    def __init__(self, visits: int = _MOST_VISITS) -> None:
        self.left = visits
        self._pairs: dict[int, tuple[Sequence, Mapping | None]] = {}
        self._made: dict[tuple[str, int], tuple[Node, Node]] = {}

    def pairs(self, node: Sequence) -> Mapping | None:
        """The mapping that a list means; None where it is a list like any other."""
        if id(node) not in self._pairs:
            self._pairs[id(node)] = node, as_mapping(node)  # the list is kept: its id must stay its own
        return self._pairs[id(node)][1]

    def read_as(self, name: str, node: Node) -> Node:
        """What the named reader makes of a node."""
        if (name, id(node)) not in self._made:
            self._made[name, id(node)] = node, named_reader(name)(node)
        return self._made[name, id(node)][1]

    def visit(self) -> None:
        """Count one node; TooMuch where none is left."""
        self.left -= 1
        if self.left < 0:
            raise TooMuch


@record
class Trail:
    """A node with the way to it."""

    node: Node
    key: Scalar | None = None
    above: Trail | None = None

    def top(self) -> Trail:
        """The document that the way began in."""
        trail = self
        while trail.above is not None:
            trail = trail.above
        return trail


@record
class _Filter:
    path: Selector
    is_negated: bool
    globs: tuple[str, ...]
    same: Selector | None


@record
class _Step:
    name: str
    is_quoted: bool
    filters: tuple[_Filter, ...]


@record
class Selector:
    """A compiled path."""

    alternatives: tuple[tuple[_Step, ...], ...]
    spelling: Names

    def select(self, start: Trail, walk: Walk | None = None) -> list[Trail]:
        """What the first alternative selects that selects anything, in document order. TooMuch where the walk ends."""
        patience = walk or Walk()
        return next((found for found in self._each(start, patience) if found), [])

    def select_all(self, start: Trail, walk: Walk | None = None) -> list[Trail]:
        """What the alternatives select together, in document order."""
        patience = walk or Walk()
        found = [trail for each in self._each(start, patience) for trail in each]
        return sorted(_once(found), key=lambda trail: (trail.node.line, trail.node.column))

    def _each(self, start: Trail, walk: Walk) -> Iterator[list[Trail]]:
        for steps in self.alternatives:
            found = [start]
            for step in steps:
                found = [trail for each in found for trail in self._step(step, each, start, walk)]
            yield _once(found)

    def _step(self, step: _Step, trail: Trail, start: Trail, walk: Walk) -> Iterator[Trail]:
        for found in self._move(step, trail, walk):
            walk.visit()
            for each in _asked(step, found, walk):
                if all(_fits(condition, each, start, walk) for condition in step.filters):
                    yield each

    def _move(self, step: _Step, trail: Trail, walk: Walk) -> Iterator[Trail]:
        name = " " if step.is_quoted else step.name
        if name == "":
            yield trail
        elif name == "*":
            yield from items(trail)
        elif name == "**":
            yield from _below(trail)
        elif name == "^":
            if trail.above is not None:
                yield trail.above
        elif name == "$":
            yield trail.top()
        elif name == "#key":
            if trail.key is not None:
                yield Trail(trail.key, trail.key, trail)
        elif name.startswith("#") and name[1:] in NAMES:
            yield Trail(walk.read_as(name[1:], trail.node), trail.key, trail)
        else:
            yield from self._named(step.name, trail, walk)

    def _named(self, name: str, trail: Trail, walk: Walk) -> Iterator[Trail]:
        if isinstance(trail.node, Sequence):
            pairs = walk.pairs(trail.node)
            if pairs is not None:
                yield from self._named(name, Trail(pairs, trail.key, trail), walk)
            for item in trail.node.items:
                yield from self._named(name, Trail(item, trail.key, trail), walk)
        elif isinstance(trail.node, Mapping):
            found = self.member(trail.node, name)
            if found is not None:
                yield Trail(found[1], found[0], trail)

    def member(self, node: Mapping, name: str) -> tuple[Scalar, Node] | None:
        """The last member of that name, under this selector's spelling."""
        wanted = self.spelling(name)
        found = [entry for entry in node.entries if self.spelling(entry.key.text) == wanted]
        return (found[-1].key, found[-1].value) if found else None


def exact(name: str) -> str:
    """Names as they are: most platforms ignore a member in the wrong case."""
    return name


@lru_cache(maxsize=4096)  # the same few hundred names come again in every document
def relaxed(name: str) -> str:
    """Letters and digits only, lower case: camel, snake and kebab are one."""
    return _SQUASHED.sub("", name.lower())


def compile_path(text: str, spelling: Names = exact) -> Selector:
    """A path as a selector; BadPath where a part cannot be read."""
    return Selector(tuple(tuple(_steps(part, spelling)) for part in _split(text, "|")), spelling)


def _asked(step: _Step, trail: Trail, walk: Walk) -> Iterable[Trail]:
    """Whom a step's conditions are asked of: of a list each item (`**` comes by the items anyway) and the mapping it means."""
    if not step.filters or not isinstance(trail.node, Sequence):
        return (trail,)
    pairs = walk.pairs(trail.node)
    meant = () if pairs is None else (Trail(pairs, trail.key, trail),)
    return meant if step.name == "**" else (*meant, *items(trail))


def _fits(condition: _Filter, trail: Trail, start: Trail, walk: Walk) -> bool:
    found = condition.path.select(trail, walk)
    if condition.same is not None:
        is_so = not set(texts_of(found)).isdisjoint(texts_of(condition.same.select(start, walk)))
    elif condition.globs:
        is_so = any(fnmatch.fnmatchcase(text, glob) for text in texts_of(found) for glob in condition.globs)
    else:
        is_so = bool(found)
    return is_so != condition.is_negated


def texts_of(trails: list[Trail]) -> Iterator[str]:
    """The texts of nodes, of a list those of its items."""
    for trail in trails:
        nodes = trail.node.items if isinstance(trail.node, Sequence) else (trail.node,)
        yield from (node.text for node in nodes if isinstance(node, Scalar))


def _steps(text: str, spelling: Names) -> Iterator[_Step]:
    if text == ".":  # the node itself
        return
    for part in _split(text.removeprefix(".") if text.startswith(".[") else text, "."):
        found = _STEP.fullmatch(part)
        if found is None:
            raise BadPath(f"`{part}` is no step of a path")
        _check_name(found["name"])
        conditions = tuple(
            _Filter(
                compile_path(each["name"], spelling),
                bool(each["not"]),
                tuple(each["globs"].split("|")) if each["globs"] else (),
                compile_path(each["same"], spelling) if each["same"] else None,
            )
            for each in _FILTER.finditer(found["filters"])
        )
        yield _Step(found["name"].strip("'"), found["name"].startswith("'"), conditions)


def _check_name(name: str) -> None:
    """`#args` is a member that readers make; other names with a mark must be known."""
    if name.startswith("#") and name[1:] not in (*_MADE, *NAMES):
        raise BadPath(f"`{name}` is no step of a path; named readers are {', '.join(NAMES)}")


def _split(text: str, mark: str) -> list[str]:
    """`text` parted at `mark` outside of quotes and brackets."""
    parts, depth, quoted, start = [], 0, False, 0
    for index, char in enumerate(text):
        quoted ^= char == "'"
        depth += (char == "[") - (char == "]")
        if char == mark and not quoted and depth == 0:
            parts.append(text[start:index])
            start = index + 1
    return [*parts, text[start:]]


def _once(trails: list[Trail]) -> list[Trail]:
    """Each place once: below `**`, a name reaches through every list around it."""
    seen = {(id(each.node), id(each.key), id(each.above.node) if each.above else 0): each for each in reversed(trails)}
    return list(reversed(seen.values()))


def items(trail: Trail) -> Iterator[Trail]:
    """The members of a mapping or the items of a list, each with its way."""
    if isinstance(trail.node, Mapping):
        for entry in trail.node.entries:
            yield Trail(entry.value, entry.key, trail)
    elif isinstance(trail.node, Sequence):
        for item in trail.node.items:
            yield Trail(item, trail.key, trail)


def _below(trail: Trail) -> Iterator[Trail]:
    """The node and all below it, in document order. Whoever asks counts: hostile aliases would go on for ever."""
    waiting = [trail]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(list(items(current))))
