"""Every advisory's examples give what they say; a new advisory is a new test."""

from __future__ import annotations

import pytest

from scanner.examples.advisory_examples import run_advisory_examples
from scanner.pack.advisory import Advisory
from scanner.pack.shipped import shipped_pack

PACK = shipped_pack(examples=True)
ADVISORIES = pytest.mark.parametrize("advisory", PACK.advisories.values(), ids=lambda advisory: advisory.id)


@ADVISORIES
class TestAdvisory:
    def test_examples_give_what_they_say(self, advisory: Advisory) -> None:
        assert {each.it: each.faults for each in run_advisory_examples(PACK, [advisory]) if each.faults} == {}

    def test_has_examples_with_and_without_the_fault(self, advisory: Advisory) -> None:
        given = {example.gives for example in advisory.examples}
        assert given & {"fail", "undetermined"}
        assert "not_applicable" in given

    def test_a_condition_that_is_seen_has_an_example_that_passes(self, advisory: Advisory) -> None:
        given = {example.gives for example in advisory.examples}
        assert advisory.when is None or {"pass", "fail"} <= given

    def test_says_what_an_attacker_gains_in_a_sentence(self, advisory: Advisory) -> None:
        assert advisory.gains.strip().endswith(".")
        assert advisory.gains.strip()[0].isupper()
        assert not advisory.title.endswith(".")
