"""Which files a named folder gives, and that all others are counted."""

from __future__ import annotations

import ast
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import scanner
from scanner.config.globs import Globs
from scanner.sources.document import File, Unreadable
from scanner.sources.not_read import NotRead, NotReadTally, Reason
from scanner.sources.targets import files_of
from tests.forms.git_index import make_index


class Listing:
    """What the targets give: paths of files, faults, and what was not read."""

    def __init__(self, *targets: str, exclude: tuple[str, ...] = (), takes_ignore_files: bool = True) -> None:
        tally = NotReadTally()
        found = list(files_of(targets, exclude=Globs(exclude), takes_ignore_files=takes_ignore_files, not_read=tally))
        self.paths = [each.path for each in found if isinstance(each, File)]
        self.faults = [each for each in found if isinstance(each, Unreadable)]
        self.not_read = {row.reason: (row.files, row.folders, row.first) for row in tally.rows()}

    @property
    def is_missed(self) -> bool:
        return any(each.is_named for each in self.faults)


Make = Callable[..., None]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Makes a repository with these files in the working directory; `tracked` are those that git tracks."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)

    def make(*names: str, ignore: str = "", tracked: tuple[str, ...] = ()) -> None:
        for name in names:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text("a: 1\n")
        if ignore:
            (tmp_path / ".gitignore").write_text(ignore)
        if tracked:
            (tmp_path / ".git" / "index").write_bytes(make_index(tracked))

    return make


class TestTrackedFiles:
    def test_are_read_although_they_are_ignored(self, make: Make) -> None:
        make("a.yaml", "b.yaml", "x/c.yaml", "x/d.yaml", ignore="*.yaml\nx/\n", tracked=("a.yaml", "x/c.yaml"))
        listing = Listing(".")
        assert listing.paths == ["a.yaml", "x/c.yaml"]
        assert listing.not_read == {"ignored": (1, 1, ("b.yaml", "x/"))}

    def test_are_read_in_folders_that_are_skipped(self, make: Make) -> None:
        make("node_modules/a.yaml", "node_modules/b/b.yaml", "node_modules/c/c.yaml", tracked=("node_modules/c/c.yaml",))
        listing = Listing(".")
        assert listing.paths == ["node_modules/c/c.yaml"]
        assert listing.not_read == {"skipped": (0, 1, ("node_modules/",))}

    def test_leave_nothing_to_count_where_they_are_all(self, make: Make) -> None:
        make("build/a.yaml", "build/a.txt", ignore="build/\n", tracked=("build/a.yaml",))
        assert Listing(".").paths == ["build/a.yaml"]
        assert Listing(".").not_read == {}

    def test_are_those_of_each_repository_in_the_tree(self, make: Make, tmp_path: Path) -> None:
        """The rules of the outer one end at the border of the inner one; the inner index adds to the outer."""
        make("x/.git/HEAD", "x/a.yaml", "x/b.json", "x/y/c.yaml", ignore="a.yaml\n", tracked=("x/y/c.yaml",))
        (tmp_path / "x" / ".gitignore").write_text("*.json\ny/\n")
        (tmp_path / "x" / ".git" / "index").write_bytes(make_index(["b.json"]))
        assert Listing(".").paths == ["x/a.yaml", "x/b.json", "x/y/c.yaml"]

    def test_may_be_a_submodule_in_an_ignored_folder(self, make: Make, tmp_path: Path) -> None:
        make("node_modules/x/.git/HEAD", "node_modules/x/a.yaml", "node_modules/b.yaml", tracked=("node_modules/x",))
        assert Listing(".").paths == ["node_modules/x/a.yaml"]

    def test_are_not_asked_for_where_nothing_is_left_out(self, make: Make, tmp_path: Path) -> None:
        """A tree without ignored files pays nothing for the index: not even a damaged one is seen."""
        make("a.yaml", ignore="*.log\n")
        (tmp_path / ".git" / "index").write_text("damaged")
        assert Listing(".").faults == []
        make("b.log", "node_modules/a.yaml")
        listing = Listing(".")
        assert listing.paths == ["a.yaml", "node_modules/a.yaml"]
        (fault,) = listing.faults
        assert (fault.path, fault.is_named) == (".git", False)
        assert fault.because.startswith("git's index cannot be read: it is too short; ")

    def test_behind_a_link_stay_where_they_are(self, make: Make, tmp_path: Path) -> None:
        make("real/a.yaml", "x/b.yaml", tracked=("node_modules/a.yaml", "real/a.yaml"))
        (tmp_path / "node_modules").symlink_to("real")
        (tmp_path / "loop").symlink_to(".")
        assert Listing(".").paths == ["real/a.yaml", "x/b.yaml"]

    def test_in_git_s_own_folder_do_not_exist(self, make: Make) -> None:
        make(".git/a.yaml", "a.yaml", tracked=(".git/a.yaml",))
        assert Listing(".").paths == ["a.yaml"]


