"""Every example of every rule goes through evidence → facts → verdict; a new file is a new test."""

from __future__ import annotations

import pytest

from scanner.pack.load import shipped_pack
from scanner.pack.model import Rule
from scanner.policy.examples import run_examples

PACK = shipped_pack()


@pytest.mark.parametrize("rule", PACK.rules.values(), ids=lambda rule: rule.id)
def test_examples_give_what_they_say(rule: Rule) -> None:
    faults = {outcome.it: outcome.faults for outcome in run_examples(PACK, [rule]) if outcome.faults}
    assert faults == {}
