"""The value that a finding is about, in its message, where it stands in another place than the finding."""

from __future__ import annotations

from scanner.redaction.text import cut
from scanner.subjects.model import ShownValue
from scanner.units.made import UNDECIDING, Origin

_LONGEST = 160


def find_deciding(shown: ShownValue) -> Origin | None:
    """The place that decides the value; None where that is the member's own place, and others have only what it replaces."""
    return next((each for each in shown.origins if each.role not in UNDECIDING), None)


def say_value(shown: ShownValue) -> str:
    """`: VALUE (PATH:LINE)`, empty where the value stands in its own place."""
    at = find_deciding(shown)
    part = "in part from " if shown.begins_here else ""
    return f": {cut(shown.text, _LONGEST)} ({part}{at.path}:{at.line})" if at is not None else ""


def add_value(message: str, shown: ShownValue) -> str:
    """The message with the value and its place before its last full stop."""
    said = say_value(shown)
    return f"{message[:-1]}{said}." if said and message.endswith(".") else f"{message}{said}"


def drop_value(message: str, value: str) -> str:
    """The message without what `add_value` added."""
    end = f"{value}."
    return f"{message.removesuffix(end)}." if value and message.endswith(end) else message
