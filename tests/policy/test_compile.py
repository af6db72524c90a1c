"""A wrong rule fails when it is loaded, with file, line, column and the nearest name."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.errors import PolicyError
from scanner.facts.registry import facts_about
from scanner.pack.load import load_pack
from scanner.pack.shipped import shipped_folder
from scanner.policy.compile import check_rule
from scanner.policy.select import select

RULE = """\
id: my-rule
title: A rule of ours
severity: low
objective: {objective}
about: key
since: 0.1.0
rationale: Because we say so in our own policy.
remedy: Do what our policy asks for.
params:
  least: {{default: 10, description: "The least."}}
require: {require}
message: {message}
examples: []
"""


def compiled(folder: Path, *, require: str, message: str = "Bad.", objective: str = "key-strength") -> None:
    (folder / "my-rule.yaml").write_text(RULE.format(require=require, message=message, objective=objective))
    pack = load_pack([shipped_folder(), folder])
    for rule in select(pack, profile="baseline", changes={}, places={}):
        if rule.rule.id == "my-rule":
            check_rule(rule, facts_about("key"))


def refused(folder: Path, **members: str) -> PolicyError:
    with pytest.raises(PolicyError) as caught:
        compiled(folder, **members)
    return caught.value


class TestAWrongRule:
    def test_with_a_misspelt_fact_names_the_place_and_the_nearest(self, tmp_path: Path) -> None:
        error = refused(tmp_path, require="key.modulus_bit >= params.least")
        assert error.what == "unknown fact `key.modulus_bit`"
        assert "`key.modulus_bits`" in error.remedy
        assert error.where is not None
        assert (error.where.line, error.where.path) == (11, f"{tmp_path.as_posix()}/my-rule.yaml")
        assert error.where.column is not None
        assert error.where.column >= 10

    def test_with_a_wrong_type_says_so(self, tmp_path: Path) -> None:
        assert "no matching overload" in refused(tmp_path, require='key.modulus_bits == "many"').what

    def test_with_a_missing_parameter_names_it(self, tmp_path: Path) -> None:
        error = refused(tmp_path, require="key.modulus_bits >= params.leest")
        assert error.what == "unknown parameter `params.leest`"
        assert "`params.least`" in error.remedy

    def test_with_a_condition_that_is_no_yes_or_no_is_refused(self, tmp_path: Path) -> None:
        assert "gives" in refused(tmp_path, require="key.modulus_bits").what

    def test_with_has_or_dyn_is_refused(self, tmp_path: Path) -> None:
        """On a dotted variable `has()` returns the value, not a bool; `dyn()` switches the types off."""
        assert "has()" in refused(tmp_path, require="has(key.kty)").what
        assert "dyn()" in refused(tmp_path, require="dyn(key.kty) == 1").what

    def test_with_a_syntax_error_is_refused(self, tmp_path: Path) -> None:
        assert "Syntax error" in refused(tmp_path, require="key.kty ==").what

    def test_with_an_unknown_objective_names_the_nearest(self, tmp_path: Path) -> None:
        error = refused(tmp_path, require="true", objective="key-strenght")
        assert error.what == "unknown objective `key-strenght`"
        assert "`key-strength`" in error.remedy
        assert error.where is not None
        assert error.where.line == 4

    def test_with_a_message_that_names_no_fact_is_refused(self, tmp_path: Path) -> None:
        assert "key.kitty" in refused(tmp_path, require="true", message='"{key.kitty} is bad"').what


class TestARightRule:
    def test_compiles_with_its_parameter(self, tmp_path: Path) -> None:
        compiled(tmp_path, require="key.modulus_bits >= params.least", message='"{key.label} under {params.least}"')
