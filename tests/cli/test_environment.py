"""Streams that are closed, full or of few characters, folders that are gone, no room: an error with a remedy, no fault of ours.

What the system refuses is exit code 2; what it refuses to standard error changes nothing.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import sys
from pathlib import Path

import pytest

from scanner.errors import refusal_or_none
from tests.cli.commands import in_shell, jwksgov
from tests.findings.estate import binding
from tests.sources.bundle.bundles import exchanges, write

# commands that say something on standard output, each with the exit code that it has in an ordinary environment
SAYING = {
    "--version": 0,
    "--help": 0,
    "scan --help": 0,
    "scan .": 1,
    "scan . --format json": 1,
    "scan . --format sarif": 1,
    "scan . --format html": 1,
    "scan . --format markdown": 1,
    "scan e.zip": 1,
    "scan nothing": 3,
    "report r.json": 0,
    "init --dry-run": 0,
    "waive audience-not-restricted --path api.yaml --reason lab --owner idp --expires 2026-12-31 --now 2026-06-01 --dry-run "
    "--config c.yaml": 0,
    "collect https://127.0.0.1:1 -o new --timeout 5": 3,
    "bundle verify e.zip": 0,
    "bundle verify e.zip --format json": 0,
    "bundle show e.zip": 0,
    "bundle show e.zip --format json": 0,
    "explain rsa-modulus-too-small": 0,
    "explain istio": 0,
    "policy list": 0,
    "policy facts": 0,
    "policy schema rule": 0,
}
ASCII = {
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "latin": {"PYTHONIOENCODING": "latin-1:strict"},
    "C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree that is copied for each test."""
    made = tmp_path_factory.mktemp("made")
    (made / "api.yaml").write_text(binding(name="né😀", issuer="login.example.com/é😀"), encoding="utf-8")
    (made / "c.yaml").write_text("{}\n")
    (made / ".git").mkdir()
    write(made / "e.zip", exchanges(3))
    assert jwksgov("scan", "api.yaml", "-q", "-o", "r.json", cwd=made).returncode == 1
    return made


@pytest.fixture
def tree(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "tree"))


class TestStandardOutput:
    @pytest.mark.parametrize(
        ("command", "redirection", "because"),
        [
            *((command, ">/dev/full", "No space left on device") for command in SAYING),
            *((command, ">&-", "it is closed") for command in ("--version", "--help", "scan .", "policy list")),
            ("scan .", "1</dev/null", "it is closed"),
        ],
    )
    def test_that_takes_nothing_is_an_error(self, tree: Path, command: str, redirection: str, because: str) -> None:
        found = in_shell(f"jwksgov {command} {redirection}", cwd=tree)
        assert found.returncode == 2
        assert f"error: cannot write to standard output: {because}" in found.stderr
        assert "  help: " in found.stderr
        assert "fault of jwksgov" not in found.stderr
        assert found.stderr.count("error: ") == 1

    @pytest.mark.parametrize("command", SAYING)
    def test_of_few_characters_gets_others_escaped(self, tree: Path, command: str) -> None:
        found = in_shell(f"jwksgov {command}", cwd=tree, env=ASCII["C"])
        assert found.returncode == SAYING[command], found.stderr
        assert "Traceback" not in found.stderr

    @pytest.mark.parametrize("encoding", ASCII)
    def test_of_few_characters_gets_json_that_says_the_same(self, tree: Path, encoding: str) -> None:
        found = jwksgov("scan", ".", "--format", "json", "--now", "2026-06-01", cwd=tree, env=ASCII[encoding])
        ordinary = jwksgov("scan", ".", "--format", "json", "--now", "2026-06-01", cwd=tree, encoding="utf-8")
        assert json.loads(found.stdout) == json.loads(ordinary.stdout)

    def test_that_is_closed_is_no_matter_where_nothing_is_said(self, tree: Path) -> None:
        (tree / "api.yaml").write_text("a: 1\n")
        assert in_shell("jwksgov scan api.yaml -q >&-", cwd=tree).returncode == 0

    def test_that_is_closed_does_not_lend_its_number_to_a_report(self, tree: Path) -> None:
        """The next file that is opened would get the number 1, and all that is said with it."""
        found = in_shell("jwksgov scan api.yaml -o new.json --metrics m.prom <&- >&- 2>&-", cwd=tree)
        assert found.returncode == 2
        assert json.loads((tree / "new.json").read_text())["schema"] == "jwksgov-report/v2"
        assert (tree / "m.prom").read_text().endswith("# EOF\n")

    def test_whose_reader_went_away_is_no_error(self, tree: Path) -> None:
        found = in_shell("jwksgov policy list | head -1; echo ${PIPESTATUS[0]}", cwd=tree)
        assert found.stdout.splitlines()[-1] == "0"
        assert found.stderr == ""


