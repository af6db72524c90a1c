"""A rule's metadata is tested like code."""

from __future__ import annotations

import re

import pytest

from scanner.facts.registry import all_facts, facts_about
from scanner.pack.model import Rule
from scanner.pack.shipped import shipped_pack
from scanner.policy.cel import blank_strings, names_in
from scanner.policy.compile import check_rule
from scanner.policy.select import select

PACK = shipped_pack(examples=True)
# controls that depend on these alone are reported as not assessed; the list only shrinks
WITHOUT_RULE = {
    "monitoring",
    "rotation-age",
}
# its answer depends on a list that users download: tests/facts/test_known_weak.py
PASSES_WITH_A_LIST = {"key-known-weak"}
RULES = pytest.mark.parametrize("rule", PACK.rules.values(), ids=lambda rule: rule.id)


@RULES
class TestRule:
    def test_has_a_pass_and_its_opposite_among_its_examples(self, rule: Rule) -> None:
        """A rule that can only be undetermined has one of those instead of a fail."""
        given = {example.gives for example in rule.examples}
        assert "pass" in given or rule.id in PASSES_WITH_A_LIST
        assert given & {"fail", "undetermined"}

    def test_says_the_message_of_at_least_one_failing_example(self, rule: Rule) -> None:
        failing = [example for example in rule.examples if example.gives == "fail"]
        assert not failing or any(example.saying for example in failing)

    def test_gives_reason_and_remedy_in_full_sentences(self, rule: Rule) -> None:
        for text in (rule.rationale, rule.remedy):
            assert text.strip().endswith(".")
            assert text.strip()[0].isupper() or text.strip()[0] == "`"
            assert len(text.split()) >= 6

    def test_names_catalogue_rows_and_references(self, rule: Rule) -> None:
        assert all(re.fullmatch(r"(KEY|SET|ISS|CON|EP|ROT|FLT)-\d{3}", code) for code in rule.codes)
        assert rule.references

    def test_uses_every_parameter_it_declares(self, rule: Rule) -> None:
        used = set(re.findall(r"\bparams\.(\w+)", f"{rule.when} {rule.require} {rule.message}"))
        assert set(rule.params) - used == set()

    def test_never_names_a_framework(self, rule: Rule) -> None:
        """Frameworks meet rules at the objective only."""
        assert not re.search(r"NHI\d|SP 800-53|SP 800-207|\bCSF\b", f"{rule.rationale}{rule.remedy}{rule.message}")


class TestEverythingIsUsed:
    def test_every_fact_is_asked_by_a_rule_or_an_advisory(self) -> None:
        """A fact nobody asks for is code nobody needs. Some rules are asked by one profile only."""
        asked: set[str] = set()
        effective = {each.rule.id: each for name in PACK.profiles for each in select(PACK, profile=name, changes={}, places={})}
        for each in effective.values():
            compiled = check_rule(each, facts_about(each.rule.about))
            asked |= {*compiled.facts, *compiled.message_names()}
        for advisory in PACK.advisories.values():
            asked |= set(names_in(blank_strings(advisory.when or ""), facts_about("binding")))
        assert sorted({fact.name for fact in all_facts()} - asked) == []

    def test_every_objective_has_a_rule_or_is_known_to_lack_one(self) -> None:
        """Whoever writes the first rule of an objective takes it off the list; nothing else changes it."""
        assert set(PACK.objectives) - {rule.objective for rule in PACK.rules.values()} == WITHOUT_RULE

    def test_every_fact_is_documented(self) -> None:
        assert [fact.name for fact in all_facts() if len(fact.doc.split()) < 4] == []

    def test_strict_asks_at_least_what_baseline_asks(self) -> None:
        baseline = {rule.rule.id for rule in select(PACK, profile="baseline", changes={}, places={})}
        strict = {rule.rule.id for rule in select(PACK, profile="strict", changes={}, places={})}
        assert baseline <= strict
