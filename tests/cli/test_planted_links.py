"""A tree that a stranger filled holds links at every name that a command writes: what they lead to stays as it was."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from scanner.pack.cache import write_stored
from scanner.pack.shipped import shipped_pack, shipped_path
from tests.cli.commands import JWKSGOV, in_shell, jwksgov
from tests.findings.estate import binding

REPORTS = ("r.json", "r.sarif", "r.html", "r.md", "r.txt")
WRITE_REPORTS = [word for name in REPORTS for word in ("-o", name)]
SCAN = ["scan", ".", *WRITE_REPORTS, "--metrics", "m.prom", "--write-baseline", "b.json"]
WAIVE = [
    *("waive", "audience-not-restricted", "--path", "api.yaml", "--reason", "lab", "--owner", "idp"),
    *("--expires", "2026-12-31", "--now", "2026-06-01"),
]
# each command, what it writes, and the exit code where it can
COMMANDS = {
    "scan": (SCAN, (*REPORTS, "m.prom", "b.json"), 1),
    "report": (["report", "../stored.json", *WRITE_REPORTS, "--metrics", "m.prom"], (*REPORTS, "m.prom"), 0),
    "waive": (WAIVE, ("waivers.yaml",), 0),
}
LEFT_BY_OLDER_VERSIONS = (".partial", ".packing", ".tmp", "~", ".new")


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("stored")
    (folder / "api.yaml").write_text(binding())
    assert jwksgov("scan", "api.yaml", "-o", "stored.json", cwd=folder).returncode == 1
    return (folder / "stored.json").read_text()


@pytest.fixture
def tree(tmp_path: Path, stored: str) -> Path:
    tree = tmp_path / "tree"
    (tree / ".git").mkdir(parents=True)
    (tree / ".jwksgov.yaml").write_text("{}\n")
    (tree / "api.yaml").write_text(binding())
    (tmp_path / "stored.json").write_text(stored)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "victim").write_text("precious")
    return tree


def is_unharmed(tree: Path) -> bool:
    elsewhere = tree.parent / "elsewhere"
    return os.listdir(elsewhere) == ["victim"] and (elsewhere / "victim").read_text() == "precious"


def to_the_victim(at: Path) -> None:
    at.symlink_to("../elsewhere/victim")


def to_nothing(at: Path) -> None:
    at.symlink_to("../elsewhere/new")


def to_a_folder(at: Path) -> None:
    at.symlink_to("../elsewhere")


def hard(at: Path) -> None:
    at.hardlink_to(at.parent.parent / "elsewhere" / "victim")


class TestLinksAtTheNamesOfOutputs:
    @pytest.mark.parametrize("command", COMMANDS)
    @pytest.mark.parametrize("plant", [to_the_victim, to_nothing, to_a_folder, hard])
    def test_are_replaced_by_whole_files(self, tree: Path, command: str, plant: Callable[[Path], None]) -> None:
        words, names, code = COMMANDS[command]
        if command != "waive":  # which reads what it adds to
            for name in names:
                plant(tree / name)
        found = jwksgov(*words, cwd=tree)
        assert (found.returncode, is_unharmed(tree)) == (code, True), found.stderr
        for name in names:
            assert not (tree / name).is_symlink()
            assert (tree / name).stat().st_nlink == 1
            assert (tree / name).read_text() != "precious"
        assert not list(tree.glob("*.partial"))

    def test_that_a_waiver_would_be_added_behind(self, tree: Path) -> None:
        (tree.parent / "elsewhere" / "victim").write_text("waivers: []\n")
        for plant in (to_the_victim, hard):
            plant(tree / "waivers.yaml")
            assert jwksgov(*WAIVE, cwd=tree).returncode == 0
            assert (tree.parent / "elsewhere" / "victim").read_text() == "waivers: []\n"
            (tree / "waivers.yaml").unlink()

    @pytest.mark.parametrize("plant", [to_the_victim, to_nothing, hard])
    def test_of_the_first_configuration(self, tree: Path, plant: Callable[[Path], None]) -> None:
        (tree / ".jwksgov.yaml").unlink()
        plant(tree / ".jwksgov.yaml")
        assert jwksgov("init", cwd=tree).returncode in (0, 2)  # 2: there is a configuration already
        assert is_unharmed(tree)

    @pytest.mark.parametrize("command", COMMANDS)
    def test_beside_them_are_not_touched(self, tree: Path, command: str) -> None:
        words, names, code = COMMANDS[command]
        planted = [tree / f"{name}{ending}" for name in names for ending in LEFT_BY_OLDER_VERSIONS]
        for at in planted:
            to_the_victim(at)
        assert jwksgov(*words, cwd=tree).returncode == code
        assert is_unharmed(tree)
        assert all(at.is_symlink() for at in planted)


class TestFoldersThatAreLinks:
    @pytest.mark.parametrize(
        "words",
        [
            *(["scan", ".", "-o", f"out/{name}"] for name in REPORTS),
            ["scan", "tree", "-o", "tree/out/r.json"],
            ["scan", ".", "--metrics", "out/m"],
            ["scan", ".", "--write-baseline", "out/b.json"],
            ["report", "../stored.json", "-o", "out/r.html"],
            ["init", "out"],
            [*WAIVE, "--file", "out/waivers.yaml"],
            ["collect", "-q", "https://127.0.0.1:1", "-o", "out"],
            ["collect", "-q", "https://127.0.0.1:1", "-o", "out/bundle"],
            ["collect", "-q", "https://127.0.0.1:1", "-o", "out/bundle.zip"],
        ],
        ids=" ".join,
    )
    def test_that_lead_out_of_the_tree_are_refused(self, tree: Path, words: list[str]) -> None:
        (tree / "out").symlink_to("../elsewhere")
        cwd = tree.parent if "tree" in words else tree
        if words[-1] == "out":
            (tree.parent / "elsewhere" / "victim").unlink()
        found = jwksgov(*words, cwd=cwd)
        assert found.returncode == 2, found.stdout
        assert "a link that leads out of the tree" in found.stderr
        assert "name the folder that it leads to" in found.stderr
        assert os.listdir(tree.parent / "elsewhere") in ([], ["victim"])

    def test_that_stay_in_the_tree_are_followed(self, tree: Path) -> None:
        (tree / "reports").mkdir()
        (tree / "out").symlink_to("reports")
        assert jwksgov("scan", ".", "-o", "out/r.json", cwd=tree).returncode == 1
        assert (tree / "reports" / "r.json").exists()

    def test_of_the_machine_are_followed(self, tree: Path) -> None:
        (tree.parent / "tmp").symlink_to("elsewhere")
        assert jwksgov("scan", ".", "-o", "../tmp/r.json", cwd=tree).returncode == 1
        assert (tree.parent / "elsewhere" / "r.json").exists()


class TestBundles:
    COLLECT = ("collect", "-q", "https://127.0.0.1:1", "--timeout", "5")

    @pytest.mark.parametrize("plant", [to_the_victim, to_nothing, hard])
    @pytest.mark.parametrize("name", ["e.zip", "e.zip.partial", "e", ".jwksgov-0000000000000000.partial", "e.zip.packing"])
    def test_are_not_written_through_a_link(self, tree: Path, name: str, plant: Callable[[Path], None]) -> None:
        plant(tree / name)
        for target in ("e.zip", "e"):
            jwksgov(*self.COLLECT, "-o", target, cwd=tree)
            assert is_unharmed(tree)

    @pytest.mark.parametrize("plant", [to_the_victim, to_nothing, to_a_folder, hard])
    @pytest.mark.parametrize("name", ["manifest.json", "manifest.jws", "exchanges.jsonl", "objects", "manifest.json.partial"])
    def test_that_a_stranger_began_are_not_resumed_through_a_link(
        self, tree: Path, name: str, plant: Callable[[Path], None]
    ) -> None:
        (tree / ".jwksgov.yaml").write_text("collect: {allow_private: [127.0.0.1], retries: 0}\n")
        jwksgov(*self.COLLECT, "-o", "e", cwd=tree)
        manifest = json.loads((tree / "e" / "manifest.json").read_text())
        manifest |= {"state": "interrupted", "finished": None, "exchanges": None}
        (tree / "e" / "manifest.json").write_text(json.dumps(manifest))
        at = tree / "e" / name
        if at.is_dir():
            at.rmdir()
        at.unlink(missing_ok=True)
        (tree / "elsewhere").symlink_to("../elsewhere")  # so that the links of `plant` lead there from the bundle, too
        plant(at) if plant is not hard else at.hardlink_to(tree.parent / "elsewhere" / "victim")
        jwksgov(*self.COLLECT, "-o", "e", "--resume", cwd=tree)
        assert is_unharmed(tree)


class TestTheStoredPack:
    @pytest.mark.parametrize("plant", [to_the_victim, to_nothing, hard])
    def test_is_not_written_through_a_link(self, tree: Path, plant: Callable[[Path], None]) -> None:
        plant(tree / "pack.bin")
        write_stored(str(tree / "pack.bin"), shipped_pack(examples=False), (), shipped_path())
        assert is_unharmed(tree)
        assert (tree / "pack.bin").stat().st_size > 10_000


class TestPipesAndStreams:
    def test_a_pipe_at_the_name_is_told_and_stays(self, tree: Path) -> None:
        os.mkfifo(tree / "r.json")
        found = jwksgov("scan", ".", "-o", "r.json", cwd=tree)
        assert found.returncode == 2
        assert "it is a pipe or a device, not a file" in found.stderr
        assert (tree / "r.json").is_fifo()

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            ("jwksgov scan . -q --metrics /dev/stdout", "jwksgov_"),
            ("jwksgov scan . -q --metrics /dev/stderr 2>&1 >/dev/null", "jwksgov_"),
            ("jwksgov scan . -q --metrics /dev/fd/3 3>&1 >/dev/null", "jwksgov_"),
            ("jwksgov scan . -q --write-baseline >(cat) | cat", '"findings"'),
            ("jwksgov scan . -q --metrics /dev/null; ls -l /dev/null", "crw"),
        ],
    )
    def test_what_is_no_file_is_written_to(self, tree: Path, line: str, said: str) -> None:
        found = in_shell(line, cwd=tree)
        assert said in found.stdout
        assert found.stderr == ""
        assert Path("/dev/stdout").is_symlink()


class TestScansAtTheSameTime:
    def test_do_not_harm_each_other(self, tree: Path) -> None:
        """Each ends as it would alone, and the report of the last one is whole."""
        running = [
            subprocess.Popen([*JWKSGOV, *SCAN], cwd=tree, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(18)
        ]
        ended = [(each.communicate(timeout=120)[1], each.returncode) for each in running]
        assert ended == [(b"", 1)] * 18
        assert json.loads((tree / "r.json").read_text())["schema"] == "jwksgov-report/v2"
        assert len(json.loads((tree / "b.json").read_text())["findings"]) > 0
        assert not list(tree.glob(".jwksgov-*"))
