"""Evaluating every rule for every subject: four answers, and absent evidence is never a pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from scanner.errors import Place
from scanner.facts.fact import Fact, Unknown
from scanner.facts.observe import observe
from scanner.facts.registry import facts_about
from scanner.policy.cel import EvaluationFault
from scanner.policy.compile import CompiledRule, CompiledRules
from scanner.policy.result import FAIL, PASS, Judgement, Result
from scanner.policy.select import EffectiveRule, RuleSet
from scanner.subjects.model import Subject

if TYPE_CHECKING:
    from scanner.policy.advisories import AdvisoryConditions


class Evaluator:
    """The rules of one run. Rules about a kind are compiled when the first subject of that kind arrives: an ordinary file needs
    none.
    """

    def __init__(self, rules: RuleSet, *, at: datetime) -> None:
        self._at = at
        self.rules = rules
        self._kinds: dict[str, _KindRules] = {}
        self._conditions: AdvisoryConditions | None = None

    def judge(self, subject: Subject) -> Judgement:
        """Every answer for `subject`."""
        kind = subject.ref.kind
        if kind == "known_fault":
            subject = self._settle(subject)
        if kind not in self._kinds:
            self._kinds[kind] = _KindRules(self.rules.about(kind), facts_about(kind))
        return self._kinds[kind].judge(subject, self._at)

    def _settle(self, subject: Subject) -> Subject:
        """A consumer that may have a known fault, with what is known of the advisory's condition."""
        if self._conditions is None:
            from scanner.policy.advisories import AdvisoryConditions  # few consumers have one

            self._conditions = AdvisoryConditions()
        return self._conditions.settle(subject, self._at)

    def faults(self) -> dict[str, str]:
        """Rules that read a fact without a value and without a guard, which is a fault of the rule; by rule id."""
        return {rule: because for kind in self._kinds.values() for rule, because in sorted(kind.faults.items())}


class _KindRules:
    """The compiled rules about one kind of subject, and the kind's facts."""

    def __init__(self, rules: Sequence[EffectiveRule], facts: dict[str, Fact]) -> None:
        self._compiled = CompiledRules(rules, facts)
        self._facts = facts
        self.faults: dict[str, str] = {}

    def judge(self, subject: Subject, at: datetime) -> Judgement:
        values, unknown = observe(subject, self._compiled.facts, at)
        answers, faults = self._compiled.evaluate(values)
        if FAIL not in answers and not faults:
            return Judgement(subject, answers)
        return Judgement(subject, answers, tuple(self._results(subject, answers, faults, values, unknown, at)))

    def _results(
        self,
        subject: Subject,
        answers: bytes,
        faults: Mapping[int, EvaluationFault],
        values: dict[str, Any],
        unknown: Mapping[str, Unknown],
        at: datetime,
    ) -> Iterator[Result]:
        for number, answer in enumerate(answers):
            if answer <= PASS:
                continue
            rule = self._compiled.rules[number]
            if answer == FAIL:
                yield self._make_fail(rule, subject, values, at)
            else:
                yield self._make_undetermined(rule, subject, faults[number], unknown)

    def _make_fail(self, rule: CompiledRule, subject: Subject, values: dict[str, Any], at: datetime) -> Result:
        """The rule's message and place; further facts that they name are observed only now, for a fail."""
        more = [self._facts[name] for name in rule.message_names() if name in self._facts and name not in values]
        values = values | observe(subject, more, at)[0]
        member = _find_member(rule, values)
        shown = subject.values.get(member)
        message = rule.say(values)
        if shown is not None:
            from scanner.policy.shown_value import add_value  # most values stand where they are used

            message = add_value(message, shown)
        return Result(rule.id, subject.ref, "fail", message, _place(member, subject), shown, subject.variants)

    def _make_undetermined(
        self, rule: CompiledRule, subject: Subject, fault: EvaluationFault, unknown: Mapping[str, Unknown]
    ) -> Result:
        if fault.is_missing_value and not any(name in unknown for name in rule.facts):
            self.faults.setdefault(rule.id, fault.because)
        member = rule.effective.rule.at or ""
        because = _reasons(rule, unknown, fault)
        cause = next((unknown[name].cause for name in rule.facts if name in unknown and unknown[name].cause), "")
        place = _place(member, subject)
        return Result(rule.id, subject.ref, "undetermined", because, place, variants=subject.variants, cause=cause)


def _find_member(rule: CompiledRule, values: dict[str, Any]) -> str:
    """The member that `at` names, or the first one in the fact that `at` names; empty where the rule names none."""
    member = rule.effective.rule.at or ""
    named = values.get(member) if member else None
    if named is None:
        return member
    return str(named[0]) if isinstance(named, list) and named else str(named)


def _place(member: str, subject: Subject) -> Place:
    """The place of a member, else that of the subject."""
    return subject.places.get(member, subject.ref.place)


def _reasons(rule: CompiledRule, unknown: Mapping[str, Unknown], fault: EvaluationFault) -> str:
    """Why a rule is undetermined: the Unknown facts it needs, or the exceeded budget."""
    reasons = [unknown[name].because for name in rule.facts if name in unknown]
    return "; ".join(dict.fromkeys(reasons)) if reasons else f"the rule could not be evaluated: {fault.because}"
