"""Every example of every rule goes through evidence → facts → verdict; a new file is a new test."""

from __future__ import annotations

import pytest

from scanner.examples.rule_examples import run_examples
from scanner.pack.model import Rule
from scanner.pack.shipped import shipped_pack

PACK = shipped_pack(examples=True)


@pytest.mark.parametrize("rule", PACK.rules.values(), ids=lambda rule: rule.id)
def test_examples_give_what_they_say(rule: Rule) -> None:
    outcomes = list(run_examples(PACK, [rule]))
    assert {outcome.it: outcome.faults for outcome in outcomes if outcome.faults} == {}
    if missing := {outcome.missing for outcome in outcomes if outcome.missing}:
        pytest.skip(f"extras: some examples need `pip install 'jwksgov[{','.join(sorted(missing))}]'`")
