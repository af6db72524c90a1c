"""The order of a report: by place, then by severity, independent of the order of the targets."""

from __future__ import annotations

from typing import Any

from scanner.errors import Place
from scanner.findings.model import AbsentFinding, Finding, Notice
from scanner.pack.model import SEVERITIES

RANK = {severity: rank for rank, severity in enumerate(SEVERITIES)}


def row_order(row: Any) -> tuple[str, int, int, str]:
    """Rows of a subject table."""
    return row.path, row.line or 0, row.column or 0, row.id


def finding_order(finding: Finding) -> tuple[str, int, int, int, str, str]:
    """Findings: of those on one line the worst first."""
    place = finding.place
    rank = RANK[finding.severity]
    return place.path, place.line or 0, rank, place.column or 0, finding.rule, finding.subject.id


def absent_order(finding: AbsentFinding) -> tuple[str, int, str, str]:
    """Findings that are gone, by where they were."""
    return finding.place.path, finding.place.line or 0, finding.rule, finding.subject.id


def notice_order(notice: Notice) -> tuple[str, int, str, str]:
    """Notices."""
    place = notice.place or Place("")
    return place.path, place.line or 0, notice.kind, notice.message
