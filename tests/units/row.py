"""Rows of the table in `docs/units.md`: a construct of several files, and whether jwksgov resolves it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import chdir
from pathlib import Path
from typing import Literal

from scanner.clock import clock_at
from scanner.config.model import Config
from scanner.findings.model import Report
from scanner.pack.shipped import shipped_pack
from scanner.record import record
from scanner.scan import ScanOptions, scan
from tests.forms.form import Outcome

Answer = Literal["resolved", "undetermined"]
# the fault of each resolved row: whatever makes this value, a finding says it
FAULT = "http://login.example.com"


@record
class Row:
    """A row: its construct as the table names it, the answer, and a tree of files that uses it.

    `resolved`: the tree makes FAULT an issuer or a JWKS URL, and a finding tells it. `undetermined`: the tree may do so, nobody
    knows, and the scan says that something could not be assessed.
    """

    construct: str
    answer: Answer
    files: Mapping[str, str]


@record
class OutcomeRow:
    """A row with several trees, of each what the exit code of a scan of it says: a value that repairs is seen where nothing is
    told.
    """

    construct: str
    answer: str
    trees: tuple[tuple[Outcome, Mapping[str, str]], ...]


def scan_row(row: Row, folder: Path) -> Report:
    """Plant the files in an empty folder and scan it."""
    for name, text in row.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    options = ScanOptions((".",), Config(), fail_on_undetermined=True, jobs=1, takes_ignore_files=False)
    with chdir(folder):
        return scan(options, shipped_pack(examples=False), clock_at("2026-11-29T00:00:00Z"))


def answer_of(report: Report) -> Answer | None:
    """What the scan says of a row: `resolved` where a finding is about FAULT, `undetermined` where it could not be assessed."""
    if any(finding.result == "fail" and FAULT in finding.message for finding in report.findings):
        return "resolved"
    is_open = any(finding.result == "undetermined" for finding in report.findings)
    return "undetermined" if is_open or report.summary.unparsed else None
