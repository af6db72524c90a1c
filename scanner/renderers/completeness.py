"""What a run could not reach, read or decide, in the words of every format's first or last line."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.findings.model import Report


def say_incomplete(report: Report) -> str:
    """`3 of 3 issuers not reached, 2 documents not assessed`; empty where everything was."""
    return ", ".join(_list_incomplete(report))


def _list_incomplete(report: Report) -> Iterator[str]:
    summary = report.summary
    if summary.issuers_unreached:
        yield f"{summary.issuers_unreached} of {_count(summary.issuers_asked, 'issuer')} not reached"
    if unreadable := sum(each.kind == "unreadable" for each in report.notices):
        yield f"{_count(unreadable, 'file or folder', 'files or folders')} not read"
    if summary.unparsed:
        yield f"{_count(summary.unparsed, 'document')} not assessed"
    if summary.undetermined:
        yield f"{_count(summary.undetermined, 'question')} undetermined"


def _count(number: int, noun: str, nouns: str = "") -> str:
    return f"{number} {noun if number == 1 else nouns or noun + 's'}"
