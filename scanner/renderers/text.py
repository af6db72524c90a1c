"""The report for a terminal: by file, each finding with its place, source line and remedy; then the counts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TextIO

from scanner.findings.model import Finding, Report
from scanner.renderers.completeness import say_incomplete, say_not_asked
from scanner.renderers.escape import escape_text
from scanner.renderers.not_read_words import describe_not_read

_COLORS = {"critical": "1;35", "high": "31", "medium": "33", "low": "36", "info": "34"}
_MOST_CONTROLS = 4
_MOST_RULES = 4


def write(report: Report, out: TextIO, *, color: bool = False, quiet: bool = False) -> None:
    """Write the whole text; with `quiet` only fails and problems of the run, or nothing at all."""
    for line in _Text(report, color=color).lines(quiet=quiet):
        out.write(f"{line}\n")


class _Text:
    def __init__(self, report: Report, *, color: bool) -> None:
        self.report = report
        self.color = color

    def paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.color else text

    def lines(self, *, quiet: bool) -> Iterator[str]:
        report = self.report
        fails = [each for each in report.findings if each.result == "fail" and each.is_open]
        for path, findings in groupby(fails, key=lambda each: each.place.path):
            yield self.paint(escape_text(path), "1")
            explained: set[str] = set()
            for finding in findings:
                yield from self.finding(finding, explained)
            yield ""
        if not quiet:
            yield from self.write_undetermined(report)
            yield from self.write_waived(report)
        for notice in report.notices:
            where = f"{escape_text(str(notice.place))}: " if notice.place else ""
            yield f"{self.paint('note', '36')}: {where}{escape_text(notice.message)}"
        if not quiet:
            if report.notices:
                yield ""
            yield from self.summary(report)

    def finding(self, finding: Finding, explained: set[str]) -> Iterator[str]:
        severity = self.paint(finding.severity, _COLORS[finding.severity])
        preview = " (preview: never fails)" if finding.preview else ""
        yield f"  {escape_text(str(finding.place))}: {severity}: {escape_text(finding.message)}"
        yield f"      rule {finding.rule}{preview}{self.controls(finding)}"
        if finding.excerpt is not None:
            yield from self.excerpt(finding)
        if finding.variants or finding.related:
            yield from self.unit(finding)
        for each in finding.folded:
            yield f"      with it {each.severity}: {escape_text(each.message)} (rule {each.rule})"
        if finding.rule not in explained:
            explained.add(finding.rule)
            yield f"      help: {self.report.rule(finding.rule).remedy}"

    def unit(self, finding: Finding) -> Iterator[str]:
        """The variants, and the further places of the value."""
        from scanner.renderers.unit_words import list_others, say_edit, say_place, say_variants  # most findings lie in one file

        if variants := say_variants(finding):
            yield f"      {escape_text(variants)}"
        for place in list_others(finding):
            yield f"      also {escape_text(say_place(place))}"
        if edit := say_edit(finding):
            yield f"      {escape_text(edit)}"

    def controls(self, finding: Finding) -> str:
        direct = [control.label for control in self.report.rule(finding.rule).controls if control.strength == "direct"]
        more = f" and {len(direct) - _MOST_CONTROLS} more" if len(direct) > _MOST_CONTROLS else ""
        return f" · {', '.join(direct[:_MOST_CONTROLS])}{more}" if direct else ""

    def excerpt(self, finding: Finding) -> Iterator[str]:
        line, column = finding.place.line or 1, finding.place.column or 1
        text = finding.excerpt or ""
        # tabs and escaped characters would move the caret
        yield f"      {line} | {escape_text(text)}"
        if text[: column - 1].isprintable() and column <= len(text):
            yield f"      {' ' * len(str(line))} | {' ' * (column - 1)}{self.paint('^', '1;31')}"

    def write_undetermined(self, report: Report) -> Iterator[str]:
        """One line for each file and reason: a template leaves many rules open for one cause."""
        if not any(each.result == "undetermined" and each.is_open for each in report.findings):
            return
        from scanner.renderers.open_causes import open_causes  # a clean commit has none

        yield self.paint("undetermined", "1")
        for cause in open_causes((each for each in report.findings if each.is_open), by_subject=False):
            where, why = escape_text(str(cause.first.place)), escape_text(cause.head.message)
            yield f"  {where}: {why} ({cause.say_rules(_MOST_RULES)})"
        yield ""

    def write_waived(self, report: Report) -> Iterator[str]:
        waived = [finding for finding in report.findings if finding.waiver is not None and finding.result == "fail"]
        if not waived:
            return
        yield self.paint("waived", "1")
        for finding in waived:
            assert finding.waiver is not None
            owner = f", {escape_text(finding.waiver.owner)}" if finding.waiver.owner else ""
            until = f", until {escape_text(finding.waiver.expires)}" if finding.waiver.expires else ", without an end"
            reason = escape_text(finding.waiver.reason) or "no reason given"
            yield f"  {escape_text(str(finding.place))}: {finding.rule}: {reason}{owner}{until}"
        yield ""

    def summary(self, report: Report) -> Iterator[str]:
        summary = report.summary
        counts = [
            f"{self.paint(str(count), _COLORS[severity])} {severity}"
            for severity, count in summary.by_severity.items()
            if count
        ]
        unwaived = sum(summary.by_severity.values())
        yield f"{unwaived} failed{': ' + ', '.join(counts) if counts else ''}"
        yield (
            f"{summary.passed} passed, {summary.undetermined} undetermined, "
            f"{summary.not_applicable} not applicable, {summary.waived} waived"
            f"{f', {summary.folded} told with the failure they follow from' if summary.folded else ''}"
        )
        unread = f", {summary.unparsed} of them not readable" if summary.unparsed else ""
        yield f"{summary.files} file{'s' * (summary.files != 1)} looked at, {summary.relevant} relevant{unread}"
        if not_read := describe_not_read(report.run.not_read):
            yield f"not read: {escape_text(not_read)}"
        if summary.issuers_asked:
            missed = f", {summary.issuers_unreached} of them not reached" if summary.issuers_unreached else ""
            yield f"{summary.issuers_asked} issuer{'s' * (summary.issuers_asked != 1)} asked{missed}"
        if report.run.baseline is not None:
            states = ", ".join(f"{number} {state}" for state, number in summary.by_baseline_state.items())
            yield f"against the baseline {escape_text(report.run.baseline.path)}: {states}"
        fails_at = f"{report.run.fail_on} and above" if report.run.fail_on else "nothing"
        yield f"profile {report.run.profile}, {summary.rules} rules; fails on {fails_at}"
        if not_asked := say_not_asked(report):
            yield f"not asked, by this profile or the configuration: {not_asked}"
        if incomplete := say_incomplete(report):
            yield f"not complete: {incomplete}"
