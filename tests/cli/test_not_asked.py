"""What a run did not ask is said beside what it asked: a rule that is off is no pass."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scanner.cli import main

JWKS = {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "kid": "a"}]}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("jwks.json").write_text(json.dumps(JWKS))


def scan(*arguments: str) -> None:
    main(["scan", "--fail-on", "none", *arguments, "jwks.json"])


class TestTheText:
    def test_counts_them_and_names_the_critical_ones(self, capsys: pytest.CaptureFixture[str]) -> None:
        scan()
        assert "rules, of them critical: key-known-weak, rsa-prime-smooth\n" in capsys.readouterr().out


class TestTheReport:
    def test_lists_them_all_the_gravest_first(self) -> None:
        scan("-o", "r.json", "-o", "r.sarif", "-o", "r.html")
        rows = json.loads(Path("r.json").read_text())["run"]["not_asked"]
        assert [row["id"] for row in rows[:2]] == ["key-known-weak", "rsa-prime-smooth"]
        assert {row["severity"] for row in rows[:2]} == {"critical"}
        named = json.loads(Path("r.sarif").read_text())["runs"][0]["properties"]["rulesNotAsked"]
        assert named == [row["id"] for row in rows]
        assert "rsa-prime-smooth (critical)" in Path("r.html").read_text()

    def test_leaves_out_what_a_wider_profile_asks(self) -> None:
        scan("--profile", "deep", "-o", "r.json")
        rows = json.loads(Path("r.json").read_text())["run"]["not_asked"]
        assert "critical" not in {row["severity"] for row in rows}
