"""Results and findings as rows of the JSON report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scanner.errors import Place
from scanner.findings.model import AbsentFinding, Finding, Report, Waiver
from scanner.subjects.model import SubjectRef


class Rows:
    """The rows of one report. What a rule gives to each of its rows is made once."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.shared = {
            rule.rule.id: {
                "codes": rule.rule.codes,
                "severity": rule.severity,
                "remedy": " ".join(rule.rule.remedy.split()),
                "objective": rule.rule.objective,
                "controls": [f"{each.framework}:{each.control}" for each in rule.controls],
            }
            for rule in report.rules
        }

    def results(self) -> Iterator[dict[str, Any]]:
        """Every result. Its waiver is its finding's: the two are joined by rule, subject and place."""
        waived = {(f.rule.rule.id, f.subject.id, f.place) for f in self.report.findings if f.waiver is not None}
        for result in self.report.results:
            key = (result.rule, result.subject.id, result.place)
            is_waived = result.answer != "pass" and key in waived
            yield self._row(result.rule, result.answer, is_waived, result.message, result.subject, result.place)

    def findings(self) -> Iterator[dict[str, Any]]:
        """Every finding."""
        for finding in self.report.findings:
            yield self._row(
                finding.rule.rule.id,
                finding.result,
                finding.waiver is not None,
                finding.message,
                finding.subject,
                finding.place,
            ) | _more(finding)

    def _row(self, rule: str, answer: str, is_waived: bool, message: str, subject: SubjectRef, place: Place) -> dict[str, Any]:
        shared = self.shared[rule]
        return {
            "rule": rule,
            "codes": shared["codes"],
            "severity": shared["severity"],
            "result": answer,
            "waived": is_waived,
            "message": message,
            "remedy": shared["remedy"],
            "objective": shared["objective"],
            "controls": shared["controls"],
            "subject": {"kind": subject.kind, "id": subject.id},
            "location": location(place),
        }


def _more(finding: Finding) -> dict[str, Any]:
    return {
        "preview": finding.rule.is_preview,
        "fingerprint": finding.fingerprint,
        "stable_fingerprint": finding.stable_fingerprint,
        "baseline_state": finding.baseline_state,
        "environment": finding.environment,
        "owner": finding.owner,
        "waiver": waiver_row(finding.waiver) if finding.waiver else None,
        "excerpt": finding.excerpt,
    }


def location(place: Place) -> dict[str, Any]:
    """A place always has numbers; `precision` is there where they stand for the whole file or the whole line."""
    location: dict[str, Any] = {"path": place.path, "line": place.line or 1, "column": place.column or 1}
    if place.line is None or place.column is None:
        location["precision"] = "file" if place.line is None else "line"
    return location


def waiver_row(waiver: Waiver) -> dict[str, Any]:
    """A waiver."""
    return {
        "rule": waiver.rule,
        "reason": waiver.reason,
        "owner": waiver.owner,
        "expires": waiver.expires,
        "approver": waiver.approver,
        "ticket": waiver.ticket,
        "compensating_control": waiver.compensating_control,
        "selector": waiver.selector,
        "source": waiver.source,
        "location": location(waiver.place),
    }


def absent_row(finding: AbsentFinding) -> dict[str, Any]:
    """A finding of the baseline that is gone."""
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "result": finding.result,
        "message": finding.message,
        "subject": {"kind": finding.subject.kind, "id": finding.subject.id},
        "location": location(finding.place),
        "fingerprint": finding.fingerprint,
        "stable_fingerprint": finding.stable_fingerprint,
    }
