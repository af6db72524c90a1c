"""`--redact`: nothing of what was scanned leaves the report but answers, numbers and words of the standards."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from scanner.cli import main
from scanner.findings.pseudonyms import Pseudonyms
from scanner.findings.redact import _find_values
from scanner.renderers.formats import TABLE
from tests.renderers import estates

FORMATS = tuple(each.endings[0].removeprefix(".") for each in TABLE if each.is_offered)
CONFIG = """\
paths:
- {path: "**/billing/**", environment: dublin, owner: ledger-crew}
- {path: "**/mesh/**", environment: prod, owner: mesh-crew}
"""
WAIVER = "jwksgov: ignore[audience-not-restricted] see Quokka memo; owner=Wilma; expires=2026-12-31"
WAIVED = f"""\
kind: RequestAuthentication
spec:
  jwtRules:
  - issuer: https://sso.zebra-bank.example  # {WAIVER}
"""


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("redacted")
    (folder / ".git").mkdir()
    estates.demo(folder / "acme")
    (folder / "acme" / "mesh" / "zebra-settings.yaml").write_text(WAIVED)
    (folder / "acme" / "broken-narwhal.jwks.json").write_text('{"keys": [')
    (folder / "acme" / ".jwksgov.yaml").write_text(CONFIG)
    return folder


@pytest.fixture(scope="module")
def both(estate: Path) -> tuple[dict[str, str], dict[str, str]]:
    """The reports as they are and redacted, each scanned once."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.chdir(estate)
        return reports(estate), reports(estate, "--redact")


@pytest.fixture(scope="module")
def documents(both: tuple[dict[str, str], dict[str, str]]) -> tuple[Any, Any]:
    open_, redacted = both
    return json.loads(open_["json"]), json.loads(redacted["json"])


def reports(estate: Path, *more: str) -> dict[str, str]:
    outputs = [part for kind in FORMATS for part in ("-o", f"out.{kind}")]
    main(["scan", "acme", "missing-okapi.yaml", "-q", "--now", "2026-06-01", *outputs, *more])
    return {kind: (estate / f"out.{kind}").read_text(encoding="utf-8") for kind in FORMATS}


def names_in(estate: Path) -> set[str]:
    """Names that tell whose estate it is: of files and folders, hosts, kids, owners, and words of waivers."""
    names = {"zebra-settings", "broken-narwhal", "missing-okapi", "ledger-crew", "mesh-crew", "dublin", "Quokka", "Wilma"}
    for path in estate.joinpath("acme").rglob("*"):
        names |= {part for part in path.relative_to(estate).parts if len(part) > 5 and "." in part}
        if path.is_file():
            text = path.read_text(errors="replace")
            names |= set(re.findall(r"https?://([\w.-]+\.\w+)", text)) | set(re.findall(r'"kid": "([^"]{4,})"', text))
    # a kid like `reports` is an ordinary word of the rules' own text, too
    # and so is the name of our own configuration file
    return {name for name in names if re.search(r"^[^.].*[-.\d]", name) or name in ("dublin", "Quokka", "Wilma")}


