"""The result of a run for each control of a framework: five outcomes, and the tested part of the control.

A control is never passed: rules test a part of it, so the best outcome is "no failing evidence for the part tested". Weak
mappings do not count. A waiver does not change the outcome; it is reported beside it. Preview rules count here, although they
never fail a build.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from scanner.findings.answers import count_subjects
from scanner.findings.asked_rule import AnswerCounts, AskedRule
from scanner.findings.model import KindResults
from scanner.findings.policies import (
    AliasEntry,
    ControlEntry,
    ControlResult,
    FrameworkEntry,
    MappingEntry,
    Outcome,
    RuleEvidence,
)
from scanner.pack.model import Control, ControlMapping, Framework
from scanner.subjects.kinds import kind_named

# the words of reports; a good outcome must have no other word, above all not "compliant" or "passed"
OUTCOMES: dict[Outcome, str] = {
    "fail": "failing evidence",
    "undetermined": "undetermined",
    "no_failing_evidence": "no failing evidence for the part tested",
    "not_assessed": "not assessed",
    "not_assessable": "not assessable",
}


def assess_frameworks(
    frameworks: Iterable[Framework], rules: Sequence[AskedRule], results: Mapping[str, KindResults], unread: int
) -> tuple[FrameworkEntry, ...]:
    """Every framework with the outcome of each control. `unread`: how many documents could not be read and may hold more."""
    assessment = _Assessment(rules, results, unread)
    return tuple(_make_framework_entry(framework, assessment) for framework in frameworks)


def _make_framework_entry(framework: Framework, assessment: _Assessment) -> FrameworkEntry:
    return FrameworkEntry(
        id=framework.id,
        short=framework.short,
        title=framework.title,
        version=framework.version,
        url=framework.url,
        licence=framework.licence,
        limits=framework.limits,
        optional=framework.optional,
        controls=tuple(_make_control_entry(control, assessment) for control in framework.controls),
        aliases=tuple(AliasEntry(each.written, tuple(each.means), each.kind, each.note) for each in framework.aliases),
    )


def _make_control_entry(control: Control, assessment: _Assessment) -> ControlEntry:
    return ControlEntry(
        id=control.id,
        title=control.title,
        text=control.text,
        url=control.url,
        note=control.note,
        assessable=control.assessable,
        references=tuple(control.references),
        objectives=tuple(MappingEntry(each.objective, each.strength, each.why) for each in control.objectives),
        result=assessment.assess(control),
    )


class _Assessment:
    """The answers of one run, for each control in turn."""

    def __init__(self, rules: Sequence[AskedRule], results: Mapping[str, KindResults], unread: int) -> None:
        self._results = results
        self._unread = unread
        self._asked = {rule.objective for rule in rules}
        # objective → its rules that gave an answer
        self._answering: dict[str, list[AskedRule]] = {}
        for rule in rules:
            if rule.answers.passed or rule.answers.failed or rule.answers.undetermined:
                self._answering.setdefault(rule.objective, []).append(rule)

    def assess(self, control: Control) -> ControlResult:
        """The outcome of one control."""
        mapped = [mapping for mapping in control.objectives if mapping.strength != "weak"] if control.assessable else []
        ran = [(mapping, rule) for mapping in mapped for rule in self._answering.get(mapping.objective, ())]
        rules = tuple(RuleEvidence(rule.id, mapping.objective, mapping.strength, rule.answers) for mapping, rule in ran)
        counts = _total(evidence.answers for evidence in rules)
        outcome = _find_outcome(control, counts, has_run=bool(rules))
        if ran:
            part = self._part_tested(mapped, [rule for _, rule in ran])
            if outcome == "no_failing_evidence" and self._unread:
                part += f" {_count_nouns(self._unread, 'document')} could not be read and may hold more."
        else:
            part = " ".join(_explain_untested(control, [mapping.objective for mapping in mapped], self._asked))
        is_waived = outcome == "fail" and counts.waived == counts.failed
        return ControlResult(outcome, is_waived, part, counts, rules)

    def _part_tested(self, mapped: list[ControlMapping], rules: list[AskedRule]) -> str:
        objectives = {rule.objective for rule in rules}
        tested = [f"{mapping.objective} ({mapping.strength})" for mapping in mapped if mapping.objective in objectives]
        untested = [mapping.objective for mapping in mapped if mapping.objective not in objectives]
        subjects = count_subjects(self._results, frozenset(rule.id for rule in rules))
        about = _join_words([_name_subjects(count, kind) for kind, count in sorted(subjects.items())])
        rest = f"; not tested: {_join_words(untested)}" if untested else ""
        return f"Tested {_join_words(tested)}, with {_count_nouns(len(rules), 'rule')} on {about}{rest}."


def _total(counts: Iterable[AnswerCounts]) -> AnswerCounts:
    rows = [(each.passed, each.failed, each.undetermined, each.not_applicable, each.waived) for each in counts]
    return AnswerCounts(*(sum(column) for column in zip(*rows, strict=True))) if rows else AnswerCounts()


def _find_outcome(control: Control, counts: AnswerCounts, *, has_run: bool) -> Outcome:
    if not control.assessable:
        return "not_assessable"
    if not has_run:
        return "not_assessed"
    if counts.failed:
        return "fail"
    return "undetermined" if counts.undetermined else "no_failing_evidence"


def _explain_untested(control: Control, objectives: list[str], asked: set[str]) -> Iterator[str]:
    """Why no part of the control was tested; the framework's own note where there is one."""
    if not control.assessable:
        yield control.note or "No scan of keys, metadata or configuration can see it."
        return
    if not objectives:
        yield control.note or (
            "Only related in theme to the tests, which does not count."
            if control.objectives
            else "No rule gives evidence for it."
        )
    silent = [objective for objective in objectives if objective in asked]
    unasked = [objective for objective in objectives if objective not in asked]
    if silent:
        yield f"The rules for {_join_words(silent)} found nothing to judge."
    if unasked:
        yield f"This run checked no rule for {_join_words(unasked)}."


def _name_subjects(count: int, kind: str) -> str:
    declared = kind_named(kind)
    return f"{count} {declared.noun if count == 1 else declared.nouns}"


def _count_nouns(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _join_words(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
