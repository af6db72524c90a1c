"""A rule's condition and message, checked against the fact registry when they are loaded, never at midnight in a scan."""

from __future__ import annotations

import re
from typing import Any

from scanner.errors import Place, PolicyError, did_you_mean
from scanner.facts.fact import Fact
from scanner.policy.cel import BadCondition, Condition, Environment
from scanner.policy.select import EffectiveRule
from scanner.record import record

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")

# what the combined condition answers
NOT_APPLICABLE, PASS, FAIL = 0, 1, 2


@record
class CompiledRule:
    """A rule ready to be asked: one expression for `when` and `require`, and the facts it and its message need."""

    effective: EffectiveRule
    condition: Condition
    facts: tuple[str, ...]
    message_names: tuple[str, ...]

    @property
    def id(self) -> str:
        """The rule's id."""
        return self.effective.rule.id

    def say(self, values: dict[str, Any]) -> str:
        """The rule's sentence with the facts filled in; a fact without a value shows as `unknown`."""
        params = self.effective.params
        return _PLACEHOLDER.sub(
            lambda found: _show(params[found[1][7:]] if found[1].startswith("params.") else values.get(found[1], "unknown")),
            self.effective.rule.message,
        )


def compile_rule(effective: EffectiveRule, facts: dict[str, Fact]) -> CompiledRule:
    """Compile a rule about one kind of subject, whose `facts` are given by name; PolicyError with place and remedy."""
    rule = effective.rule
    container = _container(rule.id)
    variables = {name: fact.type for name, fact in facts.items()}
    for name, param in rule.params.items():
        variables[f"{container}.params.{name}"] = _type_of(param.default)
    environment = Environment(variables, container)
    when = rule.when or "true"
    try:
        condition = environment.compile(f"({when}) ? (({rule.require}) ? {PASS} : {FAIL}) : {NOT_APPLICABLE}", "int")
    except BadCondition as joined:
        _explain(environment, effective, facts)
        raise PolicyError(
            what=f"the condition of `{rule.id}` does not compile: {joined.because}",
            where=rule.place,
            remedy="Correct `when` or `require`; `jwksgov policy facts` lists every fact.",
        ) from None
    unknown = _unknown_names(rule.message, facts, effective)
    if unknown is not None:
        raise PolicyError(
            what=f"the message of `{rule.id}` names `{unknown}`, which is no fact or parameter",
            where=rule.places.get("message", rule.place),
            remedy=f"{did_you_mean(unknown, tuple(facts))}`jwksgov policy facts` lists every fact.",
        )
    asked = condition.names & facts.keys()
    said = {name for name in _PLACEHOLDER.findall(rule.message) if name in facts}
    return CompiledRule(effective=effective, condition=condition, facts=tuple(sorted(asked)), message_names=tuple(sorted(said)))


def parameters_of(rule: CompiledRule) -> dict[str, Any]:
    """The rule's parameters under the names they have in a shared activation."""
    container = _container(rule.id)
    return {f"{container}.params.{name}": value for name, value in rule.effective.params.items()}


def _container(rule_id: str) -> str:
    """Where a rule's parameters live, so that those of two rules can share one activation."""
    return "r_" + rule_id.replace("-", "_")


def _explain(environment: Environment, effective: EffectiveRule, facts: dict[str, Fact]) -> None:
    """Compile `when` and `require` apart, so that the error gets its true place in the file."""
    rule = effective.rule
    for member, text in (("when", rule.when), ("require", rule.require)):
        if text is None:
            continue
        try:
            environment.compile(text, "bool")
        except BadCondition as bad:
            start = rule.places.get(member, rule.place)
            where = _place(start, bad)
            name = re.search(r"undeclared reference to '([^']+)'", bad.because)
            if name is None:
                raise PolicyError(
                    what=f"`{member}` does not compile: {bad.because}",
                    where=where,
                    remedy="Correct the condition; `jwksgov policy facts` lists every fact with its type.",
                ) from None
            known = (*facts, *(f"params.{param}" for param in rule.params))
            noun = "parameter" if name[1].startswith("params") else "fact"
            written = _chain_at(text, bad, name[1])
            raise PolicyError(
                what=f"unknown {noun} `{written}`",
                where=where,
                remedy=f"{did_you_mean(written, known)}`jwksgov policy facts` lists every fact.",
            ) from None


def _place(start: Place, bad: BadCondition) -> Place:
    """Where in the file a fault of the condition stands. A block scalar's text starts on the line below its `|` or `>`,
    so there the line alone is told.
    """
    if start.line is None or start.column is None:
        return start
    if bad.line == 1:
        return Place(start.path, start.line, start.column + bad.column - 1)
    return Place(start.path, start.line + bad.line - 1)


def _chain_at(text: str, bad: BadCondition, name: str) -> str:
    """The whole dotted name at the fault: CEL reports only its head for some."""
    lines = text.split("\n")
    if bad.line <= len(lines):
        for found in re.finditer(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*", lines[bad.line - 1]):
            if found[0].startswith(name):
                return found[0]
    return name


def _unknown_names(message: str, facts: dict[str, Fact], effective: EffectiveRule) -> str | None:
    for name in _PLACEHOLDER.findall(message):
        if name not in facts and name.removeprefix("params.") not in effective.params:
            return str(name)
    return None


def _type_of(value: object) -> str:
    if isinstance(value, list):
        return "list[int]" if value and all(type(item) is int for item in value) else "list[str]"
    return type(value).__name__


def _show(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
