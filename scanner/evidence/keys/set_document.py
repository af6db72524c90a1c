"""A JWK Set as a document, apart from its keys: top-level members, nesting, numbers, size.

A JSON loader hides most of this: the last of two members wins, and JavaScript rounds a number beyond 2^53.
"""

from __future__ import annotations

import math
from collections import Counter

from scanner.evidence.keys.jwk import json_type
from scanner.evidence.model import JsonType, SetDocument, Spot
from scanner.files.tree import Mapping, Node, Scalar, Sequence

# RFC 7493 §2.2: integers that every JSON reader keeps exactly
_EXACT = 2**53


def describe(node: Node, *, size: int) -> SetDocument:
    """The facts of the document around the keys; `size` is that of the file in bytes."""
    entries = node.entries if isinstance(node, Mapping) else ()
    names = [entry.key.text for entry in entries]
    types: dict[str, JsonType] = {}
    numbers: dict[str, int | float] = {}
    for entry in entries:
        types[entry.key.text] = json_type(entry.value)
        if isinstance(entry.value, Scalar) and type(entry.value.value) in (int, float):
            numbers[entry.key.text] = entry.value.value  # type: ignore[assignment]
    depth, imprecise = _measure(node)
    return SetDocument(
        members=tuple(dict.fromkeys(names)),
        types=types,
        numbers=numbers,
        repeated=tuple(name for name, count in Counter(names).items() if count > 1),
        spots={entry.key.text: Spot(entry.key.line, entry.key.column) for entry in entries},
        size=size,
        depth=depth,
        imprecise=imprecise,
    )


def _measure(node: Node) -> tuple[int, Spot | None]:
    """The depth of the document, and the first number that not every reader keeps exactly. The reader limits both."""
    deepest, imprecise = 0, None
    waiting = [(node, 1)]
    while waiting:
        here, depth = waiting.pop()
        if isinstance(here, Scalar):
            if imprecise is None and _is_imprecise(here):
                imprecise = Spot(here.line, here.column)
            continue
        deepest = max(deepest, depth)
        inside = here.items if isinstance(here, Sequence) else tuple(entry.value for entry in here.entries)
        waiting.extend((each, depth + 1) for each in reversed(inside))
    return deepest, imprecise


def _is_imprecise(scalar: Scalar) -> bool:
    if scalar.is_quoted:
        return False
    if isinstance(scalar.value, str):
        return scalar.text.lstrip("-").isdigit()  # an integer so long that the reader keeps it as text
    if type(scalar.value) is float:  # `1e400`: infinite as a double (RFC 7493 §2.2); `Infinity` itself is a fault of its own
        return math.isinf(scalar.value) and any(letter.isdigit() for letter in scalar.text)
    return type(scalar.value) is int and abs(scalar.value) > _EXACT
