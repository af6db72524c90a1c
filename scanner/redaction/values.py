"""The filter over every string of a value: records, lists and mappings, as deep as they nest."""

from __future__ import annotations

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


def _redact(value: Any) -> Any:
    kind: Any = type(value)
    if kind is str:
        return redact(value)
    if kind is dict:
        return {_redact(name): _redact(each) for name, each in value.items()}
    if kind is tuple or kind is list:
        texts = [each for each in value if type(each) is str]
        # a key over several lines may have become a list, and its lines tell nothing alone
        if len(texts) > 1 and holds_key("\n".join(texts)):
            return kind(REMOVED if type(each) is str and is_piece(each) else _redact(each) for each in value)
        return kind(map(_redact, value))
    if not is_record(kind):
        return value
    found = dict(zip(kind.__fields__, read_fields(kind)(value), strict=True))
    redacted = {name: _redact(each) for name, each in found.items()}
    return value if all(redacted[name] is each for name, each in found.items()) else changed(value, **redacted)