class TestStandardErrorAndInput:
    @pytest.mark.parametrize("redirection", ["2>/dev/full", "2>&-", "<&- 2>&-"])
    @pytest.mark.parametrize("command", ["scan . --profile none", "bundle verify nothing", "nonsense"])
    def test_change_no_exit_code(self, tree: Path, command: str, redirection: str) -> None:
        ordinary = in_shell(f"jwksgov {command}", cwd=tree)
        found = in_shell(f"jwksgov {command} {redirection}", cwd=tree)
        assert (found.returncode, found.stdout) == (ordinary.returncode, ordinary.stdout)


class TestFolders:
    @pytest.mark.parametrize("command", SAYING)
    def test_a_working_directory_that_was_removed(self, tree: Path, command: str) -> None:
        (tree / "gone").mkdir()
        found = in_shell(f'cd gone; rmdir "{tree}/gone"; jwksgov {command}', cwd=tree)
        assert found.returncode in (0, 2, 3)
        assert "fault of jwksgov" not in found.stderr
        assert "Traceback" not in found.stderr
        if found.returncode:
            assert "help: " in found.stderr

    @pytest.mark.parametrize("command", ["scan e.zip", "bundle verify e.zip", "bundle show e.zip"])
    def test_no_temporary_folder(self, tree: Path, command: str) -> None:
        """Python tries TMPDIR, the system's folders and the working directory."""
        program = (
            "import sys, tempfile\n"
            "tempfile._candidate_tempdir_list = lambda: ['/nonexistent']\n"
            f"sys.argv[1:] = {command.split()!r}\n"
            "from scanner.cli import run\n"
            "run()\n"
        )
        (tree / "program.py").write_text(program)
        found = in_shell(f'"{sys.executable}" program.py', cwd=tree, env={"TMPDIR": "/nonexistent"})
        assert found.returncode == 2
        assert "temporary file: No usable temporary directory" in found.stderr
        assert "TMPDIR" in found.stderr

    def test_a_temporary_folder_that_is_gone_while_others_are_there(self, tree: Path) -> None:
        assert jwksgov("bundle", "verify", "e.zip", cwd=tree, env={"TMPDIR": "/nonexistent"}).returncode == 0

    def test_names_that_the_encoding_of_the_system_cannot_write(self, tree: Path) -> None:
        (tree / ".jwksgov.yaml").write_text("baseline: é.json\n", encoding="utf-8")
        found = jwksgov("scan", ".", cwd=tree, env=ASCII["C"])
        assert found.returncode == 2
        assert r"has no way to write the name" in found.stderr
        assert "LC_ALL=C.UTF-8" in found.stderr

    @pytest.mark.parametrize("member", ["waivers", "baseline", "policies", "exclude"])
    def test_names_that_no_system_can_write(self, tree: Path, member: str) -> None:
        text = r'["a\0b"]' if member in ("policies", "exclude") else r'"a\0b"'
        (tree / ".jwksgov.yaml").write_text(f"{member}: {text}\n")
        found = jwksgov("scan", ".", cwd=tree)
        assert found.returncode == 2
        assert "holds a NUL character" in found.stderr


def hardly_any_room() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200))


class TestNoRoom:
    @pytest.mark.parametrize(
        "words",
        [
            *(["scan", ".", "-o", f"new{ending}"] for ending in (".json", ".sarif", ".html", ".md")),
            ["scan", ".", "--metrics", "new"],
            ["scan", ".", "--write-baseline", "new.json"],
            ["report", "r.json", "-o", "new.html"],
            ["report", "r.json", "-o", "r.json"],
            ["collect", "-q", "https://127.0.0.1:1", "-o", "new", "--timeout", "5"],
            ["collect", "-q", "https://127.0.0.1:1", "-o", "new.zip", "--timeout", "5"],
        ],
        ids=" ".join,
    )
    def test_leaves_what_was_there(self, tree: Path, words: list[str]) -> None:
        before = {path.name: path.read_bytes() for path in tree.iterdir() if path.is_file()}
        found = jwksgov(*words, cwd=tree, preexec_fn=hardly_any_room)
        if words[0] == "collect":  # what fits is kept, to be resumed
            assert found.returncode in (2, 3)
        else:
            assert found.returncode == 2
            assert "cannot write `" in found.stderr
            assert "File too large" in found.stderr
            assert "Make room" in found.stderr
            assert {path.name: path.read_bytes() for path in tree.iterdir() if path.is_file()} == before
        assert "fault of jwksgov" not in found.stderr

    def test_for_the_log_of_a_zip(self, tree: Path) -> None:
        found = jwksgov("scan", "e.zip", "-q", cwd=tree, preexec_fn=hardly_any_room)
        assert found.returncode == 2
        assert "cannot unpack exchanges.jsonl into a temporary file: File too large" in found.stderr


class TestRefusals:
    @pytest.mark.parametrize("number", [*range(1, 45), 122])
    def test_have_a_remedy_whatever_the_system_says(self, number: int) -> None:
        refusal = refusal_or_none(OSError(number, os.strerror(number), "place"))
        assert refusal is not None
        assert refusal.exit_code == 2
        assert refusal.remedy.endswith((".", ")."))
        assert "place" in str(refusal)

    def test_are_not_what_a_fault_of_ours_is(self) -> None:
        assert refusal_or_none(ValueError("ours")) is None
        assert refusal_or_none(UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed")) is None
