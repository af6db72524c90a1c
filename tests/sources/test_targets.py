"""Which files a folder gives, and how reports name them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from scanner.config.globs import Globs
from scanner.sources.document import Document, Unreadable
from scanner.sources.not_read import NotRead, NotReadTally
from scanner.sources.targets import LARGEST, files_of
from tests.documents import collect


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "repo"
    (root / ".git").mkdir(parents=True)
    (root / "conf" / "deep").mkdir(parents=True)
    (root / "conf" / "a.yaml").write_text("a: 1")
    (root / "conf" / "deep" / "b.json").write_text("{}")
    (root / "conf" / "c.txt").write_text("no")
    (root / "conf" / "jwks").write_text("{}")
    monkeypatch.chdir(root)
    return root


def not_read(*targets: str, exclude: tuple[str, ...] = (), takes_ignore_files: bool = True) -> list[NotRead]:
    tally = NotReadTally()
    for _ in files_of(targets, exclude=Globs(exclude), takes_ignore_files=takes_ignore_files, not_read=tally):
        pass
    return list(tally.rows())


def paths(*targets: str, exclude: tuple[str, ...] = ()) -> list[str]:
    return [document.path for document in collect(targets, exclude=exclude)]


class TestNames:
    def test_are_relative_to_the_repository_of_the_working_directory(self, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tree / "conf")
        assert paths(".") == ["conf/a.yaml", "conf/jwks", "conf/deep/b.json"]

    def test_are_relative_to_the_named_folder_outside_of_it(self, tree: Path, tmp_path: Path) -> None:
        other = tmp_path / "other"
        other.mkdir()
        (other / "x.yaml").write_text("x: 1")
        assert paths(str(other)) == ["x.yaml"]
        assert paths(str(other), "conf/deep") == ["other/x.yaml", "conf/deep/b.json"]

    def test_of_a_file_named_twice_come_once(self, tree: Path) -> None:
        assert paths("conf/a.yaml", "conf") == ["conf/a.yaml", "conf/jwks", "conf/deep/b.json"]


class TestIgnoredFiles:
    def test_are_left_out_of_a_folder_and_read_when_named(self, tree: Path) -> None:
        (tree / ".gitignore").write_text("deep/\n*.yaml\n!keep.yaml\n")
        (tree / "conf" / "keep.yaml").write_text("k: 1")
        assert paths("conf") == ["conf/jwks", "conf/keep.yaml"]
        assert paths("conf/a.yaml") == ["conf/a.yaml"]

    def test_are_decided_by_the_deepest_gitignore_that_speaks(self, tree: Path) -> None:
        (tree / ".gitignore").write_text("*.json\n")
        (tree / "conf" / "deep" / ".gitignore").write_text("!b.json\n")
        assert "conf/deep/b.json" in paths(".")

    def test_may_be_excluded_by_glob(self, tree: Path) -> None:
        assert paths("conf", exclude=("conf/deep", "*.yaml")) == ["conf/jwks"]


class TestHostileTrees:
    def test_links_do_not_lead_out(self, tree: Path, tmp_path: Path) -> None:
        (tmp_path / "secret.yaml").write_text("s: 1")
        os.symlink(tmp_path / "secret.yaml", tree / "conf" / "link.yaml")
        os.symlink(tmp_path, tree / "conf" / "out")
        assert not [path for path in paths("conf") if "link" in path or "out" in path]

    def test_a_missing_target_is_told(self, tree: Path) -> None:
        (found,) = collect(["nowhere.yaml"])
        assert found == Unreadable("nowhere.yaml", "No such file or directory", is_named=True)

    def test_a_huge_file_is_read_only_so_far(self, tree: Path) -> None:
        (tree / "big.yaml").write_bytes(b"#" * (LARGEST + 100))
        (found,) = collect(["big.yaml"])
        assert isinstance(found, Document)
        assert len(found.data) == LARGEST

    def test_a_pipe_is_counted_and_not_waited_for(self, tree: Path) -> None:
        os.mkfifo(tree / "conf" / "pipe.yaml")
        assert not_read("conf") == [NotRead("special", 1, 0, ("conf/pipe.yaml",))]
        (found,) = collect(["conf/pipe.yaml"])
        assert found == Unreadable("conf/pipe.yaml", "it is not a regular file", is_named=True)


class TestWhatCannotBeRead:
    def test_a_folder_that_is_closed_is_said(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A folder nobody could look into is not an empty one."""
        (tmp_path / "closed").mkdir()
        open_ = os.scandir

        def scandir(folder: str) -> object:
            if folder.endswith("closed"):
                raise PermissionError(13, "Permission denied")
            return open_(folder)

        monkeypatch.setattr(os, "scandir", scandir)
        assert list(collect([str(tmp_path)])) == [
            Unreadable("closed", "Permission denied"),
            Unreadable(".", "no file in it can be read: none is of a kind that jwksgov reads", is_named=True),
        ]
