"""Makes the report of a run: reviewed waivers, the baseline, the counts and the exit code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from scanner.findings.answers import tabulate
from scanner.findings.model import AbsentFinding, BaselineState, Finding, KindResults, NotAsked, Report, Run, Summary
from scanner.findings.order import RANK, absent_order, finding_order, notice_order, row_order
from scanner.findings.run_policies import RunPolicies
from scanner.findings.sinks import Found
from scanner.pack.model import SEVERITIES, Severity
from scanner.pack.pack import Pack
from scanner.policy.select import RuleSet
from scanner.record import changed, record
from scanner.subjects.kinds import KINDS

if TYPE_CHECKING:
    from scanner.findings.baseline import Baseline
    from scanner.findings.document_log import DocumentLog
    from scanner.findings.sinks import AnswerSink, RowSink
    from scanner.findings.waivers.waiver_file import ReviewedWaivers
    from scanner.sources.scope import Scope


def number_findings(found: Iterable[Found]) -> list[Found]:
    """Findings in the order of the report, twins with their number."""
    ordered = sorted(found, key=lambda each: finding_order(each.finding))
    if not ordered:
        return []
    from scanner.findings.fingerprint import number_twins

    findings = number_twins(each.finding for each in ordered)
    return [Found(finding, each.names) for finding, each in zip(findings, ordered, strict=True)]


def apply_waivers(found: Iterable[Found], reviewed: ReviewedWaivers) -> list[Found]:
    """The findings with the reviewed waivers that cover them."""
    from scanner.findings.sinks import make_applied_waiver

    covered = []
    for each in number_findings(found):
        assert each.names is not None
        waiver = reviewed.find(each.finding, each.names)
        finding = each.finding if waiver is None else changed(each.finding, waiver=make_applied_waiver(waiver), waived=True)
        covered.append(Found(finding, each.names))
    return covered


@record(kw_only=True)
class RunOutcome:
    """The parts of a report. `faults`: rules that read a value without a guard. `rows` is None where no format
    lists subjects.
    """

    run: Run
    version: str
    rules: RuleSet
    pack: Pack
    found: Sequence[Found]
    answers: AnswerSink
    rows: RowSink | None
    log: DocumentLog
    faults: dict[str, str]
    fail_on_undetermined: bool


def _list_not_asked(pack: Pack, rules: RuleSet) -> tuple[NotAsked, ...]:
    """What the run leaves out, the gravest first; a deprecated rule has another in its place."""
    asked = set(rules.names)
    left_out = [
        NotAsked(name, head.severity) for name, head in pack.heads.items() if name not in asked and head.status != "deprecated"
    ]
    return tuple(sorted(left_out, key=lambda each: (SEVERITIES.index(each.severity), each.id)))


def make_report(outcome: RunOutcome, baseline: Baseline | None, scope: Scope | None) -> Report:
    """The report, in an order that does not depend on the order of the documents."""
    findings, run = [each.finding for each in number_findings(outcome.found)], outcome.run
    absent: list[AbsentFinding] = []
    if baseline is not None:
        from scanner.findings.baseline import compare

        assert scope is not None
        unread = outcome.log.unread()  # what stood there before may stand there still
        findings, absent = compare(findings, baseline, lambda path: path not in unread and scope.covers(path))
        run = changed(run, baseline=baseline.file)
    findings = _fold(findings, outcome.rules)
    log = outcome.log
    results, subjects = _tables(outcome)
    summary = _summarize(outcome, results, findings, absent, has_baseline=baseline is not None)
    code = exit_code(
        findings,
        fail_on=run.fail_on,
        has_faults=bool(outcome.faults),
        is_target_missing=log.is_target_missing or bool(log.interrupted) or log.is_nothing_reached,
        unparsed=log.open_count(),
        fail_on_undetermined=outcome.fail_on_undetermined,
    )
    return Report(
        version=outcome.version,
        run=changed(
            run,
            interrupted=tuple(sorted(log.interrupted)),
            not_read=log.not_read.rows(),
            not_asked=_list_not_asked(outcome.pack, outcome.rules),
            exit_code=code,
        ),
        pack_digest=outcome.pack.digest,
        policies=RunPolicies(
            outcome.rules, outcome.pack, results, findings, log.unread_count(), are_ours=not outcome.run.policies
        ),
        evidence=log.rows(),
        subjects=subjects,
        results=results,
        findings=tuple(findings),
        notices=tuple(sorted(log.notices, key=notice_order)),
        summary=summary,
        absent=tuple(sorted(absent, key=absent_order)),
    )


def _fold(findings: list[Finding], rules: RuleSet) -> list[Finding]:
    """The findings, with what follows from others folded into those. After waivers and baseline, which know each by itself."""
    if len(findings) < 2:
        return findings
    from scanner.findings.fold import explained_by, fold  # a clean commit has nothing to fold

    return fold(findings, explained_by(rules))


def _tables(outcome: RunOutcome) -> tuple[dict[str, KindResults], dict[str, tuple[Any, ...]]]:
    """The answers by kind, and the rows by table, both in the order of places."""
    counts = outcome.answers.counts
    if outcome.rows is None:
        return tabulate(counts, outcome.rules, {}), {}
    kept = {kind: sorted(rows, key=lambda each: row_order(each[0])) for kind, rows in outcome.rows.rows.items()}
    results = tabulate(counts, outcome.rules, {kind: [answers for _, answers in rows] for kind, rows in kept.items()})
    return results, {kind.table: tuple(row for row, _ in kept.get(kind.name, ())) for kind in KINDS}


def _summarize(
    outcome: RunOutcome,
    results: dict[str, KindResults],
    findings: Iterable[Finding],
    absent: Sequence[AbsentFinding],
    *,
    has_baseline: bool,
) -> Summary:
    letters: Counter[str] = Counter()
    for each in results.values():
        for pattern, count in zip(each.patterns, each.counts, strict=True):
            for letter in "p-":
                letters[letter] += pattern.count(letter) * count
    log = outcome.log
    summary = Summary(
        rules=len(outcome.rules),
        files=log.files,
        relevant=log.relevant,
        unparsed=log.unparsed,
        issuers_asked=len(log.issuers),
        issuers_unreached=log.issuers_unreached,
        passed=letters["p"],
        not_applicable=letters["-"],
    )
    _count_findings(summary, findings)
    if has_baseline:
        states = Counter(finding.baseline_state for finding in findings)
        known: dict[BaselineState, int] = {state: states[state] for state in ("new", "unchanged", "updated")}
        summary.by_baseline_state = known | {"absent": len(absent)}
    return summary


def _count_findings(summary: Summary, findings: Iterable[Finding]) -> None:
    severities: Counter[str] = Counter()
    for finding in findings:
        if finding.result == "undetermined":
            summary.undetermined += 1
            continue
        summary.failed += 1
        summary.folded += len(finding.folded)
        if finding.waiver is not None:
            summary.waived += 1
        else:
            severities[finding.severity] += 1
    summary.by_severity = {severity: severities[severity] for severity in SEVERITIES}


def exit_code(
    findings: Iterable[Finding],
    *,
    fail_on: Severity | None,
    has_faults: bool,
    is_target_missing: bool,
    unparsed: int,
    fail_on_undetermined: bool,
) -> int:
    """The table of the README; the first that applies. 4 is the command line's, for a fault of jwksgov itself."""
    if has_faults:
        return 2
    open_ = [each for each in findings if each.is_open]
    if fail_on is not None and any(
        each.result == "fail" and not each.preview and RANK[each.severity] <= RANK[fail_on] for each in open_
    ):
        return 1
    # a known fault whose condition no file can show is told, and is nothing that a commit could repair
    is_undecided = unparsed > 0 or any(each.result == "undetermined" and each.subject.kind != "known_fault" for each in open_)
    return 3 if is_target_missing or (fail_on_undetermined and is_undecided) else 0