class TestNotRead:
    def test_is_counted_by_reason(self, make: Make, tmp_path: Path) -> None:
        make("a.yaml", "b.yaml", "v/a.yaml", "v/b.yaml", "c.yaml", ".venv/a.yaml", "i/a.yaml", ignore="i\nb.yaml\n")
        os.mkfifo(tmp_path / "pipe.yaml")
        os.symlink("/etc/hostname", tmp_path / "out.yaml")
        os.symlink("nowhere", tmp_path / "to-nothing.yaml")
        os.symlink("a.yaml", tmp_path / "in.yaml")
        listing = Listing(".", exclude=("v", "c.yaml"))
        assert listing.paths == ["a.yaml", "in.yaml"]
        assert listing.not_read == {
            "ignored": (1, 1, ("b.yaml", "i/")),
            "excluded": (1, 1, ("c.yaml", "v/")),
            "skipped": (0, 1, (".venv/",)),
            "link": (2, 0, ("out.yaml", "to-nothing.yaml")),
            "special": (1, 0, ("pipe.yaml",)),
        }
        assert listing.faults == []

    def test_names_the_first_of_many(self, make: Make) -> None:
        make(*(f"{number}.yaml" for number in range(9, 0, -1)), ignore="*.yaml\n")
        assert Listing(".").not_read == {"ignored": (9, 0, ("1.yaml", "2.yaml", "3.yaml"))}

    def test_of_parts_of_a_run_adds_up_in_any_order(self) -> None:
        places: list[tuple[Reason, str]] = [("ignored", f"{at}.yaml") for at in range(7)]
        places += [("own", "r.json"), ("skipped", "a/")]
        for split in range(len(places)):
            parts = NotReadTally(), NotReadTally()
            for at, (reason, path) in enumerate(places):
                parts[at > split].add(reason, path)
            forward, backward = NotReadTally(), NotReadTally()
            for mine, theirs in ((forward, parts), (backward, parts[::-1])):
                for each in theirs:
                    mine.merge(each)
            assert forward.rows() == backward.rows()
            assert forward.rows()[0] == NotRead("ignored", 7, 0, ("0.yaml", "1.yaml", "2.yaml"))

    def test_is_no_ignored_file_where_ignore_files_have_no_say(self, make: Make) -> None:
        make("a.yaml", "i/b.yaml", "node_modules/c.yaml", ignore="*\n")
        listing = Listing(".", takes_ignore_files=False)
        assert listing.paths == ["a.yaml", "i/b.yaml"]
        assert listing.not_read == {"skipped": (0, 1, ("node_modules/",))}


