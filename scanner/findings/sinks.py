"""Sinks for judgements: each keeps what one use needs. Sinks of two parts of a run are merged, in any order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from scanner.findings.model import AppliedWaiver, Finding, SubjectName, locate
from scanner.policy.result import Judgement, Result
from scanner.policy.select import RuleSet
from scanner.record import record
from scanner.subjects.kinds import WaiverNames, find_waiver_names, make_row
from scanner.subjects.model import Subject, Waiver

if TYPE_CHECKING:
    from scanner.config.paths import Ownership
    from scanner.redaction.known_values import KnownValues


@record
class Surroundings:
    """What the document of a subject adds to its findings: the source line by its number if it is safe to show, and the inline
    waiver that covers a result, and the private values that it holds. Subjects from several documents have none of them.
    """

    excerpt: Callable[[int | None], str | None] | None = None
    waiver: Callable[[Result], Waiver | None] | None = None
    known: KnownValues | None = None


ALONE = Surroundings()


class AnswerSink:
    """Counts subjects by kind and answers: a pass costs one byte of a key that many subjects share."""

    def __init__(self) -> None:
        self.counts: dict[str, Counter[bytes]] = {}

    def take(self, judgement: Judgement, around: Surroundings) -> None:  # noqa: ARG002
        """Count the subject."""
        self.counts.setdefault(judgement.subject.ref.kind, Counter())[judgement.answers] += 1

    def merge(self, other: AnswerSink) -> None:
        """Add the other counts."""
        for kind, counts in other.counts.items():
            self.counts.setdefault(kind, Counter()).update(counts)


@record(slots=True)
class EncodedRow:
    """A row as the text that a report writes, with what its order needs."""

    path: str
    line: int | None
    column: int | None
    id: str
    text: str


class RowSink:
    """Keeps the row of every subject with its answers, for the formats that list subjects. `encode`: where no format looks into
    rows, they are kept as the text that is written, which each process makes of its own.
    """

    def __init__(self, encode: Callable[[Any], str] | None = None) -> None:
        self._encode = encode
        self.rows: dict[str, list[tuple[Any, bytes]]] = {}
        self._seen: dict[bytes, bytes] = {}

    def take(self, judgement: Judgement, around: Surroundings) -> None:
        """Keep the row. Equal answers are kept once."""
        subject = judgement.subject
        answers = self._seen.setdefault(judgement.answers, judgement.answers)
        row = make_row(subject)
        if around.known is not None:
            row = around.known.hide(row)
        if self._encode is not None:
            row = EncodedRow(row.path, row.line, row.column, row.id, self._encode(row))
        self.rows.setdefault(subject.ref.kind, []).append((row, answers))

    def __getstate__(self) -> dict[str, Any]:
        """Another process needs the rows alone."""
        return {"rows": self.rows, "_seen": {}, "_encode": None}

    def merge(self, other: RowSink) -> None:
        """Add the other rows."""
        for kind, rows in other.rows.items():
            mine = self.rows.setdefault(kind, [])
            mine += [(row, self._seen.setdefault(answers, answers)) for row, answers in rows]


@record(slots=True)
class Found:
    """A finding, and the names by which a waiver may select its subject; None without a waiver file."""

    finding: Finding
    names: WaiverNames | None


class FindingSink:
    """Makes a finding of everything that fails or is undetermined. `ownership` gives the environment and owner of a path.
    `is_naming`: a waiver file will be read at the end.
    """

    def __init__(self, rules: RuleSet, ownership: Ownership | None, *, is_naming: bool) -> None:
        self._rules = rules
        self._ownership = ownership
        self._is_naming = is_naming
        self.found: list[Found] = []

    def take(self, judgement: Judgement, around: Surroundings) -> None:
        """Make the findings of one subject."""
        if not judgement.results:
            return
        subject = judgement.subject
        names = find_waiver_names(subject) if self._is_naming else None
        for result in judgement.results:
            finding = self._make_finding(subject, result, around)
            self.found.append(Found(around.known.hide(finding) if around.known is not None else finding, names))

    def merge(self, other: FindingSink) -> None:
        """Add the other findings."""
        self.found += other.found

    def _make_finding(self, subject: Subject, result: Result, around: Surroundings) -> Finding:
        from scanner.findings.fingerprint import by_identity, by_path  # a clean commit has none

        rule = self._rules[result.rule]
        waiver = around.waiver(result) if around.waiver is not None else None
        environment, owner = self._ownership.of(result.place.path) if self._ownership else (None, None)
        is_shown = around.excerpt is not None and result.answer == "fail"
        return Finding(
            rule=result.rule,
            codes=tuple(rule.rule.codes),
            severity=rule.severity,
            result=result.answer,
            waived=waiver is not None,
            preview=rule.is_preview,
            message=result.message,
            subject=SubjectName(result.subject.kind, result.subject.id),
            location=locate(result.place),
            fingerprint=by_path(result),
            stable_fingerprint=by_identity(result.rule, subject),
            environment=environment,
            owner=owner,
            waiver=make_applied_waiver(waiver) if waiver is not None else None,
            excerpt=around.excerpt(result.place.line) if around.excerpt is not None and is_shown else None,
        )

    def __getstate__(self) -> dict[str, Any]:
        """Only the findings: another process needs neither the rules nor the configuration."""
        return {"_rules": None, "_ownership": None, "_is_naming": self._is_naming, "found": self.found}


def make_applied_waiver(waiver: Waiver) -> AppliedWaiver:
    """The waiver in the form of a finding's member."""
    return AppliedWaiver(
        rule=waiver.rule,
        selector=waiver.selector,
        reason=waiver.reason,
        source=waiver.source,
        location=locate(waiver.place),
        owner=waiver.owner,
        approver=waiver.approver,
        expires=waiver.expires,
        ticket=waiver.ticket,
        compensating_control=waiver.compensating_control,
    )
