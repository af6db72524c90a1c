"""A kind of subject is declared once: a toy kind with its declaration, facts and one rule is in everything that scans give."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from scanner.cli import main
from scanner.evidence.model import Evidence
from scanner.facts.fact import fact
from scanner.findings.stored import read_report
from scanner.record import record
from scanner.renderers.choose import FORMATS, render
from scanner.subjects import kinds
from scanner.subjects.identifiers import SubjectIds
from scanner.subjects.kinds import SubjectKind
from scanner.subjects.model import Subject

RULE = """\
id: notebook-too-thin
title: The notebook is thin
severity: high
objective: visibility
about: notebook
since: 1.0.0
rationale: A toy of a test.
remedy: Write more into it.
require: notebook.size >= 100000
message: "The notebook {notebook.label} has {notebook.size} bytes."
examples:
  - it: rejects a thin one
    jwks: {keys: []}
    gives: fail
    saying: "The notebook jwks.json has 12 bytes."
"""
KEYS = json.dumps({"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "quokka"}]})


@record(slots=True)
class NotebookRow:
    """The toy's row."""

    id: str
    path: str
    line: int | None
    column: int | None
    size: int
    title: str


def subjects_of(evidence: Evidence, ids: SubjectIds) -> Iterator[Subject]:
    """One for each document with keys."""
    yield ids.subject("notebook", "page", evidence, None, {})


def make_row(subject: Subject) -> NotebookRow:
    """The notebook as a report lists it."""
    place = subject.ref.place
    return NotebookRow(subject.ref.id, place.path, place.line, place.column, subject.about.size, f"of {place.path}")


def identify(subject: Subject) -> tuple[str, ...]:
    """Its content."""
    return (subject.about.sha256,)


@fact("notebook.size")
def size(notebook: Evidence) -> int:
    """Its bytes."""
    return notebook.size


@fact("notebook.label")
def label(notebook: Evidence) -> str:
    """Its path."""
    return notebook.path


def _module(name: str, **members: Any) -> ModuleType:
    made = ModuleType(name)
    made.__dict__.update(members)
    return made


@pytest.fixture(autouse=True)
def _toy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The one declaration, in the place of the registry wherever it was imported."""
    home = {"Row": NotebookRow, "make_row": make_row, "identify": identify, "subjects_of": subjects_of}
    monkeypatch.setitem(sys.modules, "toy.home", _module("toy.home", **home))
    monkeypatch.setitem(sys.modules, "toy.facts", _module("toy.facts", FACTS=(size, label)))
    declared = SubjectKind(
        "notebook",
        "notebooks",
        "notebook of keys",
        "notebooks of keys",
        lambda found: bool(found.jwk_sets),
        home="toy.home",
        facts="toy.facts",
    )
    registry = kinds.KINDS
    _exchange(registry, (*registry, declared))
    yield
    _exchange(kinds.KINDS, registry)


def _exchange(known: tuple[SubjectKind, ...], other: tuple[SubjectKind, ...]) -> None:
    """Wherever the registry was imported by its name."""
    for name, module in list(sys.modules.items()):
        if name.startswith("scanner.") and getattr(module, "KINDS", None) is known:
            vars(module)["KINDS"] = other


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "mine" / "rules" / "notebook").mkdir(parents=True)
    (tmp_path / "mine" / "rules" / "notebook" / "notebook-too-thin.yaml").write_text(RULE)
    (tmp_path / "zebra").mkdir()
    (tmp_path / "zebra" / "jwks.json").write_text(KEYS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def scanned(*more: str) -> dict[str, Any]:
    """The JSON report of a scan with the toy's rule, which is written to `r.json`."""
    main(["scan", "zebra", "-q", "--policies", "mine", "-o", "r.json", "--now", "2026-06-01", *more])
    found: dict[str, Any] = json.loads(Path("r.json").read_text())
    return found


def finding(report: dict[str, Any]) -> dict[str, Any]:
    (found,) = [each for each in report["findings"] if each["rule"] == "notebook-too-thin"]
    return dict(found)


@pytest.mark.usefixtures("repository")
class TestAKind:
    def test_has_its_facts_listed(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["policy", "facts", "notebook"]) == 0
        assert "notebook.size" in capsys.readouterr().out

    def test_may_have_rules_with_examples(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["policy", "check", "--policies", "mine"]) == 0, capsys.readouterr().err
        assert main(["policy", "test", "notebook-too-thin", "--policies", "mine"]) == 0, capsys.readouterr().out

    def test_is_judged_and_has_rows(self) -> None:
        report = scanned()
        assert finding(report)["message"] == f"The notebook zebra/jwks.json has {len(KEYS)} bytes."
        (row,) = report["subjects"]["notebooks"]
        assert (row["id"], row["size"]) == ("zebra/jwks.json#notebook:page", len(KEYS))
        results = report["results"]["notebook"]
        assert (results["rules"], results["patterns"], results["subjects"]) == (["notebook-too-thin"], ["f"], [0])
        (rule,) = [each for each in report["rules"] if each["id"] == "notebook-too-thin"]
        assert rule["answers"]["failed"] == 1

    def test_is_named_in_words_on_the_page(self) -> None:
        scanned("-o", "r.html")
        page = Path("r.html").read_text()
        assert "otebook of keys" in page or "otebooks of keys" in page
        assert "notebook-too-thin" in page

    def test_has_its_part_in_a_control(self) -> None:
        controls = [each for framework in scanned()["frameworks"] for each in framework["controls"]]
        parts = [each["result"]["part"] for each in controls if "notebook-too-thin" in str(each["result"]["rules"])]
        assert parts
        assert all("1 notebook of keys" in part for part in parts)

    def test_is_waived_by_its_id(self) -> None:
        entry = "waivers:\n  - rule: notebook-too-thin\n    subject: {id: 'zebra/jwks.json#notebook:page'}\n"
        Path("waivers.yaml").write_text(f"{entry}    reason: A toy.\n    owner: me\n    expires: 2026-12-31\n")
        assert finding(scanned("--waivers", "waivers.yaml"))["waived"] is True

    def test_is_the_same_one_when_its_file_is_renamed(self) -> None:
        before = finding(scanned())
        Path("zebra/jwks.json").rename("zebra/other-jwks.json")
        after = finding(scanned())
        assert before["stable_fingerprint"] == after["stable_fingerprint"]
        assert before["fingerprint"] != after["fingerprint"]

    @pytest.mark.parametrize("format_", FORMATS)
    def test_comes_back_from_the_stored_report(self, format_: str) -> None:
        scanned("-o", "r.html", "-o", "r.sarif", "-o", "r.md", "-o", "r.txt", "--metrics", "r.prom")
        written = {"json": "r.json", "html": "r.html", "sarif": "r.sarif", "markdown": "r.md", "openmetrics": "r.prom"}
        assert render(read_report("r.json"), format_) == Path(written.get(format_, "r.txt")).read_text()

    def test_is_redacted(self) -> None:
        report = scanned("--redact", "-o", "r.html", "-o", "r.sarif")
        (row,) = report["subjects"]["notebooks"]
        assert row["id"] == finding(report)["subject"]["id"]
        assert row["size"] == len(KEYS)
        for name in ("r.json", "r.html", "r.sarif"):
            assert "zebra" not in Path(name).read_text()

    def test_is_in_the_schemas(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["policy", "schema", "report"]) == 0
        assert "notebooks" in json.loads(capsys.readouterr().out)["properties"]["subjects"]["properties"]
        assert main(["policy", "schema", "rule"]) == 0
        assert "notebook" in json.loads(capsys.readouterr().out)["properties"]["about"]["enum"]
