"""From results to the report: findings with their waivers, the counts, and the exit code. Takes one document at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from scanner.config.load import PathNote
from scanner.errors import Place
from scanner.evidence.model import Evidence
from scanner.files.tree import InlineWaiver
from scanner.findings.excerpt import Excerpts
from scanner.findings.model import EvidenceRow, Finding, Notice, Report, Run, Summary, Waiver
from scanner.findings.rows import TABLES, row
from scanner.pack.catalogue import Catalogue
from scanner.pack.model import SEVERITIES, Pack, Severity
from scanner.policy.result import Result
from scanner.policy.select import EffectiveRule
from scanner.sources.document import Unreadable
from scanner.subjects.model import Subject

if TYPE_CHECKING:
    from scanner.config.paths import Paths

_RANK = {severity: rank for rank, severity in enumerate(SEVERITIES)}


class Findings:
    """Collects what one scan finds. Documents are handed in as they stream past and are not kept."""

    def __init__(
        self, rules: Iterable[EffectiveRule], *, at: datetime, inline_waivers: bool, paths: Iterable[PathNote] = ()
    ) -> None:
        self.rules = {rule.rule.id: rule for rule in rules}
        self.names = {alias: rule.rule.id for rule in self.rules.values() for alias in rule.rule.aliases}
        self.today = at.date()
        self.inline_waivers = inline_waivers
        self.notes = _notes(paths)
        self.summary = Summary()
        self.results: list[Result] = []
        self.findings: list[Finding] = []
        self.notices: list[Notice] = []
        self.evidence: list[EvidenceRow] = []
        self.subjects: dict[str, list[dict[str, Any]]] = {table: [] for table in TABLES.values()}
        self.is_target_missing = False

    def unreadable(self, target: Unreadable) -> None:
        """A target or file that could not be read."""
        self.is_target_missing = self.is_target_missing or target.is_named
        self.notices.append(Notice("unreadable", f"cannot read it: {target.because}", Place(target.path)))

    def document(self, evidence: Evidence, judged: Iterable[tuple[Subject, Iterable[Result]]], data: bytes) -> None:
        """Everything one document gave."""
        self.summary.relevant += 1
        self.evidence.append(_evidence_row(evidence))
        if evidence.unparsed is not None:
            self.summary.unparsed += 1
            spot = evidence.unparsed_spot
            place = Place(evidence.path, spot.line, spot.column) if spot else Place(evidence.path)
            self.notices.append(Notice("unparsed", f"not assessed: {evidence.unparsed}", place))
        excerpts = Excerpts(data, has_secrets=evidence.has_secrets)
        used: set[int] = set()
        for subject, results in judged:
            self.subjects[TABLES[subject.ref.kind]].append(row(subject))
            for result in results:
                self._result(result, evidence, excerpts, used)
        if self.inline_waivers:
            self._unused(evidence, used)

    def report(
        self,
        run: Run,
        *,
        version: str,
        pack: Pack,
        not_applicable: dict[str, int],
        faults: dict[str, str],
        fail_on_undetermined: bool,
    ) -> Report:
        """The report, in a stable order whatever the order of the targets."""
        for rule, because in faults.items():
            self.notices.append(
                Notice(
                    "policy-fault",
                    f"rule {rule} reads a value it does not guard: {because}",
                    self.rules[rule].rule.place,
                )
            )
        self.summary.not_applicable = dict(sorted(not_applicable.items()))
        self.summary.by_severity = {severity: self.summary.by_severity.get(severity, 0) for severity in SEVERITIES}
        return Report(
            version=version,
            run=run,
            rules=tuple(self.rules.values()),
            pack_digest=pack.digest,
            catalogue=Catalogue(pack.frameworks, pack.objectives.values()),
            evidence=tuple(sorted(self.evidence, key=lambda each: each.path)),
            subjects={table: sorted(rows, key=_row_order) for table, rows in self.subjects.items()},
            results=tuple(sorted(self.results, key=_result_order)),
            findings=tuple(sorted(self.findings, key=_finding_order)),
            notices=tuple(sorted(self.notices, key=_notice_order)),
            summary=self.summary,
            exit_code=self._exit_code(run.fail_on, bool(faults), fail_on_undetermined),
        )

    def _result(self, result: Result, evidence: Evidence, excerpts: Excerpts, used: set[int]) -> None:
        self.results.append(result)
        if result.answer == "pass":
            self.summary.passed += 1
            return
        waiver = self._waiver(result, evidence, used)
        rule = self.rules[result.rule]
        if result.answer == "undetermined":
            self.summary.undetermined += 1
        elif waiver is not None:
            self.summary.waived += 1
            self.summary.failed += 1
        else:
            self.summary.failed += 1
            counts = self.summary.by_severity
            counts[rule.severity] = counts.get(rule.severity, 0) + 1
        environment, owner = self.notes.of(result.place.path) if self.notes else (None, None)
        self.findings.append(
            Finding(
                rule=rule,
                result=result.answer,
                subject=result.subject,
                message=result.message,
                place=result.place,
                fingerprint=_fingerprint(result),
                waiver=waiver,
                excerpt=excerpts.line(result.place.line) if result.answer == "fail" else None,
                environment=environment,
                owner=owner,
            )
        )

    def _waiver(self, result: Result, evidence: Evidence, used: set[int]) -> Waiver | None:
        if not self.inline_waivers or result.place.line is None:
            return None
        for number, waiver in enumerate(evidence.waivers):
            covers = waiver.first_line <= result.place.line <= waiver.last_line
            if covers and result.rule in {self.names.get(rule, rule) for rule in waiver.rules}:
                used.add(number)
                if not self._has_run_out(waiver):
                    return Waiver(
                        rule=result.rule,
                        selector=f"lines {waiver.first_line} to {waiver.last_line}",
                        reason=waiver.reason,
                        source="inline",
                        place=Place(evidence.path, waiver.line),
                        owner=waiver.owner,
                        expires=waiver.expires,
                    )
        return None

    def _has_run_out(self, waiver: InlineWaiver) -> bool:
        """Whether the waiver's last day (UTC) is over. A date that cannot be read has run out: it fails closed."""
        if waiver.expires is None:
            return False
        try:
            return date.fromisoformat(waiver.expires) < self.today
        except ValueError:
            return True

    def _unused(self, evidence: Evidence, used: set[int]) -> None:
        for number, waiver in enumerate(evidence.waivers):
            place = Place(evidence.path, waiver.line)
            if self._has_run_out(waiver):
                self.notices.append(Notice("waiver-expired", f"the waiver ended on {waiver.expires}", place))
            elif number not in used:
                rules = ", ".join(waiver.rules)
                self.notices.append(Notice("waiver-unused", f"the waiver of {rules} matches nothing", place))

    def _exit_code(self, fail_on: Severity | None, has_faults: bool, fail_on_undetermined: bool) -> int:
        """The table of the README; the first that applies. 4 is the command line's, for a fault of ours."""
        if has_faults:
            return 2
        if fail_on is not None and any(
            finding.result == "fail"
            and finding.waiver is None
            and not finding.rule.is_preview
            and _RANK[finding.rule.severity] <= _RANK[fail_on]
            for finding in self.findings
        ):
            return 1
        is_open = fail_on_undetermined and (self.summary.undetermined or self.summary.unparsed)
        return 3 if self.is_target_missing or is_open else 0


