"""The clock behind the counts: work that does not end is interrupted, whatever it is, and nothing half-done stays."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scanner import cpu_clock
from scanner.clock import clock_at
from scanner.commands.survey import EvidenceJob, Survey
from scanner.cpu_clock import Overtime, within
from scanner.evidence.model import Evidence
from scanner.evidence.read_document import DocumentReader
from scanner.findings.model import Report, Run
from scanner.findings.redact import redact
from scanner.findings.sinks import ALONE, Surroundings
from scanner.findings.stored import read_report
from scanner.pack.shipped import shipped_pack
from scanner.pipeline import Part, Pipeline
from scanner.policy.select import select
from scanner.renderers.choose import render
from scanner.scan import Decisions, finish
from scanner.sources.document import Document
from scanner.sources.targets import files_of
from scanner.subjects.model import Subject
from scanner.workers import read_files

ROOT = Path(__file__).parent.parent
PACK = shipped_pack(examples=True)
RULES = select(PACK, profile="baseline", changes={}, places={})
AT = clock_at("2026-06-01").now()
BINDINGS = """\
kind: RequestAuthentication
spec:
  jwtRules:
  - issuer: https://{name}.example.com
    jwksUri: http://{name}.example.com/jwks.json
  - issuer: https://other-{name}.example.com
    jwksUri: http://{name}.example.com/jwks.json
"""


@pytest.fixture(autouse=True)
def short_clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A clock of 0.3 s of CPU time that ticks often; other tests get theirs back."""
    within(int)  # starts the timer
    monkeypatch.setattr(cpu_clock._watch, "seconds", 0.3)
    monkeypatch.setattr(cpu_clock, "_TICK", 0.02)
    cpu_clock._set_timer(0.02)
    yield
    cpu_clock._set_timer(1.0)


def burn(seconds: float = 1e9) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def backtrack() -> None:
    re.match(r"(a*)*b", "a" * 60)


def sort_for_ever() -> None:
    sorted(range(10), key=burn)  # type: ignore[arg-type]


def catch_faults() -> None:
    while True:
        try:
            burn()
        except Exception:
            raise AssertionError("an interruption was taken for a fault") from None


