"""The JSON report as a document: the type of each member. The writer, the strict reader and the schema use it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from scanner.findings.asked_rule import AskedRule
from scanner.findings.model import (
    SCHEMA,
    AbsentFinding,
    AppliedWaiver,
    EvidenceRow,
    Finding,
    KindResults,
    Notice,
    Report,
    Run,
    Summary,
)
from scanner.findings.policies import FrameworkEntry, ObjectiveEntry, ReferenceEntry
from scanner.record import record
from scanner.subjects.kinds import KINDS


@record
class Tool:
    """The program that wrote the report."""

    name: Literal["jwksgov"]
    version: str


@record
class PackEntry:
    """The policies: SHA-256 over the files' names and bytes."""

    digest: str


@record
class WaiverInUse:
    """A waiver with a finding that it covers. It repeats the finding's members, for readers of waivers only."""

    rule: str
    subject: str
    waiver: AppliedWaiver


# member → type of its one value
OBJECTS: Mapping[str, Any] = {"tool": Tool, "run": Run, "pack": PackEntry, "summary": Summary}
# member → type of the items of its list
LISTS: Mapping[str, Any] = {
    "rules": AskedRule,
    "objectives": ObjectiveEntry,
    "frameworks": FrameworkEntry,
    "references": ReferenceEntry,
    "evidence": EvidenceRow,
    "findings": Finding,
    "absent": AbsentFinding,
    "waivers": WaiverInUse,
    "notices": Notice,
}
# members that stream member by member: `subjects` has a list for each table, `results` an object for each kind
OPENED = frozenset({"subjects", "results"})
RESULTS = KindResults


def row_types() -> dict[str, Any]:
    """Table of `subjects` → type of its rows."""
    return {kind.table: kind.module.Row for kind in KINDS}


def members_of(report: Report) -> Iterable[tuple[str, Any]]:
    """The members of the document in their order: records, lists of records, and by name what is OPENED."""
    yield "schema", SCHEMA
    yield "tool", Tool("jwksgov", report.version)
    yield "run", report.run
    yield "pack", PackEntry(report.pack_digest)
    yield "summary", report.summary
    yield "findings", report.findings
    yield "absent", report.absent
    yield "waivers", [WaiverInUse(each.rule, each.subject.id, each.waiver) for each in report.findings if each.waiver]
    yield "notices", report.notices
    yield "subjects", report.subjects
    yield "results", report.results
    yield "evidence", report.evidence
    yield "rules", report.rules
    yield "objectives", report.objectives
    yield "frameworks", report.frameworks
    yield "references", report.references
