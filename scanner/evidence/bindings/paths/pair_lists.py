"""Lists that mean a mapping: `[{name: A, value: b}]`, `["A=b"]`, `["--flag=b", "--flag", "b"]`, `["-e", "A=b"]`.

Environments and arguments of containers, Dapr's metadata and compose files use this form. A name applied to such a list finds
its pair, in the flag's own spelling (`--flag`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.files.tree import Entry, Mapping, Node, Scalar, Sequence
from scanner.patterns import lazy_pattern

_ASSIGNED = lazy_pattern(r"(?P<name>[A-Za-z_][\w.:\[\]-]*)=(?P<value>.*)", re.DOTALL)
_FLAG = lazy_pattern(r"(?P<name>--?[A-Za-z][\w.:-]*)(?:=(?P<value>.*))?", re.DOTALL)
_VALUES = ("value", "valueFrom", "value_from")
# flags whose value is a pair itself: `-e A=b`, MongoDB's `--setParameter a=b`
_GIVES = frozenset({"-e", "--env", "--setParameter"})


def as_mapping(items: Sequence) -> Mapping | None:
    """The pairs of a list as a mapping; None for a list without pairs."""
    entries: list[Entry] = []
    waiting: Scalar | None = None  # a flag whose value may be the next word
    for item in items.items:
        pair = _read_named_pair(item) if isinstance(item, Mapping) else None
        if isinstance(item, Scalar):
            pair, waiting = _read_text_pair(item, waiting, entries)
        if pair is not None:
            entries.append(pair)
    if waiting is not None:
        entries.append(_make_switch(waiting))
    return Mapping(tuple(entries), items.line, items.column, items.end_line) if entries else None


def mappings_in(node: Node) -> Iterator[Mapping]:
    """Every mapping from `node` downwards, and every list that means one."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, Mapping):
            yield current
            waiting += [entry.value for entry in reversed(current.entries)]
        elif isinstance(current, Sequence):
            pairs = as_mapping(current)
            if pairs is not None:
                yield pairs
            waiting += reversed(current.items)


def _read_named_pair(item: Mapping) -> Entry | None:
    """The pair of `{name: A, value: b}`; a value from elsewhere (`valueFrom`) is kept as it is."""
    name = item.get("name") or item.get("key")
    value = next((found for each in _VALUES if (found := item.get(each)) is not None), None)
    if not isinstance(name, Scalar) or value is None:
        return None
    if isinstance(value, Mapping):
        value = Scalar("", "", value.line, value.column, value.end_line, is_masked=True)
    return Entry(name, value)


def _read_text_pair(item: Scalar, waiting: Scalar | None, entries: list[Entry]) -> tuple[Entry | None, Scalar | None]:
    """The pair that a text completes, and the flag that still needs its value."""
    flag = _FLAG.fullmatch(item.text) if item.text.startswith("-") else None
    if waiting is not None:
        if flag is None:
            given = _ASSIGNED.fullmatch(item.text) if waiting.text in _GIVES else None
            return (_make_pair(item, given) if given else Entry(waiting, item)), None
        entries.append(_make_switch(waiting))
    if flag is None:
        assigned = _ASSIGNED.fullmatch(item.text)
        return (_make_pair(item, assigned) if assigned else None), None
    if flag["value"] is None:
        return None, _cut_part(item, flag["name"], 0)
    return _make_pair(item, flag), None


def _make_pair(item: Scalar, found: re.Match[str]) -> Entry:
    return Entry(_cut_part(item, found["name"], 0), _cut_part(item, found["value"], found.start("value")))


def _cut_part(item: Scalar, text: str, start: int) -> Scalar:
    """A part of a text, at its own column."""
    column = item.column + start + int(item.is_quoted)
    text = text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text
    return Scalar(text, text, item.line, column, item.end_line, is_masked=item.is_masked and "{{" in text)


def _make_switch(flag: Scalar) -> Entry:
    value: Node = Scalar("true", True, flag.line, flag.column, flag.end_line)
    return Entry(flag, value)
