"""The trust map's drawing: consumers left, issuers right, a curve for each trust; only positions and labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from scanner.record import record
from scanner.renderers.html.trust import CLEAN, RANKS, Relation, Trust, choose_worse
from scanner.renderers.html.words import count_nouns

_MOST = 40  # consumers or issuers drawn one by one; beyond, consumers are drawn by platform
_STEP = 28
_TOP = 40
_LEFT, _RIGHT = 372, 640  # where curves start and end
_LONGEST = 48


@record
class Node:
    """A consumer or an issuer."""

    label: str
    y: int
    worst: str
    is_seen: bool


@record
class Curve:
    """A trust relation, with the middle of its curve, the place of its mark."""

    path: str
    worst: str
    x: int
    y: int


@record
class TrustMap:
    """The drawing for the template; `note` says what is grouped or only in the table."""

    height: int
    consumers: tuple[Node, ...]
    issuers: tuple[Node, ...]
    curves: tuple[Curve, ...]
    note: str
    about: str


def trust_map(trust: Trust) -> TrustMap | None:
    """The drawing, or None where no consumer was seen."""
    if not trust.relations:
        return None
    edges, note = _list_edges(trust.relations)
    issuers, dropped = _select_issuers(edges, trust)
    if dropped:
        note += f" {count_nouns(dropped, 'issuer')} with less serious findings stand in the table only."
        edges = {pair: mark for pair, mark in edges.items() if pair[1] in issuers}
    consumers, issuers = _untangle(edges)
    height = _TOP + _STEP * max(len(consumers), len(issuers)) + 8
    left = _spread_evenly(consumers, height)
    right = _spread_evenly(issuers, height)
    seen = {issuer.name: issuer for issuer in trust.issuers}
    return TrustMap(
        height=height,
        consumers=tuple(Node(_tail(name), left[name], _find_worst(name, edges), True) for name in consumers),
        issuers=tuple(
            Node(_short(name), right[name], seen[name].worst, seen[name].is_seen or not seen[name].is_named) for name in issuers
        ),
        curves=tuple(_make_curves(edges, left, right)),
        note=note.strip(),
        about=_about(trust),
    )


def _list_edges(relations: Iterable[Relation]) -> tuple[dict[tuple[str, str], str], str]:
    """(consumer, issuer) → worst; consumers are files while these are few, else platforms."""
    relations = list(relations)
    by_file = len({relation.consumer for relation in relations}) <= _MOST
    edges: dict[tuple[str, str], str] = {}
    for relation in relations:
        pair = (relation.consumer if by_file else relation.platform, relation.issuer)
        edges[pair] = choose_worse(edges.get(pair, CLEAN), relation.worst)
    return edges, "" if by_file else "Consumers are drawn together by platform; the table names every file."


def _select_issuers(edges: dict[tuple[str, str], str], trust: Trust) -> tuple[list[str], int]:
    """The issuers to draw, the most serious kept where they are many, sorted by name."""
    marks = {issuer.name: issuer.worst for issuer in trust.issuers}
    for (_, issuer), mark in edges.items():
        marks[issuer] = choose_worse(marks[issuer], mark)
    trusted = {issuer for _, issuer in edges}
    ranked = sorted(trusted, key=lambda name: (RANKS.index(marks[name]), name))
    return sorted(ranked[:_MOST]), len(ranked[_MOST:])


def _untangle(edges: dict[tuple[str, str], str]) -> tuple[list[str], list[str]]:
    """Both sides, each name near the middle of its partners, so that few curves cross (Sugiyama's barycentre method)."""
    consumers, issuers = (sorted({pair[side] for pair in edges}) for side in (0, 1))
    for _ in range(3):
        issuers = _by_middle(issuers, consumers, [(issuer, consumer) for consumer, issuer in edges])
        consumers = _by_middle(consumers, issuers, list(edges))
    return consumers, issuers


def _by_middle(names: list[str], others: list[str], pairs: list[tuple[str, str]]) -> list[str]:
    places = {name: place for place, name in enumerate(others)}
    joined: dict[str, list[int]] = {}
    for name, other in pairs:
        joined.setdefault(name, []).append(places[other])
    return sorted(names, key=lambda name: (sum(joined[name]) / len(joined[name]), name))


def _spread_evenly(names: list[str], height: int) -> dict[str, int]:
    """Positions spread evenly over the height, so that the shorter side is not crowded at the top."""
    step = (height - _TOP) / len(names)
    return {name: round(_TOP + step * (place + 0.5)) for place, name in enumerate(names)}


def _find_worst(consumer: str, edges: dict[tuple[str, str], str]) -> str:
    worst = CLEAN
    for (name, _), mark in edges.items():
        if name == consumer:
            worst = choose_worse(worst, mark)
    return worst


def _order_curves(edges: dict[tuple[str, str], str]) -> list[tuple[tuple[str, str], str]]:
    """The most serious curves are drawn last, above the others."""
    return sorted(edges.items(), key=lambda edge: (-RANKS.index(edge[1]), edge[0]))


def _make_curves(edges: dict[tuple[str, str], str], left: dict[str, int], right: dict[str, int]) -> Iterator[Curve]:
    drawn: Counter[str] = Counter()
    for (consumer, issuer), worst in _order_curves(edges):
        drawn[consumer] += 1
        # the marks of one consumer's curves follow one another
        part = 0.16 + 0.07 * min(drawn[consumer], 6)
        yield _make_curve(left[consumer], right[issuer], worst, part)


def _make_curve(from_y: int, to_y: int, worst: str, part: float) -> Curve:
    """A cubic curve that leaves and arrives level; its mark stands at `part` of the way."""
    bend = (_RIGHT - _LEFT) // 2
    path = f"M{_LEFT} {from_y}C{_LEFT + bend} {from_y} {_RIGHT - bend} {to_y} {_RIGHT} {to_y}"
    weight = 3 * part**2 * (1 - part) + part**3
    across = 3 * (1 - part) ** 2 * part * bend + 3 * (1 - part) * part**2 * bend + part**3 * 2 * bend
    return Curve(path, worst, round(_LEFT + across), round(from_y + (to_y - from_y) * weight))


def _about(trust: Trust) -> str:
    marks = [relation.worst for relation in trust.relations]
    said = ", ".join(f"{marks.count(mark):,} {mark}" for mark in RANKS if mark in marks)
    issuers = [issuer for issuer in trust.issuers if issuer.is_named]
    unseen = sum(not issuer.is_seen for issuer in issuers)
    consumers = {relation.consumer for relation in trust.relations}
    return (
        f"{count_nouns(len(marks), 'trust relation')} between {count_nouns(len(consumers), 'consumer file')} "
        f"and {count_nouns(len(issuers), 'issuer')}, by the worst finding: {said}. "
        f"Of the issuers, {unseen:,} {'was' if unseen == 1 else 'were'} not in scope."
    )


def _tail(text: str) -> str:
    return text if len(text) <= _LONGEST else f"…{text[-_LONGEST:]}"


def _short(text: str) -> str:
    half = _LONGEST // 2
    return text if len(text) <= _LONGEST else f"{text[:half]}…{text[-half:]}"
