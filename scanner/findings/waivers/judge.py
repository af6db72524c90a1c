"""Judges every waiver of a run by the rules about waivers, first by those that decide whether it applies."""

from __future__ import annotations

from datetime import datetime

from scanner.facts.waiver import is_over
from scanner.policy.evaluator import Evaluator
from scanner.policy.result import FAIL, NOT_APPLICABLE, Judgement, Result
from scanner.policy.select import RuleSet
from scanner.record import changed, record
from scanner.subjects.model import Subject, Waiver, WaiverUse


@record
class LimitedWaiver:
    """A waiver judged by the limits: `judgement.subject` has the use, its answers are those about limits."""

    judgement: Judgement

    @property
    def use(self) -> WaiverUse:
        """The waiver in this run."""
        use: WaiverUse = self.judgement.subject.about
        return use

    @property
    def failed(self) -> Result | None:
        """The first limit that the waiver breaks."""
        return next((result for result in self.judgement.results if result.answer == "fail"), None)


class WaiverJudge:
    """The rules about waivers, and what they need to know of the other rules. `ids`: rule id or alias → rule id, for every rule
    in the policies, checked or not.
    """

    def __init__(self, rules: RuleSet, ids: dict[str, str], at: datetime) -> None:
        self._asked = rules
        self._ids = ids
        self._at = at
        # asked twice: preparing the conditions costs more than all their answers
        self._rules = Evaluator(rules, at=at)
        self._is_limit = {rule.rule.id: rule.rule.voids for rule in rules.about("waiver")}

    def rule(self, written: str) -> str:
        """The rule id for an id or an alias."""
        return self._ids.get(written, written)

    def use(self, waiver: Waiver, *, is_total: bool = False) -> WaiverUse:
        """A waiver before anything was matched. A rule about waivers cannot be waived."""
        asked = self._asked.get(waiver.rule)
        is_waivable = asked is not None and asked.rule.about != "waiver"
        return WaiverUse(
            waiver=waiver,
            is_rule_known=waiver.rule in self._ids,
            severity=asked.severity if asked is not None and is_waivable else None,
            is_total=is_total,
        )

    def limit(self, subject: Subject) -> LimitedWaiver:
        """Judge a waiver by the limits: one that has ended or breaks a limit does not apply."""
        judgement = self._keep(self._rules.judge(subject), limits=True)
        # an end date counts with every profile
        is_past = is_over.ask(subject.about, at=self._at) is True
        applies = not is_past and FAIL not in judgement.answers
        return LimitedWaiver(changed(judgement, subject=changed(subject, about=changed(subject.about, applies=applies))))

    def finish(self, limited: LimitedWaiver, *, matches: int, is_scope_complete: bool) -> Judgement:
        """A waiver at the end of the run, with every answer about it, in the order of rule ids."""
        use = changed(limited.use, matches=matches, is_scope_complete=is_scope_complete)
        others = self._keep(self._rules.judge(changed(limited.judgement.subject, about=use)), limits=False)
        pairs = zip(self._is_limit.values(), limited.judgement.answers, others.answers, strict=True)
        answers = bytes(of_limits if is_limit else of_others for is_limit, of_limits, of_others in pairs)
        return Judgement(others.subject, answers, (*limited.judgement.results, *others.results))

    def _keep(self, judgement: Judgement, *, limits: bool) -> Judgement:
        """The judgement with the answers about limits alone, or with the others alone."""
        is_kept = [is_limit == limits for is_limit in self._is_limit.values()]
        answers = bytes(answer if kept else NOT_APPLICABLE for kept, answer in zip(is_kept, judgement.answers, strict=True))
        results = tuple(each for each in judgement.results if self._is_limit[each.rule] == limits)
        return Judgement(judgement.subject, answers, results)

    def faults(self) -> dict[str, str]:
        """Rules about waivers that read a fact without a value."""
        return self._rules.faults()
