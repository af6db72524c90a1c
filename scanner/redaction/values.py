"""The filter over every string of a value: records, lists and mappings, as deep as they nest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from scanner.record import changed, is_record, read_fields
from scanner.redaction.text import REMOVED, holds_key, is_piece, may_hold_private, redact

Value = TypeVar("Value")


def redact_values(value: Value) -> Value:
    """The value with every string redacted, names of members too; the same object where nothing had to be."""
    texts: list[str] = []
    _collect(value, texts)
    # one test of all texts together: nearly always there is nothing to do
    if not may_hold_private("\n".join(texts)):
        return value
    redacted: Value = _redact(value)
    return redacted


def _collect(value: Any, texts: list[str]) -> None:
    kind: Any = type(value)
    if kind is str:
        texts.append(value)
        return
    if kind is dict:
        _collect((*value, *value.values()), texts)
        return
    if kind is not tuple and kind is not list:
        if not is_record(kind):
            return
        value = read_fields(kind)(value)
    for each in value:
        if type(each) is str:
            texts.append(each)
        elif each is not None:
            _collect(each, texts)


def map_texts(value: Value, change: Callable[[str], str]) -> Value:
    """The value with every string changed, names of members too; the same object where nothing was."""
    changed_: Value = _map(value, change)
    return changed_


def _redact(value: Any) -> Any:
    return _map(value, redact, _redact_list)


def _redact_list(value: Any) -> Any | None:
    """A key over several lines may have become a list, and its lines tell nothing alone. None for any other list."""
    texts = [each for each in value if type(each) is str]
    if len(texts) < 2 or not holds_key("\n".join(texts)):
        return None
    return type(value)(REMOVED if type(each) is str and is_piece(each) else _redact(each) for each in value)


def _map(value: Any, change: Callable[[str], str], change_list: Callable[[Any], Any | None] | None = None) -> Any:
    kind: Any = type(value)
    if kind is str:
        return change(value)
    if kind is dict:
        return {change(name): _map(each, change, change_list) for name, each in value.items()}
    if kind is tuple or kind is list:
        found = change_list(value) if change_list is not None else None
        return found if found is not None else kind(_map(each, change, change_list) for each in value)
    if not is_record(kind):
        return value
    members = dict(zip(kind.__fields__, read_fields(kind)(value), strict=True))
    mapped = {name: _map(each, change, change_list) for name, each in members.items()}
    return value if all(mapped[name] is each for name, each in members.items()) else changed(value, **mapped)
