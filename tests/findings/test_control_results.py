"""What a run says about a control: never more than its evidence bears."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scanner.clock import clock_at
from scanner.config.model import Config
from scanner.findings.controls import OUTCOMES
from scanner.findings.model import Finding, Report
from scanner.findings.policies import ControlEntry, ControlResult
from scanner.renderers.choose import render
from scanner.scan import ScanOptions, pack_for, scan

FRAMEWORK = """\
id: house
title: House standard
version: "1"
url: https://example.com/standard
licence: ours
controls:
  - id: AUDIENCE
    title: Tokens are for one service
    objectives: [{objective: audience-validation, strength: direct, why: The audience says for which service.}]
  - id: TRANSPORT
    title: Keys travel safely
    objectives: [{objective: transport-security, strength: partial, why: The way of the keys is one of several ways.}]
  - id: BOTH
    title: Keys and tokens
    objectives:
      - {objective: transport-security, strength: direct, why: Keys travel over verified TLS.}
      - {objective: key-strength, strength: partial, why: Strong keys are a part of it.}
  - id: VISIBLE
    title: What is trusted is known
    objectives: [{objective: visibility, strength: direct, why: The configuration says what is trusted.}]
  - id: KEYS
    title: Keys are strong
    objectives: [{objective: key-strength, strength: direct, why: Strong keys resist forgery.}]
  - id: THEME
    title: Something like it
    objectives: [{objective: audience-validation, strength: weak, why: The theme is related and no more.}]
  - id: UNSEEN
    title: Doors are locked
    assessable: false
    note: A door cannot be seen in configuration.
"""
POLICY = """\
kind: RequestAuthentication
spec:
  jwtRules:
  - issuer: https://login.example.com
    jwksUri: {jwks_uri}