class TestNamedFolders:
    @pytest.mark.parametrize("ignore", ["build/\n", "build/*\n", "/build/**\n", "*\n", "out\n"])
    @pytest.mark.parametrize("start", [".", "out/build"])
    def test_are_read_although_git_ignores_them(
        self, ignore: str, start: str, make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        make("out/build/a.yaml", "out/build/x/b.yaml", "c.yaml", ignore=ignore.replace("/build", "/out/build"))
        monkeypatch.chdir(tmp_path / start)
        assert Listing("out/build" if start == "." else ".").paths == ["out/build/a.yaml", "out/build/x/b.yaml"]

    def test_are_read_although_their_own_rules_ignore_everything(self, make: Make, tmp_path: Path) -> None:
        make("build/a.yaml")
        (tmp_path / "build" / ".gitignore").write_text("*\n")
        assert Listing("build").paths == ["build/a.yaml"]
        assert Listing(".").paths == []

    def test_keep_to_rules_for_some_of_their_files(self, make: Make) -> None:
        make("conf/a.yaml", "conf/b.yaml", ignore="b.yaml\n")
        assert Listing("conf").paths == ["conf/a.yaml"]

    def test_are_read_although_they_are_excluded(self, make: Make) -> None:
        make("vendor/a.yaml", "vendor/x/b.yaml", "vendor/x/c.json", "c.yaml")
        exclude = ("vendor", "*.json")
        assert Listing("vendor", exclude=exclude).paths == ["vendor/a.yaml", "vendor/x/b.yaml"]
        assert Listing("vendor/x", exclude=exclude).paths == ["vendor/x/b.yaml"]
        assert Listing(".", exclude=exclude).paths == ["c.yaml"]

    @pytest.mark.parametrize("names", [(), ("docs/a.html",), ("docs/node_modules/a.yaml",)])
    def test_without_a_file_to_read_are_missed(self, names: tuple[str, ...], make: Make, tmp_path: Path) -> None:
        make(*names)
        (tmp_path / "docs").mkdir(exist_ok=True)
        listing = Listing("docs")
        assert listing.is_missed
        assert listing.faults[0].because.startswith("no file in it can be read")

    def test_are_no_miss_where_the_working_directory_is_scanned(self, make: Make) -> None:
        """A repository may have no configuration: a hook or a pipeline must not refuse it."""
        make("a.md", "bin/b.yaml", "node_modules/c.yaml", ignore="bin/\n")
        assert not Listing(".").is_missed

    def test_are_missed_where_all_of_the_working_directory_is_excluded(self, make: Make) -> None:
        make("a.yaml")
        assert Listing(".", exclude=("*",)).is_missed


class TestGit:
    def test_is_never_started(self) -> None:
        """A repository's configuration runs programs: no module starts any program, apart from forks of itself."""
        starters = ("subprocess", "multiprocessing", "pty", "asyncio.subprocess")
        calls = ("system", "popen", "startfile", "create_subprocess_exec", "create_subprocess_shell", "ProcessPoolExecutor")
        for path in sorted(Path(scanner.__file__).parent.rglob("*.py")):
            if path.name == "programs.py":
                continue  # of `--render`, which only the command line asks for
            for node in ast.walk(ast.parse(path.read_text())):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
                names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                assert not [name for name in names if name.startswith(starters)], path
                name = node.attr if isinstance(node, ast.Attribute) else ""
                assert name not in calls, path
                assert not name.startswith(("exec", "spawn", "posix_spawn")) or name == "exec_module", path

    def test_is_not_asked_by_a_scan(self, make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Were it, the programs of the tree's configuration would leave a trace."""
        subprocess.run(["git", "init", "-q", "."], check=True)
        make("a.yaml", "b.yaml", ignore="b.yaml\n")
        subprocess.run(["git", "add", "-f", "-A"], check=True)
        for name in ("core.fsmonitor", "core.pager", "diff.external", "core.sshCommand"):
            subprocess.run(["git", "config", name, f"touch {tmp_path}/trace; false"], check=True)
        assert Listing(".").paths == ["a.yaml", "b.yaml"]
        assert not (tmp_path / "trace").exists()
