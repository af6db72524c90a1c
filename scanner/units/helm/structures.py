"""The functions of Go, Sprig and Helm on lists and dicts, whose members keep their places and may be unknown."""

from __future__ import annotations

import base64
import os
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import Any

from scanner.units.helm.globbing import is_read_alone
from scanner.units.helm.layout import TooDeep, write_json, write_yaml
from scanner.units.helm.numbers import to_int
from scanner.units.helm.strings import write_plain
from scanner.units.helm.value import (
    MISSING,
    NIL,
    NOT_KNOWN,
    Origins,
    Part,
    Value,
    has_unknown,
    is_true,
    join_origins,
    text_of,
)
from scanner.units.helm.values import parse_text
from scanner.units.made import Origin

# lists that a template makes are no longer
_LONGEST = 100_000


class Changes:
    """What templates change in dicts, so that it can be taken back. `is_doubtful`: in a branch that nobody can decide about, a
    change makes a member unknown.
    """

    def __init__(self) -> None:
        self.is_doubtful = 0
        self._done: list[tuple[dict[str, Value], str, Value | None]] = []

    def set(self, members: dict[str, Value], name: str, value: Value) -> None:
        """Give a member a value."""
        self._done.append((members, name, members.get(name)))
        members[name] = NOT_KNOWN if self.is_doubtful else value

    def unset(self, members: dict[str, Value], name: str) -> None:
        """Take a member away."""
        if name in members:
            self._done.append((members, name, members[name]))
            if self.is_doubtful:
                members[name] = NOT_KNOWN
            else:
                del members[name]

    def take_back(self) -> None:
        """Undo all changes."""
        for members, name, value in reversed(self._done):
            if value is None:
                members.pop(name, None)
            else:
                members[name] = value
        self._done.clear()


def _list(*items: Value) -> Value:
    return Value(list(items))


def _dict(*members: Value) -> Value:
    made: dict[str, Value] = {}
    if any(name.is_unknown() for name in members[::2]):
        return NOT_KNOWN
    for number in range(0, len(members), 2):
        made[_name(members[number])] = members[number + 1] if number + 1 < len(members) else Value("")
    return Value(made)


def _name(value: Value) -> str:
    return value.data if isinstance(value.data, str) else write_plain(value.data)


def _get(members: Value, name: Value) -> Value:
    found: Value = members.data.get(_name(name), Value(""))
    return found


def _has_key(members: Value, name: Value) -> Value:
    return Value(_name(name) in members.data)


def _dig(*arguments: Value) -> Value:
    *names, default, members = arguments
    for name in names:
        if not isinstance(members.data, dict):
            return NOT_KNOWN
        found: Value | None = members.data.get(_name(name))
        if found is None:
            return default
        members = found
    return members


def _index(value: Value, *keys: Value) -> Value:
    for key in keys:
        if isinstance(value.data, dict):
            value = value.data.get(_name(key), MISSING)
        elif isinstance(value.data, list) and isinstance(key.data, int) and 0 <= key.data < len(value.data):
            value = value.data[key.data]
        else:
            return NOT_KNOWN
    return value


def _keys(*dicts: Value) -> Value:
    return Value([Value(name, members.data[name].origins) for members in dicts for name in sorted(members.data)])


def _values(*dicts: Value) -> Value:
    return Value([members.data[name] for members in dicts for name in sorted(members.data)])


def _pick(members: Value, *names: Value) -> Value:
    wanted = {_name(name) for name in names}
    return Value({name: value for name, value in members.data.items() if name in wanted}, members.origins)


def _omit(members: Value, *names: Value) -> Value:
    unwanted = {_name(name) for name in names}
    return Value({name: value for name, value in members.data.items() if name not in unwanted}, members.origins)


def _pluck(name: Value, *dicts: Value) -> Value:
    return Value([members.data[_name(name)] for members in dicts if _name(name) in members.data])


def _first(value: Value) -> Value:
    if isinstance(value.data, str):
        return NOT_KNOWN
    return value.data[0] if value.data else NIL


def _last(value: Value) -> Value:
    return value.data[-1] if value.data else NIL


def _append(value: Value, item: Value) -> Value:
    return Value([*value.data, item], value.origins)


def _prepend(value: Value, item: Value) -> Value:
    return Value([item, *value.data], value.origins)


def _concat(*lists: Value) -> Value:
    made = [item for each in lists for item in each.data]
    return Value(made) if len(made) <= _LONGEST else NOT_KNOWN


def _slice(value: Value, *edges: Value) -> Value:
    first, last = [*(to_int(edge.data) for edge in edges), *(0, len(value.data))[len(edges) :]][:2]
    return Value(value.data[max(first, 0) : max(last, 0)], value.origins)


