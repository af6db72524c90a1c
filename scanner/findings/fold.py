"""One cause, one finding: a fail that follows from another one about the same subject is told with it.

The relation is in the rules (`explains`). Answers and controls keep each result. A cause that a waiver accepts explains
nothing: whoever accepted the one has not accepted the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scanner.findings.model import Finding, FoldedFinding
from scanner.findings.order import RANK
from scanner.policy.select import RuleSet
from scanner.record import changed


def explained_by(rules: RuleSet) -> dict[str, frozenset[str]]:
    """Rule → the rules that it explains, of those that explain any."""
    return {each.rule.id: frozenset(each.rule.explains) for each in rules if each.rule.explains}


def fold(findings: Sequence[Finding], explains: Mapping[str, frozenset[str]]) -> list[Finding]:
    """The findings, each fail that another one explains within that one. The order stays."""
    if not any(each.rule in explains for each in findings):
        return list(findings)
    subjects: dict[tuple[str, str], list[int]] = {}
    for number, finding in enumerate(findings):
        if finding.result == "fail" and finding.waiver is None:
            subjects.setdefault((finding.subject.kind, finding.subject.id), []).append(number)
    cause_of: dict[int, int] = {}
    for numbers in subjects.values():
        cause_of |= _find_causes(numbers, findings, explains)
    folded: dict[int, list[int]] = {}
    for number in cause_of:
        folded.setdefault(_find_first_cause(number, cause_of), []).append(number)
    return [
        changed(each, folded=tuple(_make_folded(findings[other]) for other in sorted(folded[number])))
        if number in folded
        else each
        for number, each in enumerate(findings)
        if number not in cause_of
    ]


def _find_causes(numbers: Sequence[int], findings: Sequence[Finding], explains: Mapping[str, frozenset[str]]) -> dict[int, int]:
    """Of the fails about one subject: each that follows → the one that explains it."""
    found: dict[int, int] = {}
    for cause in numbers:
        explained = explains.get(findings[cause].rule)
        if explained is None:
            continue
        for number in numbers:
            finding = findings[number]
            if number not in found and finding.rule in explained and _can_tell(findings[cause], finding):
                found[number] = cause
    return found


def _can_tell(cause: Finding, finding: Finding) -> bool:
    """Whether the finding is as visible within its cause: that one is as severe, fails a run as well, is as new and holds in
    all variants in which the finding does.
    """
    is_as_loud = RANK[cause.severity] <= RANK[finding.severity] and (finding.preview or not cause.preview)
    is_as_new = cause.is_open or not finding.is_open
    return is_as_loud and is_as_new and (not cause.variants or set(finding.variants) <= set(cause.variants))


def _find_first_cause(number: int, cause_of: Mapping[int, int]) -> int:
    """The cause that follows from no other one. Rules explain none that explains them (checked when they are loaded)."""
    while number in cause_of:
        number = cause_of[number]
    return number


def _make_folded(finding: Finding) -> FoldedFinding:
    return FoldedFinding(
        rule=finding.rule,
        codes=finding.codes,
        severity=finding.severity,
        message=finding.message,
        location=finding.location,
        fingerprint=finding.fingerprint,
        stable_fingerprint=finding.stable_fingerprint,
        baseline_state=finding.baseline_state,
    )
