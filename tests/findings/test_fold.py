"""One cause, one finding: what follows from a failure is told with it, counted apart, and never lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scanner.cli import main
from scanner.errors import ScannerError
from tests.findings.estate import Estate
from tests.pack.checking import check

CAUSE, EFFECT = "issuer-validation-off-for-other-keys", "issuer-not-pinned-for-unknown-keys"
KAFKA = """\
apiVersion: kafka.strimzi.io/v1beta2
kind: Kafka
metadata: {name: a}
spec:
  kafka:
    listeners:
      - name: a
        authentication:
          type: oauth
          clientId: kafka
          checkAudience: true
          checkIssuer: false
          jwksEndpointUri: https://login.example.com/jwks.json
"""
WAIVER = "  # jwksgov: ignore[{rule}] a test; owner=us; expires=2027-03-31"


def _scan(estate: Estate, text: str, *more: str) -> dict[str, Any]:
    (estate.root / "kafka.yaml").write_text(text)
    main(["scan", "kafka.yaml", "--now", "2026-11-30", "-q", "-o", "report.json", *more])
    report: dict[str, Any] = json.loads((estate.root / "report.json").read_text())
    return report


def _fails(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["rule"]: each for each in report["findings"] if each["result"] == "fail"}


class TestFolding:
    def test_what_follows_is_told_with_its_cause(self, estate: Estate) -> None:
        report = _scan(estate, KAFKA)
        found = _fails(report)
        assert EFFECT not in found
        assert [each["rule"] for each in found[CAUSE]["folded"]] == [EFFECT]
        assert found[CAUSE]["folded"][0]["codes"] == ["CON-001"]

    def test_it_is_counted_and_its_answer_stays(self, estate: Estate) -> None:
        report = _scan(estate, KAFKA)
        assert report["summary"]["folded"] == 1
        assert report["summary"]["by_severity"]["high"] == 1
        results = report["results"]["binding"]
        assert results["patterns"][0][results["rules"].index(EFFECT)] == "f"
        asked = {rule["id"]: rule["answers"]["failed"] for rule in report["rules"]}
        assert (asked[CAUSE], asked[EFFECT]) == (1, 1)

    def test_every_format_shows_it(self, estate: Estate, capsys: pytest.CaptureFixture[str]) -> None:
        _scan(estate, KAFKA, "-o", "r.sarif", "-o", "r.html", "-o", "r.md")
        capsys.readouterr()
        main(["report", "report.json"])
        assert f"(rule {EFFECT})" in capsys.readouterr().out
        for name in ("r.sarif", "r.html", "r.md"):
            assert EFFECT in (estate.root / name).read_text()
        sarif = json.loads((estate.root / "r.sarif").read_text())
        result = next(each for each in sarif["runs"][0]["results"] if each["ruleId"] == CAUSE)
        assert result["properties"]["folded"] == [EFFECT]
        assert len(result["relatedLocations"]) == 1

    def test_a_waiver_of_the_cause_does_not_hide_it(self, estate: Estate) -> None:
        line = "          checkIssuer: false"
        found = _fails(_scan(estate, KAFKA.replace(line, line + WAIVER.format(rule=CAUSE))))
        assert found[CAUSE]["waived"]
        assert not found[EFFECT]["waived"]
        assert found[CAUSE]["folded"] == []

    def test_a_waiver_of_what_follows_is_used(self, estate: Estate) -> None:
        line = "https://login.example.com/jwks.json"
        report = _scan(estate, KAFKA.replace(line, line + WAIVER.format(rule=EFFECT)))
        found = _fails(report)
        assert found[EFFECT]["waived"]
        assert found[CAUSE]["folded"] == []
        assert not [each for each in report["notices"] if "unused" in each["kind"]]

    def test_a_profile_that_makes_it_worse_than_its_cause_brings_it_out(self, estate: Estate) -> None:
        (estate.root / ".jwksgov.yaml").write_text(f"profile: baseline\nrules:\n  {EFFECT}: {{severity: critical}}\n")
        assert EFFECT in _fails(_scan(estate, KAFKA))

    def test_it_stands_alone_where_the_rule_of_the_cause_is_off(self, estate: Estate) -> None:
        (estate.root / ".jwksgov.yaml").write_text(f"profile: baseline\nrules:\n  {CAUSE}: {{enabled: false}}\n")
        assert EFFECT in _fails(_scan(estate, KAFKA))

    @pytest.mark.parametrize("kept", ["report.json", "baseline.json"])
    def test_a_baseline_knows_it_when_its_cause_is_gone(self, estate: Estate, kept: str) -> None:
        _scan(estate, KAFKA, "--write-baseline", "baseline.json")
        (estate.root / "kept.json").write_text((estate.root / kept).read_text())
        (estate.root / kept).unlink()
        (estate.root / ".jwksgov.yaml").write_text(f"profile: baseline\nrules:\n  {CAUSE}: {{enabled: false}}\n")
        report = _scan(estate, KAFKA, "--baseline", "kept.json")
        states = {each["rule"]: each["baseline_state"] for each in report["findings"]}
        assert states[EFFECT] == "unchanged"
        assert CAUSE in {each["rule"] for each in report["absent"]}

    def test_a_baseline_of_before_knows_both(self, estate: Estate) -> None:
        _scan(estate, KAFKA, "--write-baseline", "baseline.json")
        report = _scan(estate, KAFKA, "--baseline", "baseline.json")
        assert report["absent"] == []
        assert {each["baseline_state"] for each in report["findings"]} == {"unchanged"}
        assert _fails(report)[CAUSE]["folded"][0]["baseline_state"] == "unchanged"

    def test_a_known_cause_does_not_hide_what_is_new(self, estate: Estate) -> None:
        _scan(estate, KAFKA, "--write-baseline", "baseline.json")
        stored = json.loads((estate.root / "baseline.json").read_text())
        stored["findings"] = [each for each in stored["findings"] if each["rule"] != EFFECT]
        (estate.root / "baseline.json").write_text(json.dumps(stored))
        found = _fails(_scan(estate, KAFKA, "--baseline", "baseline.json"))
        assert found[EFFECT]["baseline_state"] == "new"

    def test_a_redacted_report_says_nothing_of_it_but_its_rule(self, estate: Estate) -> None:
        _scan(estate, KAFKA)
        main(["report", "report.json", "--redact", "-o", "redacted.json"])
        text = (estate.root / "redacted.json").read_text()
        assert "login.example.com" not in text
        assert _fails(json.loads(text))[CAUSE]["folded"][0]["rule"] == EFFECT


class TestTheRelation:
    RULE = """\
