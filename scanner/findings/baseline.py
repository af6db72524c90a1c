"""A baseline: the findings of an earlier run, so that only new ones fail. Read from its own format or from a JSON report."""

from __future__ import annotations

import hashlib
import json
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from scanner.errors import ConfigError, Place
from scanner.findings.fingerprint import without_number
from scanner.findings.model import AbsentFinding, BaselineFile, BaselineState, Finding, Report
from scanner.pack.model import SEVERITIES
from scanner.record import changed, record
from scanner.subjects.model import SubjectRef

SCHEMA = "jwksgov-baseline/v1"
_READABLE = (SCHEMA, "jwksgov-report/v1")
_LARGEST = 256 * 1024 * 1024
_AGAIN = "Write it again with `jwksgov scan --write-baseline {path}`, or name a JSON report of jwksgov."


@record
class _Entry:
    """A finding of the baseline. One that was waived then is not accepted by the baseline: its waiver may have ended."""

    finding: AbsentFinding
    is_waived: bool


@record
class Baseline:
    """A baseline as it was read."""

    file: BaselineFile
    entries: tuple[_Entry, ...]


def write_baseline(report: Report) -> str:
    """The findings of a report as a baseline, a finding a line, so that a change of it can be reviewed."""
    rows = ",\n".join(json.dumps(_row(finding)) for finding in report.findings)
    head = json.dumps({"schema": SCHEMA, "tool": {"name": "jwksgov", "version": report.version}})
    run = json.dumps({"clock": report.run.clock, "profile": report.run.profile})
    return f'{head[:-1]},\n"run": {run},\n"findings": [{f"{chr(10)}{rows}{chr(10)}" if rows else ""}]}}\n'


def _row(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule.rule.id,
        "severity": finding.rule.severity,
        "result": finding.result,
        "waived": finding.waiver is not None,
        "message": finding.message,
        "subject": {"kind": finding.subject.kind, "id": finding.subject.id},
        "location": {"path": finding.place.path, "line": finding.place.line, "column": finding.place.column},
        "fingerprint": finding.fingerprint,
        "stable_fingerprint": finding.stable_fingerprint,
    }


def read_baseline(path: str) -> Baseline:
    """The baseline in a file; ConfigError where it is missing, broken or of another version."""
    shown = path.replace(os.sep, "/")
    try:
        with open(path, "rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise _wrong(shown, f"cannot read the baseline: {error.strerror}") from None
    if len(data) > _LARGEST:
        raise _wrong(shown, f"the baseline is larger than {_LARGEST // 1024 // 1024} MiB")
    document = _json(data, shown)
    schema = document.get("schema")
    if schema not in _READABLE:
        named = f"`{schema}`" if isinstance(schema, str) and len(schema) < 80 else "nothing known"
        raise _wrong(shown, f"no baseline that this version reads: its `schema` is {named}, not {' or '.join(_READABLE)}")
    try:
        entries = tuple(_entry(row) for row in document["findings"])
        clock = str(document["run"]["clock"])
    except (KeyError, TypeError, ValueError) as error:
        raise _wrong(shown, f"the baseline lacks what every finding has ({type(error).__name__}: {error})") from None
    return Baseline(BaselineFile(shown, hashlib.sha256(data).hexdigest(), clock), entries)


def _json(data: bytes, shown: str) -> dict[str, Any]:
    try:
        document = json.loads(data)
    except json.JSONDecodeError as error:
        raise _wrong(shown, f"the baseline is not JSON: {error.msg}", error.lineno, error.colno) from None
    except (UnicodeDecodeError, RecursionError, ValueError):
        raise _wrong(shown, "the baseline is not JSON") from None
    if not isinstance(document, dict):
        raise _wrong(shown, "the baseline is not a JSON object")
    return document


def _wrong(shown: str, what: str, line: int | None = None, column: int | None = None) -> ConfigError:
    return ConfigError(what=what, where=Place(shown, line, column), remedy=_AGAIN.format(path=shown))


def _entry(row: dict[str, Any]) -> _Entry:
    place = row["location"]
    where = Place(str(place["path"]), _number(place["line"]), _number(place["column"]))
    severity, result = row["severity"], row["result"]
    if severity not in SEVERITIES or result not in ("fail", "undetermined"):
        raise ValueError("unknown severity or result")
    finding = AbsentFinding(
        rule=str(row["rule"]),
        severity=severity,
        result=result,
        message=str(row["message"]),
        subject=SubjectRef(row["subject"]["kind"], str(row["subject"]["id"]), where),
        place=where,
        fingerprint=str(row["fingerprint"]),
        # a report of 0.1 has none
        stable_fingerprint=str(row.get("stable_fingerprint") or ""),
    )
    return _Entry(finding, row["waived"] is True)


def _number(value: object) -> int | None:
    if value is None or type(value) is int:
        return value
    raise ValueError("a line or column is no number")


def compare(
    findings: Iterable[Finding], baseline: Baseline, covers: Callable[[str], bool]
) -> tuple[list[Finding], list[AbsentFinding]]:
    """The findings with their state, and those of the baseline that are gone from what this run looked at (`covers`).

    A finding is first looked for under its own path, then anywhere: so a copy in a new file is new and the old one is not.
    """
    index = _Index(baseline.entries)
    found = list(findings)
    matched = [index.take("v1", finding.result, finding.fingerprint, finding.waiver is not None) for finding in found]
    for number, finding in enumerate(found):
        if matched[number] is None and finding.stable_fingerprint:
            base = without_number(finding.stable_fingerprint)
            matched[number] = index.take("v2", finding.result, base, finding.waiver is not None)
    states = [changed(each, baseline_state=_state(each, entry)) for each, entry in zip(found, matched, strict=True)]
    open_ = {each.fingerprint for each in found if each.result == "undetermined"}  # nobody knows whether those are gone
    left = (entry.finding for entry in index.left())
    return states, [each for each in left if covers(each.place.path) and each.fingerprint not in open_]


def _state(finding: Finding, entry: _Entry | None) -> BaselineState:
    if entry is None or (entry.is_waived and finding.waiver is None):
        return "new"
    is_same = entry.finding.message == finding.message and entry.finding.severity == finding.rule.severity
    return "unchanged" if is_same else "updated"


class _Index:
    """The entries of a baseline by fingerprint; each is taken once."""

    def __init__(self, entries: Iterable[_Entry]) -> None:
        self._entries = tuple(entries)
        self._taken: set[int] = set()
        self._numbers: dict[tuple[str, str, str, bool], deque[int]] = {}
        for number, entry in enumerate(self._entries):
            finding = entry.finding
            self._add("v1", entry, finding.fingerprint, number)
            if finding.stable_fingerprint:
                self._add("v2", entry, without_number(finding.stable_fingerprint), number)

    def _add(self, version: str, entry: _Entry, fingerprint: str, number: int) -> None:
        key = version, entry.finding.result, fingerprint, entry.is_waived
        self._numbers.setdefault(key, deque()).append(number)

    def take(self, version: str, result: str, fingerprint: str, is_waived: bool) -> _Entry | None:
        """An entry of this fingerprint that nobody took; of twins rather one that was waived, or not, like the finding."""
        for waived in (is_waived, not is_waived):
            numbers = self._numbers.get((version, result, fingerprint, waived), deque())
            while numbers:
                number = numbers.popleft()
                if number not in self._taken:
                    self._taken.add(number)
                    return self._entries[number]
        return None

    def left(self) -> Iterator[_Entry]:
        """The entries that nobody took."""
        return (entry for number, entry in enumerate(self._entries) if number not in self._taken)
