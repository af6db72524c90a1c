"""Where the failed results are: by subject, environment and owner, in colours of severity."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from scanner.findings.model import Finding, Report
from scanner.pack.model import SEVERITIES
from scanner.renderers.html.charts import Chart, chart
from scanner.renderers.html.findings import nouns_of, state

_MOST = 15  # bars of one chart
_ABOUT = "Results without a waiver. All bars share one scale."


def severity_charts(report: Report) -> Iterator[Chart]:
    """A chart by subject, and one by environment and by owner where the configuration names any."""
    failed = [finding for finding in report.findings if state(finding) == "fail"]
    yield _make_chart("Failed results by subject", failed, lambda each: nouns_of(each.subject.kind))
    if any(finding.environment for finding in report.findings):
        yield _make_chart("Failed results by environment", failed, lambda each: each.environment or "none named")
    if any(finding.owner for finding in report.findings):
        yield _make_chart("Failed results by owner", failed, lambda each: each.owner or "none named")


def _make_chart(caption: str, failed: list[Finding], key: Callable[[Finding], str]) -> Chart:
    """A bar for each key, the most serious first; the last bar adds up the rest."""
    rows: dict[str, list[int]] = {}
    for finding in failed:
        rows.setdefault(key(finding), [0] * len(SEVERITIES))[SEVERITIES.index(finding.severity)] += 1
    ordered = sorted(rows.items(), key=lambda row: ([-count for count in row[1]], row[0]))
    if len(ordered) > _MOST:
        rest = [counts for _, counts in ordered[_MOST - 1 :]]
        ordered[_MOST - 1 :] = [(f"{len(rest)} others", [sum(column) for column in zip(*rest, strict=True)])]
    return chart(caption, _ABOUT, {each: each for each in SEVERITIES}, ordered)
