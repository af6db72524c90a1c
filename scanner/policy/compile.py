"""Rules' conditions and messages, checked against the fact registry when policies load, before any scan.

All rules about one kind of subject share one environment, and their conditions are evaluated in lists of some dozens: preparing
an environment's first expression costs more than all others, and a list costs a sixth of its items one by one. A list with one
failing item fails as a whole; its rules are then evaluated one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from scanner.errors import Place, PolicyError, did_you_mean
from scanner.facts.fact import Fact
from scanner.patterns import lazy_pattern
from scanner.policy.cel import BadCondition, Condition, Environment, EvaluationFault, blank_strings, names_in
from scanner.policy.places import places_about
from scanner.policy.result import FAIL, NOT_APPLICABLE, PASS, UNDETERMINED
from scanner.policy.select import EffectiveRule
from scanner.policy.stored_conditions import key_of, stored_conditions
from scanner.record import record

if TYPE_CHECKING:
    from scanner.policy.functions import Function

_PLACEHOLDER = lazy_pattern(r"\{([^{}]*)\}")
_PARAMS = lazy_pattern(r"(?<![\w.])params\.")
# how many rules are evaluated as one list: enough to share the cost, few enough that one error repeats little
_TOGETHER = 40


@record
class CompiledRule:
    """A rule ready for evaluation: `condition` is one expression for `when` and `require`, `facts` are those it refers to."""

    effective: EffectiveRule
    condition: str
    facts: tuple[str, ...]

    @property
    def id(self) -> str:
        """The rule's id."""
        return self.effective.rule.id

    def message_names(self) -> tuple[str, ...]:
        """The facts and parameters in the rule's message, and the fact or member that its finding points to."""
        rule = self.effective.rule
        return (*_PLACEHOLDER.findall(rule.message), rule.at or "")

    def say(self, values: dict[str, Any]) -> str:
        """The rule's message with the facts filled in; a fact without a value shows as `unknown`."""
        params = self.effective.params
        return _PLACEHOLDER.sub(
            lambda found: _show(params[found[1][7:]] if found[1].startswith("params.") else values.get(found[1], "unknown")),
            self.effective.rule.message,
        )


class CompiledRules:
    """The rules about one kind of subject, in one environment. `facts` are those that some condition refers to; `parameters`
    are the rules' parameters by their names in the environment.
    """

    def __init__(self, rules: Sequence[EffectiveRule], facts: dict[str, Fact]) -> None:
        """Compile; PolicyError with place and remedy for the first rule that does not."""
        self.parameters = {
            f"{_name_container(each.rule.id)}.params.{name}": value for each in rules for name, value in each.params.items()
        }
        types = {
            f"{_name_container(each.rule.id)}.params.{name}": _find_type(each.rule.params[name].default)
            for each in rules
            for name in each.params
        }
        self._types = {name: fact.type for name, fact in facts.items()} | types
        self._environment = Environment(self._types, _list_functions(rules))
        self.rules = tuple(_compile_rule(each, facts) for each in rules)
        needed = {name for rule in self.rules for name in rule.facts}
        self.facts = tuple(fact for name, fact in facts.items() if name in needed)
        self._alone: dict[str, Condition] = {}
        try:
            self._lists = tuple(self._list(self.rules[at : at + _TOGETHER]) for at in range(0, len(self.rules), _TOGETHER))
        except BadCondition:
            for each in rules:
                _explain(each, facts)
            raise

    def evaluate(self, values: dict[str, Any]) -> tuple[bytes, dict[int, EvaluationFault]]:
        """The answer of each rule for a subject with the facts `values`, a byte for each rule, and by the rule's number the
        Fault of each that is UNDETERMINED.
        """
        activation = self._environment.activation(values | self.parameters)
        answers = bytearray()
        faults: dict[int, EvaluationFault] = {}
        for rules, together in self._lists:
            found = together.evaluate(activation)
            if isinstance(found, EvaluationFault):
                found = list(self._one_by_one(rules, activation, faults, len(answers)))
            answers += bytes(found)
        return bytes(answers), faults

    def _one_by_one(
        self, rules: Sequence[CompiledRule], activation: Any, faults: dict[int, EvaluationFault], first: int
    ) -> Iterator[int]:
        for number, rule in enumerate(rules, first):
            answer = self._condition(rule).evaluate(activation)
            if isinstance(answer, EvaluationFault):
                faults[number] = answer
                answer = UNDETERMINED
            yield answer

    def stored_forms(self) -> Iterator[tuple[bytes, bytes]]:
        """Each list under the key by which `stored_conditions` finds it."""
        for rules, together in self._lists:
            yield self._key(rules), together.stored_form()

    def _list(self, rules: Sequence[CompiledRule]) -> tuple[Sequence[CompiledRule], Condition]:
        stored = stored_conditions().get(self._key(rules))
        opened = self._environment.open(stored) if stored is not None else None
        return rules, opened or self._environment.compile(_join(rules), "list[int]")

    def _key(self, rules: Sequence[CompiledRule]) -> bytes:
        """Of all types only those count that the rules may name: other rules beside them change nothing."""
        named = {name for rule in rules for name in rule.facts}
        containers = tuple(f"{_name_container(rule.id)}." for rule in rules)
        types = {name: kind for name, kind in self._types.items() if name in named or name.startswith(containers)}
        return key_of(types, _join(rules), "list[int]")

    def _condition(self, rule: CompiledRule) -> Condition:
        if rule.id not in self._alone:
            self._alone[rule.id] = self._environment.compile(rule.condition, "int")
        return self._alone[rule.id]


