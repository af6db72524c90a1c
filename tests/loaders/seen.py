"""What a scan of a folder saw: the files with a finding that fails, and those that it says it did not assess."""

from __future__ import annotations

from pathlib import Path

from scanner.clock import clock_at
from scanner.config.model import Config
from scanner.pack.shipped import shipped_pack
from scanner.scan import ScanOptions, scan

_FAILING = ("critical", "high", "medium")


def find_seen(folder: Path) -> set[str]:
    """The paths below the folder that have a failing finding at medium or above, or are told as not assessed."""
    options = ScanOptions((str(folder),), Config(), fail_on_undetermined=True, jobs=1, keeps_rows=False)
    report = scan(options, shipped_pack(examples=False), clock_at("2026-11-29T00:00:00Z"))
    told = {each.place.path for each in report.notices if each.kind in ("unparsed", "unreadable") and each.place is not None}
    failed = (each for each in report.findings if each.result == "fail" and each.severity in _FAILING)
    return told | {each.location.path for each in failed}
