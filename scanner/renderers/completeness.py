"""What a run could not reach, read or decide, in the words of every format's first or last line."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.findings.model import Report
from scanner.pack.model import Severity

_GRAVE: tuple[Severity, ...] = ("critical", "high")
_MOST_NAMED = 3


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
        yield f"{_count(summary.undetermined, 'question')} undetermined{_name_grave(report)}"


def _name_grave(report: Report) -> str:
    """The rules whose answer would matter most: what is open is no pass."""
    open_rules = {(each.severity, each.rule) for each in report.findings if each.result == "undetermined" and each.is_open}
    grave = [f"{rule} ({severity})" for severity in _GRAVE for each, rule in sorted(open_rules) if each == severity]
    if not grave:
        return ""
    more = f" and {len(grave) - _MOST_NAMED} more rules" if len(grave) > _MOST_NAMED else ""
    return f", among them {', '.join(grave[:_MOST_NAMED])}{more}"


def say_not_asked(report: Report) -> str:
    """`27 rules, of them critical: key-known-weak, rsa-prime-smooth`; empty where the run asked every rule."""
    rules = report.run.not_asked
    if not rules:
        return ""
    critical = [each.id for each in rules if each.severity == "critical"]
    named = f", of them critical: {', '.join(critical)}" if critical else ", none of them critical"
    return f"{_count(len(rules), 'rule')}{named}"


def _count(number: int, noun: str, nouns: str = "") -> str:
    return f"{number} {noun if number == 1 else nouns or noun + 's'}"
