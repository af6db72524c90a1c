"""The results of a run with their suppressions and baseline state."""

from __future__ import annotations

from typing import Any

from scanner.errors import Place
from scanner.findings.model import AbsentFinding, AppliedWaiver, Finding, Report
from scanner.renderers.escape import escape_text
from scanner.renderers.open_causes import OpenCause, open_causes
from scanner.renderers.sarif.locations import location, sentence
from scanner.renderers.sarif.names import LEVELS, RANKS, guid
from scanner.renderers.sarif.policies import Taxa
from scanner.renderers.unit_words import say_place


class Results:
    """The results of one run. `artifacts`: path → index."""

    def __init__(self, report: Report, taxa: Taxa, artifacts: dict[str, int], run_guid: str) -> None:
        self.report = report
        self.artifacts = artifacts
        self.run_guid = run_guid
        self.indexes = {rule.id: index for index, rule in enumerate(report.rules)}
        self.taxa = {
            rule.id: [taxa.reference(control) for control in rule.controls if control.strength == "partial"]
            for rule in report.rules
        }
        # §3.27.24: every result has a baselineState, or none has
        self.has_states = report.run.baseline is not None and all(each.baseline_state for each in report.findings)

    def all(self) -> list[dict[str, Any]]:
        """Every finding; with a baseline also those that are gone."""
        causes = {id(each.head): each for each in open_causes(self.report.findings, by_subject=True)}
        told = (each for each in self.report.findings if each.result == "fail" or id(each) in causes)
        found = [self.result(finding, causes.get(id(finding))) for finding in told]
        return found + [self.absent(finding) for finding in self.report.absent] if self.has_states else found

    def result(self, finding: Finding, cause: OpenCause | None = None) -> dict[str, Any]:
        """One finding, with the rules that are open for the same `cause`. §3.27.23: all results of a run have suppressions, so
        one without a waiver has none in its list.
        """
        waiver = finding.waiver
        taxa = self.taxa[finding.rule]
        return {
            **core(finding, self.indexes, self.artifacts),
            "guid": guid(self.run_guid, finding.fingerprint, str(finding.place), *_other_values(finding)),
            "partialFingerprints": fingerprints(finding),
            **({"taxa": taxa} if taxa else {}),
            **({"baselineState": finding.baseline_state} if self.has_states else {}),
            **self.related(finding),
            "suppressions": [] if waiver is None else [self.suppression(finding, waiver)],
            "properties": {
                "codes": list(finding.codes),
                "severity": finding.severity,
                **({"environment": escape_text(finding.environment)} if finding.environment else {}),
                **({"owner": escape_text(finding.owner)} if finding.owner else {}),
                **({"variants": [escape_text(each.name) for each in finding.variants]} if finding.variants else {}),
                **({"rules": list(cause.rules)} if cause is not None and len(cause.rules) > 1 else {}),
                **({"folded": [each.rule for each in finding.folded]} if finding.folded else {}),
            },
        }

    def related(self, finding: Finding) -> dict[str, Any]:
        """The further places of the value (§3.27.22), the one to change first, and those of what follows from the finding."""
        places = [
            {
                "id": number,
                **location(Place(each.path, each.line, each.column), self.artifacts),
                "message": {"text": sentence(say_place(each))},
            }
            for number, each in enumerate(finding.related)
        ]
        places += [
            {
                "id": number,
                **location(each.place, self.artifacts),
                "message": {"text": sentence(f"With it, {each.severity}: {each.message}")},
            }
            for number, each in enumerate(finding.folded, len(places))
        ]
        return {"relatedLocations": places} if places else {}

    def suppression(self, finding: Finding, waiver: AppliedWaiver) -> dict[str, Any]:
        """A waiver (§3.35). SARIF has no member for its end."""
        return {
            "guid": guid(self.run_guid, finding.fingerprint, str(finding.place), str(waiver.place)),
            "kind": "inSource" if waiver.source == "inline" else "external",
            "status": "accepted",
            "justification": _make_justification(waiver),
            "location": location(waiver.place, self.artifacts),
            "properties": {
                "expires": None if waiver.expires is None else escape_text(waiver.expires),
            },
        }

    def absent(self, finding: AbsentFinding) -> dict[str, Any]:
        """A finding of the baseline that is gone. Its rule may be gone, too."""
        index = self.indexes.get(finding.rule)
        is_fail = finding.result == "fail"
        return {
            "ruleId": finding.rule,
            **({"ruleIndex": index} if index is not None else {}),
            "kind": "fail" if is_fail else "open",
            "level": LEVELS[finding.severity] if is_fail else "none",
            **({"rank": RANKS[finding.severity]} if is_fail else {}),
            "message": {"text": sentence(finding.message)},
            "locations": [location(finding.place, self.artifacts, finding.subject.id)],
            "guid": guid(self.run_guid, "absent", finding.fingerprint, str(finding.place)),
            "partialFingerprints": fingerprints(finding),
            "baselineState": "absent",
            "suppressions": [],
            "properties": {"severity": finding.severity},
        }


def core(finding: Finding, indexes: dict[str, int], artifacts: dict[str, int]) -> dict[str, Any]:
    """The members that every reader needs. §3.27.9: only a fail has a level, and only a fail a rank."""
    severity = finding.severity
    is_fail = finding.result == "fail"
    return {
        "ruleId": finding.rule,
        "ruleIndex": indexes[finding.rule],
        "kind": "fail" if is_fail else "open",
        "level": LEVELS[severity] if is_fail else "none",
        **({"rank": RANKS[severity]} if is_fail else {}),
        "message": {"text": sentence(finding.message)},
        "locations": [location(finding.place, artifacts, finding.subject.id)],
    }


def fingerprints(finding: Finding | AbsentFinding) -> dict[str, str]:
    """The fingerprints by version; GitHub reads only `primaryLocationLineHash`, a text that ends with a colon and a count."""
    stable = {"jwksFinding/v2": finding.stable_fingerprint} if finding.stable_fingerprint else {}
    return {
        "jwksFinding/v1": finding.fingerprint,
        **stable,
        "primaryLocationLineHash": f"{finding.fingerprint[:16]}:1",
    }


def _other_values(finding: Finding) -> tuple[str, ...]:
    """What tells findings of one rule at one place apart: their values in other files."""
    return (finding.value,) if finding.value else ()


def _make_justification(waiver: AppliedWaiver) -> str:
    said = {
        "Owner": waiver.owner,
        "Approved by": waiver.approver,
        "Until": waiver.expires,
        "Ticket": waiver.ticket,
        "Instead": waiver.compensating_control,
    }
    reason = sentence(waiver.reason or "No reason given")
    return " ".join([reason, *(f"{name}: {sentence(text)}" for name, text in said.items() if text)])
