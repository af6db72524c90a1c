"""What a run says about each control of a framework: five outcomes, and which part of the control was tested.

A control is never passed: rules test a part of it, so the best outcome is "no failing evidence for the part tested". Weak
mappings count for nothing. A waiver does not change the outcome; it is told beside it. Preview rules count here: that they
never fail a build does not make what they saw go away. Everything comes from the report's own rows, so a report read back
from JSON gives the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from scanner.findings.model import Finding, Report
from scanner.pack.model import Control, Framework, Mapping, Rule, Strength
from scanner.record import record

Outcome = Literal["fail", "undetermined", "no_failing_evidence", "not_assessed", "not_assessable"]
# the words for readers; no other word for a good outcome may be used, above all not "compliant" or "passed"
OUTCOMES: dict[Outcome, str] = {
    "fail": "failing evidence",
    "undetermined": "undetermined",
    "no_failing_evidence": "no failing evidence for the part tested",
    "not_assessed": "not assessed",
    "not_assessable": "not assessable",
}


@record
class Counts:
    """Answers of rules about subjects. `waived` are fails, too."""

    passed: int = 0
    failed: int = 0
    undetermined: int = 0
    waived: int = 0


@record
class RuleEvidence:
    """What one rule that ran contributes to a control, through which objective and how strongly."""

    rule: str
    objective: str
    strength: Strength
    counts: Counts


@record
class ControlResult:
    """One control's outcome. `part`: one sentence, what was tested and what was not, or why nothing was. `is_waived`: the
    outcome is a fail and every failing finding is waived. `findings`: the fails and undetermined results behind it.
    """

    framework: Framework
    control: Control
    outcome: Outcome
    is_waived: bool
    part: str
    rules: tuple[RuleEvidence, ...]
    counts: Counts
    findings: tuple[Finding, ...]


def control_results(report: Report) -> tuple[ControlResult, ...]:
    """The outcome of every control of every framework, in the order of the frameworks' files."""
    tallies = _tallies(report)
    asked = {rule.rule.objective for rule in report.rules}
    unread = report.summary.unparsed + sum(notice.kind == "unreadable" for notice in report.notices)
    unread += report.summary.issuers_unreached
    return tuple(
        _result(framework, control, tallies, asked, unread) for framework in report.frameworks for control in framework.controls
    )


class _Tally:
    """What one rule said in this run."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule.id
        self.objective = rule.objective
        self.answers = {"pass": 0, "fail": 0, "undetermined": 0}
        self.subjects: dict[str, set[str]] = {}
        self.findings: list[Finding] = []

    def counts(self) -> Counts:
        waived = sum(finding.waiver is not None and finding.result == "fail" for finding in self.findings)
        return Counts(self.answers["pass"], self.answers["fail"], self.answers["undetermined"], waived)


def _tallies(report: Report) -> dict[str, list[_Tally]]:
    """Objective → a tally for each of its rules that gave an answer, in the order of rules."""
    by_rule = {rule.rule.id: _Tally(rule.rule) for rule in report.rules}
    for result in report.results:
        tally = by_rule[result.rule]
        tally.answers[result.answer] += 1
        tally.subjects.setdefault(result.subject.kind, set()).add(result.subject.id)
    for finding in report.findings:
        by_rule[finding.rule.rule.id].findings.append(finding)
    tallies: dict[str, list[_Tally]] = {}
    for tally in by_rule.values():
        if tally.subjects:
            tallies.setdefault(tally.objective, []).append(tally)
    return tallies


def _result(
    framework: Framework, control: Control, tallies: dict[str, list[_Tally]], asked: set[str], unread: int
) -> ControlResult:
    mapped = [mapping for mapping in control.objectives if mapping.strength != "weak"] if control.assessable else []
    ran = [(mapping, tally) for mapping in mapped for tally in tallies.get(mapping.objective, ())]
    rules = tuple(RuleEvidence(tally.rule, mapping.objective, mapping.strength, tally.counts()) for mapping, tally in ran)
    counts = _total(evidence.counts for evidence in rules)
    outcome = _outcome(control, counts, has_run=bool(rules))
    if ran:
        part = _part_tested(mapped, [tally for _, tally in ran])
        if outcome == "no_failing_evidence" and unread:
            part += f" {_number(unread, 'document')} could not be read and may hold more."
    else:
        part = " ".join(_why_not(control, [mapping.objective for mapping in mapped], asked))
    return ControlResult(
        framework=framework,
        control=control,
        outcome=outcome,
        is_waived=outcome == "fail" and counts.waived == counts.failed,
        part=part,
        rules=rules,
        counts=counts,
        findings=tuple(finding for _, tally in ran for finding in tally.findings),
    )


def _total(counts: Iterable[Counts]) -> Counts:
    rows = [(each.passed, each.failed, each.undetermined, each.waived) for each in counts]
    return Counts(*(sum(column) for column in zip(*rows, strict=True))) if rows else Counts()


def _outcome(control: Control, counts: Counts, *, has_run: bool) -> Outcome:
    if not control.assessable:
        return "not_assessable"
    if not has_run:
        return "not_assessed"
    if counts.failed:
        return "fail"
    return "undetermined" if counts.undetermined else "no_failing_evidence"


def _part_tested(mapped: list[Mapping], tallies: list[_Tally]) -> str:
    objectives = {tally.objective for tally in tallies}
    tested = [f"{mapping.objective} ({mapping.strength})" for mapping in mapped if mapping.objective in objectives]
    untested = [mapping.objective for mapping in mapped if mapping.objective not in objectives]
    subjects: dict[str, set[str]] = {}
    for tally in tallies:
        for kind, ids in tally.subjects.items():
            subjects.setdefault(kind, set()).update(ids)
    about = _listed([_number(len(ids), kind.replace("_", " ")) for kind, ids in sorted(subjects.items())])
    rest = f"; not tested: {_listed(untested)}" if untested else ""
    return f"Tested {_listed(tested)}, with {_number(len(tallies), 'rule')} on {about}{rest}."


def _why_not(control: Control, objectives: list[str], asked: set[str]) -> Iterator[str]:
    """Why nothing of the control was tested; the framework's own note says it best where there is one."""
    if not control.assessable:
        yield control.note or "No scan of keys, metadata or configuration can see it."
        return
    if not objectives:
        yield control.note or (
            "Only related in theme to what is tested, which counts for nothing."
            if control.objectives
            else "Nothing that is tested is evidence for it."
        )
    silent = [objective for objective in objectives if objective in asked]
    unasked = [objective for objective in objectives if objective not in asked]
    if silent:
        yield f"The rules for {_listed(silent)} found nothing to judge."
    if unasked:
        yield f"This run asked no rule for {_listed(unasked)}."


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
