"""SARIF keeps the rules that no schema checks, and a service gets what it can use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scanner.cli import main
from scanner.errors import Place
from scanner.findings.model import Report, locate
from scanner.findings.policies import StoredPolicies
from scanner.record import changed
from scanner.renderers.choose import render
from scanner.renderers.sarif import services
from tests.reports import HOSTILE, full_report

FULL = full_report()


def run_of(report: Report, service: str | None = None) -> dict[str, Any]:
    (run,) = json.loads(render(report, "sarif", service=service))["runs"]
    return dict(run)


class TestResults:
    def test_only_a_fail_has_a_level_and_a_rank(self) -> None:
        """§3.27.9, §3.27.25."""
        for result in run_of(FULL)["results"]:
            assert (result["kind"] == "fail") == (result["level"] != "none") == ("rank" in result)

    def test_all_have_suppressions_so_that_an_empty_list_says_not_suppressed(self) -> None:
        """§3.27.23: on all results of a run or on none."""
        suppressed = [result["suppressions"] for result in run_of(FULL)["results"]]
        assert [len(each) for each in suppressed] == [1, 0, 0, 0]
        ((waiver,), *_) = suppressed
        assert (waiver["kind"], waiver["status"]) == ("external", "accepted")
        assert waiver["properties"]["expires"] == "2099-01-01"
        assert "Approved by: Ann. Until: 2099-01-01. Ticket: SEC-1." in waiver["justification"]

    def test_a_waiver_in_a_comment_is_in_the_source(self) -> None:
        waiver = FULL.findings[0].waiver
        assert waiver is not None
        inline = changed(FULL.findings[0], waiver=changed(waiver, source="inline"))
        (result, *_) = run_of(changed(FULL, findings=(inline,)))["results"]
        assert result["suppressions"][0]["kind"] == "inSource"

    def test_all_have_a_baseline_state_or_none_has(self) -> None:
        """§3.27.24; what is gone since the baseline is there as absent."""
        assert [each["baselineState"] for each in run_of(FULL)["results"]] == ["new", "new", "new", "absent"]
        assert {"baselineState" in each for each in run_of(full_report(has_baseline=False))["results"]} == {False}
        mixed = changed(FULL, findings=(changed(FULL.findings[0], baseline_state=None), *FULL.findings[1:]))
        assert {"baselineState" in each for each in run_of(mixed)["results"]} == {False}

    def test_carry_the_controls_that_their_rule_serves_in_part(self) -> None:
        """§3.27.8: a taxon may be left out only where the rule's relationship is `superset` or `equal`."""
        run = run_of(FULL)
        for result in run["results"][:3]:
            relations = run["tool"]["driver"]["rules"][result["ruleIndex"]]["relationships"]
            partial = [each["target"]["id"] for each in relations if each["kinds"] == ["incomparable"]]
            assert [each["id"] for each in result.get("taxa", [])] == partial

    def test_point_at_their_rule_and_their_artifact(self) -> None:
        run = run_of(FULL)
        rules = run["tool"]["driver"]["rules"]
        for result in run["results"][:3]:
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
            where = result["locations"][0]["physicalLocation"]["artifactLocation"]
            if "index" in where:
                assert run["artifacts"][where["index"]]["location"]["uri"] == where["uri"]


