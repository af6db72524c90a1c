"""`jwksgov waive`: writes a waiver that a scan then takes, or says why not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scanner.cli import main
from tests.findings.estate import binding

RULE = "audience-not-restricted"
GOOD = ("--path", "api.yaml", "--reason", "lab only", "--owner", "idp", "--expires", "2026-12-31", "--now", "2026-06-01")


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".jwksgov.yaml").write_text("profile: baseline\n")
    (tmp_path / "api.yaml").write_text(binding())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def waive(*arguments: str) -> int:
    return main(["waive", *arguments])


def scanned() -> int:
    return main(["scan", ".", "--now", "2026-06-01"])


class TestWriting:
    def test_makes_a_file_that_the_next_scan_takes(self, repository: Path) -> None:
        assert scanned() == 1
        assert waive(RULE, *GOOD, "--approver", "ciso", "--compensating-control", "mTLS") == 0
        assert (repository / "waivers.yaml").read_text() == (
            f"waivers:\n  - rule: {RULE}\n    subject:\n      path: api.yaml\n    reason: lab only\n    owner: idp\n"
            "    approver: ciso\n    expires: '2026-12-31'\n    compensating_control: mTLS\n"
        )
        assert scanned() == 0

    def test_takes_the_fingerprint_of_a_report(self, capsys: pytest.CaptureFixture[str]) -> None:
        main(["scan", ".", "--format", "json"])
        report = json.loads(capsys.readouterr().out)
        (finding,) = [each for each in report["findings"] if each["rule"] == RULE]
        assert waive(RULE, *GOOD[2:], "--fingerprint", finding["stable_fingerprint"]) == 0
        assert scanned() == 0

    def test_adds_to_the_file_that_the_configuration_names(self, repository: Path) -> None:
        (repository / ".jwksgov.yaml").write_text("waivers: risk/accepted.yaml\n")
        (repository / "risk").mkdir()
        (repository / "risk" / "accepted.yaml").write_text("# reviewed\nwaivers: []\n")
        assert waive(RULE, *GOOD) == 0
        assert (repository / "risk" / "accepted.yaml").read_text().startswith("# reviewed\nwaivers:\n  - rule: ")

    def test_shows_the_change_and_writes_nothing_with_dry_run(
        self, repository: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (repository / "waivers.yaml").write_text("waivers: # ours\n")
        assert waive(RULE, *GOOD, "--dry-run") == 0
        said = capsys.readouterr().out
        assert "--- a/waivers.yaml" in said
        assert f"+  - rule: {RULE}" in said
        assert "-waivers" not in said
        assert (repository / "waivers.yaml").read_text() == "waivers: # ours\n"


class TestRefusing:
    @pytest.mark.parametrize(
        ("arguments", "what", "hint"),
        [
            (("audience-not-restrictd", *GOOD), "no rule is called", f"`{RULE}`"),
            (("waiver-expired", *GOOD), "about waivers cannot be waived", "Correct"),
            ((RULE, *GOOD[2:]), "names no subject", "--path"),
            ((RULE, *GOOD, "--expires", "soon"), "`soon` is not a date", "2027-03-31"),
            ((RULE, *GOOD, "--expires", "2026-05-31"), "its end is 2026-05-31", "new end"),
            ((RULE, *GOOD, "--reason", " "), "--reason is empty", "why"),
            ((RULE, *GOOD, "--fingerprint", "abc"), "no fingerprint", "64"),
        ],
    )
    def test_says_what_is_wrong_and_writes_nothing(
        self, repository: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], what: str, hint: str
    ) -> None:
        assert waive(*arguments) == 2
        said = capsys.readouterr().err
        assert what in said
        assert hint in said
        assert not (repository / "waivers.yaml").exists()

    def test_a_waiver_that_breaks_a_limit(self, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (repository / ".jwksgov.yaml").write_text("profile: strict\n")
        assert waive(RULE, *GOOD, "--expires", "2029-12-31") == 2
        assert "within 366 days" in capsys.readouterr().err

    def test_a_waiver_that_is_there_already(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert waive(RULE, *GOOD) == 0
        assert waive(RULE, *GOOD) == 2
        assert "waivers.yaml:2:5" in capsys.readouterr().err

    def test_a_broken_file_with_its_place(self, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (repository / "waivers.yaml").write_text("waivers:\n  - {rule: a}\n")
        assert waive(RULE, *GOOD) == 2
        assert "waivers.yaml:2:5" in capsys.readouterr().err

    def test_a_repository_whose_scans_would_not_read_it(self, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (repository / ".jwksgov.yaml").unlink()
        assert waive(RULE, *GOOD) == 2
        assert ".jwksgov.yaml" in capsys.readouterr().err
        assert waive(RULE, *GOOD, "--file", "accepted.yaml") == 0
