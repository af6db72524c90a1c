"""Other nodes of the same file that belong to a binding: a role to its backend, a location to its key request."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.evidence.bindings.fields import ReadContext
from scanner.evidence.bindings.paths.flat_settings import flatten, groups
from scanner.evidence.bindings.paths.selectors import texts_of
from scanner.evidence.bindings.paths.walk import Names, Trail, items
from scanner.evidence.bindings.plan import JoinPlan
from scanner.files.tree import Sequence
from scanner.patterns import lazy_pattern

# every run of characters that an address may consist of, and how many of its first parts are looked up
_ADDRESS = lazy_pattern(r"[\w.-]+")
_MOST_PARTS = 3


def find_joined_nodes(join: JoinPlan, root: Trail, context: ReadContext, spelling: Names) -> list[Trail]:
    """The nodes that the join selects and that name `root`, in document order."""
    top = root.top()
    index = context.walk.once((id(join), id(top.node)), (join, top.node), lambda: _JoinIndex(join, top, context, spelling))
    mine = set(texts_of(join.same[1].select(root, context.walk))) if join.same else set()
    return index.find(_find_address(root), mine)


class _JoinIndex:
    """The nodes that a join selects in a document by the texts in them: read once, for however many bindings."""

    def __init__(self, join: JoinPlan, top: Trail, context: ReadContext, spelling: Names) -> None:
        self._trails = list(_find_candidates(join, top, context, spelling))
        self._by_text: dict[str, list[int]] = {}
        self._by_address: dict[str, list[tuple[int, str]]] = {}
        self._references: list[tuple[int, str]] = []
        for number, trail in enumerate(self._trails):
            for text in texts_of(join.same[0].select(trail, context.walk)) if join.same else ():
                for word in {text, *(text.split() if join.by_word else ())}:
                    self._by_text.setdefault(word, []).append(number)
            for text in texts_of(join.refers.select(trail, context.walk)) if join.refers else ():
                self._add_reference(number, text)
                known = context.lookup(text)  # a local that names the other block
                if known is not None:
                    self._add_reference(number, known)

    def _add_reference(self, number: int, text: str) -> None:
        self._references.append((number, text))
        for run in _ADDRESS.finditer(text):
            parts = run[0].split(".", _MOST_PARTS)[:_MOST_PARTS]
            for many in range(1, len(parts) + 1):
                self._by_address.setdefault(".".join(parts[:many]), []).append((number, text))

    def find(self, address: str, mine: set[str]) -> list[Trail]:
        """The nodes with one of these texts, or with the address in a reference."""
        found = {number for text in mine for number in self._by_text.get(text, ())}
        if address:
            is_plain = _ADDRESS.fullmatch(address) is not None
            begin = ".".join(address.split(".", _MOST_PARTS)[:_MOST_PARTS])
            known = self._by_address.get(begin, []) if is_plain else self._references
            found |= {number for number, text in known if _is_named(address, text)}
        return [self._trails[number] for number in sorted(found)]


def _find_candidates(join: JoinPlan, top: Trail, context: ReadContext, spelling: Names) -> Iterator[Trail]:
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


def _is_named(address: str, text: str) -> bool:
    """Whether the address stands in the text as a whole: `a.b` neither in `x.a.b` nor in `a.bc`, but in `a.b.c`."""
    at = text.find(address)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(address) : at + len(address) + 1]
        if not (before and (before.isalnum() or before in "_.-")) and not (after and (after.isalnum() or after in "_-")):
            return True
        at = text.find(address, at + 1)
    return False
