"""The values of templates, and the places that they come from.

A text is kept with its parts: stretches of it with the places of each, the one that decides first. A function that knows
nothing of parts gives its result the places of all its arguments.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, TypeAlias

from scanner.record import record
from scanner.units.made import Origin

Origins: TypeAlias = tuple[Origin, ...]
Part: TypeAlias = tuple[str, Origins]
# more places than this say nothing
_MOST_ORIGINS = 12


class Unknown:
    """Stands for what this evaluator does not know. `is_true`: whether a condition on it holds, where that is known."""

    def __init__(self, *, is_true: bool | None = None) -> None:
        self.is_true = is_true


UNKNOWN = Unknown()


@record(slots=True)
class Value:
    """`data`: None, a bool, an int, a float, a str, a list or dict of Values, Unknown, or an object with functions (`.Files`).
    `origins`: the places that it comes from. `parts`: those of a text, where it is made of several. `is_open`: the text has an
    action that stays as it is written. `is_branched`: it has branches that nobody can decide between. `is_layout`: it was
    written by `toYaml` or the like. `is_given`: it was read from the values as it is there, or is missing there.
    """

    data: Any = None
    origins: Origins = ()
    parts: tuple[Part, ...] = ()
    is_open: bool = False
    is_branched: bool = False
    is_layout: bool = False
    is_given: bool = False

    def is_unknown(self) -> bool:
        """Whether nothing of it is known, not even its type."""
        return isinstance(self.data, Unknown)

    def list_parts(self) -> tuple[Part, ...]:
        """The parts of a text."""
        return self.parts or (((self.data, self.origins),) if self.data else ())


NIL = Value()
MISSING = Value(is_given=True)
NOT_KNOWN = Value(UNKNOWN)


def join_origins(values: Collection[Value]) -> Origins:
    """The places of several values, each once."""
    if len(values) == 1 and not (only := next(iter(values))).parts:
        return only.origins  # as most
    found: dict[Origin, None] = {}
    for value in values:
        for origins in (value.origins, *(part[1] for part in value.parts)):
            found.update(dict.fromkeys(origins))
    return tuple(found)[:_MOST_ORIGINS]


def text_of(parts: Iterable[Part], *like: Value, is_layout: bool = False) -> Value:
    """A text of its parts, as open as the values that it was made from."""
    kept = tuple(part for part in parts if part[0])
    return Value(
        "".join(text for text, _ in kept),
        kept[0][1] if len(kept) == 1 else (),
        kept if len(kept) > 1 else (),
        is_open=any(each.is_open for each in like),
        is_branched=any(each.is_branched for each in like),
        is_layout=is_layout or any(each.is_layout for each in like),
    )


def cut_parts(parts: Iterable[Part], start: int, end: int) -> Iterator[Part]:
    """The parts of a stretch of their text."""
    at = 0
    for text, origins in parts:
        first, last = max(start - at, 0), min(end - at, len(text))
        if first < last:
            yield text[first:last], origins
        at += len(text)


def is_true(value: Value) -> bool | None:
    """Whether a condition holds; None where nobody knows."""
    if isinstance(value.data, Unknown):
        return value.data.is_true
    return None if value.is_branched else bool(value.data)


def list_texts(value: Value, depth: int = 0) -> Iterator[str]:
    """The texts in a value, to a depth that no configuration has."""
    if isinstance(value.data, str):
        yield value.data
    elif isinstance(value.data, dict) and depth < 32:
        for name, member in value.data.items():
            yield str(name)
            yield from list_texts(member, depth + 1)
    elif isinstance(value.data, list) and depth < 32:
        for item in value.data:
            yield from list_texts(item, depth + 1)


def has_unknown(value: Value, depth: int = 0) -> bool:
    """Whether something in a value is not known."""
    if value.is_unknown() or depth > 64:
        return True
    if isinstance(value.data, dict):
        return any(has_unknown(member, depth + 1) for member in value.data.values())
    return isinstance(value.data, list) and any(has_unknown(item, depth + 1) for item in value.data)
