"""Pictures as numbers: stacked bars and strips, laid out here so that a template only draws them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from scanner.record import record

WIDTH = 1000  # the width of a bar, in units of its own picture


@record
class Segment:
    """A part of a bar: its count and its position."""

    name: str
    count: int
    x: int
    width: int


@record
class Bar:
    """One row: its label, its counts in the order of the chart's names, and the segments that are not empty."""

    label: str
    counts: tuple[int, ...]
    total: int
    segments: tuple[Segment, ...]


@record
class Chart:
    """Bars that share names and a scale. `names` are the words of the legend and also choose the colours."""

    caption: str
    about: str
    names: tuple[str, ...]
    labels: tuple[str, ...]
    bars: tuple[Bar, ...]


def chart(
    caption: str,
    about: str,
    names: Mapping[str, str],
    rows: Iterable[tuple[str, Sequence[int]]],
    *,
    is_share: bool = False,
) -> Chart:
    """Bars over `names` (key → words). All bars share one scale; with `is_share` each fills the width."""
    kept = list(rows)
    longest = max((sum(counts) for _, counts in kept), default=0)
    return Chart(
        caption=caption,
        about=about,
        names=tuple(names),
        labels=tuple(names.values()),
        bars=tuple(_make_bar(label, tuple(names), counts, sum(counts) if is_share else longest) for label, counts in kept),
    )


def _make_bar(label: str, names: Sequence[str], counts: Sequence[int], scale: int) -> Bar:
    segments = []
    before = 0
    for name, count in zip(names, counts, strict=True):
        if count:
            # edges are rounded, not widths: the parts of a full bar fill it to the last unit
            left, right = _find_edge(before, scale), _find_edge(before + count, scale)
            segments.append(Segment(name, count, left, max(right - left, 3)))
        before += count
    return Bar(label, tuple(counts), sum(counts), tuple(segments))


def _find_edge(count: int, scale: int) -> int:
    return round(WIDTH * count / scale) if scale else 0
