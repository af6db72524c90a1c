"""Sections 1 to 5 and 10: the scope, the rules, the exclusions, and the evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from scanner.findings.model import EvidenceRow as ReportRow
from scanner.findings.model import Report
from scanner.pack.model import Severity
from scanner.record import record
from scanner.renderers.html.trust import Trust
from scanner.renderers.html.words import count_nouns, join_words, spot
from scanner.renderers.not_read_words import describe_not_read
from scanner.subjects.kinds import KINDS

_NOTICES = {
    "unreadable": "Target not read",
    "unreached": "Issuer not reached",
    "unparsed": "File not understood",
    "interrupted": "Document took too long",
    "policy-fault": "Policy fault",
    "removed": "Private value not kept",
    "followed": "Issuers not followed",
    "repeated": "Issuers collected twice",
    "bundle-inside": "Evidence bundle in a folder",
    "nothing-reached": "No issuer reached",
    "unmatched-glob": "Glob without a file",
    "other-configuration": "Configuration of another repository",
    "malformed-waiver": "Comment that is no waiver",
}


@record
class NoticeRow:
    """A message about the run itself."""

    kind: str
    place: str
    message: str


@record
class RuleRow:
    """A checked rule, and its answers."""

    id: str
    severity: Severity
    title: str
    about: str
    is_preview: bool
    passed: int
    failed: int
    undetermined: int
    not_applicable: int


@record
class EvidenceLine:
    """A document that the results are based on."""

    number: str
    path: str
    kinds: str
    size: int
    sha256: str
    unparsed: str | None


@record
class Population:
    """The counts of documents and subjects; `completeness` says in words how complete they are."""

    counts: tuple[tuple[str, int], ...]
    platforms: tuple[tuple[str, int], ...]
    completeness: str
    unseen: tuple[str, ...]


def population(report: Report, trust: Trust) -> Population:
    """The population of the results."""
    summary = report.summary
    kinds = [(kind.nouns, len(report.rows(kind.name))) for kind in KINDS]
    platforms = Counter(row.platform for row in report.rows("binding"))
    return Population(
        counts=(
            ("files looked at", summary.files),
            ("documents that hold keys, metadata or trust settings, or should", summary.relevant),
            ("of these, not understood", summary.unparsed),
            *kinds,
        ),
        platforms=tuple(sorted(platforms.items())),
        completeness=_describe_completeness(report),
        unseen=tuple(issuer.name for issuer in trust.issuers if issuer.is_named and not issuer.is_seen),
    )


def _describe_completeness(report: Report) -> str:
    missing = sum(notice.kind == "unreadable" for notice in report.notices)
    unreached = report.summary.issuers_unreached
    left_out = [count_nouns(missing, "target or file", "targets or files")] if missing else []
    left_out += [count_nouns(unreached, "issuer")] if unreached else []
    interrupted = len(report.run.interrupted)
    left_out += [count_nouns(interrupted, "document that took too long", "documents that took too long")] if interrupted else []
    if left_out:
        return f"Not complete: {join_words(left_out)} could not be read. No sampling was used."
    if not report.summary.files:
        return "Every issuer of the targets was asked; no sampling was used."
    if report.run.not_read:
        return "Every file of the targets was looked at, apart from what section 2 lists as not read; no sampling was used."
    return "Every file of the targets was looked at; no sampling was used."


def exclusions(report: Report) -> Iterator[str]:
    """What this run does not cover, and why."""
    if left_out := report.run.not_asked:
        yield (
            f"{count_nouns(len(left_out), 'rule')} that profile {report.run.profile} leaves out or the configuration switches "
            f"off: {join_words(f'{each.id} ({each.severity})' for each in left_out)}. Section 4 lists those that were asked."
        )
    if not_read := describe_not_read(report.run.not_read):
        yield f"Not read: {not_read}."
    if report.summary.unparsed:
        unread = count_nouns(report.summary.unparsed, "relevant document")
        yield f"{unread} that could not be understood: section 10 names each."
    for outcome, words in (("not_assessed", "not assessed"), ("not_assessable", "not assessable by a scan")):
        count = sum(each.result.outcome == outcome for framework in report.frameworks for each in framework.controls)
        if count:
            yield f"{count_nouns(count, 'control')} {words}: section 7 gives the reason for each."
    yield "Processes, people and tokens in use: the evidence is the documents of section 10."


def scope_words(report: Report) -> str:
    """The subjects in one line."""
    # what is only derived from several documents is in section 5
    found = ((len(report.rows(kind.name)), kind) for kind in KINDS if kind.join is None)
    return join_words(count_nouns(number, kind.noun, kind.nouns) for number, kind in found if number) or "nothing relevant"


def notices(report: Report) -> tuple[NoticeRow, ...]:
    """The run's own notices."""
    return tuple(
        NoticeRow(_NOTICES.get(each.kind, each.kind), spot(each.place) if each.place else "", each.message)
        for each in report.notices
    )


def rules(report: Report) -> tuple[RuleRow, ...]:
    """Every checked rule, with its answers."""
    return tuple(
        RuleRow(
            id=rule.id,
            severity=rule.severity,
            title=rule.title,
            about=rule.about.replace("_", " "),
            is_preview=rule.preview,
            passed=rule.answers.passed,
            failed=rule.answers.failed,
            undetermined=rule.answers.undetermined,
            not_applicable=rule.answers.not_applicable,
        )
        for rule in report.rules
    )


def evidence(report: Report) -> tuple[EvidenceLine, ...]:
    """Every document, numbered."""
    return tuple(
        EvidenceLine(
            number=f"E-{number:04}",
            path=row.path,
            kinds=", ".join(kind.replace("-", " ") for kind in row.kinds) or _nothing_in(row),
            size=row.size,
            sha256=row.sha256 or "withheld",
            unparsed=row.unparsed,
        )
        for number, row in enumerate(report.evidence, start=1)
    )


def _nothing_in(row: ReportRow) -> str:
    if row.fetched is None:
        return "relevant by its name or content"
    return "no document came" if not row.size else "nothing that was not judged elsewhere"
