"""A stored JSON report, read back into the very Report that wrote it; renderers cannot tell the two apart.

The file is not trusted: it may come from anywhere. Its size and depth are bounded, every member is checked, and a member that
a later version added is passed over. A report written before a member was added is read without it.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal, get_args

from scanner.errors import Place, UsageError
from scanner.files.json_rows import Form, Row, document
from scanner.findings.model import (
    AbsentFinding,
    BaselineFile,
    BaselineState,
    BundleFile,
    EffectiveRule,
    EvidenceRow,
    Finding,
    Notice,
    Report,
    Run,
    Summary,
    Waiver,
)
from scanner.findings.stored_policies import effective_rule, framework, objective
from scanner.pack.control_index import ControlIndex
from scanner.pack.model import SEVERITIES
from scanner.policy.result import Answer, Result
from scanner.subjects.model import KINDS, Kind, SubjectRef

SCHEMA = "jwksgov-report/v1"
LARGEST = 256 * 1024 * 1024  # about 300,000 results; reading takes some six times as much memory
_FORM = Form(
    "a jwksgov report",
    "Give a report that `jwksgov scan -o report.json` wrote, unchanged; scan again where it was damaged.",
    UsageError,
)
_DIGEST = r"[0-9a-f]{64}|"  # a redacted report withholds digests
_BASELINE_STATES: tuple[BaselineState, ...] = get_args(BaselineState)
_ANSWERS: tuple[Answer, ...] = get_args(Answer)
_STATES: tuple[Literal["collecting", "complete", "interrupted"], ...] = ("collecting", "complete", "interrupted")
_OPEN: tuple[Literal["fail", "undetermined"], ...] = ("fail", "undetermined")


def read_report(path: str) -> Report:
    """The report in the file `path`."""
    try:
        with open(path, "rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(
            what=f"cannot read the report: {error.strerror}", where=Place(path), remedy="Name a readable JSON report."
        ) from None
    return report_of(data, path)


def report_of(data: bytes, path: str) -> Report:
    """The report that `data` holds; `path` is for error messages."""
    with _collector_at_rest():
        top = _document(data, path)
        if top.members.get("schema") != SCHEMA:
            raise top.wrong("schema", f"`{SCHEMA}`")
        return _Stored(top).report()


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """No search for cycles meanwhile: none are made, and walking a growing document took more time than reading it."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _document(data: bytes, path: str) -> Row:
    if len(data) > LARGEST:
        raise UsageError(
            what=f"the report is larger than {LARGEST // 1024**2} MiB",
            where=Place(path),
            remedy="Scan in parts, each with its own report.",
        )
    return document(data, path, _FORM)


class _Stored:
    """One document and the tables that its rows refer to."""

    def __init__(self, top: Row) -> None:
        self.top = top
        frameworks = {row.text("id"): framework(row) for row in top.rows("frameworks")}
        self.control_index = ControlIndex(frameworks, map(objective, top.rows("objectives")))
        self.rules = {row.text("id"): effective_rule(row, self.control_index) for row in top.rows("rules")}
        self.subjects = dict(_subjects(top.row("subjects")))
        self.places = {
            row["id"]: Place(row["path"], row["line"], row["column"]) for rows in self.subjects.values() for row in rows
        }

    def report(self) -> Report:
        top = self.top
        return Report(
            version=top.row("tool").words("version"),
            run=_run(top.row("run")),
            rules=tuple(self.rules.values()),
            pack_digest=top.row("pack").matching("digest", _DIGEST, "a SHA-256"),
            control_index=self.control_index,
            evidence=tuple(_evidence(row) for row in top.rows("evidence")),
            subjects=self.subjects,
            results=tuple(self.result(row) for row in top.rows("results")),
            findings=tuple(self.finding(row) for row in top.rows("findings")),
            notices=tuple(_notice(row) for row in top.rows("notices")),
            summary=_summary(top),
            exit_code=top.row("run").count("exit_code"),
            absent=tuple(_absent(row) for row in top.rows("absent")),
        )

    def rule(self, row: Row) -> EffectiveRule:
        found = self.rules.get(row.text("rule"))
        if found is None:
            raise row.wrong("rule", "the id of one of `rules`")
        return found

    def subject(self, row: Row, place: Place) -> SubjectRef:
        kind, name = _subject(row)
        return SubjectRef(kind, name, self.places.get(name, place))

    def result(self, row: Row) -> Result:
        place = _place(row.row("location"))
        return Result(
            rule=self.rule(row).rule.id,
            subject=self.subject(row, place),
            answer=row.one_of("result", _ANSWERS),
            message=row.text("message"),
            place=place,
        )

    def finding(self, row: Row) -> Finding:
        rule = self.rule(row)
        place = _place(row.row("location"))
        waiver = row.row_or_none("waiver")
        return Finding(
            rule=rule,
            result=row.one_of("result", _OPEN),
            subject=self.subject(row, place),
            message=row.text("message"),
            place=place,
            fingerprint=row.text("fingerprint"),
            waiver=_waiver(waiver, rule.rule.id) if waiver else None,
            excerpt=row.text_or_none("excerpt"),
            stable_fingerprint=row.text("stable_fingerprint", ""),
            baseline_state=row.one_of_or_none("baseline_state", _BASELINE_STATES),
            environment=row.text_or_none("environment"),
            owner=row.text_or_none("owner"),
        )


