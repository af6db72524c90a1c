"""The order of a report: by place, then by what is worst, whatever the order of the targets."""

from __future__ import annotations

from typing import Any

from scanner.errors import Place
from scanner.findings.model import AbsentFinding, Finding, Notice
from scanner.pack.model import SEVERITIES
from scanner.policy.result import Result

RANK = {severity: rank for rank, severity in enumerate(SEVERITIES)}


def row_order(item: dict[str, Any]) -> tuple[str, int, int, str]:
    """Rows of a subject table."""
    return item["path"], item["line"] or 0, item["column"] or 0, item["id"]


def result_order(result: Result) -> tuple[str, int, int, str, str]:
    """Results."""
    place = result.place
    return place.path, place.line or 0, place.column or 0, result.rule, result.subject.id


def finding_order(finding: Finding) -> tuple[str, int, int, int, str, str]:
    """Findings: of those on one line the worst first."""
    place = finding.place
    rank = RANK[finding.rule.severity]
    return place.path, place.line or 0, rank, place.column or 0, finding.rule.rule.id, finding.subject.id


def absent_order(finding: AbsentFinding) -> tuple[str, int, str, str]:
    """Findings that are gone, by where they were."""
    return finding.place.path, finding.place.line or 0, finding.rule, finding.subject.id


def notice_order(notice: Notice) -> tuple[str, int, str, str]:
    """Notices."""
    place = notice.place or Place("")
    return place.path, place.line or 0, notice.kind, notice.message