def _notes(paths: Iterable[PathNote]) -> Paths | None:
    """The configuration's notes on paths; nothing is imported where there are none."""
    noted = tuple(paths)
    if not noted:
        return None
    from scanner.config.paths import Paths

    return Paths(noted)


def _fingerprint(result: Result) -> str:
    """What a finding is, whatever line it stands on: the rule and the subject's identity, `jwksFinding/v1`."""
    identity = f"{result.rule}\0{result.subject.id}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(identity).hexdigest()


def _evidence_row(evidence: Evidence) -> EvidenceRow:
    kinds = {
        "jwk-set": evidence.jwk_sets,
        "issuer-metadata": evidence.metadata,
        "consumer-configuration": evidence.bindings,
    }
    return EvidenceRow(
        evidence.path,
        evidence.sha256,
        evidence.size,
        tuple(kind for kind, found in kinds.items() if found),
        evidence.unparsed,
    )


def _row_order(item: dict[str, Any]) -> tuple[str, int, int, str]:
    return item["path"], item["line"] or 0, item["column"] or 0, item["id"]


def _result_order(result: Result) -> tuple[str, int, int, str, str]:
    place = result.place
    return place.path, place.line or 0, place.column or 0, result.rule, result.subject.id


def _finding_order(finding: Finding) -> tuple[str, int, int, int, str, str]:
    place = finding.place
    rank = _RANK[finding.rule.severity]
    return place.path, place.line or 0, rank, place.column or 0, finding.rule.rule.id, finding.subject.id


def _notice_order(notice: Notice) -> tuple[str, int, str, str]:
    place = notice.place or Place("")
    return place.path, place.line or 0, notice.kind, notice.message
