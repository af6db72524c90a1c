"""SARIF for a code-scanning service: only open fails in files, since the service would misread all else.

GitHub ignores `kind`, `suppressions` and `baselineState`: passing, waived and undetermined results would all become open
alerts. It accepts 25,000 results of a run and keeps 5,000. GitLab refuses a report if it cannot use half of it.
"""

from __future__ import annotations

from typing import Any

from scanner.errors import Place
from scanner.findings.asked_rule import AskedRule
from scanner.findings.model import Finding, Notice, Report, locate, notice
from scanner.pack.model import SEVERITIES
from scanner.record import changed, record
from scanner.renderers.sarif.locations import is_in_tree
from scanner.renderers.sarif.policies import make_plain_descriptor
from scanner.renderers.sarif.results import core, fingerprints
from scanner.renderers.sarif.run import ROOTS, automation, driver, invocation, notification


@record
class Service:
    """The abilities of a service. `most`: how many results of a run it keeps."""

    most: int | None
    has_rank: bool


SERVICES = {"github": Service(most=5_000, has_rank=False), "gitlab": Service(most=None, has_rank=True)}


def run_for(report: Report, name: str) -> dict[str, Any]:
    """The run with the results that the service accepts."""
    service = SERVICES[name]
    indexes = {rule.id: index for index, rule in enumerate(report.rules)}
    chosen = [each for finding in _select_open_fails(report) if (each := _find_anchor(finding, report)) is not None]
    kept = _select_worst(chosen, service.most)
    invoked = invocation(report, {})
    invoked["toolExecutionNotifications"] += [
        notification(each, {}) for each in _left_out(report, chosen=len(chosen), kept=len(kept), service=name)
    ]
    return {
        "tool": {"driver": driver(report) | {"rules": [_make_descriptor(rule) for rule in report.rules]}},
        "invocations": [invoked],
        "originalUriBaseIds": ROOTS,
        "results": [_make_result(each, indexes, service) for each in kept],
        "automationDetails": automation(report),
        "columnKind": "unicodeCodePoints",
    }


def _select_open_fails(report: Report) -> list[Finding]:
    return [finding for finding in report.findings if finding.result == "fail" and finding.waiver is None]


def _find_anchor(finding: Finding, report: Report) -> Finding | None:
    """The finding with a file of the repository: its own, or the configuration that names its target; None without one."""
    if is_in_tree(finding.place.path):
        return finding
    home = report.run.config.path if report.run.config is not None else None
    if home is None or not is_in_tree(home):
        return None
    return changed(finding, message=f"{finding.place.path}: {finding.message}", location=locate(Place(home, 1, 1)))


def _select_worst(findings: list[Finding], most: int | None) -> list[Finding]:
    """At most `most` of them, the most severe, in the report's order."""
    if most is None or len(findings) <= most:
        return findings
    order = sorted(range(len(findings)), key=lambda index: (SEVERITIES.index(findings[index].severity), index))
    return [findings[index] for index in sorted(order[:most])]


def _left_out(report: Report, *, chosen: int, kept: int, service: str) -> list[Notice]:
    placeless = len(_select_open_fails(report)) - chosen
    said = []
    if placeless:
        said.append(notice("left-out", f"{placeless} findings stand in no file of the repository; the JSON report has them"))
    if kept < chosen:
        said.append(notice("left-out", f"{service} keeps {kept} results; the {chosen - kept} least severe are left out"))
    return said


def _make_descriptor(rule: AskedRule) -> dict[str, Any]:
    """A rule; a preview rule never fails anything, so it has the lowest level and no score that would block a merge."""
    made = make_plain_descriptor(rule)
    if rule.preview:
        made["defaultConfiguration"]["level"] = "note"
        made["properties"].pop("security-severity")
    return made


def _make_result(finding: Finding, indexes: dict[str, int], service: Service) -> dict[str, Any]:
    made = core(finding, indexes, {}) | {"partialFingerprints": fingerprints(finding)}
    if finding.preview:
        made["level"] = "note"
    if not service.has_rank or finding.preview:
        del made["rank"]
    return made