def _subject(row: Row) -> tuple[Kind, str]:
    subject = row.row("subject")
    return subject.one_of("kind", KINDS), subject.text("id")


def _subjects(tables: Row) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for name in tables.members:
        for row in tables.rows(name):
            row.text("id")
            row.text("path")
            for spot in ("line", "column"):
                if row.members.setdefault(spot, None) is not None:
                    row.count(spot, least=1)
        yield name, tables.listed(name)


def _run(row: Row) -> Run:
    config = row.row_or_none("config")
    baseline = row.row_or_none("baseline")
    fails_on_none = row.members.get("fail_on") == "none"
    return Run(
        clock=row.matching("clock", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "a time such as 2026-08-22T00:00:00Z"),
        targets=tuple(row.texts("scope")),
        profile=row.words("profile"),
        config_path=config.text("path") if config else None,
        config_digest=config.text_or_none("sha256") if config else None,
        fail_on=None if fails_on_none else row.one_of("fail_on", SEVERITIES),
        policies=tuple(row.texts("policies")),
        baseline=BaselineFile(baseline.text("path"), baseline.text("sha256"), baseline.text("clock")) if baseline else None,
        is_online=row.flag("online", False),
        bundles=tuple(_bundle(each) for each in row.rows("bundles")),
    )


def _bundle(row: Row) -> BundleFile:
    return BundleFile(
        path=row.text("path"),
        sha256=row.matching("sha256", _DIGEST, "a SHA-256"),
        started=row.words("started"),
        finished=row.text_or_none("finished"),
        state=row.one_of("state", _STATES),
        version=row.words("version"),
    )


def _evidence(row: Row) -> EvidenceRow:
    return EvidenceRow(
        path=row.text("path"),
        sha256=row.matching("sha256", _DIGEST, "a SHA-256"),
        size=row.count("size"),
        kinds=tuple(row.words_listed("kinds")),
        unparsed=row.text_or_none("unparsed"),
        issuer=row.text_or_none("issuer"),
        fetched=row.text_or_none("fetched"),
        removed=tuple(row.texts("removed")),
    )


def _place(row: Row) -> Place:
    line, column = row.count("line", least=1), row.count("column", least=1)
    known = row.one_of_or_none("precision", ("file", "line"))
    return Place(row.text("path"), None if known == "file" else line, None if known else column)


def _waiver(row: Row, rule: str) -> Waiver:
    return Waiver(
        rule=row.text("rule", rule),
        selector=row.text("selector", ""),
        reason=row.text("reason"),
        source=row.one_of_or_none("source", ("inline", "file")) or "inline",
        place=_place(row.row("location")),
        owner=row.text_or_none("owner"),
        approver=row.text_or_none("approver"),
        expires=row.text_or_none("expires"),
        ticket=row.text_or_none("ticket"),
        compensating_control=row.text_or_none("compensating_control"),
    )


def _absent(row: Row) -> AbsentFinding:
    place = _place(row.row("location"))
    return AbsentFinding(
        rule=row.words("rule"),
        severity=row.one_of("severity", SEVERITIES),
        result=row.one_of("result", _OPEN),
        message=row.text("message"),
        subject=SubjectRef(*_subject(row), place),
        place=place,
        fingerprint=row.text("fingerprint"),
        stable_fingerprint=row.text("stable_fingerprint", ""),
    )


def _notice(row: Row) -> Notice:
    location = row.row_or_none("location")
    return Notice(row.words("kind"), row.text("message"), _place(location) if location else None)


def _summary(top: Row) -> Summary:
    row = top.row("summary")
    return Summary(
        files=row.count("files"),
        relevant=row.count("relevant"),
        unparsed=row.count("unparsed"),
        issuers_asked=row.count("issuers_asked") if "issuers_asked" in row.members else 0,
        issuers_unreached=row.count("issuers_unreached") if "issuers_unreached" in row.members else 0,
        passed=row.count("pass"),
        failed=row.count("fail"),
        undetermined=row.count("undetermined"),
        waived=row.count("waived"),
        not_applicable={each.text("id"): each.count("not_applicable") for each in top.rows("rules")},
        by_severity=_by_severity(row),
        by_baseline_state=row.counts("by_baseline_state"),
    )


def _by_severity(row: Row) -> dict[str, int]:
    counts = row.counts("by_severity")
    if set(counts) - set(SEVERITIES):
        raise row.wrong("by_severity", f"counts of {', '.join(SEVERITIES)}")
    return counts