def _unique(value: Value) -> Value:
    found: dict[str, Value] = {}
    for item in value.data:
        found.setdefault(repr(to_data(item)), item)
    return Value(list(found.values()), value.origins)


def _without(value: Value, *items: Value) -> Value:
    unwanted = [to_data(item) for item in items]
    return Value([item for item in value.data if to_data(item) not in unwanted], value.origins)


def _compact(value: Value) -> Value:
    return Value([item for item in value.data if is_true(item)], value.origins)


def _sorted(value: Value) -> Value:
    return Value(sorted(value.data, key=_name), value.origins)


def _split_list(separator: Value, value: Value) -> Value:
    if value.is_open:
        return NOT_KNOWN
    parts = value.data.split(separator.data) if separator.data else list(value.data)
    return Value([Value(part, join_origins((value,))) for part in parts])


def _split(separator: Value, value: Value) -> Value:
    found = _split_list(separator, value)
    if not isinstance(found.data, list):
        return found
    return Value({f"_{number}": part for number, part in enumerate(found.data)})


def _range(*edges: Value) -> Value:
    numbers = [to_int(edge.data) for edge in edges]
    start, stop = (0, numbers[0]) if len(numbers) == 1 else numbers[:2]
    step = numbers[2] if len(numbers) > 2 else -1 if stop < start else 1
    if step == 0 or abs(stop - start) // abs(step) > _LONGEST:
        return NOT_KNOWN
    return Value([Value(number) for number in range(start, stop, step)])


def _to_yaml(value: Value) -> Value:
    return _write(value, write_yaml)


def _write(value: Value, write: Callable[[Value], Iterator[Part]]) -> Value:
    if has_unknown(value):
        return NOT_KNOWN
    try:
        found = text_of(write(value), is_layout=isinstance(value.data, dict | list))
    except TooDeep:
        return NOT_KNOWN
    is_open = _has_open(value, 0)
    is_given = value.is_given and value.data is None
    return Value(
        found.data, found.origins or value.origins, found.parts, is_open=is_open, is_layout=found.is_layout, is_given=is_given
    )


def _has_open(value: Value, depth: int) -> bool:
    if isinstance(value.data, dict):
        return any(_has_open(member, depth + 1) for member in value.data.values())
    if isinstance(value.data, list):
        return any(_has_open(item, depth + 1) for item in value.data)
    return value.is_open or value.is_branched


def _from_yaml(text: Value) -> Value:
    return _parse(text, dict)


def _from_yaml_list(text: Value) -> Value:
    return _parse(text, list)


def _parse(text: Value, kind: type[dict[Any, Any]] | type[list[Any]]) -> Value:
    """The value that a text is, each scalar with the places of its part."""
    if not isinstance(text.data, str) or len(text.data) > 1024 * 1024:
        return NOT_KNOWN
    place = _Places(text)
    found = parse_text(text.data, place.of, is_open=text.is_open) if text.data.strip() else NIL
    if found is None or not isinstance(found.data, kind):
        return Value(kind()) if found is not None and found.data is None else NOT_KNOWN
    return found


class _Places:
    """The places of a text's lines and columns, by its parts."""

    def __init__(self, text: Value) -> None:
        self._lines = [0, *(found.end() for found in re.finditer("\n", text.data))]
        self._parts: list[tuple[int, Origins]] = []
        at = 0
        for part, origins in text.list_parts():
            at += len(part)
            self._parts.append((at, origins))

    def of(self, line: int, column: int) -> Origins:
        """The places of the part that has a line and column."""
        at = self._lines[min(line, len(self._lines)) - 1] + column - 1
        found = bisect_right(self._parts, at, key=lambda part: part[0])
        return self._parts[min(found, len(self._parts) - 1)][1] if self._parts else ()


def to_data(value: Value, depth: int = 0) -> Any:
    """The plain data of a value."""
    if depth > 64:
        return None
    if isinstance(value.data, dict):
        return {name: to_data(member, depth + 1) for name, member in value.data.items()}
    if isinstance(value.data, list):
        return [to_data(item, depth + 1) for item in value.data]
    return value.data


def merge(changes: Changes, lower: Value, *uppers: Value, is_forced: bool = False, depth: int = 0) -> Value:
    """Sprig's `merge` (and `mergeOverwrite`, if `is_forced`): changes the first dict."""
    if not isinstance(lower.data, dict) or depth > 64:
        return NOT_KNOWN
    for upper in uppers:
        if not isinstance(upper.data, dict):
            return NOT_KNOWN
        for name, value in upper.data.items():
            mine = lower.data.get(name)
            if mine is not None and isinstance(mine.data, dict) and isinstance(value.data, dict):
                merge(changes, mine, value, is_forced=is_forced, depth=depth + 1)
            elif mine is None or (is_true(value) is not False if is_forced else is_true(mine) is False):
                changes.set(lower.data, name, deep_copy(value))
    return lower