id: ours
title: Ours
severity: {severity}
objective: issuer-pinning
about: {about}
since: 0.1.0
rationale: Because.
remedy: Do it.
require: {about}.label != ""
message: "{{{about}.label}} is wrong."
explains: [{explains}]
examples: []
"""

    @pytest.mark.parametrize(
        ("severity", "about", "explains", "said"),
        [
            ("high", "binding", "audience-not-restrictd", "Did you mean `audience-not-restricted`?"),
            ("low", "binding", "audience-not-restricted", "none is more severe"),
            ("critical", "key", "audience-not-restricted", "the same kind of subject"),
            ("critical", "binding", "ours", "explains it in turn"),
        ],
    )
    def test_is_checked_when_it_is_loaded(self, tmp_path: Path, severity: str, about: str, explains: str, said: str) -> None:
        (tmp_path / "rules").mkdir()
        text = self.RULE.format(severity=severity, about=about, explains=explains)
        (tmp_path / "rules" / "ours.yaml").write_text(text)
        with pytest.raises(ScannerError) as caught:
            check(tmp_path)
        assert said in caught.value.remedy
        assert caught.value.where is not None
        assert caught.value.where.line == 11


class TestOneOpenExpression:
    TEXT = """\
kind: RequestAuthentication
spec:
  jwtRules:
  - issuer: "{{ .Values.issuer }}"
    jwksUri: "{{ .Values.issuer }}/certs"
    audiences: [shop]
  - issuer: https://login.example.com
    jwksUri: "{{ .Values.keys }}"
    audiences: [shop]
"""

    def test_is_one_entry_in_each_format_for_people_and_each_answer_in_json(self, estate: Estate) -> None:
        (estate.root / "auth.yaml").write_text(self.TEXT)
        main(["scan", "auth.yaml", "--now", "2026-11-30", "-q", "-o", "r.json", "-o", "r.sarif", "-o", "r.txt", "-o", "r.html"])
        report = json.loads((estate.root / "r.json").read_text())
        open_ = [each for each in report["findings"] if each["result"] == "undetermined" and each["cause"]]
        assert len(open_) > 12
        assert {each["cause"] for each in open_} == {".Values.issuer", ".Values.keys"}
        results = json.loads((estate.root / "r.sarif").read_text())["runs"][0]["results"]
        told = [each["properties"]["rules"] for each in results if each["kind"] == "open" and "rules" in each["properties"]]
        assert len(told) == 2
        assert {rule for rules in told for rule in rules} == {each["rule"] for each in open_}
        lines = (estate.root / "r.txt").read_text().splitlines()
        assert len([line for line in lines if ".Values.issuer" in line and "rules:" in line]) == 1
        assert (estate.root / "r.html").read_text().count("open for this reason:") == 2
