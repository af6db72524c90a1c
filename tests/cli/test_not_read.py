"""What a scan does not read is told, and what is named is read or ends with 3."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from scanner.cli import main
from tests.forms.form import ISTIO
from tests.forms.git_index import make_index
from tests.sources.bundle.bundles import exchanges, write

PLAIN = "kind: Service\n"


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with an ordinary file."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text(PLAIN)
    return tmp_path


def put(path: Path, text: str = ISTIO) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


class TestTheCounts:
    @pytest.fixture(autouse=True)
    def _ignored(self, repository: Path) -> None:
        put(repository / "b.yaml")
        put(repository / "node_modules" / "c.yaml")
        put(repository / ".gitignore", "b.yaml\n")

    @pytest.mark.parametrize("format_", ["text", "markdown", "html"])
    def test_are_in_each_format_for_people(self, format_: str, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["scan", ".", "--format", format_]) == 0
        said = capsys.readouterr().out.replace("`", "").replace("\\", "").replace("&#47;", "/")
        assert "ot read: 1 file ignored by git (b.yaml), 1 folder skipped (node_modules/)" in said

    def test_are_in_json_and_come_back_from_it(self, capsys: pytest.CaptureFixture[str]) -> None:
        main(["scan", ".", "-o", "r.json", "--quiet"])
        capsys.readouterr()
        rows = json.loads(Path("r.json").read_text())["run"]["not_read"]
        assert [(row["reason"], row["files"], row["folders"], row["first"]) for row in rows] == [
            ("ignored", 1, 0, ["b.yaml"]),
            ("skipped", 0, 1, ["node_modules/"]),
        ]
        main(["report", "r.json", "--format", "text"])
        assert "not read: 1 file ignored by git (b.yaml)" in capsys.readouterr().out

    def test_name_nothing_for_readers_outside(self, capsys: pytest.CaptureFixture[str]) -> None:
        main(["scan", ".", "--redact", "-o", "r.json", "--quiet"])
        assert all(not row["first"] for row in json.loads(Path("r.json").read_text())["run"]["not_read"])

    def test_are_nothing_in_a_quiet_run(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["scan", ".", "--quiet"]) == 0
        assert capsys.readouterr().out == ""

    def test_do_not_hide_what_git_tracks(self, repository: Path) -> None:
        (repository / ".git" / "index").write_bytes(make_index(["a.yaml", "node_modules/c.yaml"]))
        assert main(["scan", ".", "--quiet"]) == 1

    def test_are_no_ignored_files_with_isolated(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["scan", ".", "--isolated"]) == 1
        assert "ignored by git" not in capsys.readouterr().out


class TestNamedTargets:
    def test_without_a_file_to_read_end_with_3(self, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
        put(repository / "docs" / "a.html", "")
        assert main(["scan", "docs"]) == 3
        assert "no file in it can be read" in capsys.readouterr().out
        assert main(["scan", "."]) == 0

    def test_that_cannot_be_listed_end_with_3(self, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """And a folder inside, where everything must be assessed. Root may list any folder, so the system's answer is given."""
        put(repository / "x" / "closed" / "a.yaml", PLAIN)
        put(repository / "x" / "b.yaml", PLAIN)
        list_ = os.scandir

        def scandir(folder: str) -> object:
            if folder.endswith("closed"):
                raise PermissionError(13, "Permission denied")
            return list_(folder)

        monkeypatch.setattr(os, "scandir", scandir)
        assert main(["scan", "x/closed"]) == 3
        assert main(["scan", "x"]) == 0
        assert main(["scan", "x", "--fail-on-undetermined"]) == 3


class TestPlantedBundles:
    """A pull request can add any file, but not keep a tree from being scanned."""

    @pytest.mark.parametrize("manifest", ['{"format": "jwksgov-bundle/v1"', '{"format": "jwksgov-bundle/v1"}', "{}"])
    def test_that_are_broken_stop_nothing(self, manifest: str, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
        put(repository / "manifest.json", manifest)
        put(repository / "exchanges.jsonl", "")
        put(repository / "bad.yaml")
        assert main(["scan", "."]) == 1
        assert "bad.yaml" in capsys.readouterr().out

    def test_that_are_whole_do_not_replace_the_tree(self, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
        write(repository / "evidence", exchanges(1))
        for part in (repository / "evidence").iterdir():
            part.rename(repository / part.name)
        (repository / "evidence").rmdir()
        assert main(["scan", "."]) == 3
        assert "an evidence bundle with other files in it" in capsys.readouterr().out
        put(repository / "bad.yaml")
        assert main(["scan", "."]) == 1

    def test_inside_are_a_note(self, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
        write(repository / "evidence", exchanges(1))
        assert main(["scan", ".", "--fail-on-undetermined"]) == 0
        said = capsys.readouterr().out
        assert "evidence: not judged: it is an evidence bundle" in said
        assert "1 evidence bundle (evidence/)" in said