def deep_copy(value: Value, depth: int = 0) -> Value:
    """A copy that can be changed by itself."""
    if depth > 64:
        return NOT_KNOWN
    if isinstance(value.data, dict):
        data: Any = {name: deep_copy(member, depth + 1) for name, member in value.data.items()}
    elif isinstance(value.data, list):
        data = [deep_copy(item, depth + 1) for item in value.data]
    else:
        return value
    return Value(data, value.origins, is_given=value.is_given)


_STRUCTURES: dict[str, tuple[Callable[..., Value], type[Any] | None]] = {
    "list": (_list, None), "tuple": (_list, None), "dict": (_dict, None), "get": (_get, dict), "hasKey": (_has_key, dict),
    "dig": (_dig, None), "index": (_index, None), "keys": (_keys, dict), "values": (_values, dict), "pick": (_pick, dict),
    "omit": (_omit, dict), "pluck": (_pluck, None), "first": (_first, list), "last": (_last, list), "append": (_append, list),
    "push": (_append, list), "prepend": (_prepend, list), "concat": (_concat, list), "slice": (_slice, list),
    "rest": (lambda value: Value(value.data[1:], value.origins), list),
    "initial": (lambda value: Value(value.data[:-1], value.origins), list),
    "reverse": (lambda value: Value(value.data[::-1], value.origins), list), "uniq": (_unique, list),
    "without": (_without, list), "compact": (_compact, list), "sortAlpha": (_sorted, list), "splitList": (_split_list, None),
    "split": (_split, None), "until": (_range, None), "untilStep": (_range, None),
    "toYaml": (_to_yaml, None), "toJson": (lambda value: _write(value, write_json), None),
    "toRawJson": (lambda value: _write(value, lambda each: write_json(each, raw=True)), None),
    "toPrettyJson": (lambda value: _write(value, lambda each: write_json(each, pretty=True)), None),
    "fromYaml": (_from_yaml, None), "fromJson": (_from_yaml, None), "fromYamlArray": (_from_yaml_list, None),
    "fromJsonArray": (_from_yaml_list, None), "deepCopy": (deep_copy, None),
}  # fmt: skip


def find_structure_function(name: str) -> tuple[Callable[..., Value], type[Any] | None] | None:
    """The function of that name, and of which type its first argument must be."""
    return _STRUCTURES.get(name) or _STRUCTURES.get(_without_must(name))


def _without_must(name: str) -> str:
    """The name of a function without the `must` of the variant that gives an error."""
    return name[4:5].lower() + name[5:] if name.startswith("must") else name


class Files:
    """`.Files`: the files of a chart, by their path in it. `read` gives a file's text and path in reports, `names` lists the
    files that match a pattern.
    """

    def __init__(self, read: Callable[[str], tuple[str, str] | None], names: Callable[[str], list[str]]) -> None:
        self._read = read
        self._names = names

    def call(self, name: str, arguments: list[Value]) -> Value:
        """One of its functions."""
        asked = arguments[0].data if arguments else None
        if not isinstance(asked, str):
            return NOT_KNOWN
        if name in ("Get", "GetBytes"):
            return self.text(asked)
        if name == "Lines":
            text = self.text(asked)
            if text.is_unknown():
                return text
            return Value([Value(line, join_origins((text,))) for line in text.data.splitlines()])
        if name == "Glob":
            return Value({found: self.text(found) for found in self._names(asked)})
        return NOT_KNOWN

    def text(self, name: str) -> Value:
        """The text of a file, its lines with their places; empty where there is none. Not known where the file is no template
        and is so large, or named so, that it is better read by itself, as a scan does.
        """
        found = self._read(name)
        if found is None:
            return Value("")
        text, path = found
        if is_read_alone(name, text):
            return NOT_KNOWN
        parts = [(line, (Origin(path, number, 1, "file"),)) for number, line in enumerate(text.splitlines(keepends=True), 1)]
        return text_of(parts)


def write_files(found: Value, *, as_secrets: bool) -> Value:
    """`AsConfig` and `AsSecrets` of the files that `Glob` found."""
    made: dict[str, Value] = {}
    if has_unknown(found):
        return NOT_KNOWN
    for path, text in found.data.items():
        content = base64.b64encode(text.data.encode()).decode() if as_secrets else text.data
        parts = text.parts if not as_secrets else ()
        made[os.path.basename(path)] = Value(content, text.origins or join_origins((text,)), parts)
    return _to_yaml(Value(made)) if made else Value("")
