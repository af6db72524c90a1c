"""The parts of a file that its reader skipped: open places where they have the signs of a platform's configuration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from scanner.evidence.model import OpenPlace, Spot
from scanner.evidence.respelling import add_spelling, spell_out
from scanner.files.tree import Format, Parsed


class MayBind(Protocol):
    """Whether text that could not be parsed may hold a binding: its lower-case bytes, its format, and its name."""

    def __call__(self, lower: bytes, format_: Format, name: str = "") -> bool: ...  # noqa: D102


def list_unread_parts(parsed: Parsed, may_bind: MayBind, name: str = "") -> Iterator[OpenPlace]:
    """Each unread part whose text may hold a binding."""
    lines: list[str] | None = None
    for fault in parsed.faults:
        if not fault.end_line:
            continue
        if lines is None:
            lines = parsed.text.split("\n")
        part = "\n".join(lines[fault.first_line - 1 : fault.end_line]).encode("utf-8", "surrogatepass")
        if may_bind(add_spelling(part.lower(), spell_out(part)), parsed.format, name):
            yield OpenPlace(fault.message, Spot(fault.line, fault.column))
