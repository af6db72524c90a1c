"""A baseline: the findings of an earlier run, so that only new ones fail. Read from its own format or from a JSON report."""

from __future__ import annotations

import hashlib
import json
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO, TextIO

from scanner.errors import ConfigError, Place
from scanner.files.json_stream import BadJson, read_members
from scanner.findings.fingerprint import strip_number
from scanner.findings.model import SCHEMA as REPORT
from scanner.findings.model import (
    AbsentFinding,
    BaselineFile,
    BaselineState,
    Finding,
    Report,
    SubjectName,
    locate,
)
from scanner.pack.model import SEVERITIES
from scanner.record import changed, members, record
from scanner.redaction.text import redact
from scanner.redaction.values import redact_values

SCHEMA = "jwksgov-baseline/v1"
_READABLE = (SCHEMA, REPORT)
# members of a report whose rows are skipped one by one
_OPENED = frozenset({"subjects", "results"})
_AGAIN = "Write it again with `jwksgov scan --write-baseline {path}`, or name a JSON report of jwksgov."


@record
class _Entry:
    """A finding of the baseline. The baseline does not accept one that was waived: its waiver may have ended. `variants`: None
    where an earlier version, which knew none, wrote it.
    """

    finding: AbsentFinding
    is_waived: bool
    variants: frozenset[str] | None = None


@record
class Baseline:
    """A baseline that was read."""

    file: BaselineFile
    entries: tuple[_Entry, ...]


def write_baseline(report: Report, out: TextIO) -> None:
    """The findings of a report as a baseline, without private values; one finding on each line, so that a diff shows what
    changed.
    """
    head = json.dumps({"schema": SCHEMA, "tool": {"name": "jwksgov", "version": report.version}})
    run = json.dumps({"clock": report.run.clock, "profile": report.run.profile})
    out.write(f'{head[:-1]},\n"run": {run},\n"findings": [')
    rows = (row for finding in map(redact_values, report.findings) for row in _make_rows(finding))
    for number, row in enumerate(rows):
        out.write(f"{',' if number else ''}\n{json.dumps(row)}")
    out.write("\n]}\n" if report.findings else "]}\n")


def _make_rows(finding: Finding) -> Iterator[dict[str, Any]]:
    """The finding, and each that is folded into it: by itself it is known as well, when its cause is gone."""
    row = _make_row(finding)
    yield row
    yield from _split_folded(row, map(members, finding.folded))


