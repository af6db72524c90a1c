"""Paths into the uniform tree, as platform files write them.

    spec.jwtRules.*            members by name; `*` each member or item
    **[jwt].providers.*        `**` any depth, the node itself included; `[k]` has, `[!k]` lacks, `[k=a*|b]` is like
    remoteJwks.uri|jwks_uri    the first alternative that selects anything
    ^.^.optional               `^` the node above, `$` the document
    #key                       the name under which the node hangs
    '@type'                    a quoted name may hold any character

A name applied to a list applies to each of its items, so there is no `[*]`. With relaxed names only letters and digits count,
whatever their case. Nodes know no parent (aliases share them), so a Trail remembers the way.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from scanner.files.tree import Mapping, Node, Scalar, Sequence
from scanner.record import record

_STEP = re.compile(r"(?P<name>'[^']+'|\*\*|\*|\^|\$|#key|[\w@/-]+)(?P<filters>(?:\[[^\]]+\])*)")
_FILTER = re.compile(r"\[(?P<not>!)?(?P<name>'[^']+'|[\w@/-]+)(?:=(?P<globs>[^\]]+))?\]")
_SQUASHED = re.compile(r"[^a-z0-9]")
# how far `**` looks; configuration is shallower, and the readers stop earlier still
_MOST_VISITS = 100_000

Names = Callable[[str], str]


class BadPath(Exception):
    """A path that cannot be read; the message says which part."""


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
    name: str
    is_negated: bool
    globs: tuple[str, ...]


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

    def select(self, start: Trail) -> list[Trail]:
        """What the first alternative selects that selects anything, in document order."""
        for steps in self.alternatives:
            found = [start]
            for step in steps:
                found = [trail for each in found for trail in self._step(step, each)]
            if found:
                return _once(found)
        return []

    def _step(self, step: _Step, trail: Trail) -> Iterator[Trail]:
        for found in self._move(step, trail):
            if all(self._fits(condition, found.node) for condition in step.filters):
                yield found

    def _move(self, step: _Step, trail: Trail) -> Iterator[Trail]:
        name = "" if step.is_quoted else step.name
        if name == "*":
            yield from _children(trail)
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
        else:
            yield from self._named(step.name, trail)

    def _named(self, name: str, trail: Trail) -> Iterator[Trail]:
        if isinstance(trail.node, Sequence):
            for item in trail.node.items:
                yield from self._named(name, Trail(item, trail.key, trail))
        elif isinstance(trail.node, Mapping):
            found = self.member(trail.node, name)
            if found is not None:
                yield Trail(found[1], found[0], trail)

    def member(self, node: Mapping, name: str) -> tuple[Scalar, Node] | None:
        """The last member of that name, under this selector's spelling."""
        wanted = self.spelling(name)
        found = [entry for entry in node.entries if self.spelling(entry.key.text) == wanted]
        return (found[-1].key, found[-1].value) if found else None

    def _fits(self, condition: _Filter, node: Node) -> bool:
        found = self.member(node, condition.name) if isinstance(node, Mapping) else None
        if not condition.globs:
            return (found is None) == condition.is_negated
        text = found[1].text if found is not None and isinstance(found[1], Scalar) else None
        is_like = text is not None and any(fnmatch.fnmatchcase(text, glob) for glob in condition.globs)
        return is_like != condition.is_negated


def exact(name: str) -> str:
    """Names as they are: most platforms ignore a member in the wrong case."""
    return name


@lru_cache(maxsize=4096)  # the same few hundred names come again in every document
def relaxed(name: str) -> str:
    """Letters and digits only, lower case: camel, snake and kebab are one."""
    return _SQUASHED.sub("", name.lower())


def compile_path(text: str, spelling: Names = exact) -> Selector:
    """A path as a selector; BadPath where a part cannot be read."""
    return Selector(tuple(tuple(_steps(part)) for part in _split(text, "|")), spelling)


def _steps(text: str) -> Iterator[_Step]:
    if text == ".":  # the node itself
        return
    for part in _split(text, "."):
        found = _STEP.fullmatch(part)
        if found is None:
            raise BadPath(f"`{part}` is no step of a path")
        conditions = tuple(
            _Filter(
                each["name"].strip("'"),
                bool(each["not"]),
                tuple((each["globs"] or "").split("|")) if each["globs"] else (),
            )
            for each in _FILTER.finditer(found["filters"])
        )
        yield _Step(found["name"].strip("'"), found["name"].startswith("'"), conditions)


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


def _children(trail: Trail) -> Iterator[Trail]:
    if isinstance(trail.node, Mapping):
        for entry in trail.node.entries:
            yield Trail(entry.value, entry.key, trail)
    elif isinstance(trail.node, Sequence):
        for item in trail.node.items:
            yield Trail(item, trail.key, trail)


def _below(trail: Trail) -> Iterator[Trail]:
    """The node and all below it, in document order, up to a bound that hostile aliases cannot lift."""
    waiting = [trail]
    for _ in range(_MOST_VISITS):
        if not waiting:
            return
        current = waiting.pop()
        yield current
        waiting.extend(reversed(list(_children(current))))
