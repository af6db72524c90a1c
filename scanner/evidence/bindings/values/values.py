"""The values that platforms write: durations in their many spellings, booleans, lists."""

from __future__ import annotations

import re

from scanner.files.tree import Mapping, Node, Scalar, Sequence
from scanner.patterns import lazy_pattern

_GO = lazy_pattern(r"(\d{1,40}(?:\.\d{1,40})?)(ns|us|ms|s|m|h|d)")
_ISO = lazy_pattern(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?", re.IGNORECASE)
_SECONDS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_DOTNET = lazy_pattern(r"(?:(\d{1,6})\.)?(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.\d{1,7})?")
_TRUE = frozenset({"true", "yes", "on", "1", "enabled"})
_FALSE = frozenset({"false", "no", "off", "0", "disabled"})


def seconds(node: Node, unit: str = "s") -> int | None:
    """A duration in whole seconds: `300`, `300s`, `5m0s`, `PT5M`, `00:05:00`, `{seconds: 300}`; a bare number counts in
    `unit`.
    """
    if isinstance(node, Mapping):
        inner = node.get("seconds")
        return seconds(inner) if inner is not None else None
    if not isinstance(node, Scalar):
        return None
    text = node.text.strip().strip("\"'")
    if re.fullmatch(r"\d{1,12}(\.\d{1,9})?", text):
        return int(float(text) * _SECONDS[unit])
    parts = _GO.findall(text)
    if parts and "".join(number + word for number, word in parts) == text and len(text) < 40:
        return int(sum(float(number) * _SECONDS[word] for number, word in parts))
    clock = _DOTNET.fullmatch(text)
    if clock:
        days, hours, minutes, rest = (int(part or 0) for part in clock.groups())
        return days * 86400 + hours * 3600 + minutes * 60 + rest
    found = _ISO.fullmatch(text)
    if found and any(found.groups()) and len(text) < 40:
        return int(sum(float(part or 0) * _SECONDS[word] for part, word in zip(found.groups(), "dhms", strict=True)))
    return None


def boolean(text: str) -> bool | None:
    """A boolean field as true or false; `"true"`, `on` and `1` count as true. None for any other value."""
    word = text.strip().strip("\"'").lower()
    return True if word in _TRUE else False if word in _FALSE else None


def texts(node: Node, split: str | None = None) -> list[str]:
    """A text, a list of texts, or one text split at `split`; without blanks and empty texts."""
    if isinstance(node, Sequence):
        return [text for item in node.items for text in texts(item, split)]
    if not isinstance(node, Scalar) or node.value is None:
        return []
    parts = node.text.split(split) if split else [node.text]
    return [part.strip() for part in parts if part.strip()]
