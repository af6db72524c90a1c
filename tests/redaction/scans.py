"""Many documents through one scan in memory, and every text that a user could see of it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import StringIO

from scanner.cpu_clock import within
from scanner.evidence.read_document import FileContent
from scanner.findings.baseline import write_baseline
from scanner.findings.model import Report, Run
from scanner.findings.redact import redact
from scanner.findings.stored import read_report
from scanner.pack.shipped import shipped_pack
from scanner.pipeline import Part, Pipeline
from scanner.policy.select import select
from scanner.renderers.choose import FORMATS, render
from scanner.scan import Decisions, finish
from scanner.sources.document import Document

AT = datetime(2026, 11, 1, tzinfo=UTC)


class BatchScan:
    """The rules of the `strict` profile, compiled once."""

    def __init__(self) -> None:
        pack = shipped_pack(examples=False)
        self._pipeline = Pipeline(pack, select(pack, profile="strict", changes={}, places={}), at=AT, targets=(".",))

    def report(self, documents: Iterable[tuple[str, bytes]]) -> Report:
        """The report of documents by their paths. Overtime where one of them takes more CPU time than it may."""
        part = self._pipeline.part()
        for path, data in documents:
            within(self._read, path, data, part)
        run = Run(clock="2026-11-01T00:00:00Z", scope=(".",), profile="strict", fail_on="medium")
        return finish(self._pipeline, part, run, Decisions())

    def _read(self, path: str, data: bytes, part: Part) -> None:
        evidence = self._pipeline.reader.read(Document(path, data, is_named=True))
        self._pipeline.read(FileContent(evidence, data), part)


def all_outputs(report: Report) -> Iterator[tuple[str, str]]:
    """Every output of a report with its name: as it is, redacted for readers outside, and read back."""
    yield from formats(report)
    yield from ((f"redacted {format_}", render(redact(report), format_)) for format_ in FORMATS)
    again = stored(report)
    yield from ((f"again {format_}", render(again, format_)) for format_ in FORMATS)


def formats(report: Report) -> Iterator[tuple[str, str]]:
    """Every format, and the baseline."""
    for format_ in FORMATS:
        yield format_, render(report, format_)
    baseline = StringIO()
    write_baseline(report, baseline)
    yield "baseline", baseline.getvalue()


def quick_formats(report: Report) -> Iterator[tuple[str, str]]:
    """Those that do not say what every rule and control is about."""
    yield from ((format_, render(report, format_)) for format_ in ("text", "markdown"))


def stored(report: Report) -> Report:
    """The report as `jwksgov report` reads it back."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "report.json")
        with open(path, "w", encoding="utf-8") as file:
            file.write(render(report, "json"))
        return read_report(path)
