"""Asking every rule of every subject: four answers, and absent evidence is never a pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from scanner.errors import Place
from scanner.facts.fact import ABSENT, Fact, Unknown
from scanner.facts.registry import facts_about
from scanner.policy.cel import Fault
from scanner.policy.compile import NOT_APPLICABLE, PASS, CompiledRule, CompiledRules
from scanner.policy.result import Result
from scanner.policy.select import EffectiveRule
from scanner.subjects.model import Subject

# what is known of a document that nobody could fetch: whose it is and which one it was to be
_KNOWN_UNREACHED = frozenset(
    {
        "issuer.label", "issuer.is_server", "issuer.is_openid_provider", "issuer.is_protected_resource",
        "issuer.is_federation_entity", "key_set.is_published",
    }
)  # fmt: skip


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
    """The compiled rules about one kind of subject, and the facts that exist about it."""

    def __init__(self, rules: list[EffectiveRule], facts: dict[str, Fact]) -> None:
        self.compiled = CompiledRules(rules, facts)
        self.known = facts
        self.faults: dict[str, str] = {}

    def judge(self, subject: Subject, at: datetime, not_applicable: dict[str, int]) -> Iterator[Result]:
        values, unknown = observe(subject, self.compiled.facts, at)
        for rule, answer in self.compiled.answers(values):
            if answer == PASS:
                yield Result(rule.id, subject.ref, "pass", "", _place(rule, subject))
            elif answer == NOT_APPLICABLE:
                not_applicable[rule.id] = not_applicable.get(rule.id, 0) + 1
            elif isinstance(answer, Fault):
                if answer.is_missing_value and not any(name in unknown for name in rule.facts):
                    self.faults.setdefault(rule.id, answer.because)
                yield Result(rule.id, subject.ref, "undetermined", _reasons(rule, unknown, answer), _place(rule, subject))
            else:
                yield self.fail(rule, subject, values, at)

    def fail(self, rule: CompiledRule, subject: Subject, values: dict[str, Any], at: datetime) -> Result:
        """The rule's sentence and place; what else they name is observed now, for a fail alone."""
        more = [self.known[name] for name in rule.said() if name in self.known and name not in values]
        values = values | observe(subject, more, at)[0]
        return Result(rule.id, subject.ref, "fail", rule.say(values), _place(rule, subject, values))


def observe(subject: Subject, facts: Iterable[Fact], at: datetime) -> tuple[dict[str, Any], dict[str, str]]:
    """The values of `facts` for `subject`, and for each fact that is Unknown its reason; Absent is in neither."""
    values: dict[str, Any] = {}
    unknown: dict[str, str] = {}
    about = subject.about
    if subject.unreached:
        facts = list(facts)
        unknown = {fact.name: subject.unreached for fact in facts if fact.name not in _KNOWN_UNREACHED}
        facts = [fact for fact in facts if fact.name in _KNOWN_UNREACHED]
    for fact in facts:
        answer = fact.ask(about, at=at) if fact.wants_time else fact.ask(about)
        if type(answer) is Unknown:
            unknown[fact.name] = answer.because
        elif answer is not ABSENT:
            values[fact.name] = answer
    return values, unknown


def _place(rule: CompiledRule, subject: Subject, values: dict[str, Any] | None = None) -> Place:
    """Where the member stands that `at` names, or the first member that the fact named by `at` lists."""
    member = rule.effective.rule.at
    named = values.get(member) if values and member else None
    if named is not None:
        member = named[0] if isinstance(named, list) and named else str(named)
    return subject.places.get(member, subject.ref.place) if member else subject.ref.place


def _reasons(rule: CompiledRule, unknown: dict[str, str], fault: Fault) -> str:
    """Why a rule is undetermined: the Unknown facts it asked for, or the budget it overran."""
    reasons = [unknown[name] for name in rule.facts if name in unknown]
    return "; ".join(dict.fromkeys(reasons)) if reasons else f"the rule could not be evaluated: {fault.because}"
