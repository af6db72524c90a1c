"""A part from several processes: the same as from one, whatever happens to a worker."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from scanner.errors import PolicyError
from scanner.evidence.read_document import DocumentReader, FileContent
from scanner.pack.platform import Platform, Read
from scanner.sources.document import Document, File, Unreadable
from scanner.sources.targets import files_of
from scanner.workers import WorkerLost, read_files

RULE = """\
kind: RequestAuthentication
spec:
  jwtRules:
  - issuer: https://login{number}.example.com
    jwksUri: http://login{number}.example.com/jwks.json
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """More files than one process would read alone; every tenth holds a binding."""
    for number in range(450):
        text = RULE.format(number=number) if number % 10 == 0 else f"kind: Service\nnumber: {number}\n"
        (tmp_path / f"f{number:03}.yaml").write_text(text)
    return tmp_path


class Kept:
    """A part that keeps what was read."""

    def __init__(self) -> None:
        self.found: list[FileContent | Unreadable] = []

    def merge(self, other: Kept) -> None:
        self.found += other.found


class Keeping:
    """The job of reading files with a reader."""

    def __init__(self, reader: DocumentReader) -> None:
        self.reader = reader

    def part(self) -> Kept:
        return Kept()

    def read(self, found: FileContent | Unreadable, part: Kept) -> None:
        part.found.append(found)

    def end(self, part: Kept) -> None:
        pass


def read(
    files: Iterable[File | Unreadable], reader: DocumentReader, processes: int | None = None
) -> list[FileContent | Unreadable]:
    part = Kept()
    read_files(files, Keeping(reader), part, processes)
    return part.found


def scanned(tree: Path, jobs: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scanner", "scan", "--isolated", "--now", "2026-06-01", "--format", "json"]
    return subprocess.run([*command, "--jobs", str(jobs), str(tree)], capture_output=True, text=True, timeout=120, check=False)


class TestJobs:
    @pytest.mark.parametrize("jobs", ["0", "-3"])
    def test_fewer_than_one_are_refused(self, jobs: str, tree: Path) -> None:
        """With nobody to read them, 450 files would make a clean report."""
        found = scanned(tree, int(jobs))
        assert found.returncode == 2
        assert "--jobs" in found.stderr
        assert "help:" in found.stderr

    @pytest.mark.parametrize("jobs", [0, -3])
    def test_whatever_is_asked_every_file_is_read(self, jobs: int, tree: Path) -> None:
        found = read(files_of([str(tree)]), DocumentReader([]), jobs)
        assert sum(isinstance(each, FileContent) for each in found) == 450


class Dying(DocumentReader):
    """Ends the worker that meets a relevant file; the process that judges goes on."""

    def read(self, document: Document) -> None:
        if os.getpid() != PARENT and b"RequestAuthentication" in document.data:
            os._exit(9)


class Stumbling(DocumentReader):
    def read(self, document: Document) -> None:
        if os.getpid() != PARENT:
            raise KeyError("what was scanned")


class Interrupted(DocumentReader):
    """The user stops the scan; the worker goes on."""

    def read(self, document: Document) -> None:
        if os.getpid() == PARENT:
            raise KeyboardInterrupt


PARENT = os.getpid()


@pytest.fixture
def _may_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test runner's threads would keep us from it; these workers touch nothing of the runner's."""
    monkeypatch.setattr("scanner.workers.count_workers", lambda processes: processes - 1)


@pytest.mark.usefixtures("_may_fork")
class TestWorkers:
    def test_change_nothing_in_the_report(self, tree: Path) -> None:
        alone, together = scanned(tree, 1), scanned(tree, 3)
        assert alone.returncode == together.returncode == 1
        assert json.loads(alone.stdout)["summary"]["files"] == 450
        assert alone.stdout == together.stdout

    def test_leave_a_short_list_to_one_process(self, tree: Path) -> None:
        """A hook on a few files starts none."""
        files = list(files_of([str(tree)]))[:100]
        found = read(files, Dying([]), 4)
        assert len(found) == 100

    def test_that_are_killed_are_missed(self, tree: Path) -> None:
        """A part of the files that nobody read is no clean report."""
        with pytest.raises(WorkerLost, match="killed"):
            read(files_of([str(tree)]), Dying([]), 2)

    def test_tell_a_fault_without_what_was_scanned(self, tree: Path) -> None:
        with pytest.raises(WorkerLost, match=r"^KeyError at test_workers.py:\d+$"):
            read(files_of([str(tree)]), Stumbling([]), 2)

    def test_hand_on_what_a_user_can_put_right(self, tree: Path) -> None:
        broken = Read(formats=["yaml"], fields={"issuer": "a[b[c]]"}, at=".", needles=["requestauthentication"])
        platform = Platform(id="mine", name="M", category="mesh", version_read="1", reads=[broken], behaviour={}, examples=[])
        with pytest.raises(PolicyError, match="a step of a path"):
            read(files_of([str(tree)]), DocumentReader([platform]), 2)

    def test_end_with_the_scan(self, tree: Path) -> None:
        """A scan that stops in the middle leaves no process behind."""
        with pytest.raises(KeyboardInterrupt):
            read(files_of([str(tree)]), Interrupted([]), 2)
        with pytest.raises(ChildProcessError):
            os.waitpid(-1, os.WNOHANG)

    def test_say_what_cannot_be_read(self, tree: Path) -> None:
        os.mkfifo(tree / "late.yaml")
        files = [*files_of([str(tree)]), File("late.yaml", str(tree / "late.yaml"), str(tree))]
        found = read(files, DocumentReader([]), 2)
        assert [each.path for each in found if isinstance(each, Unreadable)] == ["late.yaml"]
        assert sum(isinstance(each, FileContent) for each in found) == 450


class TestOneFile:
    def test_gives_its_evidence(self, tmp_path: Path) -> None:
        (tmp_path / "a.yaml").write_text("a: 1")
        (found,) = read([File("a.yaml", str(tmp_path / "a.yaml"), str(tmp_path))], DocumentReader([]))
        assert isinstance(found, FileContent)
        assert (found.data, found.evidence) == (b"a: 1", None)