class TestWork:
    @pytest.mark.parametrize("work", [burn, backtrack, sort_for_ever, catch_faults])
    def test_that_does_not_end_is_interrupted(self, work: Callable[[], None]) -> None:
        with pytest.raises(Overtime):
            within(work)

    def test_that_swallows_the_interruption_is_interrupted_again(self) -> None:
        seen = 0

        def swallow_twice() -> None:
            nonlocal seen
            while seen < 2:
                try:
                    burn()
                except BaseException:
                    seen += 1
            burn()

        with pytest.raises(Overtime):
            within(swallow_twice)
        assert seen == 2

    def test_that_ends_gives_its_result(self) -> None:
        assert within(divmod, 7, 2) == (3, 1)

    def test_outside_of_a_document_is_not_bounded(self) -> None:
        within(int)
        burn(0.6)

    def test_of_many_documents_is_not_added_up(self) -> None:
        for _ in range(8):
            within(burn, 0.1)

    def test_of_an_import_is_not_cut_in_two(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A half-made module would be there, or not, for the documents after this one."""
        (tmp_path / "slow_module.py").write_text(
            "import time\nend = time.thread_time() + 0.7\nwhile time.thread_time() < end:\n    pass\nWHOLE = True\n"
        )
        monkeypatch.syspath_prepend(str(tmp_path))

        def use() -> None:
            import slow_module  # type: ignore[import-not-found]

            assert slow_module.WHOLE
            burn()

        with pytest.raises(Overtime):
            within(use)
        assert sys.modules.pop("slow_module").WHOLE


class SlowReader(DocumentReader):
    """Does not come back from a document that says so."""

    def read(self, document: Document) -> Evidence | None:
        found = super().read(document)
        if b"slow-to-read" in document.data:
            burn()
        return found


class SlowPipeline(Pipeline):
    """Does not come back from the second binding of a document that says so."""

    def take(self, subject: Subject, part: Part, around: Surroundings = ALONE) -> None:
        super().take(subject, part, around)
        if "slow-to-judge" in subject.ref.place.path and part.answers.counts["binding"].total() == 2:
            burn()


def make_tree(folder: Path, *, slow: bool, count: int) -> None:
    for number in range(count):
        text = BINDINGS.format(name=f"a{number}") if number % 100 == 0 else "kind: Service\n"
        (folder / f"f{number:03}.yaml").write_text(text)
    if slow:
        (folder / "f150-read.yaml").write_text(BINDINGS.format(name="slow-to-read"))
        (folder / "f350-slow-to-judge.yaml").write_text(BINDINGS.format(name="b"))


def scan(folder: Path, monkeypatch: pytest.MonkeyPatch, processes: int) -> Report:
    monkeypatch.chdir(folder)
    pipeline = SlowPipeline(PACK, RULES, at=AT, reader=SlowReader(PACK.platforms), targets=["."])
    part = pipeline.part()
    read_files(files_of(["."]), pipeline, part, processes)
    return finish(pipeline, part, Run(clock="2026-06-01T00:00:00Z", scope=(".",), profile="baseline"), Decisions())


def written(report: Report, format_: str) -> str:
    return render(report, format_)


INTERRUPTED = ("f150-read.yaml", "f350-slow-to-judge.yaml")


class TestADocument:
    def test_that_takes_too_long_is_named_and_nothing_of_it_stays(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Half of its findings would look like all of them; the other documents are reported as without it."""
        (tmp_path / "with").mkdir()
        (tmp_path / "without").mkdir()
        make_tree(tmp_path / "with", slow=True, count=150)
        make_tree(tmp_path / "without", slow=False, count=150)
        found = scan(tmp_path / "with", monkeypatch, 1)
        bare = scan(tmp_path / "without", monkeypatch, 1)
        assert found.run.interrupted == INTERRUPTED
        assert (found.findings, found.subjects, found.results) == (bare.findings, bare.subjects, bare.results)
        assert found.summary.unparsed == 2
        assert (found.exit_code, bare.exit_code) == (3, 0)

    def test_is_interrupted_in_every_process_alike(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        make_tree(tmp_path, slow=True, count=450)
        alone, shared = (written(scan(tmp_path, monkeypatch, processes), "json") for processes in (1, 3))
        assert alone == shared
        assert json.loads(alone)["run"]["interrupted"] == list(INTERRUPTED)

    @pytest.mark.parametrize("format_", ["text", "json", "sarif", "html", "markdown"])
    def test_is_named_in_every_format(self, format_: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        make_tree(tmp_path, slow=True, count=1)
        shown = written(scan(tmp_path, monkeypatch, 1), format_)
        assert all(path in shown for path in INTERRUPTED)
        assert shown.count("seconds of CPU time") >= 2

    def test_is_named_when_the_report_is_read_again(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        make_tree(tmp_path, slow=True, count=1)
        report = scan(tmp_path, monkeypatch, 1)
        (tmp_path / "report.json").write_text(written(report, "json"))
        assert read_report("report.json").run.interrupted == INTERRUPTED
        hidden = redact(report).run.interrupted
        assert len(hidden) == 2
        assert not set(hidden) & set(INTERRUPTED)

    def test_is_told_by_a_survey(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        make_tree(tmp_path, slow=True, count=1)
        monkeypatch.chdir(tmp_path)
        job, survey = EvidenceJob(Survey), Survey()
        job.reader = SlowReader(PACK.platforms)
        read_files(files_of(["."]), job, survey)
        assert [each.path for each in survey.unreadable] == ["f150-read.yaml"]
        assert not any("slow-to-read" in issuer for issuer in survey.issuers)


class TestTheCode:
    def test_hands_every_interruption_on(self) -> None:
        """Whatever catches BaseException raises it again, except in threads, which have no clock."""
        in_threads = {"scanner/sources/web/worker_pool.py"}
        found = [each for path in sorted((ROOT / "scanner").rglob("*.py")) for each in list_swallowing(path)]
        assert found
        assert {place for place, is_handed_on in found if not is_handed_on} <= in_threads

    def test_leaves_a_process_without_a_tick_at_its_end(self) -> None:
        """A tick after the interpreter has given its handlers back would kill the process."""
        code = "from scanner import cpu_clock as c; c._TICK = 0.0005; c.within(int); [i for i in range(10**6)]"
        for _ in range(5):
            assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def list_swallowing(path: Path) -> Iterator[tuple[str, bool]]:
    """Each handler of any exception in a module, and whether it raises."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ExceptHandler) and (node.type is None or "BaseException" in ast.unparse(node.type)):
            is_handed_on = any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
            yield path.relative_to(ROOT).as_posix(), is_handed_on
