"""What a run left unread, in one sentence."""

from __future__ import annotations

from collections.abc import Iterable

from scanner.sources.not_read import NotRead, Reason

# behind the number of files and folders; with `{s}` it names what is counted itself
_WORDS: dict[Reason, str] = {
    "ignored": "ignored by git",
    "excluded": "excluded",
    "skipped": "skipped",
    "bundle": "evidence bundle{s}",
    "own": "of jwksgov itself",
    "link": "link{s} out of the folder or to nothing",
    "special": "pipe{s}, socket{s} or device{s}",
}


def describe_not_read(rows: Iterable[NotRead]) -> str:
    """As `1 file and 1 folder ignored by git (a.yaml, build/), 2 folders skipped (node_modules/, web/node_modules/)`; empty
    where nothing was left out.
    """
    return ", ".join(map(_describe, rows))


def _describe(row: NotRead) -> str:
    words = _WORDS[row.reason]
    total = row.files + row.folders
    shown = f" ({', '.join(row.first)}{', …' if total > len(row.first) else ''})" if row.first else ""
    if "{s}" in words:
        return f"{total} {words.format(s='s' * (total != 1))}{shown}"
    counts = [f"{count} {noun}{'s' * (count != 1)}" for count, noun in ((row.files, "file"), (row.folders, "folder")) if count]
    return f"{' and '.join(counts)} {words}{shown}"
