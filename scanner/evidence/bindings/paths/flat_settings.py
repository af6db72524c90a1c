"""Dotted settings, nested in any way: `a.b.c: 1`, `a: {b.c: 1}` and `a.b.c=1` are one setting.

Spring Boot and others bind properties this way; a prefix may capture a part (`…provider.{name}`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as MappingType
from functools import cache

from scanner.evidence.bindings.paths.pair_lists import mappings_in
from scanner.evidence.bindings.paths.walk import Names
from scanner.evidence.bindings.values.placeholders import Lookup, lookup_in
from scanner.files.tree import Entry, Mapping, Node, Scalar, Sequence
from scanner.pack.platform import ProfileStyle
from scanner.patterns import lazy_pattern
from scanner.record import record

_INDEX = lazy_pattern(r"\[(\d+)\]$")
_MARK = lazy_pattern(r"^(?:--?D?)(?=[A-Za-z])")


# how the name of a setting begins where a document is for some profiles only
_PROFILE_MARKS: dict[ProfileStyle, tuple[str, ...]] = {"spring": ("spring",), "smallrye": ("%", '"%')}


@record(slots=True)
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


def may_have_profiles(documents: tuple[Node, ...], style: ProfileStyle) -> bool:
    """Whether the documents of a file may be settings for several profiles. Those of Spring have documents of their own."""
    if style == "spring" and len(documents) < 2:
        return False
    marks = _PROFILE_MARKS.get(style, ())
    return any(
        entry.key.text.lower().startswith(marks) for node in documents if isinstance(node, Mapping) for entry in node.entries
    )


def lookup_in_settings(flats: Iterable[Flat]) -> Lookup:
    """A lookup in the texts of settings by their dotted names; the last of equal ones."""
    return lookup_in({".".join(flat.parts): flat.value.text for flat in flats if isinstance(flat.value, Scalar)})


def environments(node: Node, prefix: str, spelling: Names, known: MappingType[str, str]) -> Iterator[list[Flat]]:
    """The settings under `prefix` in environment variables and arguments, anywhere in a document, for each mapping separately:
    `A_B_NAME`, `--a.b.name` and `-Da.b.name` are the setting `a.b.name`. A dash of the prefix may be an underscore or nothing;
    `known` are the settings below it, by their relaxed names.
    """
    wanted, pattern = prefix.split("."), variable_pattern(prefix)
    for mapping in mappings_in(node):
        flats = [
            flat
            for entry in mapping.entries
            if (flat := _read_variable(entry, pattern, wanted, known) or _read_argument(entry, wanted, spelling)) is not None
            # the plain settings of the document itself are read as such
            and (mapping is not node or flat.key.text != ".".join(flat.parts))
        ]
        if flats:
            yield flats


@cache  # one for each read that asks for them
def variable_pattern(prefix: str) -> re.Pattern[str]:
    """The names of variables that are settings under `prefix`; its groups are what the captures take, and the rest."""
    parts = (r"([A-Z0-9]+)" if _is_capture(part) else _spell_variable(part) for part in prefix.split("."))
    return re.compile("_".join(parts) + r"_([A-Z0-9_]+)", re.IGNORECASE)


def _read_argument(entry: Entry, wanted: list[str], spelling: Names) -> Flat | None:
    """The setting of an argument (`--a.b.name=x`), of a JVM's option (`-Da.b.name=x`) or of a dotted variable."""
    parts = tuple(_MARK.sub("", entry.key.text, count=1).split("."))
    if len(parts) <= len(wanted) or captures_in(parts, wanted, spelling) is None:
        return None
    return Flat(parts, entry.key, entry.value)


def _read_variable(entry: Entry, pattern: re.Pattern[str], wanted: list[str], known: MappingType[str, str]) -> Flat | None:
    found = pattern.fullmatch(entry.key.text)
    if found is None:
        return None
    *captured, rest = found.groups()
    names = iter(captured)
    head = [next(names).lower() if _is_capture(part) else part for part in wanted]
    name = known.get(rest.lower().replace("_", ""), rest.lower().replace("_", "-"))
    return Flat((*head, *name.split(".")), entry.key, entry.value)


def _spell_variable(part: str) -> str:
    return "_?".join(re.escape(word.upper()) for word in part.split("-"))


def groups(flats: list[Flat], prefix: str, spelling: Names) -> list[tuple[Scalar, Mapping]]:
    """The settings under `prefix`, one mapping for each value that its captures take, and the key that begins it."""
    found: dict[tuple[str, ...], list[Entry]] = {}
    for flat in flats:
        captured = captures_of(flat, prefix, spelling)
        if captured is not None:
            key, rest = flat.key, ".".join(flat.parts[prefix.count(".") + 1 :])
            name = Scalar(rest, rest, key.line, key.column, key.end_line)
            found.setdefault(captured, []).append(Entry(name, flat.value))
    return [
        (_name_group(captured, entries[0].key), _make_mapping(_join_indexed(entries))) for captured, entries in found.items()
    ]


def captures_of(flat: Flat, prefix: str, spelling: Names) -> tuple[str, ...] | None:
    """The parts of a setting's name that the captures of the prefix take; None for a setting that is not under the prefix."""
    return captures_in(flat.parts, prefix.split("."), spelling)


def captures_in(parts: tuple[str, ...], wanted: list[str], spelling: Names) -> tuple[str, ...] | None:
    """The same for the parts of a name and those of a prefix."""
    head = parts[: len(wanted)]
    if len(parts) <= len(wanted):
        return None
    if not all(_is_capture(want) or spelling(want) == spelling(part) for want, part in zip(wanted, head, strict=True)):
        return None
    return tuple(part for want, part in zip(wanted, head, strict=True) if _is_capture(want))


def _name_group(captured: tuple[str, ...], key: Scalar) -> Scalar:
    """The name of a group: the last captured part."""
    return Scalar(captured[-1], captured[-1], key.line, key.column, key.end_line) if captured else key


def _is_capture(part: str) -> bool:
    return part.startswith("{")


def _join_indexed(entries: list[Entry]) -> list[Entry]:
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


def _make_mapping(entries: list[Entry]) -> Mapping:
    first = entries[0].key
    return Mapping(tuple(entries), first.line, first.column, max(entry.value.end_line for entry in entries))
