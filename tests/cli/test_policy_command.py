"""`jwksgov policy`: facts by kind and by the beginning of their names, and errors of the files that it checks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scanner.cli import main
from scanner.facts.registry import all_facts

ROOT = Path(__file__).parents[2]


def names(printed: str) -> list[str]:
    return re.findall(r"^## `([\w.]+)`$", printed, re.MULTILINE)


class TestFacts:
    def test_of_a_kind_are_those_of_that_kind_alone(self, capsys: pytest.CaptureFixture[str]) -> None:
        """`key` is a kind, and no beginning of `key_set`."""
        assert main(["policy", "facts", "key"]) == 0
        assert names(capsys.readouterr().out) == [fact.name for fact in all_facts() if fact.about == "key"]

    def test_with_a_beginning_are_those_whose_names_begin_so(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["policy", "facts", "binding.issuer"]) == 0
        found = names(capsys.readouterr().out)
        assert found
        assert all(name.startswith("binding.issuer") for name in found)

    def test_are_all_without_a_name(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["policy", "facts"]) == 0
        assert len(names(capsys.readouterr().out)) == len(all_facts())

    @pytest.mark.parametrize(("written", "meant"), [("bindin_", "binding"), ("issuer.jwks_ury", "issuer.jwks_uri")])
    def test_of_an_unknown_name_are_an_error_with_the_nearest(
        self, capsys: pytest.CaptureFixture[str], written: str, meant: str
    ) -> None:
        assert main(["policy", "facts", written]) == 2
        assert f"Did you mean `{meant}" in capsys.readouterr().err


class TestCheck:
    def test_names_the_parameter_that_the_configuration_misspells(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / ".jwksgov.yaml"
        path.write_text("rules:\n  rsa-modulus-too-small:\n    params: {min_bit: 3072}\n")
        assert main(["policy", "check", "--config", str(path)]) == 2
        error = capsys.readouterr().err
        assert f"--> {path}:3:14\n" in error
        assert "Did you mean `min_bits`?" in error

    def test_names_the_profile_that_the_configuration_misspells(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / ".jwksgov.yaml"
        path.write_text("# ours\nprofile: strickt\n")
        assert main(["policy", "check", "--config", str(path)]) == 2
        error = capsys.readouterr().err
        assert f"--> {path}:2:10\n" in error
        assert "Did you mean `strict`?" in error


def test_the_page_on_rules_names_every_kind_of_subject() -> None:
    page = (ROOT / "docs" / "writing-rules.md").read_text(encoding="utf-8")
    [row] = [line for line in page.splitlines() if line.startswith("| `about` |")]
    assert {fact.about for fact in all_facts()} <= set(re.findall(r"`(\w+)`", row))