def check_rule(effective: EffectiveRule, facts: dict[str, Fact]) -> CompiledRule:
    """One rule by itself, compiled against the `facts` of its subject; PolicyError with place and remedy."""
    return CompiledRules([effective], facts).rules[0]


def _list_functions(rules: Sequence[EffectiveRule]) -> tuple[Function, ...]:
    """The functions that the rules call: no environment declares others."""
    texts = [text for each in rules for text in (each.rule.when, each.rule.require) if text is not None]
    if not any(mark in text for text in texts for mark in ("is_under", "is_at_least")):
        return ()
    from scanner.policy.functions import functions_in  # few rules call one

    return functions_in(blank_strings("\n".join(texts)))


def _join(rules: Sequence[CompiledRule]) -> str:
    """One expression that gives the answers of all of them."""
    return "[" + ",\n".join(rule.condition for rule in rules) + "]"


def _compile_rule(effective: EffectiveRule, facts: dict[str, Fact]) -> CompiledRule:
    rule = effective.rule
    _check_message(effective, facts)
    _check_at(effective, facts)
    text = f"({rule.when or 'true'}) ? (({rule.require}) ? {PASS} : {FAIL}) : {NOT_APPLICABLE}"
    bare = blank_strings(text)
    if rule.params:
        text = _rename_parameters(text, bare, _name_container(rule.id))
    return CompiledRule(effective, text, tuple(sorted(set(names_in(bare, facts)))))


def _rename_parameters(text: str, bare: str, container: str) -> str:
    """The condition with `params.x` under its name in the shared environment; strings that contain `params.` stay."""
    parts, end = [], 0
    for found in _PARAMS.finditer(bare):
        parts += [text[end : found.start()], f"{container}."]
        end = found.start()
    return "".join([*parts, text[end:]])


def _check_message(effective: EffectiveRule, facts: dict[str, Fact]) -> None:
    rule = effective.rule
    for found in _PLACEHOLDER.finditer(rule.message):
        head, _, name = found[1].partition(".")
        if found[1] not in facts and (head != "params" or name not in effective.params):
            known = (*facts, *(f"params.{each}" for each in effective.params))
            meant = f"params.{found[1]}" if found[1] in effective.params else found[1]
            raise PolicyError(
                what=f"the message of `{rule.id}` names `{found[1]}`, which is not a fact or a parameter",
                where=_place_in_text(effective, "message", found.start(1)),
                remedy=f"{did_you_mean(meant, known)}`jwksgov policy facts {rule.about}` lists every fact.",
            )