class TestRedaction:
    @pytest.mark.parametrize("kind", FORMATS)
    def test_leaves_no_name(self, estate: Path, both: tuple[dict[str, str], dict[str, str]], kind: str) -> None:
        names = names_in(estate)
        open_, redacted = (each[kind] for each in both)
        assert len([name for name in names if name in open_]) > 20, "the names are in the report as it is otherwise"
        assert [name for name in sorted(names) if name in redacted] == []

    def test_withholds_digests_and_lines_of_evidence(self, documents: tuple[Any, Any]) -> None:
        """The digest of a published key set tells whose it is, and so would a fingerprint over a guessable name."""
        open_, redacted = documents
        text = json.dumps(redacted)
        assert [row["path"] for row in open_["evidence"] if row["sha256"] in text] == []
        assert [each["rule"] for each in open_["findings"] if each["fingerprint"] in text] == []
        assert {each["excerpt"] for each in redacted["findings"]} == {None}

    def test_keeps_the_shape_of_the_report(self, both: tuple[dict[str, str], dict[str, str]]) -> None:
        schema = json.loads((estates.ROOT / "schemas" / "report.schema.json").read_text())
        _, redacted = both
        jsonschema.Draft202012Validator(schema).validate(json.loads(redacted["json"]))
        (run,) = json.loads(redacted["sarif"])["runs"]
        hashes = [artifact["hashes"] for artifact in run.get("artifacts", []) if "hashes" in artifact]
        assert [value for each in hashes for value in each.values() if not value] == []

    def test_changes_no_answer(self, documents: tuple[Any, Any]) -> None:
        open_, redacted = documents
        assert redacted["summary"] == open_["summary"]
        assert redacted["results"] == open_["results"]
        for one, other in zip(open_["findings"], redacted["findings"], strict=True):
            assert [one[name] for name in ("rule", "result", "severity", "waived")] == [
                other[name] for name in ("rule", "result", "severity", "waived")
            ]
        assert [(each["id"], each["answers"]) for each in open_["rules"]] == [
            (each["id"], each["answers"]) for each in redacted["rules"]
        ]
        assert [each["result"] for framework in open_["frameworks"] for each in framework["controls"]] == [
            each["result"] for framework in redacted["frameworks"] for each in framework["controls"]
        ]

    def test_keeps_apart_what_is_apart_and_joined_what_is_joined(self, documents: tuple[Any, Any]) -> None:
        open_, redacted = documents
        for table, rows in open_["subjects"].items():
            ids = [(row["id"], other["id"]) for row, other in zip(rows, redacted["subjects"][table], strict=True)]
            assert len(set(ids)) == len({one for one, _ in ids}) == len({other for _, other in ids})
        issuers = [(row["issuer"], other["issuer"]) for row, other in _rows(open_, redacted) if row["issuer"]]
        assert len(set(issuers)) == len({one for one, _ in issuers}) == len({other for _, other in issuers})

    def test_gives_the_same_stand_ins_again(
        self, estate: Path, monkeypatch: pytest.MonkeyPatch, both: tuple[dict[str, str], dict[str, str]]
    ) -> None:
        monkeypatch.chdir(estate)
        assert reports(estate, "--redact") == both[1]

    def test_of_a_stored_report_is_the_same(
        self, estate: Path, monkeypatch: pytest.MonkeyPatch, both: tuple[dict[str, str], dict[str, str]]
    ) -> None:
        """Scan today, redact when somebody outside asks."""
        monkeypatch.chdir(estate)
        (estate / "stored.json").write_text(both[0]["json"])
        outputs = [part for kind in FORMATS for part in ("-o", f"again.{kind}")]
        main(["report", "stored.json", "--redact", *outputs])
        assert {kind: (estate / f"again.{kind}").read_text(encoding="utf-8") for kind in FORMATS} == both[1]

    def test_an_ordinary_environment_keeps_its_name(self, documents: tuple[Any, Any]) -> None:
        _, redacted = documents
        assert {each["environment"] for each in redacted["findings"]} >= {"prod", "environment-1"}


Row = dict[str, str]


def _rows(open_: dict[str, dict[str, list[Row]]], redacted: dict[str, dict[str, list[Row]]]) -> list[tuple[Row, Row]]:
    """The rows of issuers and bindings, each with its redacted twin."""
    tables = [(open_["subjects"][name], redacted["subjects"][name]) for name in ("issuers", "bindings")]
    return [pair for one, other in tables for pair in zip(one, other, strict=True)]


class TestMessages:
    def test_are_taken_apart_along_the_rules_own_words(self) -> None:
        assert _find_values("Key {a} has {b} bits.", "Key old has 1024 bits.") == ["old", "1024"]
        assert _find_values("Nothing to fill in.", "Nothing to fill in.") == []

    def test_of_another_making_are_not_taken_apart(self) -> None:
        assert _find_values("Key {a} has {b} bits.", "Something else") is None
        assert _find_values("Key {a}", "key x") is None
        assert _find_values("{a}ab{b}ba", "abba"[:3]) is None

    def test_a_name_that_repeats_the_rules_words_still_goes(self) -> None:
        """Whatever a kid says, all that is not the rule's own literal text is handed back to be replaced."""
        assert _find_values("Key {a} has {b} bits.", "Key x has 3 bits. has 1024 bits.") == ["x", "3 bits. has 1024"]


class TestPseudonyms:
    def test_urls_keep_scheme_and_equality_of_hosts(self) -> None:
        names = Pseudonyms()
        assert names.name("issuer", "https://a.example.com") == "https://host-1.invalid"
        assert names.name("issuer", "http://a.example.com/x") == "http://host-1.invalid/location-1"
        assert names.name("issuer", "weird-scheme://b.example.com") == "other://host-2.invalid"

    def test_free_text_keeps_numbers_and_words_of_standards_only(self) -> None:
        names = Pseudonyms(frozenset(("istio",)))
        names.name("kid", "winter")
        assert names.words("istio winter 2048 RS256, secret-project") == "istio kid-1 2048 RS256, value-1"

    def test_a_number_that_is_a_kid_is_replaced(self) -> None:
        names = Pseudonyms()
        names.name("kid", "2024")
        assert names.words("2024") == "kid-1"

    def test_paths_keep_an_ending_that_tells_the_kind_of_file(self) -> None:
        names = Pseudonyms()
        assert [names.path(path) for path in ("a/b.yaml", "a/b.zebra", "a/b", "a/b.yaml")] == [
            "path-1.yaml",
            "path-2",
            "path-3",
            "path-1.yaml",
        ]
