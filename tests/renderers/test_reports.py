"""JSON and SARIF are valid, whatever was scanned; a terminal gets nothing to obey; a stored report shows the same bytes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from scanner.cli import main
from tests.renderers import estates
from tests.reports import HOSTILE

ROOT = Path(__file__).parent.parent.parent
SARIF_SCHEMA = ROOT.parent / "shared" / "standards" / "sarif" / "sarif-schema-2.1.0.json"
FLEET = ROOT.parent / "shared" / "corpus" / "fleet"
FILES = ("out.sarif", "github.sarif", "gitlab.sarif")

POLICY = "kind: RequestAuthentication\nspec:\n  jwtRules:\n  - issuer: {issuer}\n"


def written(folder: Path, name: str) -> dict[str, Any]:
    return dict(json.loads((folder / name).read_text()))


@pytest.fixture(scope="module", params=["demo", "fleet", "empty", "undetermined", "hostile", "waived", "unreadable", "network"])
def reports(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with out.json, out.sarif, out.md and out.txt of one kind of run, and the SARIF of each service."""
    tmp_path = tmp_path_factory.mktemp("reports")
    (tmp_path / ".git").mkdir()
    estate = tmp_path / "estate"
    estate.mkdir()
    if request.param == "demo":
        shutil.copytree(ROOT / "examples" / "acme", estate, dirs_exist_ok=True)
    elif request.param == "fleet":
        if not FLEET.is_dir():
            pytest.skip("shared-corpora: the fleet is not beside this checkout")
        shutil.copytree(FLEET, estate, dirs_exist_ok=True)
    elif request.param == "undetermined":
        (estate / "a.yaml").write_text(POLICY.format(issuer='"{{ .x }}"\n    audiences: [a]'))
    elif request.param == "hostile":
        key = {"kty": "oct", "k": "c2VjcmV0", "kid": HOSTILE}
        odd = {"kty": "RSA", "kid": "\ud800", "n": "AQAB", "e": "AQAB"}
        (estate / "jwks.json").write_text(json.dumps({"keys": [key, odd]}))
        (estate / "a b#%é:c.yaml").write_text(POLICY.format(issuer=json.dumps(HOSTILE)))
    elif request.param == "waived":
        waiver = "  # jwksgov: ignore[audience-not-restricted] a\x1b[0m b; owner=<b>; expires=2099-01-01"
        (estate / "a.yaml").write_text(POLICY.format(issuer="https://login.example.com" + waiver))
        (estate / "b.yaml").write_text(POLICY.format(issuer="https://login.example.com"))
    elif request.param == "network":
        estates.network(estate)
    elif request.param == "unreadable":
        (estate / "jwks.json").write_text('{"keys": [')
    targets = ["estate", "missing.yaml"] if request.param == "unreadable" else ["estate"]
    outputs = [part for kind in ("html", "json", "sarif", "md", "txt") for part in ("-o", f"out.{kind}")]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        main(["scan", *targets, *outputs, "--now", "2026-06-01"])
        for service in ("github", "gitlab"):
            main(["report", "out.json", "--sarif-for", service, "-o", f"{service}.sarif"])
    return tmp_path


class TestJson:
    def test_is_valid_against_its_schema(self, reports: Path) -> None:
        schema = json.loads((ROOT / "schemas" / "report.schema.json").read_text())
        jsonschema.Draft202012Validator(schema).validate(written(reports, "out.json"))

    def test_every_finding_has_a_place_and_every_count_agrees(self, reports: Path) -> None:
        report = written(reports, "out.json")
        summary = report["summary"]
        for kind, results in report["results"].items():
            counts = Counter(results["subjects"])
            assert [counts[number] for number in range(len(results["patterns"]))] == results["counts"], kind
        letters = Counter(
            letter for each in report["results"].values() for number in each["subjects"] for letter in each["patterns"][number]
        )
        names = {"p": "passed", "f": "failed", "u": "undetermined", "-": "not_applicable"}
        assert {names[letter]: letters[letter] for letter in names} == {name: summary[name] for name in names.values()}
        found = Counter(each["result"] for each in report["findings"])
        assert (found["fail"], found["undetermined"]) == (summary["failed"], summary["undetermined"])
        assert sum(summary["by_severity"].values()) == summary["failed"] - summary["waived"]
        for name in names.values():
            assert sum(rule["answers"][name] for rule in report["rules"]) == summary[name]


class TestSarif:
    @pytest.mark.skipif(
        not SARIF_SCHEMA.is_file(), reason="shared-corpora: the official SARIF schema is not beside this checkout"
    )
    def test_is_valid_against_the_official_schema(self, reports: Path) -> None:
        schema = json.loads(SARIF_SCHEMA.read_text())
        for file in FILES:
            jsonschema.Draft4Validator(schema).validate(written(reports, file))

    def test_passes_the_multitool_with_the_rules_of_code_scanning(self, reports: Path) -> None:
        tool = os.environ.get("JWKSGOV_SARIF_MULTITOOL")
        if not tool:
            pytest.skip("sarif-multitool: JWKSGOV_SARIF_MULTITOOL does not name it; .ci/run installs it from npm")
        for file in FILES:
            command = [tool, "validate", file, "--rule-kind", "Sarif;Ghas", "-o", "val.sarif", "--log", "ForceOverwrite"]
            subprocess.run(command, cwd=reports, capture_output=True, timeout=300, check=True)
            (run,) = json.loads((reports / "val.sarif").read_text(encoding="utf-8-sig"))["runs"]
            errors = [each for each in run.get("results", []) if each.get("level", "warning") == "error"]
            assert errors == [], file


class TestStored:
    @pytest.mark.parametrize("name", ["out.json", "out.sarif", "out.md", "out.txt"])
    def test_shows_the_same_bytes_as_the_scan(self, reports: Path, name: str) -> None:
        main(["report", str(reports / "out.json"), "-o", str(reports / f"again.{name}")])
        assert (reports / f"again.{name}").read_bytes() == (reports / name).read_bytes()


class TestText:
    def test_reaches_the_terminal_without_control_characters(self, reports: Path) -> None:
        text = (reports / "out.txt").read_text()
        assert {char for char in text if unicodedata.category(char) in ("Cc", "Cf", "Cs") and char != "\n"} == set()
        assert max(len(line) for line in text.split("\n")) < 3000


class TestSecrets:
    def test_never_reach_any_report(self, reports: Path) -> None:
        """The demo's planted private key and secrets: their values are in no output."""
        values: set[str] = set()
        for path in (reports / "estate").rglob("*"):
            if path.is_file():
                values |= set(_private_values(path.read_text(errors="replace")))
        for kind in ("html", "json", "sarif", "md", "txt"):
            text = (reports / f"out.{kind}").read_text()
            assert [value for value in values if value in text] == []


def _private_values(text: str) -> list[str]:
    import re

    return re.findall(r'\\?"(?:d|k|p|q|dp|dq|qi)\\?"\s*:\s*\\?"([A-Za-z0-9_-]{6,})', text)
