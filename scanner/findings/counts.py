"""The counts of a report and its exit code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sized

from scanner.findings.model import Finding, Summary
from scanner.findings.order import RANK
from scanner.pack.model import SEVERITIES, Severity
from scanner.policy.result import Result


def count(
    summary: Summary, results: Iterable[Result], findings: Iterable[Finding], absent: Sized, *, has_baseline: bool
) -> None:
    """Fill in what only the end of a run knows."""
    summary.passed = sum(result.answer == "pass" for result in results)
    severities: Counter[str] = Counter()
    states: Counter[str] = Counter()
    for finding in findings:
        states[finding.baseline_state or ""] += 1
        if finding.result == "undetermined":
            summary.undetermined += 1
            continue
        summary.failed += 1
        if finding.waiver is not None:
            summary.waived += 1
        else:
            severities[finding.rule.severity] += 1
    summary.by_severity = {severity: severities[severity] for severity in SEVERITIES}
    if has_baseline:
        known = {state: states[state] for state in ("new", "unchanged", "updated")}
        summary.by_baseline_state = known | {"absent": len(absent)}


def exit_code(
    findings: Iterable[Finding],
    *,
    fail_on: Severity | None,
    has_faults: bool,
    is_target_missing: bool,
    unparsed: int,
    fail_on_undetermined: bool,
) -> int:
    """The table of the README; the first that applies. 4 is the command line's, for a fault of ours."""
    if has_faults:
        return 2
    open_ = [each for each in findings if each.is_open]
    if fail_on is not None and any(
        each.result == "fail" and not each.rule.is_preview and RANK[each.rule.severity] <= RANK[fail_on] for each in open_
    ):
        return 1
    is_undecided = unparsed > 0 or any(each.result == "undetermined" for each in open_)
    return 3 if is_target_missing or (fail_on_undetermined and is_undecided) else 0
