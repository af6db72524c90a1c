"""Sinks for judgements: each keeps what one use needs. Sinks of two parts of a run are merged, in any order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from scanner.findings.model import AppliedWaiver, Finding, SubjectName, locate
from scanner.policy.result import NOT_APPLICABLE, Judgement, Result
from scanner.policy.select import RuleSet
from scanner.record import record
from scanner.subjects.kinds import WaiverNames, find_waiver_names, make_row
from scanner.subjects.model import Subject, Waiver

if TYPE_CHECKING:
    from scanner.config.paths import EnvironmentAndOwner, Ownership
    from scanner.errors import Place
    from scanner.findings.model import FindingVariant, RelatedPlace
    from scanner.policy.evaluator import Evaluator
    from scanner.redaction.known_values import KnownValues


@record
class Surroundings:
    """What the document of a subject adds to its findings: the source line of a place if it is safe to show, and the inline
    waiver that covers a result, and the private values that it holds. Subjects from several documents have none of them.
    `evaluator`: what judges the document, where its folder has a configuration of its own; `owned`: environment and owner,
    where that configuration says them.
    """

    excerpt: Callable[[Place], str | None] | None = None
    waiver: Callable[[Result], Waiver | None] | None = None
    known: KnownValues | None = None
    evaluator: Evaluator | None = None
    owned: EnvironmentAndOwner | None = None

    def asked(self, kind: str) -> tuple[str, ...]:
        """The ids of the rules about a kind that judge the document; empty where they are the run's own."""
        return self.evaluator.rules.ids_about(kind) if self.evaluator is not None else ()


ALONE = Surroundings()


class AnswerSink:
    """Counts subjects by kind and answers: a pass costs one byte of a key that many subjects share. `others`: kind and rules →
    answers to those, of subjects that were not asked the run's own rules.
    """

    def __init__(self) -> None:
        self.counts: dict[str, Counter[bytes]] = {}
        self.others: dict[tuple[str, tuple[str, ...]], Counter[bytes]] = {}

    def take(self, judgement: Judgement, around: Surroundings) -> None:
        """Count the subject."""
        kind = judgement.subject.ref.kind
        if around.evaluator is None:
            self.counts.setdefault(kind, Counter())[judgement.answers] += 1
        else:
            self.others.setdefault((kind, around.asked(kind)), Counter())[judgement.answers] += 1

    def merge(self, other: AnswerSink) -> None:
        """Add the other counts."""
        for kind, counts in other.counts.items():
            self.counts.setdefault(kind, Counter()).update(counts)
        for asked, counts in other.others.items():
            self.others.setdefault(asked, Counter()).update(counts)

    def widen(self, before: RuleSet, after: RuleSet) -> None:
        """Count all subjects as asked `after`, which has the rules of `before` and all others: not applicable where a subject
        was not asked.
        """
        asked = {(kind, before.ids_about(kind)): counts for kind, counts in self.counts.items()}
        self.counts = {}
        for (kind, ids), counts in (*asked.items(), *self.others.items()):
            widened, to = self.counts.setdefault(kind, Counter()), _Widened(ids, after.ids_about(kind))
            for answers, number in counts.items():
                widened[to.of(answers)] += number
        self.others = {}


class _Widened:
    """Answers to some rules as answers to more of them."""

    def __init__(self, ids: tuple[str, ...], more: tuple[str, ...]) -> None:
        numbers = {name: number for number, name in enumerate(ids)}
        self._from = [numbers.get(name) for name in more]
        self._known: dict[bytes, bytes] = {}

    def of(self, answers: bytes) -> bytes:
        """The answers, not applicable to the rules that were not asked. Equal answers are kept once."""
        if answers not in self._known:
            self._known[answers] = bytes(NOT_APPLICABLE if number is None else answers[number] for number in self._from)
        return self._known[answers]


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
        self.others: dict[tuple[str, tuple[str, ...]], list[tuple[Any, bytes]]] = {}
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
        kind = subject.ref.kind
        if around.evaluator is None:
            self.rows.setdefault(kind, []).append((row, answers))
        else:
            self.others.setdefault((kind, around.asked(kind)), []).append((row, answers))

    def __getstate__(self) -> dict[str, Any]:
        """Another process needs the rows alone."""
        return {"rows": self.rows, "others": self.others, "_seen": {}, "_encode": None}

    def merge(self, other: RowSink) -> None:
        """Add the other rows."""
        for kind, rows in other.rows.items():
            mine = self.rows.setdefault(kind, [])
            mine += [(row, self._seen.setdefault(answers, answers)) for row, answers in rows]
        for asked, rows in other.others.items():
            self.others.setdefault(asked, []).extend(rows)

    def widen(self, before: RuleSet, after: RuleSet) -> None:
        """Keep all rows as asked `after`: see AnswerSink."""
        asked = {(kind, before.ids_about(kind)): rows for kind, rows in self.rows.items()}
        self.rows = {}
        for (kind, ids), rows in (*asked.items(), *self.others.items()):
            to = _Widened(ids, after.ids_about(kind))
            self.rows.setdefault(kind, []).extend((row, to.of(answers)) for row, answers in rows)
        self.others = {}


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

        rule = (around.evaluator.rules if around.evaluator is not None else self._rules)[result.rule]
        waiver = around.waiver(result) if around.waiver is not None else None
        environment, owner = around.owned or (self._ownership.of(result.place.path) if self._ownership else (None, None))
        variants: tuple[FindingVariant, ...] = ()
        related: tuple[RelatedPlace, ...] = ()
        value = ""
        if result.variants or result.shown is not None:
            from scanner.findings.units import describe_variants, find_common, list_related
            from scanner.policy.shown_value import say_value

            variants = describe_variants(result.variants, self._ownership)
            environment, owner = find_common(variants, environment, owner)
            related = list_related(result)
            value = say_value(result.shown) if result.shown is not None and result.answer == "fail" else ""
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
            excerpt=around.excerpt(result.place) if around.excerpt is not None and is_shown else None,
            variants=variants,
            value=value,
            related=related,
            cause=result.cause,
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
