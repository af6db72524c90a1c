"""Section 11: new, unchanged and gone findings since the baseline, if there is one."""

from __future__ import annotations

from collections.abc import Mapping

from scanner.findings.model import Report
from scanner.record import record
from scanner.renderers.html.words import spot

_MOST = 200


@record
class AbsentRow:
    """A finding of the baseline that is gone."""

    rule: str
    severity: str
    message: str
    place: str


@record
class Changes:
    """The section. `counts`: words and number; `new`: numbers of findings, of which `more` are not listed."""

    path: str
    sha256: str
    clock: str
    counts: tuple[tuple[str, int], ...]
    new: tuple[str, ...]
    more: int
    absent: tuple[AbsentRow, ...]


def changes(report: Report, numbers: Mapping[int, str]) -> Changes | None:
    """The section; None for a run without a baseline."""
    baseline = report.run.baseline
    if baseline is None:
        return None
    states = [finding.baseline_state for finding in report.findings]
    new = [numbers[id(finding)] for finding in report.findings if finding.baseline_state == "new"]
    return Changes(
        path=baseline.path,
        sha256=baseline.sha256,
        clock=baseline.clock,
        counts=(
            ("new", len(new)),
            ("changed", states.count("updated")),
            ("unchanged", states.count("unchanged")),
            ("gone", len(report.absent)),
        ),
        new=tuple(new[:_MOST]),
        more=max(0, len(new) - _MOST),
        absent=tuple(AbsentRow(each.rule, each.severity, each.message, spot(each.place)) for each in report.absent),
    )