"""
GOOD = POLICY.format(jwks_uri="https://login.example.com/keys") + "    audiences: [shop]\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "policies" / "frameworks").mkdir(parents=True)
    (tmp_path / "policies" / "frameworks" / "house.yaml").write_text(FRAMEWORK)
    (tmp_path / "estate").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def scanned(folder: Path, **files: str) -> Report:
    for name, text in files.items():
        (folder / "estate" / f"{name}.yaml").write_text(text)
    pack = pack_for([str(folder / "policies")], examples=False)
    return scan(ScanOptions(("estate",), Config()), pack, clock_at("2026-06-01"))


def controls(report: Report) -> list[ControlEntry]:
    return [control for framework in report.frameworks for control in framework.controls]


def results(report: Report) -> dict[str, ControlResult]:
    [house] = [each for each in report.frameworks if each.id == "house"]
    return {each.id: each.result for each in house.controls}


def behind(report: Report, result: ControlResult) -> list[Finding]:
    """The findings of the rules that are evidence for a control."""
    return [each for each in report.findings if each.rule in {evidence.rule for evidence in result.rules}]


class TestOutcome:
    def test_fails_where_one_of_its_rules_does(self, folder: Path) -> None:
        report = scanned(folder, a=GOOD.replace("https://login.example.com/keys", "http://login.example.com/keys"))
        found = results(report)
        assert found["TRANSPORT"].outcome == "fail"
        assert found["TRANSPORT"].answers.failed == 1
        assert [report.rule(finding.rule).objective for finding in behind(report, found["TRANSPORT"])] == ["transport-security"]

    def test_says_no_more_than_no_failing_evidence(self, folder: Path) -> None:
        report = scanned(folder, a=GOOD)
        found = results(report)["AUDIENCE"]
        assert found.outcome == "no_failing_evidence"
        assert OUTCOMES[found.outcome] == "no failing evidence for the part tested"
        assert found.answers.passed > 0
        assert behind(report, found) == []

    def test_is_undetermined_where_nothing_fails_and_something_could_not_be_told(self, folder: Path) -> None:
        found = results(scanned(folder, a=POLICY.format(jwks_uri='"{{ .keys }}"')))
        assert found["TRANSPORT"].outcome == "undetermined"
        assert found["TRANSPORT"].answers.failed == 0

    def test_is_not_assessed_where_the_rules_had_nothing_to_judge(self, folder: Path) -> None:
        found = results(scanned(folder, a=GOOD))["KEYS"]
        assert found.outcome == "not_assessed"
        assert found.part == "The rules for key-strength found nothing to judge."

    def test_counts_nothing_for_a_weak_mapping(self, folder: Path) -> None:
        """The audience rules ran and passed; a related theme is still no evidence."""
        found = results(scanned(folder, a=GOOD))["THEME"]
        assert found.outcome == "not_assessed"
        assert found.rules == ()
        assert found.part == "Only related in theme to the tests, which does not count."

    def test_tells_what_no_scan_can_see(self, folder: Path) -> None:
        found = results(scanned(folder, a=GOOD))["UNSEEN"]
        assert found.outcome == "not_assessable"
        assert found.part == "A door cannot be seen in configuration."

    def test_of_an_empty_scan_is_never_good(self, folder: Path) -> None:
        report = scanned(folder, a="replicas: 3\n")
        assert {each.result.outcome for each in controls(report)} == {"not_assessed", "not_assessable"}
        assert all(each.result.part for each in controls(report))


class TestWaivers:
    FAILING = POLICY.format(jwks_uri="https://login.example.com/keys")
    WAIVED = FAILING.replace("jwtRules:\n", "jwtRules:\n  # jwksgov: ignore[audience-not-restricted] agreed; owner=me\n")

    def test_leave_the_outcome_and_stand_beside_it(self, folder: Path) -> None:
        found = results(scanned(folder, a=self.WAIVED))["AUDIENCE"]
        assert (found.outcome, found.waived) == ("fail", True)
        assert (found.answers.failed, found.answers.waived) == (1, 1)

    def test_of_one_finding_do_not_waive_the_control(self, folder: Path) -> None:
        found = results(scanned(folder, a=self.WAIVED, b=self.FAILING))["AUDIENCE"]
        assert (found.outcome, found.waived) == ("fail", False)
        assert (found.answers.failed, found.answers.waived) == (2, 1)


class TestPartTested:
    def test_names_objectives_rules_and_subjects_and_what_was_left_out(self, folder: Path) -> None:
        report = scanned(folder, a=GOOD, b=GOOD.replace("issuer:", "issuer: https://login.example.org #"))
        found = results(report)["BOTH"]
        asked = "1 rule" if len(found.rules) == 1 else f"{len(found.rules)} rules"
        assert (
            found.part == f"Tested transport-security (direct), with {asked} on 2 consumer bindings; not tested: key-strength."
        )

    def test_mentions_what_could_not_be_read(self, folder: Path) -> None:
        (folder / "estate" / "jwks.json").write_text('{"keys": [')
        found = results(scanned(folder, a=GOOD))["AUDIENCE"]
        assert found.part.endswith("1 document could not be read and may hold more.")

    def test_tells_of_an_objective_that_the_profile_asks_nothing_about(self, folder: Path) -> None:
        (folder / "policies" / "profiles").mkdir()
        profile = "id: one\ntitle: One\ndescription: One rule.\nonly: [audience-not-restricted]\n"
        (folder / "policies" / "profiles" / "one.yaml").write_text(profile)
        (folder / "estate" / "a.yaml").write_text(GOOD)
        pack = pack_for([str(folder / "policies")])
        report = scan(ScanOptions(("estate",), Config(profile="one")), pack, clock_at("2026-06-01"))
        found = results(report)
        assert found["VISIBLE"].part == "This run checked no rule for visibility."
        assert found["VISIBLE"].outcome == "not_assessed"
        assert found["AUDIENCE"].outcome == "no_failing_evidence"


def answers_of(report: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Rule and letter of every answer about every subject, as the documentation says to read `results`."""
    for results in report["results"].values():
        for number in results["subjects"]:
            yield from zip(results["rules"], results["patterns"][number], strict=True)


class TestJson:
    def test_holds_everything_that_the_results_are_made_of(self, folder: Path) -> None:
        """Whoever reads the report back counts the same from its rows."""
        report = json.loads(render(scanned(folder, a=TestWaivers.WAIVED, b=TestWaivers.FAILING), "json"))
        [house] = [each for each in report["frameworks"] if each["id"] == "house"]
        objective_of = {rule["id"]: rule["objective"] for rule in report["rules"]}
        for control in house["controls"]:
            mapped = {each["objective"] for each in control["objectives"] if each["strength"] != "weak"}
            given = [(rule, letter) for rule, letter in answers_of(report) if objective_of[rule] in mapped]
            result = control["result"]
            for name, letter in (("passed", "p"), ("failed", "f"), ("undetermined", "u")):
                assert result["answers"][name] == sum(each == letter for _, each in given), control["id"]
            waived = [row for row in report["findings"] if row["waived"] and objective_of[row["rule"]] in mapped]
            assert result["answers"]["waived"] == sum(row["result"] == "fail" for row in waived)
            assert {each["rule"] for each in result["rules"]} == {rule for rule, letter in given if letter != "-"}
