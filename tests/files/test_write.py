"""New files are whole or not there, and never arrive through a link that somebody else made."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from scanner.errors import UsageError
from scanner.files.write import (
    open_stream,
    open_to_append,
    remove_old_partials,
    replace_file,
    require_own_folders,
    write_all,
)


def put(path: Path | str, data: bytes = b"new") -> None:
    with replace_file(str(path)) as descriptor:
        write_all(descriptor, data)


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    path = tmp_path / "elsewhere" / "victim"
    path.parent.mkdir()
    path.write_bytes(b"precious")
    return path


class TestReplacing:
    def test_a_new_file_has_the_mode_of_the_umask(self, tmp_path: Path) -> None:
        before = os.umask(0o027)
        try:
            put(tmp_path / "a")
        finally:
            os.umask(before)
        assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640

    def test_a_file_that_was_there_keeps_its_mode(self, tmp_path: Path) -> None:
        (tmp_path / "a").touch(mode=0o600)
        put(tmp_path / "a")
        assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o600

    @pytest.mark.parametrize("interruption", [KeyboardInterrupt, OSError, ValueError, SystemExit])
    def test_an_interruption_leaves_what_was_there_and_nothing_else(
        self, tmp_path: Path, interruption: type[BaseException]
    ) -> None:
        put(tmp_path / "a", b"old")

        def interrupted() -> None:
            with replace_file(str(tmp_path / "a")) as descriptor:
                write_all(descriptor, b"half")
                raise interruption

        with pytest.raises(interruption):
            interrupted()
        assert (tmp_path / "a").read_bytes() == b"old"
        assert os.listdir(tmp_path) == ["a"]

    def test_a_name_as_long_as_it_may_be(self, tmp_path: Path) -> None:
        put(tmp_path / ("a" * 255))
        assert (tmp_path / ("a" * 255)).read_bytes() == b"new"

    def test_two_writers_of_one_file(self, tmp_path: Path) -> None:
        """The last rename wins, and each file is whole."""
        with replace_file(str(tmp_path / "a")) as first:
            write_all(first, b"first")
            put(tmp_path / "a", b"second")
            assert (tmp_path / "a").read_bytes() == b"second"
        assert (tmp_path / "a").read_bytes() == b"first"
        assert os.listdir(tmp_path) == ["a"]

    @pytest.mark.parametrize("plant", [os.symlink, os.link], ids=["symbolic", "hard"])
    def test_a_link_at_the_target_is_replaced(self, tmp_path: Path, victim: Path, plant: Callable[[Path, Path], None]) -> None:
        plant(victim, tmp_path / "a")
        put(tmp_path / "a")
        assert victim.read_bytes() == b"precious"
        assert (tmp_path / "a").read_bytes() == b"new"
        assert not (tmp_path / "a").is_symlink()

    def test_a_link_that_leads_nowhere_is_replaced(self, tmp_path: Path, victim: Path) -> None:
        os.symlink(victim.parent / "not there", tmp_path / "a")
        put(tmp_path / "a")
        assert os.listdir(victim.parent) == ["victim"]

    def test_a_name_that_somebody_guessed_is_not_followed(
        self, tmp_path: Path, victim: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Nobody guesses eight random octets; if somebody did, nothing would be written."""
        monkeypatch.setattr("os.urandom", lambda count: bytes(count))
        os.symlink(victim, tmp_path / f".jwksgov-{'00' * 8}.partial")
        with pytest.raises(FileExistsError):
            put(tmp_path / "a")
        assert victim.read_bytes() == b"precious"

    def test_a_folder_or_a_pipe_is_no_file(self, tmp_path: Path) -> None:
        (tmp_path / "folder").mkdir()
        os.mkfifo(tmp_path / "pipe")
        for name in ("folder", "pipe"):
            with pytest.raises(OSError, match=r"directory|pipe"):
                put(tmp_path / name)
        assert sorted(os.listdir(tmp_path)) == ["folder", "pipe"]


class TestAppending:
    def test_reads_and_adds(self, tmp_path: Path) -> None:
        for _ in range(2):
            descriptor = open_to_append(str(tmp_path / "a"))
            os.lseek(descriptor, 0, os.SEEK_END)
            write_all(descriptor, b"x")
            os.close(descriptor)
        assert (tmp_path / "a").read_bytes() == b"xx"

    @pytest.mark.parametrize("plant", [os.symlink, os.link, lambda _, path: os.mkfifo(path)])
    def test_refuses_what_leads_elsewhere(self, tmp_path: Path, victim: Path, plant: Callable[[Path, Path], None]) -> None:
        plant(victim, tmp_path / "a")
        with pytest.raises(OSError, match=r"link|second name"):
            open_to_append(str(tmp_path / "a"))


