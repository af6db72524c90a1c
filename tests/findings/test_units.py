"""Findings in a unit: told once with their variants, with the value and both places, in every format."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scanner.cli import main
from tests.findings.estate import Estate

TEMPLATE = """\
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: gw}
spec:
  jwtRules:
    - issuer: {{ .Values.issuer }}
      jwksUri: {{ .Values.jwksUri }}
      {{- with .Values.audiences }}
      audiences: {{- toYaml . | nindent 8 }}
      {{- end }}
"""
VALUES = "issuer: https://login.example.com\njwksUri: https://login.example.com/jwks.json\naudiences: [shop]\n"
HTTP = "# plain\njwksUri: http://login.example.com/jwks.json\n"
RULE = "jwks-uri-over-http-public"


@pytest.fixture
def chart(estate: Estate) -> Estate:
    """A chart with two environments, of which `prod` gets its keys over plain http."""
    for name, text in {
        "Chart.yaml": "apiVersion: v2\nname: gw\nversion: 0.1.0\n",
        "values.yaml": VALUES,
        "values-prod.yaml": HTTP,
        "values-stage.yaml": "audiences: [stage]\n",
        "templates/auth.yaml": TEMPLATE,
    }.items():
        path = estate.root / "gw" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return estate


def only(found: list[dict[str, Any]]) -> dict[str, Any]:
    assert len(found) == 1, found
    return found[0]


class TestAFinding:
    def test_is_told_once_in_the_variant_that_has_it(self, chart: Estate) -> None:
        found = only(chart.findings(rule=RULE))
        assert [each["name"] for each in found["variants"]] == ["prod"]
        assert found["location"]["path"] == "gw/templates/auth.yaml"

    def test_says_the_value_and_the_file_to_change(self, chart: Estate) -> None:
        found = only(chart.findings(rule=RULE))
        value = ": http://login.example.com/jwks.json (gw/values-prod.yaml:2)"
        assert found["value"] == value
        assert found["message"].endswith(f"{value}.")
        assert found["related"][0] == {"path": "gw/values-prod.yaml", "line": 2, "column": 10, "role": "value"}

    def test_has_the_environment_and_owner_of_its_variant(self, chart: Estate) -> None:
        chart.write(_jwksgov_yaml="")
        (chart.root / ".jwksgov.yaml").write_text(
            'paths:\n  - path: "gw/values-prod.yaml"\n    environment: production\n    owner: team-a\n'
        )
        found = only(chart.findings(rule=RULE))
        assert found["variants"] == [{"name": "prod", "environment": "production", "owner": "team-a"}]
        assert (found["environment"], found["owner"]) == ("production", "team-a")

    def test_that_only_an_undeployed_base_has_fails_for_no_variant_and_is_said(self, chart: Estate) -> None:
        for name in ("prod", "stage"):
            (chart.root / "gw" / f"values-{name}.yaml").write_text("jwksUri: https://login.example.com/jwks.json\n")
        (chart.root / "gw" / "values.yaml").write_text(
            VALUES.replace("https://login.example.com/j", "http://login.example.com/j")
        )
        code, report = chart.scan()
        assert code == 0
        assert not [each for each in report["findings"] if each["rule"] == RULE]
        told = only([each for each in report["notices"] if each["kind"] == "repaired-base"])
        assert RULE in told["message"]
        assert "prod, stage" in told["message"]

    def test_is_waived_by_a_comment_at_its_place(self, chart: Estate) -> None:
        path = chart.root / "gw" / "templates" / "auth.yaml"
        mark = "jwksUri: {{ .Values.jwksUri }}"
        path.write_text(TEMPLATE.replace(mark, f"{mark} # jwksgov: ignore[{RULE}] known; owner=me; expires=2026-12-31"))
        assert only(chart.findings(rule=RULE))["waived"]


class TestABaseline:
    def test_keeps_a_finding_that_reaches_another_variant_and_calls_it_updated(self, chart: Estate) -> None:
        chart.scan(".", "--write-baseline", "baseline.json")
        (chart.root / "gw" / "values-stage.yaml").write_text(HTTP + "audiences: [stage]\n")
        found = only(chart.findings(".", "--baseline", "baseline.json", rule=RULE))
        assert [each["name"] for each in found["variants"]] == ["prod", "stage"]
        assert found["baseline_state"] == "updated"

    def test_knows_a_finding_that_did_not_change(self, chart: Estate) -> None:
        chart.scan(".", "--write-baseline", "baseline.json")
        found = only(chart.findings(".", "--baseline", "baseline.json", rule=RULE))
        assert found["baseline_state"] == "unchanged"


class TestABindingInAReport:
    def test_has_its_variants_and_the_places_of_its_values(self, chart: Estate) -> None:
        _, report = chart.scan()
        found = {tuple(v["name"] for v in each["variants"]): each for each in report["subjects"]["bindings"]}
        assert set(found) == {("prod",), ("stage",)}
        prod = found["prod",]
        assert prod["unit"] == "gw"
        assert prod["variants"][0]["paths"] == ["gw/values-prod.yaml"]
        assert prod["jwks_uri"] == "{{ .Values.jwksUri }}"
        assert prod["jwks_uri_resolved"] == "http://login.example.com/jwks.json"
        assert [(each["path"], each["line"], each["role"]) for each in prod["settings"]["jwks_uri"]["places"]] == [
            ("gw/templates/auth.yaml", 7, "written"),
            ("gw/values-prod.yaml", 2, "value"),
        ]

    def test_comes_with_the_digests_of_all_files_that_it_is_made_of(self, chart: Estate) -> None:
        _, report = chart.scan()
        kinds = {each["path"]: each["kinds"] for each in report["evidence"]}
        assert kinds["gw/values-prod.yaml"] == kinds["gw/values.yaml"] == ["unit-file"]


class TestEveryFormat:
    VALUE = "http://login.example.com/jwks.json"

    def test_says_value_place_and_variant(self, chart: Estate, tmp_path: Path) -> None:
        names = ["report.txt", "report.html", "report.md", "report.json", "report.sarif"]
        outputs = [argument for name in names for argument in ("-o", str(tmp_path / "out" / name))]
        (tmp_path / "out").mkdir()
        main(["scan", "gw", "--now", "2026-06-01", *outputs])
        for name in names:
            text = (tmp_path / "out" / name).read_text()
            assert "values-prod.yaml" in text, name
            assert "login.example.com/jwks.json" in text, name
            assert "prod" in text, name

    def test_sarif_has_the_other_place_as_a_related_location(self, chart: Estate, tmp_path: Path) -> None:
        main(["scan", "gw", "--now", "2026-06-01", "-o", str(tmp_path / "r.sarif")])
        results = json.loads((tmp_path / "r.sarif").read_text())["runs"][0]["results"]
        result = next(each for each in results if each["ruleId"] == RULE)
        related = result["relatedLocations"][0]
        assert related["physicalLocation"]["artifactLocation"]["uri"] == "gw/values-prod.yaml"
        assert related["physicalLocation"]["region"]["startLine"] == 2
        assert result["properties"]["variants"] == ["prod"]

    def test_a_stored_report_gives_them_again(self, chart: Estate, tmp_path: Path) -> None:
        main(["scan", "gw", "--now", "2026-06-01", "-o", str(tmp_path / "r.json"), "-o", str(tmp_path / "a.html")])
        main(["report", str(tmp_path / "r.json"), "-o", str(tmp_path / "b.html")])
        assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()

    def test_a_redacted_report_keeps_the_words_and_drops_the_value(self, chart: Estate, tmp_path: Path) -> None:
        main(["scan", "gw", "--now", "2026-06-01", "-o", str(tmp_path / "r.json")])
        main(["report", str(tmp_path / "r.json"), "--redact", "-o", str(tmp_path / "redacted.json")])
        text = (tmp_path / "redacted.json").read_text()
        found = next(each for each in json.loads(text)["findings"] if each["rule"] == RULE)
        assert "uses plain http for its JWKS URL" in found["message"]
        assert self.VALUE not in text
        assert "values-prod" not in text
