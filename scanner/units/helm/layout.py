"""Writes values as YAML and JSON, as Go's libraries write them, each scalar with its places."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cmp_to_key
from itertools import pairwise, repeat
from typing import Any

from scanner.patterns import lazy_pattern
from scanner.units.helm.numbers import write_json_number, write_yaml_number
from scanner.units.helm.value import Part, Value, join_origins
from scanner.units.helm.values import resolve_plain

# of what is written, its depth, and how many values
_DEEPEST = 64
_FIRST_INDICATORS = frozenset("#,[]{}&*!|>'\"%@`")
_CONTROL = lazy_pattern("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_INDICATOR = lazy_pattern(r":(?=\s|\Z)|(?<=\s)#")
_TIME = lazy_pattern(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]|[ \t]+)[0-9]{1,2}:.*)?")
_BASE_60 = lazy_pattern(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?")
_SPECIAL_FLOATS = frozenset(
    sign + word for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")
) | {".nan", ".NaN", ".NAN", "<<", "="}  # fmt: skip
_HTML = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_HTML_CHARACTER = lazy_pattern("[<>&\u2028\u2029]")


class TooDeep(Exception):
    """A value nests deeper than any configuration."""


def write_yaml(value: Value) -> Iterator[Part]:
    """The value as YAML, without a line end after it."""
    yield from _node(value, 0, at_start=True)


def _node(value: Value, indent: int, *, at_start: bool) -> Iterator[Part]:
    """A value: a scalar behind its name, or a collection whose first line begins where the text stands if `at_start`."""
    if indent > 2 * _DEEPEST:
        raise TooDeep
    if isinstance(value.data, dict) and value.data:
        names = sorted(value.data, key=cmp_to_key(_compare_names))
        for number, name in enumerate(names):
            yield from _member(name, value.data[name], indent, is_first=number == 0 and at_start)
    elif isinstance(value.data, list) and value.data:
        for number, item in enumerate(value.data):
            begin = "" if number == 0 and at_start else "\n" + " " * indent
            yield f"{begin}- ", item.origins or value.origins
            is_collection = isinstance(item.data, dict | list) and item.data
            yield from _node(item, indent + 2, at_start=True) if is_collection else _scalar(item, indent)
    else:
        yield from _scalar(value, indent)


def _member(name: str, value: Value, indent: int, *, is_first: bool) -> Iterator[Part]:
    begin = "" if is_first else "\n" + " " * indent
    key = _quote_all(name) if "\n" in name else write_scalar(name, 0)
    yield f"{begin}{key}:", value.origins
    if isinstance(value.data, dict) and value.data:
        yield "\n" + " " * (indent + 2), value.origins
        yield from _node(value, indent + 2, at_start=True)
    elif isinstance(value.data, list) and value.data:
        yield "\n" + " " * indent, value.origins
        yield from _node(value, indent, at_start=True)
    else:
        yield " ", value.origins
        yield from _scalar(value, indent)


def _scalar(value: Value, indent: int) -> Iterator[Part]:
    data, parts = value.data, value.list_parts() if isinstance(value.data, str) else ()
    written = write_scalar(data, indent)
    if len(parts) > 1 and written == data:
        yield from parts
    elif len(parts) > 1 and written[0] == "|":
        yield from _parts_of_lines(list(parts), written, indent)
    else:
        yield written, join_origins((value,))


def _parts_of_lines(parts: list[Part], written: str, indent: int) -> Iterator[Part]:
    """A text over several lines, each with its own places."""
    yield written[: written.index("\n") + 1], parts[0][1]
    lines = list(split_lines(parts))
    for number, line in enumerate(lines):
        is_last = number == len(lines) - 1
        if line[0][0] != "\n":
            yield " " * (indent + 2), line[0][1]
        for text, origins in line:
            yield text.removesuffix("\n") if is_last else text, origins


def write_scalar(data: Any, indent: int) -> str:
    """A scalar, or an empty collection; a text over several lines with its lines indented two further."""
    if data is None:
        return "null"
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, (int, float)):
        return write_yaml_number(data)
    if isinstance(data, dict | list):
        return "{}" if isinstance(data, dict) else "[]"
    text = str(data)
    if "\n" in text:
        return _lines(text, indent)
    if _is_other_than_text(text):
        return _quote_all(text)
    return _quote_if_needed(text)


def _lines(text: str, indent: int) -> str:
    if _CONTROL.search(text.replace("\t", "")) or re.search(r"[ \t]\n", text) or text[-1] == " " or not text.strip("\n"):
        return _quote_all(text)
    hint = "2" if text[0] in " \n" else ""
    chomp = "-" if text[-1] != "\n" else "+" if text.endswith("\n\n") or text == "\n" else ""
    pad = " " * (indent + 2)
    lines = [f"{pad}{line}" if line else "" for line in (text[:-1] if text[-1] == "\n" else text).split("\n")]
    return f"|{hint}{chomp}\n" + "\n".join(lines)


def _is_other_than_text(text: str) -> bool:
    """Whether a plain scalar of that text would be no text."""
    if text in _SPECIAL_FLOATS or not isinstance(resolve_plain(text), str):
        return True
    return bool(text) and text[0] in "+-0123456789" and bool(_TIME.fullmatch(text) or _BASE_60.fullmatch(text))


def _quote_if_needed(text: str) -> str:
    if _CONTROL.search(text):
        return _quote_all(text)
    starts_badly = text[0] in _FIRST_INDICATORS or (text[0] in "-?:" and text[1:2] in ("", " ", "\t"))
    if starts_badly or text[0] == " " or text[-1] == " " or text.startswith(("---", "...")) or _INDICATOR.search(text):
        return "'" + text.replace("'", "''") + "'"
    return text


def _quote_all(text: str) -> str:
    """In double quotes, with escapes for what a reader would take for a line end."""
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def _compare_names(one: str, other: str) -> int:
    """The order of Go's library: numbers in names by their size, letters last."""
    at = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if at is None:
        return len(one) - len(other)
    is_letter, is_other = one[at].isalpha(), other[at].isalpha()
    if is_letter != is_other:
        return -1 if is_other else 1
    if not is_letter:
        first, second = _digits(one, at), _digits(other, at)
        if (int(first or "0"), len(first)) != (int(second or "0"), len(second)):
            return -1 if (int(first or "0"), len(first)) < (int(second or "0"), len(second)) else 1
    return -1 if one[at] < other[at] else 1


