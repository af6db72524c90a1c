"""Asking every rule of every subject: four answers, and absent evidence is never a pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from scanner.errors import Place
from scanner.facts.fact import Absent, Fact, Unknown
from scanner.facts.registry import facts_about
from scanner.policy.cel import Environment, Fault
from scanner.policy.compile import NOT_APPLICABLE, PASS, CompiledRule, compile_rule, parameters_of
from scanner.policy.result import Result
from scanner.policy.select import EffectiveRule
from scanner.subjects.model import Subject


class Judge:
    """The rules of one run. Rules of a kind are compiled when the first subject of that kind arrives: an ordinary file
    costs none. `not_applicable` counts per rule.
    """

    def __init__(self, rules: Iterable[EffectiveRule], *, at: datetime) -> None:
        self._at = at
        self._rules: dict[str, list[EffectiveRule]] = {}
        for rule in rules:
            self._rules.setdefault(rule.rule.about, []).append(rule)
        self._benches: dict[str, _Bench] = {}
        self.not_applicable: dict[str, int] = {}

    def judge(self, subject: Subject) -> Iterator[Result]:
        """Every answer for `subject`, in the order of rule ids; not applicable is only counted."""
        kind = subject.ref.kind
        if kind not in self._benches:
            self._benches[kind] = _Bench(self._rules.get(kind, []), facts_about(kind))
        return self._benches[kind].judge(subject, self._at, self.not_applicable)

    def faults(self) -> dict[str, str]:
        """Rules that read a fact without a value and without a guard: a fault of the rule, by rule id."""
        return {rule: because for bench in self._benches.values() for rule, because in sorted(bench.faults.items())}


class _Bench:
    """The compiled rules about one kind of subject, and the facts that they need."""

    def __init__(self, rules: list[EffectiveRule], facts: dict[str, Fact]) -> None:
        self.rules = [compile_rule(rule, facts) for rule in rules]
        needed = {name for rule in self.rules for name in (*rule.facts, *rule.message_names)}
        self.facts = [facts[name] for name in sorted(needed)]
        self.parameters = {name: value for rule in self.rules for name, value in parameters_of(rule).items()}
        self.faults: dict[str, str] = {}
        self.environment = Environment({fact.name: fact.type for fact in self.facts}, "subject")

    def judge(self, subject: Subject, at: datetime, not_applicable: dict[str, int]) -> Iterator[Result]:
        values, unknown = observe(subject, self.facts, at)
        activation = self.environment.activation(values | self.parameters)
        for rule in self.rules:
            answer = rule.condition.evaluate(activation)
            if answer == PASS:
                yield Result(rule.id, subject.ref, "pass", "", _place(rule, subject))
            elif answer == NOT_APPLICABLE:
                not_applicable[rule.id] = not_applicable.get(rule.id, 0) + 1
            elif isinstance(answer, Fault):
                if answer.is_missing_value and not any(name in unknown for name in rule.facts):
                    self.faults.setdefault(rule.id, answer.because)
                yield Result(rule.id, subject.ref, "undetermined", _reasons(rule, unknown, answer), _place(rule, subject))
            else:
                yield Result(rule.id, subject.ref, "fail", rule.say(values), _place(rule, subject))


def observe(subject: Subject, facts: Iterable[Fact], at: datetime) -> tuple[dict[str, Any], dict[str, str]]:
    """The values of `facts` for `subject`, and for each fact that is Unknown its reason; Absent is in neither."""
    values: dict[str, Any] = {}
    unknown: dict[str, str] = {}
    for fact in facts:
        answer = fact.ask(subject.about, at=at) if fact.wants_time else fact.ask(subject.about)
        if isinstance(answer, Unknown):
            unknown[fact.name] = answer.because
        elif not isinstance(answer, Absent):
            values[fact.name] = answer
    return values, unknown


def _place(rule: CompiledRule, subject: Subject) -> Place:
    member = rule.effective.rule.at
    return subject.places.get(member, subject.ref.place) if member else subject.ref.place


def _reasons(rule: CompiledRule, unknown: dict[str, str], fault: Fault) -> str:
    """Why a rule is undetermined: the Unknown facts it asked for, or the budget it overran."""
    reasons = [unknown[name] for name in rule.facts if name in unknown]
    return "; ".join(dict.fromkeys(reasons)) if reasons else f"the rule could not be evaluated: {fault.because}"
