"""Reading the rows of endpoints: in a stored report they may contain any text."""

from __future__ import annotations

from datetime import UTC, datetime

from scanner.hosts.urls import parts_of
from scanner.renderers.escape import escape_text
from scanner.subjects.kinds.endpoint import EndpointRow

_LONGEST_HOST = 260


def moment_of(text: str | None) -> datetime | None:
    """An RFC 3339 time in UTC; None for anything else."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def authority_of(row: EndpointRow) -> str:
    """Host and, where it is written, port of the URL that gave the answer, after redirects; empty where it has none."""
    last = row.redirects[-1] if row.redirects else row.url
    return escape_text(parts_of(last).authority, longest=_LONGEST_HOST) if last is not None else ""