def _check_at(effective: EffectiveRule, facts: dict[str, Fact]) -> None:
    """Check that `at` names a member whose place subjects of the kind know, or a fact that names one."""
    rule = effective.rule
    if rule.at is None or _names_a_place(rule.at, facts):
        return
    members = places_about(rule.about)
    if rule.at not in members:
        known = (*members, *(name for name in facts if _names_a_place(name, facts)))
        raise PolicyError(
            what=f"`at` of `{rule.id}` names `{rule.at}`, of which no {rule.about.replace('_', ' ')} has the place",
            where=rule.places.of("at", rule.place),
            remedy=f"{did_you_mean(rule.at, known)}Name a member or setting, or a fact that is the name of one; without `at` "
            "the finding points to the subject.",
        )


def _names_a_place(name: str, facts: dict[str, Fact]) -> bool:
    """Whether `at` is a fact whose value may be the name of a member: a text, or a list of texts."""
    return name in facts and facts[name].type in ("str", "list[str]")


def _place_in_text(effective: EffectiveRule, member: str, offset: int) -> Place:
    """The place of a character of a member's text; that of the member where the text has several lines."""
    from scanner.pack.locate import locate  # only on the way to an error message

    rule = effective.rule
    start = rule.places.of(member, rule.place)
    return locate(rule.place, (member,), offset=offset) if start.path else start


def _name_container(rule_id: str) -> str:
    """The name for a rule's parameters, so that several rules can share one activation."""
    return "r_" + rule_id.replace("-", "_")


def _explain(effective: EffectiveRule, facts: dict[str, Fact]) -> None:
    """Compile `when` and `require` as written, so that an error has its true place in the file."""
    rule = effective.rule
    types = {name: fact.type for name, fact in facts.items()}
    types |= {f"params.{name}": _find_type(param.default) for name, param in rule.params.items()}
    environment = Environment(types, _list_functions([effective]))
    for member, text in (("when", rule.when), ("require", rule.require)):
        if text is None:
            continue
        try:
            environment.compile(text, "bool")
        except BadCondition as bad:
            raise _make_error(effective, member, text, bad, tuple(types)) from None
    try:
        environment.compile(f"({rule.when or 'true'}) ? (({rule.require}) ? {PASS} : {FAIL}) : {NOT_APPLICABLE}", "int")
    except BadCondition as joined:
        raise PolicyError(
            what=f"the condition of `{rule.id}` does not compile: {joined.because}",
            where=rule.place,
            remedy=f"Correct `when` or `require`; `jwksgov policy facts {rule.about}` lists every fact.",
        ) from None


def _make_error(effective: EffectiveRule, member: str, text: str, bad: BadCondition, known: tuple[str, ...]) -> PolicyError:
    rule = effective.rule
    where = _find_place(rule.places.of(member, rule.place), bad)
    name = re.search(r"undeclared reference to '([^']+)'", bad.because)
    if name is None:
        return PolicyError(
            what=f"`{member}` does not compile: {bad.because}",
            where=where,
            remedy=f"Correct the condition; `jwksgov policy facts {rule.about}` lists every fact with its type.",
        )
    written = _find_chain(text, bad, name[1])
    return PolicyError(
        what=f"unknown {'parameter' if name[1].startswith('params') else 'fact'} `{written}`",
        where=where,
        remedy=f"{did_you_mean(written, known)}`jwksgov policy facts {rule.about}` lists every fact.",
    )


def _find_place(start: Place, bad: BadCondition) -> Place:
    """Where in the file a fault of the condition stands. A block scalar's text starts on the line below its `|` or `>`, so only
    the line is known there.
    """
    if start.line is None or start.column is None:
        return start
    if bad.line == 1:
        return Place(start.path, start.line, start.column + bad.column - 1)
    return Place(start.path, start.line + bad.line - 1)


def _find_chain(text: str, bad: BadCondition, name: str) -> str:
    """The whole dotted name at the fault: CEL reports only its first part for some."""
    lines = text.split("\n")
    if bad.line <= len(lines):
        for found in re.finditer(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*", lines[bad.line - 1]):
            if found[0].startswith(name):
                return found[0]
    return name


def _find_type(value: object) -> str:
    if isinstance(value, list):
        return "list[int]" if value and all(type(item) is int for item in value) else "list[str]"
    return type(value).__name__


def _show(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
