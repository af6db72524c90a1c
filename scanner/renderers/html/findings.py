"""Section 8: findings, grouped by rule, so that common text is printed once and ten thousand rows stay readable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from scanner.findings.asked_rule import AskedRule
from scanner.findings.model import Finding, Report
from scanner.pack.model import SEVERITIES, Severity
from scanner.record import changed, record
from scanner.renderers.html.words import prose, short_name
from scanner.renderers.open_causes import OpenCause, open_causes
from scanner.renderers.unit_words import list_others, say_edit, say_place, say_variants
from scanner.subjects.kinds import KINDS

_MOST_OPEN = 120  # up to this many findings the groups are open at first


@record
class FindingRow:
    """One finding. `number` is how the other sections refer to it; `state` is fail, undetermined or waived. `rules`: those
    without a finding of their own that are told here, so that other sections can lead here.
    """

    number: str
    state: str
    severity: Severity
    message: str
    path: str
    line: str
    excerpt: str | None
    notes: tuple[str, ...]
    rules: tuple[str, ...] = ()


@record
class Criterion:
    """The controls of one framework that a rule's objective is evidence for."""

    framework: str
    controls: str


@record
class RuleGroup:
    """Everything about one rule with findings."""

    rule_id: str
    title: str
    severity: Severity
    is_preview: bool
    counts: str
    objective: str
    codes: str
    effect: str
    remedy: str
    references: str
    params: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    rows: tuple[FindingRow, ...]
    is_open: bool


@record
class Findings:
    """The section. `numbers` has each finding's number, for the sections that refer to it."""

    total: int
    groups: tuple[RuleGroup, ...]
    severities: tuple[Severity, ...]
    numbers: dict[int, str]


def findings(report: Report) -> Findings:
    """Groups by rule: first those that fail, the most severe first; then the undetermined ones."""
    causes = {id(each.head): each for each in open_causes(report.findings, by_subject=True)}
    told = [each for each in report.findings if each.result == "fail" or id(each) in causes]
    by_rule: dict[str, list[Finding]] = {}
    for finding in told:
        by_rule.setdefault(finding.rule, []).append(finding)
    ordered = sorted(by_rule.items(), key=lambda each: _urgency(report.rule(each[0]), each[1]))
    joined = _list_homeless(told, causes, by_rule)
    numbers: dict[int, str] = {}
    for each in (finding for _, group in ordered for finding in group):
        numbers[id(each)] = f"F-{len(numbers) + 1:04}"
    for cause in causes.values():
        numbers |= {id(each): numbers[id(cause.head)] for each in cause.findings}
    is_open = len(told) <= _MOST_OPEN
    objectives = {objective.id: objective.title for objective in report.objectives}
    names = {framework.id: short_name(framework) for framework in report.frameworks}
    groups = tuple(
        _make_group(report.rule(rule), each, numbers, causes, joined, objectives, names, is_open=is_open)
        for rule, each in ordered
    )
    present = {group.severity for group in groups}
    return Findings(len(told), groups, tuple(each for each in SEVERITIES if each in present), numbers)


def _list_homeless(
    told: Iterable[Finding], causes: Mapping[int, OpenCause], by_rule: Mapping[str, object]
) -> dict[int, tuple[str, ...]]:
    """Finding → the rules that are told there first, and have no finding of their own."""
    seen = set(by_rule)
    joined: dict[int, tuple[str, ...]] = {}
    for finding in told:
        open_rules = causes[id(finding)].rules if id(finding) in causes else ()
        new = [rule for rule in dict.fromkeys((*open_rules, *(each.rule for each in finding.folded))) if rule not in seen]
        if new:
            seen |= set(new)
            joined[id(finding)] = tuple(new)
    return joined


def nouns_of(kind: str) -> str:
    """The plural noun for the subjects of a kind; a stored report may have kinds that this version does not know."""
    return next((each.nouns for each in KINDS if each.name == kind), kind)


def state(finding: Finding) -> str:
    """The answer, and the waiver beside it: a waived fail is a fail."""
    if finding.result == "fail" and finding.waiver is not None:
        return "waived"
    return finding.result


def _urgency(rule: AskedRule, group: list[Finding]) -> tuple[int, int, int, str]:
    failed = sum(state(each) == "fail" for each in group)
    return (0 if failed else 1, SEVERITIES.index(rule.severity), -failed, rule.id)


def _make_group(
    rule: AskedRule,
    found: list[Finding],
    numbers: Mapping[int, str],
    causes: Mapping[int, OpenCause],
    joined: Mapping[int, tuple[str, ...]],
    objectives: Mapping[str, str],
    names: Mapping[str, str],
    *,
    is_open: bool,
) -> RuleGroup:
    return RuleGroup(
        rule_id=rule.id,
        title=rule.title,
        severity=rule.severity,
        is_preview=rule.preview,
        counts=_count_results(found),
        objective=objectives.get(rule.objective, rule.objective),
        codes=", ".join(rule.codes),
        effect=prose(rule.rationale),
        remedy=prose(rule.remedy),
        references=", ".join(rule.references),
        params=tuple(f"{name}: {value}" for name, value in rule.params.items()),
        criteria=tuple(_list_criteria(rule, names)),
        rows=tuple(
            changed(_make_row(each, numbers[id(each)], causes.get(id(each))), rules=joined.get(id(each), ())) for each in found
        ),
        is_open=is_open,
    )


def _count_results(found: Iterable[Finding]) -> str:
    states = [state(each) for each in found]
    words = (("fail", "failed"), ("waived", "failed and waived"), ("undetermined", "undetermined"))
    return ", ".join(f"{states.count(name):,} {word}" for name, word in words if name in states)


def _list_criteria(rule: AskedRule, names: Mapping[str, str]) -> Iterator[Criterion]:
    by_framework: dict[str, list[str]] = {}
    for each in rule.controls:
        by_framework.setdefault(each.framework, []).append(f"{each.control} ({each.strength})")
    for framework, controls in by_framework.items():
        yield Criterion(names.get(framework, framework), ", ".join(controls))


def _make_row(finding: Finding, number: str, cause: OpenCause | None) -> FindingRow:
    place = finding.place
    line = ":".join(str(part) for part in (place.line, place.column) if part is not None)
    return FindingRow(
        number=number,
        state=state(finding),
        severity=finding.severity,
        message=finding.message,
        path=place.path,
        line=f":{line}" if line else "",
        excerpt=finding.excerpt.strip() if finding.excerpt else None,
        notes=(*_list_notes(finding), *_list_joined(finding, cause)),
    )


def _list_joined(finding: Finding, cause: OpenCause | None) -> Iterator[str]:
    """What is told with the finding: the fails that follow from it, the rules that are open for the same reason."""
    for each in finding.folded:
        yield f"with it {each.severity}: {each.message} ({each.rule})"
    if cause is not None and len(cause.findings) > 1:
        yield f"open for this reason: {cause.say_rules()}"


def _list_notes(finding: Finding) -> Iterator[str]:
    """The notes beside the answer: waiver, change, environment and owner."""
    if finding.waiver is not None:
        yield f"until {finding.waiver.expires}" if finding.waiver.expires else "without an end"
    if finding.baseline_state in ("new", "updated"):
        yield finding.baseline_state
    if finding.environment:
        yield finding.environment
    if finding.owner:
        yield f"owner {finding.owner}"
    if variants := say_variants(finding):
        yield variants
    for place in list_others(finding):
        yield f"also {say_place(place)}"
    if edit := say_edit(finding):
        yield edit
