"""The page about frameworks: its example is checked, explained and scanned with, as a reader would."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from scanner.cli import main
from scanner.findings.controls import OUTCOMES

PAGE = (Path(__file__).parents[2] / "docs" / "frameworks.md").read_text(encoding="utf-8")
POLICY = """\
kind: RequestAuthentication
spec:
  jwtRules:
  - issuer: https://login.example.com
    audiences: [shop]
    jwks: '{"keys": [{"kty": "EC", "crv": "P-256", "kid": "a"}]}'
"""


@pytest.fixture(autouse=True)
def policies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with the page's framework among its policies and one consumer."""
    [text] = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    folder = tmp_path / "governance" / "policies"
    (folder / "frameworks").mkdir(parents=True)
    (folder / "frameworks" / "acme-token-standard.yaml").write_text(text, encoding="utf-8")
    (tmp_path / ".git").mkdir()
    (tmp_path / "api.yaml").write_text(POLICY)
    monkeypatch.chdir(tmp_path)
    return folder


def scanned(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    main(["scan", "api.yaml", "--policies", "governance/policies", "--format", "json", "--now", "2026-06-01"])
    return dict(json.loads(capsys.readouterr().out))


class TestExample:
    def test_is_reported_control_by_control(self, capsys: pytest.CaptureFixture[str]) -> None:
        [acme] = [each for each in scanned(capsys)["frameworks"] if each["id"] == "acme-token-standard"]
        outcomes = {control["id"]: control["result"]["outcome"] for control in acme["controls"]}
        assert outcomes == {"TOK-1": "no_failing_evidence", "TOK-2": "fail", "TOK-3": "not_assessable"}
        assert acme["controls"][2]["result"]["part"] == "Who was present cannot be read from a key."

    def test_stands_before_the_optional_frameworks(self, capsys: pytest.CaptureFixture[str]) -> None:
        order = [(each["id"], each["optional"]) for each in scanned(capsys)["frameworks"]]
        assert order.index(("acme-token-standard", False)) < min(i for i, (_, optional) in enumerate(order) if optional)

    def test_has_its_citations_in_the_report(self, capsys: pytest.CaptureFixture[str]) -> None:
        [note] = [each for each in scanned(capsys)["references"] if each["of"].startswith("acme")]
        assert (note["of"], note["written"], note["kind"]) == ("acme-token-standard:TOK-2", "PR.AC-1", "superseded")
        assert note["means"] == ["nist-csf-2.0:PR.AA-01", "nist-csf-2.0:PR.AA-05"]
        assert not note["off_topic"]

    @pytest.mark.parametrize("name", ["TOK-1", "TOKEN-1", "Acme TOK-1", "acme-token-standard:tok-1"])
    def test_is_explained(self, name: str, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["explain", name, "--policies", "governance/policies"]) == 0
        said = capsys.readouterr().out
        assert "# TOK-1 Every service names" in said
        assert "audience-not-restricted" in said
        assert "Comes from: nist-800-53r5:IA-13(2), PR.AA-04" in said

    def test_is_explained_as_a_whole(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["explain", "acme-token-standard", "--policies", "governance/policies"]) == 0
        said = capsys.readouterr().out
        assert "TOK-3 Key ceremonies have two witnesses | not assessable. Who was present" in said
        assert "| TOKEN-1 | TOK-1 | notation |" in said


class TestWords:
    def test_of_the_page_are_those_of_the_reports(self) -> None:
        table = PAGE.partition("| outcome | means |")[2].partition("\n\n")[0]
        assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(OUTCOMES)
        assert OUTCOMES["no_failing_evidence"] in table

    @pytest.mark.parametrize(
        ("written", "meant"),
        [("NHI-02", "NHI2:2025"), ("ia-13.2", "IA-13(2)"), ("V9.1.2", "v5.0.0-9.1.2"), ("PR.AC-1", "PR.AA-05")],
    )
    def test_of_the_examples_of_references_hold(self, written: str, meant: str, capsys: pytest.CaptureFixture[str]) -> None:
        assert f"`{written}`" in PAGE
        assert main(["explain", written]) == 0
        assert f"# {meant} " in capsys.readouterr().out