class TestRun:
    def test_relationships_lead_to_taxa_and_leave_weak_mappings_out(self) -> None:
        run = run_of(FULL)
        for rule in run["tool"]["driver"]["rules"]:
            for relation in rule["relationships"]:
                component = run["taxonomies"][relation["target"]["toolComponent"]["index"]]
                assert component["name"] == relation["target"]["toolComponent"]["name"]
                assert component["taxa"][relation["target"]["index"]]["id"] == relation["target"]["id"]
                assert relation["kinds"][0] in ("superset", "incomparable")

    def test_the_profile_is_a_policy_that_counts_every_answer(self) -> None:
        """§3.19.5: what the rules were asked with, and the passes that are no results."""
        (policy,) = run_of(FULL)["policies"]
        counted = {rule["id"]: rule["properties"] for rule in policy["rules"]}
        assert len(counted) == len(FULL.rules)
        assert counted["audience-not-restricted"]["pass"] == 1
        assert counted["jwks-uri-over-http-public"]["notApplicable"] == 2
        (rsa,) = (each for each in policy["rules"] if each["id"] == "rsa-modulus-too-small")
        assert rsa["defaultConfiguration"]["parameters"]["properties"] == {"min_bits": 2048}

    def test_artifacts_have_hashes_and_roles_and_a_withheld_hash_is_left_out(self) -> None:
        roles = {each["location"]["uri"]: (each["roles"], "hashes" in each) for each in run_of(FULL)["artifacts"]}
        assert roles["a%20b%23%25%C3%A9%3Ac/jwks.json"] == (["analysisTarget"], True)
        assert roles["broken.yaml"] == (["analysisTarget"], False)
        assert roles[".jwksgov.yaml"] == (["userSpecifiedConfiguration"], True)
        assert roles["old.json"] == (["referencedOnCommandLine"], True)

    def test_a_password_in_a_target_is_redacted_and_the_token_said(self) -> None:
        """§3.14.28: `redactionTokens` is there only where something was redacted."""
        run = run_of(FULL)
        assert "https://***@issuer.example.com/jwks" in run["invocations"][0]["arguments"]
        assert run["redactionTokens"] == ["***"]
        assert "redactionTokens" not in run_of(changed(FULL, run=changed(FULL.run, scope=(".",))))

    def test_tells_about_keys_and_not_about_people(self) -> None:
        assert {"machine", "account", "environmentVariables", "workingDirectory"} & set(run_of(FULL)["invocations"][0]) == set()

    def test_notices_are_notifications_of_the_right_kind(self) -> None:
        (invocation,) = run_of(FULL)["invocations"]
        assert [each["descriptor"]["id"] for each in invocation["toolExecutionNotifications"]] == ["unparsed"]
        assert [each["descriptor"]["id"] for each in invocation["toolConfigurationNotifications"]] == ["waiver-unused"]

    def test_its_arguments_judge_the_same_again(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """They are no record of the typing but a recipe: the same SARIF comes of them."""
        (tmp_path / ".git").mkdir()
        (tmp_path / "a.yaml").write_text("kind: RequestAuthentication\nspec:\n  jwtRules:\n  - issuer: https://a.example.com\n")
        monkeypatch.chdir(tmp_path)
        main(["scan", "a.yaml", "--now", "2026-06-01", "-o", "first.sarif"])
        (run,) = json.loads(Path("first.sarif").read_text())["runs"]
        main([*run["invocations"][0]["arguments"][:-2], "-o", "second.sarif", *run["invocations"][0]["arguments"][-2:]])
        assert Path("second.sarif").read_bytes() == Path("first.sarif").read_bytes()


@pytest.mark.parametrize("service", ["github", "gitlab"])
class TestServices:
    def test_get_open_fails_only(self, service: str) -> None:
        """They would show what passed, what is waived and what is undetermined as open alerts."""
        results = run_of(FULL, service)["results"]
        assert [(each["kind"], each["ruleId"]) for each in results] == [("fail", "rsa-modulus-too-small")]
        assert {"suppressions", "baselineState", "taxa"} & set(results[0]) == set()

    def test_get_a_place_for_what_stands_at_an_address(self, service: str) -> None:
        """They take no https URI: the configuration that named the target stands for it, or the finding is left out."""
        remote = changed(FULL.findings[1], location=locate(Place("https://login.example.com/jwks")))
        (result,) = run_of(changed(FULL, findings=(remote,)), service)["results"]
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == ".jwksgov.yaml"
        assert result["message"]["text"].startswith("https://login.example.com/jwks: ")
        homeless = changed(FULL, findings=(remote,), run=changed(FULL.run, config=None))
        run = run_of(homeless, service)
        assert run["results"] == []
        assert "1 findings stand in no file" in run["invocations"][0]["toolExecutionNotifications"][-1]["message"]["text"]

    def test_are_not_told_that_a_preview_rule_is_severe(self, service: str) -> None:
        """It never fails a run, so it must not block a merge."""
        preview = changed(FULL.findings[1], preview=True)
        rules = tuple(changed(each, preview=True) if each.id == preview.rule else each for each in FULL.rules)
        policies = StoredPolicies(rules, FULL.objectives, FULL.frameworks, FULL.references)
        run = run_of(changed(FULL, findings=(preview,), policies=policies), service)
        assert run["results"][0]["level"] == "note"
        assert "security-severity" not in run["tool"]["driver"]["rules"][run["results"][0]["ruleIndex"]]["properties"]

    def test_get_texts_within_their_limits(self, service: str) -> None:
        """Names to 255, descriptions to 1,024 characters, ten tags; nothing required is empty."""
        run = run_of(full_report(hostile=HOSTILE), service)
        for rule in run["tool"]["driver"]["rules"]:
            assert 0 < len(rule["name"]) <= 255
            assert 0 < len(rule["shortDescription"]["text"]) <= 1024
            assert 0 < len(rule["fullDescription"]["text"]) <= 1024
            assert rule["properties"]["tags"][0] == "security"
            assert len(rule["properties"]["tags"]) <= 10
            assert rule["help"]["text"]
        assert all(0 < len(each["message"]["text"]) <= 2000 for each in run["results"])


class TestMany:
    def test_github_gets_the_worst_of_too_many(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """It keeps 5,000 of a run and refuses 25,000."""
        monkeypatch.setitem(services.SERVICES, "github", services.Service(most=2, has_rank=False))
        low = changed(FULL.findings[1], severity="low")
        run = run_of(changed(FULL, findings=(low, FULL.findings[1], low, FULL.findings[1])), "github")
        assert [each["level"] for each in run["results"]] == ["error", "error"]
        said = run["invocations"][0]["toolExecutionNotifications"][-1]["message"]["text"]
        assert said == "github keeps 2 results; the 2 least severe are left out."