def _digits(text: str, at: int) -> str:
    end = at
    while end < len(text) and end < at + 20 and text[end] in "0123456789":
        end += 1
    return text[at:end]


def write_json(value: Value, *, pretty: bool = False, raw: bool = False) -> Iterator[Part]:
    """The value as JSON; `raw`: without the escapes for HTML."""
    yield from _json(value, 0, pretty, raw)


def _json(value: Value, depth: int, pretty: bool, raw: bool) -> Iterator[Part]:
    if depth > _DEEPEST:
        raise TooDeep
    data = value.data
    if not isinstance(data, dict | list) or not data:
        yield _json_scalar(data, raw), value.origins or (value.parts[0][1] if value.parts else ())
        return
    is_dict = isinstance(data, dict)
    members = [(name, data[name]) for name in sorted(data)] if is_dict else list(zip(repeat(""), data, strict=False))
    begin, end = ("\n" + "  " * (depth + 1), "\n" + "  " * depth) if pretty else ("", "")
    yield "{" if is_dict else "[", value.origins
    for number, (name, member) in enumerate(members):
        key = _json_scalar(name, raw) + (": " if pretty else ":") if is_dict else ""
        yield f"{',' if number else ''}{begin}{key}", member.origins
        yield from _json(member, depth + 1, pretty, raw)
    yield f"{end}{'}' if is_dict else ']'}", value.origins


def _json_scalar(data: Any, raw: bool) -> str:
    if isinstance(data, bool) or data is None or isinstance(data, dict | list):
        return json.dumps(data)
    if isinstance(data, (int, float)):
        return write_json_number(data)
    text = json.dumps(str(data), ensure_ascii=False)
    return text if raw else _HTML_CHARACTER.sub(lambda found: _HTML[found[0]], text)


def split_lines(parts: list[Part]) -> Iterator[list[Part]]:
    """The parts of each line, its end with it."""
    line: list[Part] = []
    for text, origins in parts:
        edges = [0, *(found.end() for found in re.finditer("\n", text)), len(text)]
        for start, end in pairwise(edges):
            if start == end:
                continue
            line.append((text[start:end], origins))
            if text[end - 1] == "\n":
                yield line
                line = []
    if line:
        yield line
