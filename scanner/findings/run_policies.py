"""The policies of a run, made for its report at first use."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from scanner.findings.answers import count_by_rule
from scanner.findings.asked_rule import AnswerCounts, AskedRule
from scanner.findings.model import Finding, KindResults
from scanner.pack.pack import Pack
from scanner.policy.select import EffectiveRule, RuleSet
from scanner.record import changed

# not for the text of a hook
if TYPE_CHECKING:
    from scanner.findings.policies import FrameworkEntry, ObjectiveEntry, ReferenceEntry


class RunPolicies:
    """The rules of a run with their answers. `unread`: how many documents could not be read and may contain more. `are_ours`:
    all policies came with jwksgov.
    """

    def __init__(
        self,
        effective: RuleSet,
        pack: Pack,
        results: dict[str, KindResults],
        findings: Sequence[Finding],
        unread: int,
        *,
        are_ours: bool,
    ) -> None:
        self._effective = effective
        self._pack = pack
        self._results = results
        self._findings = findings
        self._unread = unread
        self.are_ours = are_ours
        self._made: dict[str, AskedRule] = {}

    @cached_property
    def _count_answers(self) -> dict[str, AnswerCounts]:
        waived: dict[str, int] = {}
        for finding in self._findings:
            if finding.waived and finding.result == "fail":
                waived[finding.rule] = waived.get(finding.rule, 0) + 1
        counts = count_by_rule(self._results)
        return {rule: changed(found, waived=waived.get(rule, 0)) for rule, found in counts.items()}

    def rule(self, name: str) -> AskedRule:
        """One rule; KeyError for an unknown id."""
        if name not in self._made:
            self._made[name] = self._describe_rule(self._effective[name])
        return self._made[name]

    def _describe_rule(self, effective: EffectiveRule) -> AskedRule:
        rule = effective.rule
        return AskedRule(
            id=rule.id,
            codes=tuple(rule.codes),
            title=rule.title,
            severity=effective.severity,
            default_severity=rule.severity,
            about=rule.about,
            objective=rule.objective,
            status=rule.status,
            preview=effective.is_preview,
            since=rule.since,
            params=effective.params,
            rationale=" ".join(rule.rationale.split()),
            remedy=" ".join(rule.remedy.split()),
            references=tuple(rule.references),
            replaced_by=rule.replaced_by,
            when=rule.when,
            require=rule.require,
            message=rule.message,
            controls=self._pack.control_index.serving(rule.objective),
            answers=self._count_answers.get(rule.id, AnswerCounts()),
        )

    @cached_property
    def rules(self) -> tuple[AskedRule, ...]:
        """The checked rules, by id."""
        return tuple(self.rule(each.rule.id) for each in self._effective)

    @cached_property
    def objectives(self) -> tuple[ObjectiveEntry, ...]:
        """The control objectives, in the order of their files."""
        from scanner.findings.policies import ObjectiveEntry

        found = self._pack.control_index.objectives
        return tuple(ObjectiveEntry(each.id, each.topic, each.title, each.description) for each in found)

    @cached_property
    def frameworks(self) -> tuple[FrameworkEntry, ...]:
        """The frameworks with the outcome of each control, in the order of their files."""
        from scanner.findings.controls import assess_frameworks

        return assess_frameworks(self._pack.control_index.frameworks, self.rules, self._results, self._unread)

    @cached_property
    def references(self) -> tuple[ReferenceEntry, ...]:
        """The citations of rules and frameworks that do not use a control's own name."""
        from scanner.findings.policies import ReferenceEntry
        from scanner.pack.references import find_citations

        frameworks = {framework.id: framework for framework in self._pack.control_index.frameworks}
        notes = find_citations((each.rule for each in self._effective), frameworks)
        return tuple(
            ReferenceEntry(each.of, each.written, each.kind, each.means, each.note, each.off_topic)
            for each in notes
            if each.kind != "exact"
        )
