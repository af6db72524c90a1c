"""The conditions of advisories: CEL over the facts of the binding that may have the fault."""

from __future__ import annotations

from datetime import datetime

from scanner.errors import Place, PolicyError, did_you_mean
from scanner.evidence.model import KnownFault
from scanner.facts.observe import observe
from scanner.facts.registry import facts_about
from scanner.pack.advisory import Advisory
from scanner.policy.cel import BadCondition, Condition, Environment, EvaluationFault, blank_strings, names_in
from scanner.record import changed
from scanner.subjects.model import Subject, SubjectRef

# observing facts needs a subject; where it is does not matter
_NOWHERE = SubjectRef("binding", "", Place(""))


class AdvisoryConditions:
    """The conditions of one run, each compiled when a consumer of its versions is found."""

    def __init__(self) -> None:
        self._facts = facts_about("binding")
        self._environment = Environment({name: fact.type for name, fact in self._facts.items()})
        self._compiled: dict[str, Condition] = {}

    def settle(self, subject: Subject, at: datetime) -> Subject:
        """The subject with what is known of the advisory's condition."""
        fault: KnownFault = subject.about
        advisory = fault.advisory
        if fault.binding is not None and advisory.when is not None:
            return changed(subject, about=self._ask(fault, advisory, advisory.when, at))
        if advisory.condition is not None:
            because = f"that is so only where {advisory.condition.strip().rstrip('.')}, which its files do not show"
            return changed(subject, about=changed(fault, is_met=None, open_because=because))
        return changed(subject, about=changed(fault, is_met=True))

    def _ask(self, fault: KnownFault, advisory: Advisory, when: str, at: datetime) -> KnownFault:
        names = set(names_in(blank_strings(when), self._facts))
        facts = [self._facts[name] for name in sorted(names)]
        binding = Subject(_NOWHERE, fault.binding)
        values, unknown = observe(binding, facts, at)
        answer = self._condition(advisory, when).evaluate(self._environment.activation(values))
        if isinstance(answer, EvaluationFault):
            reasons = "; ".join(dict.fromkeys(each.because for each in unknown.values())) or answer.because
            return changed(fault, is_met=None, open_because=f"its condition is not known ({reasons})")
        return changed(fault, is_met=bool(answer))

    def _condition(self, advisory: Advisory, when: str) -> Condition:
        if advisory.id not in self._compiled:
            self._compiled[advisory.id] = self._environment.compile(when, "bool")
        return self._compiled[advisory.id]


def check_advisory(advisory: Advisory) -> None:
    """PolicyError with place and remedy where the condition does not compile."""
    if advisory.when is None:
        return
    facts = facts_about("binding")
    try:
        Environment({name: fact.type for name, fact in facts.items()}).compile(advisory.when, "bool")
    except BadCondition as bad:
        start = advisory.places.of("when", advisory.place)
        where = start
        if start.line is not None and start.column is not None:
            is_first = bad.line == 1
            where = Place(start.path, start.line + bad.line - 1, start.column + bad.column - 1 if is_first else None)
        words = [word for word in advisory.when.replace("(", " ").replace("!", " ").split() if word.startswith("binding.")]
        wrong = next((word.rstrip(").,") for word in words if not any(names_in(word, facts))), "")
        near = did_you_mean(wrong, tuple(facts)) if wrong else ""
        raise PolicyError(
            what=f"`when` of the advisory `{advisory.id}` does not compile: {bad.because}",
            where=where,
            remedy=f"{near}`jwksgov policy facts binding` lists every fact with its type.",
        ) from None
