"""Dotted settings, however they are nested: `a.b.c: 1`, `a: {b.c: 1}` and `a.b.c=1` are one setting.

Spring Boot and others bind properties this way; a prefix may capture a part (`…provider.{name}`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.evidence.selectors import Names
from scanner.files.tree import Entry, Mapping, Node, Scalar, Sequence
from scanner.record import record

_INDEX = re.compile(r"\[(\d+)\]$")


@record
class Flat:
    """One setting: its dotted parts, its key and its value (a scalar or a list)."""

    parts: tuple[str, ...]
    key: Scalar
    value: Node


def flatten(node: Node, above: tuple[str, ...] = ()) -> Iterator[Flat]:
    """Every setting of a document, in order. Lists are values, not nests."""
    if not isinstance(node, Mapping):
        return
    for entry in node.entries:
        parts = (*above, *entry.key.text.split("."))
        if isinstance(entry.value, Mapping) and entry.value.entries:
            yield from flatten(entry.value, parts)
        else:
            yield Flat(parts, entry.key, entry.value)


def groups(flats: list[Flat], prefix: str, spelling: Names) -> list[tuple[Scalar, Mapping]]:
    """The settings under `prefix`, one mapping for each value that its captures take, and the key that begins it."""
    wanted = prefix.split(".")
    found: dict[tuple[str, ...], list[Entry]] = {}
    for flat in flats:
        head, rest = flat.parts[: len(wanted)], flat.parts[len(wanted) :]
        if not rest or len(head) < len(wanted):
            continue
        if all(_is_capture(want) or spelling(want) == spelling(part) for want, part in zip(wanted, head, strict=True)):
            captured = tuple(part for want, part in zip(wanted, head, strict=True) if _is_capture(want))
            key = flat.key
            name = Scalar(".".join(rest), ".".join(rest), key.line, key.column, key.end_line)
            found.setdefault(captured, []).append(Entry(name, flat.value))
    return [(entries[0].key, _mapping(_indexed(entries))) for entries in found.values()]


def _is_capture(part: str) -> bool:
    return part.startswith("{")


def _indexed(entries: list[Entry]) -> list[Entry]:
    """`audiences[0]=a`, `audiences[1]=b` as one list."""
    made: list[Entry] = []
    lists: dict[str, tuple[Scalar, dict[str, Node]]] = {}
    for entry in entries:
        index = _INDEX.search(entry.key.text)
        if index:
            name = _INDEX.sub("", entry.key.text)
            lists.setdefault(name, (entry.key, {}))[1][index[1]] = entry.value  # a later document replaces an item
        else:
            made.append(entry)
    for name, (key, items) in lists.items():
        renamed = Scalar(name, name, key.line, key.column, key.end_line)
        last = max(item.end_line for item in items.values())
        made.append(Entry(renamed, Sequence(tuple(items.values()), key.line, key.column, last)))
    return made


def _mapping(entries: list[Entry]) -> Mapping:
    first = entries[0].key
    return Mapping(tuple(entries), first.line, first.column, max(entry.value.end_line for entry in entries))
