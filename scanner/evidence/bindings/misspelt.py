"""Settings that the platform does not know and that differ by a letter or two from one that it knows.

Only for platforms that list their settings (`also`): a near miss means something only where the other names are known.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingOf

from scanner.evidence.bindings.paths.walk import Names
from scanner.evidence.model import Misspelt, Spot
from scanner.files.tree import Mapping, Node

_SHORTEST = 5
_FURTHEST = 2
# more members than any node of configuration has
_MOST = 500


def find_misspelt(node: Node, known: MappingOf[str, str], spelling: Names) -> tuple[Misspelt, ...]:
    """The near misses among the members of `node`. `known`: each setting's name, by its spelling."""
    if not isinstance(node, Mapping) or not known:
        return ()
    found: list[Misspelt] = []
    for entry in node.entries[:_MOST]:
        key = entry.key
        meant = None if spelling(key.text) in known else _find_nearest(spelling(key.text), known)
        if meant is not None:
            found.append(Misspelt(key.text, meant, Spot(key.line, key.column)))
    return tuple(found)


def _find_nearest(name: str, known: MappingOf[str, str]) -> str | None:
    """The known name nearest to `name`; None where no name is near."""
    if len(name) < _SHORTEST or len(name) > 80:
        return None
    near = [
        (distance, shown)
        for spelt, shown in known.items()
        if spelt[:1].lower() == name[:1].lower() and (distance := _measure_distance(name.lower(), spelt.lower())) <= _FURTHEST
    ]
    return min(near)[1] if near else None


def _measure_distance(left: str, right: str) -> int:
    """How many letters to add, drop, change or swap with the next; stops counting above `_FURTHEST`."""
    if abs(len(left) - len(right)) > _FURTHEST:
        return _FURTHEST + 1
    before, row = [0] * (len(right) + 1), list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        last, row, older = row, [i], before
        for j, b in enumerate(right, 1):
            steps = [row[-1] + 1, last[j] + 1, last[j - 1] + (a != b)]
            if i > 1 and j > 1 and a == right[j - 2] and b == left[i - 2]:
                steps.append(older[j - 2] + 1)
            row.append(min(steps))
        before = last
    return row[-1]
