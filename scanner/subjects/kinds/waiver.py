"""A waiver in one run: a decision to accept the findings of one rule."""

from __future__ import annotations

from scanner.record import record
from scanner.subjects.identifiers import label_of
from scanner.subjects.model import Subject, WaiverUse


@record(slots=True)
class WaiverRow:
    """`applies`: false for a waiver that has ended or breaks a limit. `matches`: how many findings it covers."""

    id: str
    path: str
    line: int | None
    column: int | None
    rule: str
    selector: str
    source: str
    reason: str
    owner: str | None
    approver: str | None
    expires: str | None
    ticket: str | None
    compensating_control: str | None
    applies: bool
    matches: int


Row = WaiverRow


def make_row(subject: Subject) -> WaiverRow:
    """The waiver as a report lists it."""
    use: WaiverUse = subject.about
    waiver, place = use.waiver, subject.ref.place
    return WaiverRow(
        subject.ref.id,
        place.path,
        place.line,
        place.column,
        waiver.rule,
        waiver.selector,
        waiver.source,
        waiver.reason,
        waiver.owner,
        waiver.approver,
        waiver.expires,
        waiver.ticket,
        waiver.compensating_control,
        use.applies,
        use.matches,
    )


def identify(subject: Subject) -> tuple[str, ...]:
    """Its label: the rule, and for an entry of the waiver file its selector."""
    return (label_of(subject),)
