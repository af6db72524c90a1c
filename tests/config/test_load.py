"""`.jwksgov.yaml`: found upward, and wrong ones name line, column and the nearest name."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.config.load import find_config, load_config
from scanner.config.model import Config
from scanner.errors import ConfigError
from scanner.pack.model import RuleChange


def loaded(folder: Path, text: str) -> Config:
    (folder / ".jwksgov.yaml").write_text(text)
    return load_config(folder / ".jwksgov.yaml")


class TestFinding:
    def test_takes_the_nearest_upward_inside_the_repository(self, tmp_path: Path) -> None:
        (tmp_path / ".jwksgov.yaml").write_text("")
        inner = tmp_path / "repo" / "a"
        inner.mkdir(parents=True)
        assert find_config(inner) == str(tmp_path / ".jwksgov.yaml")
        (tmp_path / "repo" / ".git").mkdir()
        assert find_config(inner) is None


class TestLoading:
    def test_reads_every_member(self, tmp_path: Path) -> None:
        config = loaded(
            tmp_path,
            "profile: strict\nfail_on: none\nexclude: [a/*]\nrules_as_of: 0.1.0\npolicies: [mine]\ninline_waivers: false\n"
            "rules:\n  a: off\n  b: low\n  c: {severity: high, params: {n: 3}}\n",
        )
        assert config.profile == "strict"
        assert config.fail_on is None
        assert config.policies == (str(tmp_path / "mine"),)
        assert config.inline_waivers is False
        assert config.rules == {
            "a": RuleChange(enabled=False),
            "b": RuleChange(severity="low"),
            "c": RuleChange(severity="high", params={"n": 3}),
        }
        assert config.rule_places["b"].line == 9

    def test_takes_a_byte_order_mark_as_yaml_does(self, tmp_path: Path) -> None:
        (tmp_path / ".jwksgov.yaml").write_bytes(b"\xef\xbb\xbfprofile: strict\n")
        assert load_config(tmp_path / ".jwksgov.yaml").profile == "strict"

    def test_takes_an_empty_file_for_the_defaults(self, tmp_path: Path) -> None:
        assert loaded(tmp_path, "# nothing yet\n").profile == "baseline"

    @pytest.mark.parametrize(
        ("text", "what", "line", "hint"),
        [
            ("profil: strict\n", "unknown member `profil`", 1, "`profile`"),
            ("fail_on: hihg\n", "`fail_on` cannot be `hihg`", 1, "`high`"),
            ("rules_as_of: soon\n", "`soon` is not a version", 1, "0.1.0"),
            ("profile: a\nprofile: b\n", "profile", 2, "Keep one"),
            ("profile: [\n", "not YAML", None, "--isolated"),
        ],
    )
    def test_names_place_and_remedy(self, tmp_path: Path, text: str, what: str, line: int | None, hint: str) -> None:
        with pytest.raises(ConfigError) as caught:
            loaded(tmp_path, text)
        assert what in caught.value.what
        assert hint in caught.value.remedy
        assert line is None or (caught.value.where is not None and caught.value.where.line == line)
