"""The values of a chart: read from YAML as Helm reads them, and laid over each other as Helm does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from scanner.files.read import read, read_text
from scanner.files.tree import Mapping, Node, Parsed, Scalar
from scanner.patterns import lazy_pattern
from scanner.units.files import UnitFile
from scanner.units.helm.value import NIL, Origins, Value
from scanner.units.made import Origin

Place: TypeAlias = "Callable[[int, int], Origins]"
# YAML 1.1, as Go's library resolves it
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}
_INTEGER = lazy_pattern(r"[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0o?[0-7_]+|[0-9][0-9_]*)")
_FLOAT = lazy_pattern(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_MOST_DIGITS = 60
_LIKE_A_NUMBER = frozenset("+-.0123456789")


def read_values(file: UnitFile | None) -> Value:
    """The values of a file: an empty dict where there is none, or where it holds no mapping."""
    if file is None:
        return Value({})
    parsed = read(file.data, "yaml", templates=False)
    path = file.path
    found = _first(parsed, lambda line, column: (Origin(path, line, column),))
    return found if isinstance(found.data, dict) else Value({})


def parse_text(text: str, place: Place, *, is_open: bool) -> Value | None:
    """The value that a YAML text is; None where it cannot be read. `place`: the places of a line and column of it. `is_open`:
    actions stay in it.
    """
    parsed = read_text(text, "yaml")
    if not isinstance(parsed, Parsed) or (parsed.is_masked and not is_open):
        return None
    return _first(parsed, place, is_open=is_open)


def _first(parsed: object, place: Place, *, is_open: bool = False) -> Value:
    if not isinstance(parsed, Parsed) or not parsed.documents:
        return NIL
    return _Reader(place, is_open=is_open).value(parsed.documents[0])


class _Reader:
    """Makes values of nodes, those that aliases share once."""

    def __init__(self, place: Place, *, is_open: bool) -> None:
        self.place = place
        self.is_open = is_open
        self.known: dict[int, Value] = {}

    def value(self, node: Node) -> Value:
        data: Any
        if isinstance(node, Scalar):
            is_open = self.is_open and "{{" in node.text
            data = node.text if is_open else resolve_scalar(node)
            return Value(data, self.place(node.line, node.column), is_open=is_open, is_given=True)
        if id(node) not in self.known:
            if isinstance(node, Mapping):
                data = {_name(entry.key): self.value(entry.value) for entry in node.entries}
            else:
                data = [self.value(item) for item in node.items]
            self.known[id(node)] = Value(data, self.place(node.line, node.column), is_given=True)
        return self.known[id(node)]


def _name(key: Scalar) -> str:
    """A member's name: of a plain scalar that means true or false, its JSON."""
    found = _WORDS.get(key.text) if not key.is_quoted else None
    return key.text if found is None else "true" if found else "false"


def resolve_scalar(node: Scalar) -> Any:
    """The value of a scalar. Numbers are floats, as values come through JSON."""
    if node.is_quoted:
        return node.text
    return resolve_plain(node.text)


def resolve_plain(text: str) -> Any:
    """What a plain scalar means."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _LIKE_A_NUMBER or len(text) > _MOST_DIGITS:
        return text
    try:
        if _INTEGER.fullmatch(text):
            return _integer(text.replace("_", ""))
        return float(text.replace("_", "")) if _FLOAT.fullmatch(text) else text
    except ValueError:
        return text


def _integer(text: str) -> float:
    bare = text.lstrip("+-")
    base = {"0b": 2, "0x": 16, "0o": 8}.get(bare[:2], 8 if len(bare) > 1 and bare[0] == "0" else 10)
    number = int(bare[2:] if bare[:2] in ("0b", "0x", "0o") else bare, base)
    return float(-number if text[0] == "-" else number)


def lay_over(upper: Value, lower: Value) -> Value:
    """The values of `upper` where it has them, else those of `lower`; null in `upper` takes the lower one away."""
    made: dict[str, Value] = {}
    for name, value in upper.data.items():
        below = lower.data.get(name)
        if below is None:
            made[name] = value
        elif value.data is None:
            continue
        elif isinstance(value.data, dict) and isinstance(below.data, dict):
            made[name] = lay_over(value, below)
        else:
            made[name] = value
    for name, value in lower.data.items():
        if name not in upper.data:
            made[name] = value
    return Value(made, upper.origins or lower.origins, is_given=True)
