"""Reading the rows of endpoints: a stored report may hold anything in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from scanner.renderers.escape import visible

_LONGEST_HOST = 260


def moment_of(text: object) -> datetime | None:
    """An RFC 3339 time in UTC; None for anything else."""
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def authority_of(row: Mapping[str, Any]) -> str:
    """Host and, where it is written, port of the URL that gave the answer, after redirects; empty where it has none."""
    redirects = row.get("redirects")
    last = redirects[-1] if isinstance(redirects, list) and redirects else row.get("url")
    if not isinstance(last, str):
        return ""
    try:
        return visible(urlsplit(last).netloc.rpartition("@")[2].lower(), longest=_LONGEST_HOST)
    except ValueError:
        return ""
