"""Markdown for a comment on a pull request: the verdict, the counts, new and known findings; of limited length.

GitHub accepts 65,536 characters. Findings that do not fit are counted, the least severe first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TextIO

from scanner.errors import Place
from scanner.findings.model import Finding, Report
from scanner.pack.model import SEVERITIES, Severity
from scanner.renderers.completeness import say_incomplete
from scanner.renderers.markdown_page import MarkdownPage, link_place
from scanner.renderers.markdown_text import code, literal, prose
from scanner.renderers.not_read_words import describe_not_read
from scanner.renderers.open_causes import open_causes
from scanner.renderers.unit_words import say_edit, say_variants

LONGEST = 60_000
_MARKS = {"critical": "🟣", "high": "🔴", "medium": "🟠", "low": "🔵", "info": "⚪"}
_MOST_CONTROLS = 6
_MOST_RULES = 12
_VERDICTS = {
    0: "✅ **Nothing failed** at or above the chosen severity",
    1: "❌ **Failed**",
    2: "⛔ **Not judged**: a policy is at fault",
    3: "⚠️ **Incomplete**: something could not be read or assessed",
}
_NOT_ALL = "⚠️ **Nothing failed** at or above the chosen severity, but not everything could be assessed"


def write(report: Report, out: TextIO) -> None:
    """The whole comment."""
    page = MarkdownPage(LONGEST)
    page.add(*_write_head(report))
    fails = [each for each in report.findings if each.result == "fail" and each.waiver is None]
    if report.run.baseline is None:
        _write_findings(page, "Findings", fails, is_open=True)
    else:
        _write_findings(page, "New", [each for each in fails if each.baseline_state == "new"], is_open=True)
        _write_findings(
            page, "Known since the baseline", [each for each in fails if each.baseline_state != "new"], is_open=False
        )
    page.fold("What to do", list(_write_remedies(report, fails)))
    page.fold("Not assessed", list(_write_undetermined(report)))
    page.fold("Waived", list(_write_waived(report)))
    page.fold("Gone since the baseline", [f"- {link_place(each.place)} {literal(each.message)}" for each in report.absent])
    page.fold("About the run", list(_write_notices(report)))
    out.write(page.text())


def _write_head(report: Report) -> Iterator[str]:
    run, summary = report.run, report.summary
    yield "## jwksgov"
    yield ""
    fails_at = f"{run.fail_on} and above" if run.fail_on else "nothing"
    unwaived = sum(summary.by_severity.values())
    incomplete = say_incomplete(report)
    verdict = _NOT_ALL if incomplete and report.exit_code == 0 else _VERDICTS.get(report.exit_code, _VERDICTS[2])
    counts = f"{unwaived} failed, {summary.waived} waived{f' · {incomplete}' if incomplete else ''}"
    yield f"{verdict} · {counts} · fails on {fails_at}"
    yield ""
    yield f"| | {' | '.join(SEVERITIES)} |"
    yield "|---|" + "--:|" * len(SEVERITIES)
    yield _write_counts("failed", summary.by_severity)
    if run.baseline is not None:
        fails = [each for each in report.findings if each.result == "fail" and each.waiver is None]
        yield _write_counts("of these new", Counter(each.severity for each in fails if each.baseline_state == "new"))
    yield ""
    unread = f" ({summary.unparsed} of them not readable)" if summary.unparsed else ""
    yield (
        f"{summary.passed} passed, {summary.undetermined} undetermined, {summary.not_applicable} not applicable; "
        f"{summary.files} files looked at, {summary.relevant} relevant{unread}; profile {code(run.profile)}, "
        f"{summary.rules} rules, {run.clock[:10]}"
    )
    yield ""
    if not_read := describe_not_read(run.not_read):
        yield f"Not read: {literal(not_read)}"
        yield ""


def _write_counts(name: str, counts: Mapping[Severity, int]) -> str:
    return f"| {name} | {' | '.join(str(counts.get(severity, 0)) for severity in SEVERITIES)} |"


def _write_findings(page: MarkdownPage, title: str, findings: list[Finding], *, is_open: bool) -> None:
    """Findings by file; the files in the report's order; the least severe findings are left out first."""
    if findings:
        order = sorted(findings, key=lambda each: SEVERITIES.index(each.severity))
        lines = ((link_place(Place(each.place.path)), _write_line(each)) for each in order)
        page.groups(title, lines, len(findings), is_open=is_open)


def _write_line(finding: Finding) -> str:
    preview = " (preview: never fails)" if finding.preview else ""
    whose = " · ".join(literal(text) for text in (finding.environment, finding.owner) if text)
    where = link_place(finding.place, is_short=True)
    unit = " · ".join(literal(text) for text in (say_variants(finding), say_edit(finding)) if text)
    folded = "".join(f" · with it {each.severity}: {literal(each.message)} ({code(each.rule)})" for each in finding.folded)
    return (
        f"- {_MARKS[finding.severity]} **{finding.severity}** {where} {literal(finding.message)} "
        f"· {code(finding.rule)}{preview}{' · ' if whose else ''}{whose}{' · ' if unit else ''}{unit}{folded}"
    )


def _write_remedies(report: Report, fails: Iterable[Finding]) -> Iterator[str]:
    """One line for each rule, the most severe first."""
    asked = map(report.rule, {each.rule for each in fails})
    for rule in sorted(asked, key=lambda each: (SEVERITIES.index(each.severity), each.id)):
        direct = [each.label for each in rule.controls if each.strength == "direct"]
        more = f" and {len(direct) - _MOST_CONTROLS} more" if len(direct) > _MOST_CONTROLS else ""
        controls = f" Bears on {', '.join(code(each) for each in direct[:_MOST_CONTROLS])}{more}." if direct else ""
        yield f"- {code(rule.id)} {prose(rule.remedy)}{controls}"


def _write_undetermined(report: Report) -> Iterator[str]:
    """One line for each file and reason: a template leaves many rules open for one cause."""
    for cause in open_causes(report.findings, by_subject=False):
        yield f"- {link_place(cause.first.place)} {literal(cause.head.message)} ({cause.say_rules(_MOST_RULES)})"


def _write_waived(report: Report) -> Iterator[str]:
    for finding in report.findings:
        waiver = finding.waiver
        if waiver is not None and finding.result == "fail":
            owner = f", {literal(waiver.owner)}" if waiver.owner else ""
            until = f"until {literal(waiver.expires)}" if waiver.expires else "without an end"
            reason = literal(waiver.reason) or "no reason given"
            yield f"- {link_place(finding.place)} {code(finding.rule)} {reason}{owner}, {until}"


def _write_notices(report: Report) -> Iterator[str]:
    for notice in report.notices:
        where = f"{link_place(notice.place)} " if notice.place else ""
        yield f"- {where}{literal(notice.message)}"