class TestOldPartials:
    def test_are_removed_after_a_day(self, tmp_path: Path, victim: Path) -> None:
        old, young, link = (tmp_path / f".jwksgov-{number}.partial" for number in range(3))
        old.touch()
        young.touch()
        os.symlink(victim, link)
        long_ago = time.time() - 2 * 24 * 60 * 60
        for path in (old, link):
            os.utime(path, (long_ago, long_ago), follow_symlinks=False)
        remove_old_partials(str(tmp_path))
        assert sorted(os.listdir(tmp_path)) == [young.name, "elsewhere"]
        assert victim.read_bytes() == b"precious"


class TestStreams:
    def test_are_told_from_files(self, tmp_path: Path) -> None:
        put(tmp_path / "a")
        assert open_stream(str(tmp_path / "a")) is None
        assert open_stream("/dev/fd/x") is None
        assert open_stream("/dev/shm") is None

    def test_a_pipe_that_the_shell_made(self) -> None:
        read, write = os.pipe()
        stream = open_stream(f"/dev/fd/{write}")
        assert stream is not None
        write_all(stream, b"x")
        assert os.read(read, 9) == b"x"
        for descriptor in (read, write, stream):
            os.close(descriptor)

    def test_one_that_is_not_open(self) -> None:
        with pytest.raises(OSError, match="Bad file descriptor"):
            open_stream("/dev/fd/999")

    def test_a_device(self) -> None:
        stream = open_stream("/dev/null")
        assert stream is not None
        os.close(stream)


class TestFoldersThatAreLinks:
    @pytest.fixture
    def tree(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """The working directory, beside `elsewhere`."""
        tree = tmp_path / "tree"
        (tree / "below" / "deeper").mkdir(parents=True)
        (tmp_path / "elsewhere").mkdir()
        monkeypatch.chdir(tree)
        return tree

    @pytest.mark.parametrize(
        ("link", "goal", "path"),
        [
            ("out", "../elsewhere", "out/r.json"),
            ("out", "../elsewhere", "out/not/there/r.json"),
            ("below/out", "../../elsewhere", "below/../below/out/r.json"),
            ("out", "below/second", "out/r.json"),
            ("out", "..", "out/elsewhere/r.json"),
            ("out", "..", "out/tree/r.json"),
            ("out", "../not/there", "out/r.json"),
        ],
    )
    def test_that_lead_out_of_the_working_directory_are_refused(self, tree: Path, link: str, goal: str, path: str) -> None:
        (tree / "below" / "second").symlink_to("../../elsewhere")
        (tree / link).symlink_to(goal)
        for spelled in (path, f"{tree}/{path}"):
            with pytest.raises(UsageError, match="leads out of the tree") as caught:
                require_own_folders(spelled)
            assert "name the folder that it leads to: /" in caught.value.remedy

    def test_that_stay_inside_are_followed(self, tree: Path) -> None:
        (tree / "in").symlink_to("below/deeper")
        require_own_folders("in/r.json")

    def test_outside_of_any_tree_are_followed(self, tree: Path) -> None:
        """`/tmp` is a link on macOS, `/var/run` on Linux."""
        (tree.parent / "tmp").symlink_to("elsewhere")
        require_own_folders("../tmp/r.json")
        require_own_folders(f"{tree.parent}/tmp/r.json")

    def test_outside_that_lead_to_one_inside_are_looked_at(self, tree: Path) -> None:
        (tree / "out").symlink_to("../elsewhere")
        (tree.parent / "way").symlink_to("tree/out")
        with pytest.raises(UsageError):
            require_own_folders("../way/r.json")

    def test_in_another_repository_or_a_named_folder_are_refused(self, tree: Path) -> None:
        for name in ("repository", "named"):
            (tree.parent / name).mkdir()
            (tree.parent / name / "out").symlink_to("../elsewhere")
        (tree.parent / "repository" / ".git").mkdir()
        with pytest.raises(UsageError):
            require_own_folders("../repository/out/r.json")
        require_own_folders("../named/out/r.json")
        with pytest.raises(UsageError):
            require_own_folders("../named/out/r.json", ["../named"])

    def test_may_cross_the_repository_but_not_enter_its_git_folder(self, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tree / ".git" / "hooks").mkdir(parents=True)
        (tree / "below" / "up").symlink_to("..")
        (tree / "below" / "hooks").symlink_to("../.git/hooks")
        monkeypatch.chdir("below")
        require_own_folders("up/r.json")
        with pytest.raises(UsageError):
            require_own_folders("hooks/r.json")

    def test_that_lead_round_and_round_end(self, tree: Path) -> None:
        (tree / "a").symlink_to("b")
        (tree / "b").symlink_to("a")
        with pytest.raises((OSError, UsageError)):
            require_own_folders("a/r.json")
