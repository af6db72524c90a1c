"""Other nodes of the same file that belong to a binding: a role to its backend, a location to its key request."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.evidence.bindings.fields import ReadContext
from scanner.evidence.bindings.paths.flat_settings import flatten, groups
from scanner.evidence.bindings.paths.selectors import PathSelector, texts_of
from scanner.evidence.bindings.paths.walk import Names, Trail, items
from scanner.evidence.bindings.plan import JoinPlan
from scanner.files.tree import Sequence


def find_joined_nodes(join: JoinPlan, root: Trail, context: ReadContext, spelling: Names) -> list[Trail]:
    """The nodes that the join selects and that name `root`, in document order."""
    address = _find_address(root)
    mine = set(texts_of(join.same[1].select(root, context.walk))) if join.same else set()
    return [
        trail
        for trail in _find_candidates(join, root, context, spelling)
        if _is_reference(join.refers, trail, address, context) or (join.same and _has_common_text(join, trail, mine, context))
    ]


def _find_candidates(join: JoinPlan, root: Trail, context: ReadContext, spelling: Names) -> Iterator[Trail]:
    top = root.top()
    if join.at is not None:
        for trail in join.at.select_all(top, context.walk):
            yield from items(trail) if isinstance(trail.node, Sequence) else (trail,)
    else:
        for key, made in groups(list(flatten(top.node)), join.settings or "", spelling):
            yield Trail(made, key, top)


def _find_address(root: Trail) -> str:
    """The address by which other blocks name this one: Terraform's `type.name`, or `data.type.name`."""
    names: list[str] = []
    trail: Trail | None = root
    while trail is not None:
        if trail.key is not None and (not names or names[-1] != trail.key.text):
            names.append(trail.key.text)
        trail = trail.above
    path = list(reversed(names))
    return ".".join(path[1:] if path[:1] == ["resource"] else path)


def _is_reference(path: PathSelector | None, trail: Trail, address: str, context: ReadContext) -> bool:
    if path is None or not address:
        return False
    return any(_is_named(address, text) for text in texts_of(path.select(trail, context.walk)))


def _is_named(address: str, text: str) -> bool:
    """Whether the address stands in the text as a whole: `a.b` neither in `x.a.b` nor in `a.bc`, but in `a.b.c`."""
    at = text.find(address)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(address) : at + len(address) + 1]
        if not (before and (before.isalnum() or before in "_.-")) and not (after and (after.isalnum() or after in "_-")):
            return True
        at = text.find(address, at + 1)
    return False


def _has_common_text(join: JoinPlan, trail: Trail, mine: set[str], context: ReadContext) -> bool:
    theirs = list(texts_of(join.same[0].select(trail, context.walk))) if join.same else []
    words = [word for text in theirs for word in text.split()] if join.by_word else []
    return not mine.isdisjoint([*theirs, *words])
