"""Section 9: waivers with the results they cover, and their end dates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from scanner.errors import Place
from scanner.findings.model import AppliedWaiver, Finding, Report
from scanner.record import record
from scanner.renderers.html.words import count_nouns, spot
from scanner.subjects.kinds.waiver import WaiverRow

_MONTHS = 12
_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_COLUMNS = 5
_WIDTH, _HEIGHT = 172, 64  # the width of a month's tile


@record
class ExceptionRow:
    """One waiver, with the findings that it covers."""

    place: str
    rules: str
    reason: str
    owner: str
    approver: str | None
    ticket: str | None
    control: str | None
    expires: str
    days_left: str
    underlying: str
    numbers: tuple[str, ...]


@record
class IdleRow:
    """A waiver that covers nothing in this run, and why."""

    place: str
    rule: str
    owner: str
    reason: str
    expires: str
    why: str


@record
class MonthTile:
    """A month, or the time before or after the twelve, with the number of waivers that end in it."""

    label: str
    count: int
    x: int
    y: int


@record
class Calendar:
    """The expiry calendar, also in words."""

    tiles: tuple[MonthTile, ...]
    width: int
    height: int
    about: str


@record
class Exceptions:
    """The section."""

    rows: tuple[ExceptionRow, ...]
    idle: tuple[IdleRow, ...]
    calendar: Calendar | None


def exceptions(report: Report, numbers: Mapping[int, str]) -> Exceptions:
    """Every waiver: the applied ones by their end, then the others."""
    by_waiver: dict[AppliedWaiver, list[Finding]] = {}
    for finding in report.findings:
        if finding.waiver is not None:
            by_waiver.setdefault(finding.waiver, []).append(finding)
    today = _read_day(report.run.clock[:10]) or date.min
    ordered = sorted(by_waiver, key=lambda waiver: (waiver.expires or "9999", str(waiver.place)))
    unused = [row for row in report.rows("waiver") if not (row.applies and row.matches)]
    ends = [*(waiver.expires for waiver in ordered), *(row.expires for row in unused)]
    return Exceptions(
        rows=tuple(_make_row(waiver, by_waiver[waiver], numbers, today) for waiver in ordered),
        idle=tuple(_list_idle(row, today) for row in unused),
        calendar=_make_calendar(ends, today) if ends else None,
    )


def _make_row(waiver: AppliedWaiver, covered: list[Finding], numbers: Mapping[int, str], today: date) -> ExceptionRow:
    failed = [finding for finding in covered if finding.result == "fail"]
    severities = sorted({finding.severity for finding in failed})
    return ExceptionRow(
        place=spot(waiver.place),
        rules=", ".join(sorted({finding.rule for finding in covered})),
        reason=waiver.reason or "no reason given",
        owner=waiver.owner or "not named",
        approver=waiver.approver,
        ticket=waiver.ticket,
        control=waiver.compensating_control,
        expires=waiver.expires or "no end",
        days_left=_count_days_left(waiver.expires, today),
        underlying=f"{count_nouns(len(failed), 'fail')} ({', '.join(severities)})" if failed else "undetermined",
        numbers=tuple(numbers[id(finding)] for finding in covered),
    )


def _list_idle(row: WaiverRow, today: date) -> IdleRow:
    return IdleRow(
        place=spot(Place(row.path, row.line)),
        rule=row.rule or "no rule",
        owner=row.owner or "not named",
        reason=row.reason or "no reason given",
        expires=row.expires or "no end",
        why=_why_idle(row, today),
    )


def _why_idle(row: WaiverRow, today: date) -> str:
    end = _read_day(row.expires)
    if end is not None and end < today:
        return "ended"
    return "matches nothing" if row.applies else "breaks a limit on waivers"


def _make_calendar(ends: list[str | None], today: date) -> Calendar:
    """The waivers that have ended, those of twelve months from the report's own, then later, then never."""
    counts = [0] * (_MONTHS + 3)
    for end in ends:
        counts[_find_slot(end, today)] += 1
    months = [today.month - 1 + offset for offset in range(_MONTHS)]
    labels = [f"{_NAMES[month % 12]} {today.year + month // 12}" for month in months]
    labels = ["ended", *labels, "later", "no end"]
    tiles = tuple(
        MonthTile(label, count, place % _COLUMNS * _WIDTH, place // _COLUMNS * _HEIGHT)
        for place, (label, count) in enumerate(zip(labels, counts, strict=True))
    )
    said = "; ".join(f"{label}: {count}" for label, count in zip(labels, counts, strict=True) if count)
    rows = -(-len(tiles) // _COLUMNS)
    return Calendar(tiles, _COLUMNS * _WIDTH, rows * _HEIGHT, f"Waivers by the month in which they end. {said}.")


def _find_slot(end: str | None, today: date) -> int:
    day = _read_day(end)
    if day is None:
        return _MONTHS + 2
    if day < today:
        return 0
    return min((day.year - today.year) * 12 + day.month - today.month, _MONTHS) + 1


def _count_days_left(end: str | None, today: date) -> str:
    day = _read_day(end)
    return f"{count_nouns((day - today).days, 'day')} left" if day else ""


def _read_day(text: str | None) -> date | None:
    """The date in a text; None for any other text, which a stored report may contain."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
