"""The functions of Go, Sprig and Helm on values that are all known; their result has the places of all arguments."""

from __future__ import annotations

import base64
import binascii
import hashlib
import math
import zlib
from collections.abc import Callable
from typing import Any
from urllib.parse import quote_plus

from scanner.patterns import lazy_pattern
from scanner.units.helm.numbers import to_float, to_int
from scanner.units.helm.strings import write_plain

_WORD = lazy_pattern(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]++")


class Refused(Exception):
    """A function cannot be asked for that; Helm would stop, or its result is not known."""


def _decode(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        raise Refused from None


def _equal(first: Any, *others: Any) -> bool:
    """Go compares only values of one kind; numbers of a chart are floats, those of a template integers."""
    kinds = {_kind(each) for each in (first, *others)} - {"invalid"}
    if len(kinds) > 1 or kinds & {"map", "slice"}:
        raise Refused
    return any(_kind(first) == _kind(other) and first == other for other in others)


def _compare(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def apply(one: Any, other: Any) -> bool:
        if _kind(one) != _kind(other) or isinstance(one, bool | list | dict) or one is None:
            raise Refused
        return test(one, other)

    return apply


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    names = ((str, "string"), (int, "int"), (float, "float64"), (dict, "map"), (list, "slice"))
    return next((name for kind, name in names if isinstance(value, kind)), "invalid")


def _type(value: Any) -> str:
    return {"map": "map[string]interface {}", "slice": "[]interface {}", "invalid": "<nil>"}.get(_kind(value), _kind(value))


def _divide(one: Any, other: Any) -> int:
    if to_int(other) == 0:
        raise Refused
    return int(to_int(one) / to_int(other))


def _remainder(one: Any, other: Any) -> int:
    if to_int(other) == 0:
        raise Refused
    return int(math.fmod(to_int(one), to_int(other)))


def _length(value: Any) -> int:
    if not isinstance(value, str | list | dict):
        raise Refused
    return len(value.encode()) if isinstance(value, str) else len(value)


def _is_in(needle: Any, values: Any) -> bool:
    if values is None:
        return False
    if not isinstance(values, list):
        raise Refused
    return any(_kind(needle) == _kind(value) and needle == value for value in values)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Refused
    return value


def _words(text: Any) -> list[str]:
    """The words of a name in any case; with digits, libraries differ."""
    if any(each.isdigit() for each in _text(text)):
        raise Refused
    return _WORD.findall(text)


def _multiply(*values: Any) -> int:
    made = math.prod(to_int(value) for value in values[:8])
    return made if abs(made) < 2**63 else 0


def _round(value: Any, digits: Any, *_rest: Any) -> float:
    """Half a digit is rounded up."""
    scale = 10 ** min(max(to_int(digits), 0), 15)
    return math.floor(to_float(value) * scale + 0.5) / scale if math.isfinite(to_float(value)) else 0.0


def _whole(change: Callable[[float], int]) -> Callable[[Any], float]:
    return lambda value: float(change(to_float(value))) if math.isfinite(to_float(value)) else 0.0


# by name
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "eq": _equal, "ne": lambda one, other: not _equal(one, other), "lt": _compare(lambda a, b: a < b),
    "le": _compare(lambda a, b: a <= b), "gt": _compare(lambda a, b: a > b), "ge": _compare(lambda a, b: a >= b),
    "len": _length, "contains": lambda part, text: _text(part) in _text(text),
    "hasPrefix": lambda part, text: _text(text).startswith(_text(part)),
    "hasSuffix": lambda part, text: _text(text).endswith(_text(part)), "has": _is_in,
    "b64enc": lambda text: base64.b64encode(_text(text).encode()).decode(), "b64dec": lambda text: _decode(_text(text)),
    "sha256sum": lambda text: hashlib.sha256(_text(text).encode()).hexdigest(),
    "sha1sum": lambda text: hashlib.sha1(_text(text).encode(), usedforsecurity=False).hexdigest(),
    "adler32sum": lambda text: str(zlib.adler32(_text(text).encode())), "urlquery": lambda text: quote_plus(_text(text)),
    "kindOf": _kind, "kindIs": lambda kind, value: _kind(value) == kind,
    "typeOf": lambda value: _type(value),
    "typeIs": lambda name, value: _type(value) == name, "int": to_int, "int64": to_int, "atoi": to_int,
    "float64": to_float, "add": lambda *values: sum(to_int(value) for value in values), "add1": lambda one: to_int(one) + 1,
    "sub": lambda one, other: to_int(one) - to_int(other), "mul": _multiply, "div": _divide, "mod": _remainder,
    "max": lambda *values: max(map(to_int, values)), "min": lambda *values: min(map(to_int, values)),
    "round": _round, "ceil": _whole(math.ceil), "floor": _whole(math.floor),
    "toStrings": lambda values: [write_plain(value) for value in values] if isinstance(values, list) else [write_plain(values)],
    "camelcase": lambda text: "".join(word[:1].upper() + word[1:] for word in _words(text)),
    "snakecase": lambda text: "_".join(_words(text)).lower(), "kebabcase": lambda text: "-".join(_words(text)).lower(),
    "untitle": lambda text: _text(text)[:1].lower() + _text(text)[1:],
    "base": lambda path: _text(path).rstrip("/").rpartition("/")[2], "dir": lambda path: _text(path).rpartition("/")[0] or ".",
    "seq": lambda *edges: " ".join(map(str, _sequence(*edges))),
    "all": lambda *values: all(values), "any": lambda *values: any(values),
}  # fmt: skip


def _sequence(*edges: Any) -> range:
    numbers = [to_int(edge) for edge in edges]
    if len(numbers) == 1:
        first, step, last = 1, 1 if numbers[0] >= 1 else -1, numbers[0]
    else:
        first, last = numbers[0], numbers[-1]
        step = numbers[1] if len(numbers) == 3 else 1 if last >= first else -1
    if step == 0 or abs(last - first) // abs(step) > 10_000:
        raise Refused
    return range(first, last + (1 if step > 0 else -1), step)