def _split_folded(row: dict[str, Any], folded: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for each in folded:
        own = {name: each[name] for name in ("rule", "severity", "message", "fingerprint", "stable_fingerprint")}
        location = each["location"]
        yield row | own | {"location": location if isinstance(location, dict) else members(location), "waived": False}


def _make_row(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "result": finding.result,
        "waived": finding.waived,
        "message": finding.message,
        "subject": members(finding.subject),
        "location": members(finding.location),
        "fingerprint": finding.fingerprint,
        "stable_fingerprint": finding.stable_fingerprint,
        **({"variants": [{"name": each.name} for each in finding.variants]} if finding.variants else {}),
    }


def read_baseline(path: str) -> Baseline:
    """The baseline in a file, its own format or a JSON report, row by row; ConfigError where it is missing, broken or of
    another version.
    """
    shown = path.replace(os.sep, "/")
    try:
        with open(path, "rb") as file:
            digest = hashlib.sha256()
            while chunk := file.read(1 << 20):
                digest.update(chunk)
            file.seek(0)
            schema, clock, entries = _read(file, shown)
    except OSError as error:
        raise _wrong(shown, f"cannot read the baseline: {error.strerror}") from None
    except BadJson as error:
        raise _wrong(shown, f"the baseline is not a JSON object: {error.because}") from None
    if schema not in _READABLE:
        raise _wrong_version(shown, schema)
    if clock is None:
        raise _wrong(shown, "the baseline has no `run.clock`")
    return Baseline(BaselineFile(shown, digest.hexdigest(), clock), tuple(entries))


def _read(file: BinaryIO, shown: str) -> tuple[object, str | None, list[_Entry]]:
    schema: object = None
    clock: str | None = None
    entries: list[_Entry] = []
    for path, value in read_members(file, _OPENED):
        if path == ("schema",):
            schema = value
            if schema not in _READABLE:
                break
        elif path == ("run",) and isinstance(value, dict) and isinstance(value.get("clock"), str):
            clock = value["clock"]
        elif path[0] == "findings":
            entries += [_read_entry(path, each, shown) for each in _unfold(value)]
    return schema, clock, entries


def _unfold(row: Any) -> Iterator[Any]:
    """A row of a report, and each finding that is folded into it."""
    yield row
    folded = row.get("folded") if isinstance(row, dict) else None
    if isinstance(folded, list):
        try:
            yield from _split_folded(row, folded)
        except (KeyError, TypeError):
            yield {}  # refused with its place, as any other row that lacks something


def _wrong_version(shown: str, schema: object) -> ConfigError:
    named = f"`{schema}`" if isinstance(schema, str) and len(schema) < 80 else "unknown"
    return _wrong(shown, f"this version reads no such baseline: its `schema` is {named}, not {' or '.join(_READABLE)}")


def _wrong(shown: str, what: str) -> ConfigError:
    return ConfigError(what=what, where=Place(shown), remedy=_AGAIN.format(path=shown))


def _read_entry(path: tuple[str | int, ...], row: Any, shown: str) -> _Entry:
    try:
        finding = _read_finding(row)
        variants = frozenset(str(each["name"]) for each in row["variants"]) if "variants" in row else None
        return _Entry(finding, row["waived"] is True, variants)
    except (KeyError, TypeError, ValueError) as error:
        where = f"findings[{path[-1]}]" if len(path) > 1 else "findings"
        because = f"{type(error).__name__}: {error}"
        raise _wrong(shown, f"`{where}` of the baseline lacks what every finding has ({because})") from None


def _read_finding(row: dict[str, Any]) -> AbsentFinding:
    location = row["location"]
    severity, result = row["severity"], row["result"]
    if severity not in SEVERITIES or result not in ("fail", "undetermined"):
        raise ValueError("unknown severity or result")
    is_whole_file = location.get("precision") == "file"
    line = None if is_whole_file else _read_number(location["line"])
    column = None if location.get("precision") else _read_number(location["column"])
    return AbsentFinding(
        rule=str(row["rule"]),
        severity=severity,
        result=result,
        message=str(row["message"]),
        subject=SubjectName(str(row["subject"]["kind"]), str(row["subject"]["id"])),
        location=locate(Place(str(location["path"]), line, column)),
        fingerprint=str(row["fingerprint"]),
        stable_fingerprint=str(row.get("stable_fingerprint") or ""),
    )


def _read_number(value: object) -> int | None:
    if value is None or type(value) is int:
        return value
    raise ValueError("a line or column is not a number")


def compare(
    findings: Iterable[Finding], baseline: Baseline, covers: Callable[[str], bool]
) -> tuple[list[Finding], list[AbsentFinding]]:
    """The findings with their state, and the findings of the baseline that are gone from the part that this run scanned
    (`covers`).

    A finding is first searched under its own path, then anywhere: so a copy in a new file is new and the old one is not.
    """
    index = _BaselineIndex(baseline.entries)
    found = list(findings)
    matched = [index.take("v1", finding.result, finding.fingerprint, finding.waiver is not None) for finding in found]
    for number, finding in enumerate(found):
        if matched[number] is None and finding.stable_fingerprint:
            base = strip_number(finding.stable_fingerprint)
            matched[number] = index.take("v2", finding.result, base, finding.waiver is not None)
    states = [changed(each, baseline_state=_find_state(each, entry)) for each, entry in zip(found, matched, strict=True)]
    open_ = {each.fingerprint for each in found if each.result == "undetermined"}  # whether those are gone is unknown
    left = (entry.finding for entry in index.left())
    return states, [each for each in left if covers(each.place.path) and each.fingerprint not in open_]


def _find_state(finding: Finding, entry: _Entry | None) -> BaselineState:
    if entry is None or (entry.is_waived and finding.waiver is None):
        return "new"
    is_same = entry.finding.message in (finding.message, redact(finding.message)) and entry.finding.severity == finding.severity
    has_more = entry.variants is not None and entry.variants != {each.name for each in finding.variants}
    return "unchanged" if is_same and not has_more else "updated"


class _BaselineIndex:
    """The entries of a baseline by fingerprint; each matches once."""

    def __init__(self, entries: Iterable[_Entry]) -> None:
        self._entries = tuple(entries)
        self._taken: set[int] = set()
        self._numbers: dict[tuple[str, str, str, bool], deque[int]] = {}
        for number, entry in enumerate(self._entries):
            finding = entry.finding
            self._add("v1", entry, finding.fingerprint, number)
            if finding.stable_fingerprint:
                self._add("v2", entry, strip_number(finding.stable_fingerprint), number)

    def _add(self, version: str, entry: _Entry, fingerprint: str, number: int) -> None:
        key = version, entry.finding.result, fingerprint, entry.is_waived
        self._numbers.setdefault(key, deque()).append(number)

    def take(self, version: str, result: str, fingerprint: str, is_waived: bool) -> _Entry | None:
        """An unmatched entry with this fingerprint; of several, preferably one that is waived, or not, like the finding."""
        for waived in (is_waived, not is_waived):
            numbers = self._numbers.get((version, result, fingerprint, waived), deque())
            while numbers:
                number = numbers.popleft()
                if number not in self._taken:
                    self._taken.add(number)
                    return self._entries[number]
        return None

    def left(self) -> Iterator[_Entry]:
        """The unmatched entries."""
        return (entry for number, entry in enumerate(self._entries) if number not in self._taken)
