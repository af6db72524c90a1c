"""`jwksgov report`: a stored report in other formats, with the endings that scan has."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scanner.cli import main
from scanner.renderers.choose import render
from tests.reports import full_report


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "report.json"
    path.write_text(render(full_report(), "json"))
    return path


class TestReport:
    def test_shows_text_unless_files_are_asked_for(self, stored: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["report", "report.json"]) == 0
        assert "1 failed: 1 high" in capsys.readouterr().out
        assert main(["report", "report.json", "-o", "out.sarif", "-o", "out.md", "-o", "out.txt"]) == 0
        assert capsys.readouterr().out == ""
        assert json.loads(Path("out.sarif").read_text())["version"] == "2.1.0"
        assert Path("out.md").read_text().startswith("## jwksgov")

    def test_gives_a_format_to_standard_output(self, stored: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["report", "report.json", "--format", "json"]) == 0
        assert capsys.readouterr().out == stored.read_text()

    def test_exits_with_0_though_the_report_fails(self, stored: Path) -> None:
        """The verdict was the scan's; showing it worked."""
        assert json.loads(stored.read_text())["run"]["exit_code"] == 1
        assert main(["report", "report.json", "--sarif-for", "github", "--format", "sarif"]) == 0

    def test_refuses_another_file(self, stored: Path, capsys: pytest.CaptureFixture[str]) -> None:
        stored.write_text('{"version": "2.1.0"}')
        assert main(["report", "report.json"]) == 2
        assert "`schema` should be `jwksgov-report/v2`; a report of another version" in (told := capsys.readouterr().err)
        assert "\n  --> report.json" in told

    def test_refuses_an_ending_that_it_does_not_know(self, stored: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["report", "report.json", "-o", "out.docx"]) == 2
        assert "no format is known for `out.docx`" in capsys.readouterr().err
