"""The command as a user runs it: exit codes, outputs, configuration, errors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scanner.cli import main

NO_AUDIENCE = """\
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: api}
spec:
  jwtRules:
    - issuer: https://login.example.com
      jwksUri: https://login.example.com/jwks.json
"""
GOOD = NO_AUDIENCE + "      audiences: [shop]\n"


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "api.yaml").write_text(NO_AUDIENCE)
    return tmp_path


def scanned(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    code = main(["scan", *arguments, "--format", "json", "--now", "2026-06-01"])
    return code, json.loads(capsys.readouterr().out)


class TestExitCodes:
    def test_1_for_a_finding_at_or_above_the_threshold(self) -> None:
        assert main(["scan", "api.yaml"]) == 1
        assert main(["scan", "api.yaml", "--fail-on", "critical"]) == 0
        assert main(["scan", "api.yaml", "--fail-on", "none"]) == 0

    def test_0_for_a_good_file_and_for_ordinary_yaml(self, repository: Path) -> None:
        (repository / "api.yaml").write_text(GOOD)
        (repository / "other.yaml").write_text("replicas: 3\n")
        assert main(["scan", "api.yaml", "other.yaml"]) == 0

    def test_2_for_wrong_configuration(self, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (repository / ".jwksgov.yaml").write_text("rules:\n  audience-not-restrictd: off\n")
        assert main(["scan", "api.yaml"]) == 2
        said = capsys.readouterr().err
        assert ".jwksgov.yaml:2:3" in said
        assert "`audience-not-restricted`" in said

    def test_3_for_a_missing_target(self) -> None:
        assert main(["scan", "nowhere.yaml"]) == 3

    def test_1_wins_over_3(self) -> None:
        assert main(["scan", "nowhere.yaml", "api.yaml"]) == 1

    def test_3_for_undetermined_only_where_asked(self, repository: Path) -> None:
        (repository / "api.yaml").write_text(GOOD.replace("https://login.example.com\n", '"{{ .Values.issuer }}"\n'))
        assert main(["scan", "api.yaml"]) == 0
        assert main(["scan", "api.yaml", "--fail-on-undetermined"]) == 3

    def test_are_the_same_in_every_format(self) -> None:
        assert {main(["scan", "api.yaml", "--format", each]) for each in ("text", "json", "sarif")} == {1}


class TestOutputs:
    def test_are_written_several_at_once_by_ending(self, repository: Path) -> None:
        main(["scan", "api.yaml", "-o", "r.json", "-o", "r.sarif", "-o", "r.txt"])
        assert json.loads((repository / "r.json").read_text())["schema"] == "jwksgov-report/v2"
        assert json.loads((repository / "r.sarif").read_text())["version"] == "2.1.0"
        assert "audience-not-restricted" in (repository / "r.txt").read_text()

    def test_quiet_says_nothing_where_nothing_fails(self, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (repository / "api.yaml").write_text(GOOD)
        assert main(["scan", "-q", "api.yaml"]) == 0
        captured = capsys.readouterr()
        assert (captured.out, captured.err) == ("", "")

    def test_of_the_same_input_are_identical(self, repository: Path) -> None:
        for name in ("a", "b"):
            main(["scan", ".", "-o", f"{name}.sarif", "-o", f"{name}.json", "--now", "2026-06-01", "--isolated"])
            if name == "a":
                first = [(repository / f"a.{kind}").read_text() for kind in ("sarif", "json")]
                for kind in ("sarif", "json"):
                    (repository / f"a.{kind}").unlink()
        assert [(repository / f"b.{kind}").read_text() for kind in ("sarif", "json")] == first

    @pytest.mark.parametrize("beside", ["b.html", "b.txt"])
    def test_in_json_are_the_same_alone_and_beside_others(self, repository: Path, beside: str) -> None:
        """Alone, rows are kept as the text that is written; a format that looks into them needs the rows themselves."""
        arguments = ["scan", "api.yaml", "--now", "2026-06-01", "--isolated"]
        main([*arguments, "-o", "alone.json"])
        main([*arguments, "-o", "both.json", "-o", beside])
        assert (repository / "alone.json").read_bytes() == (repository / "both.json").read_bytes()

    def test_with_an_unknown_ending_is_wrong_usage(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["scan", "api.yaml", "-o", "r.docx"]) == 2
        assert ".sarif" in capsys.readouterr().err


class TestTheJsonContract:
    def test_bindings_have_every_member(self, capsys: pytest.CaptureFixture[str]) -> None:
        _, report = scanned("api.yaml", capsys=capsys)
        (binding,) = report["subjects"]["bindings"]
        expected = {
            "path": "api.yaml",
            "line": 7,
            "platform": "istio",
            "issuer": "https://login.example.com",
            "issuer_resolved": "https://login.example.com",
            "jwks_uri": "https://login.example.com/jwks.json",
            "jwks_uri_resolved": "https://login.example.com/jwks.json",
            "discovery_url": None,
            "key_file": None,
            "cache_s": None,
        }
        assert {name: binding[name] for name in expected} == expected
        assert binding["settings"]["cache_s"]["state"] == "default"
        assert binding["settings"]["cache_s"]["confidence"]
        assert binding["settings"]["issuer"]["state"] == "set"
        assert binding["settings"]["issuer"]["line"] == 6

    def test_findings_have_place_controls_and_remedy(self, capsys: pytest.CaptureFixture[str]) -> None:
        _, report = scanned("api.yaml", capsys=capsys)
        finding = next(each for each in report["findings"] if each["rule"] == "audience-not-restricted")
        assert finding["codes"] == ["CON-006"]
        assert finding["result"] == "fail"
        assert finding["waived"] is False
        assert finding["location"]["path"] == "api.yaml"
        assert finding["location"]["line"] >= 6
        (rule,) = [each for each in report["rules"] if each["id"] == finding["rule"]]
        assert rule["controls"]
        assert rule["remedy"].strip().endswith(".")
        assert finding["subject"]["kind"] == "binding"


class TestConfiguration:
    def test_isolated_ignores_the_tree(self, repository: Path) -> None:
        (repository / ".jwksgov.yaml").write_text("rules: {audience-not-restricted: off}\n")
        assert main(["scan", "api.yaml"]) == 0
        assert main(["scan", "api.yaml", "--isolated"]) == 1

    def test_a_changed_severity_decides_the_exit_code(self, repository: Path) -> None:
        (repository / ".jwksgov.yaml").write_text("rules: {audience-not-restricted: low}\n")
        assert main(["scan", "api.yaml"]) == 0

    def test_rules_newer_than_rules_as_of_never_fail(self, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (repository / ".jwksgov.yaml").write_text("rules_as_of: 0.0.9\n")
        code, report = scanned("api.yaml", capsys=capsys)
        assert code == 0
        assert [each for each in report["findings"] if each["result"] == "fail"]

    def test_findings_carry_the_environment_and_owner_of_their_path(
        self, repository: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (repository / ".jwksgov.yaml").write_text("paths: [{path: 'api.*', environment: prod, owner: shop}]\n")
        _, report = scanned("api.yaml", capsys=capsys)
        assert {(each["environment"], each["owner"]) for each in report["findings"]} == {("prod", "shop")}

    def test_lists_what_is_scanned_without_a_target(self, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (repository / "prod").mkdir()
        (repository / "prod" / "mesh.yaml").write_text(NO_AUDIENCE)
        (repository / ".jwksgov.yaml").write_text("consumers:\n  - {folder: prod, environment: production, owner: platform}\n")
        _, report = scanned(capsys=capsys)
        assert {each["path"] for each in report["evidence"]} == {"prod/mesh.yaml"}
        assert {(each["environment"], each["owner"]) for each in report["findings"]} == {("production", "platform")}

    def test_an_empty_policy_is_an_error(self, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (repository / ".jwksgov.yaml").write_text("profile: nothing\n")
        assert main(["scan", "api.yaml"]) == 2
        assert "baseline" in capsys.readouterr().err

    def test_own_rules_stand_beside_ours(self, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
        mine = repository / "mine"
        mine.mkdir()
        (mine / "acme-issuer.yaml").write_text(
            "id: acme-issuer\ntitle: Only our issuer\nseverity: high\nobjective: issuer-pinning\nabout: binding\n"
            "since: 1.0.0\nrationale: We run one issuer.\nremedy: Use our issuer.\nwhen: binding.is_issuer_pinned\n"
            'require: binding.label.contains("acme")\nmessage: "{binding.label} is not ours."\nexamples: []\n'
        )
        _, report = scanned("api.yaml", "--policies", "mine", capsys=capsys)
        assert "acme-issuer" in {each["rule"] for each in report["findings"]}


class TestInlineWaivers:
    WAIVED = NO_AUDIENCE.replace(
        "    - issuer",
        "    # jwksgov: ignore[audience-not-restricted] lab; owner=idp; expires=2026-12-31\n    - issuer",
    )

    def test_accept_a_finding_until_the_end_of_their_day(self, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (repository / "api.yaml").write_text(self.WAIVED)
        code, report = scanned("api.yaml", capsys=capsys)
        assert code == 0
        waived = [each for each in report["findings"] if each["waived"]]
        assert [each["rule"] for each in waived] == ["audience-not-restricted"]
        assert waived[0]["result"] == "fail"
        assert main(["scan", "api.yaml", "--now", "2026-12-31T23:59:59Z"]) == 0
        assert main(["scan", "api.yaml", "--now", "2027-01-01T00:00:00Z"]) == 1

    def test_can_be_refused(self, repository: Path) -> None:
        (repository / "api.yaml").write_text(self.WAIVED)
        assert main(["scan", "api.yaml", "--no-inline-waivers", "--now", "2026-06-01"]) == 1


class TestFaultsOfOurs:
    def test_exit_with_4_and_quote_nothing_scanned(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def break_down(*_: object) -> None:
            raise RuntimeError("the private value")

        monkeypatch.setattr("scanner.commands.scan.scan", break_down)
        assert main(["scan", "api.yaml"]) == 4
        said = capsys.readouterr().err
        assert "RuntimeError" in said
        assert "the private value" not in said
