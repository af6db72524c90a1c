"""The parts of a file that its reader skipped: open places where they have the signs of a platform's configuration."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from scanner.evidence.model import OpenPlace, Spot
from scanner.evidence.respelling import spell_out
from scanner.files.tree import Parsed


def list_unread_parts(parsed: Parsed, is_candidate: Callable[[bytes], bool]) -> Iterator[OpenPlace]:
    """Each unread part in whose text `is_candidate` recognises a platform."""
    lines: list[str] | None = None
    for fault in parsed.faults:
        if not fault.end_line:
            continue
        if lines is None:
            lines = parsed.text.split("\n")
        part = "\n".join(lines[fault.first_line - 1 : fault.end_line]).encode("utf-8", "surrogatepass")
        respelled = spell_out(part)
        lower = part.lower() if respelled is None else b"%b\n%b" % (part.lower(), respelled.text)
        if is_candidate(lower):
            yield OpenPlace(fault.message, Spot(fault.line, fault.column))
