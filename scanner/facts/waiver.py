"""Facts about a waiver: a decision to accept the findings of one rule."""

from __future__ import annotations

from datetime import date, datetime

from scanner.facts.fact import ABSENT, Absent, Fact, Unknown, fact, readable
from scanner.redaction.text import cut
from scanner.subjects.model import WaiverUse

_ACCOUNT = ("reason", "owner", "expires", "approver", "ticket", "compensating_control")


@fact("waiver.rule")
def rule(use: WaiverUse) -> str | Unknown:
    """The id of the rule that is waived."""
    return readable(cut(use.waiver.rule, 100))


@fact("waiver.is_rule_known")
def is_rule_known(use: WaiverUse) -> bool:
    """Whether a rule of that id exists in the policies of this run."""
    return use.is_rule_known


@fact("waiver.rule_severity")
def rule_severity(use: WaiverUse) -> str | Absent:
    """The severity of the waived rule in this run; absent where the run does not check that rule."""
    return use.severity or ABSENT


@fact("waiver.has_rule_severity")
def has_rule_severity(use: WaiverUse) -> bool:
    """Whether this run checks the waived rule."""
    return use.severity is not None


@fact("waiver.has_end")
def has_end(use: WaiverUse) -> bool:
    """Whether the waiver says when it ends."""
    return use.waiver.expires is not None


@fact("waiver.end")
def end(use: WaiverUse) -> str | Absent | Unknown:
    """The last day of the waiver, as written."""
    return readable(cut(use.waiver.expires, 40)) if use.waiver.expires is not None else ABSENT


@fact("waiver.is_over")
def is_over(use: WaiverUse, at: datetime) -> bool:
    """Whether the waiver's last day (UTC) is past. An end that is not a date counts as past, for safety."""
    days = _count_days_left(use, at)
    return use.waiver.expires is not None and (days is None or days < 0)


@fact("waiver.days_left")
def days_left(use: WaiverUse, at: datetime) -> int | Absent:
    """Days from today (UTC) to the waiver's last day; absent where it has no end date."""
    days = _count_days_left(use, at)
    return ABSENT if days is None else days


@fact("waiver.missing")
def missing(use: WaiverUse) -> list[str]:
    """Which of reason, owner, expires, approver, ticket and compensating_control the waiver leaves out."""
    return [name for name in _ACCOUNT if not getattr(use.waiver, name)]


@fact("waiver.is_total")
def is_total(use: WaiverUse) -> bool:
    """Whether the waiver names no subject, or one by `*` alone: it covers all findings of its rule, now and later."""
    return use.is_total


@fact("waiver.matches")
def matches(use: WaiverUse) -> int:
    """How many findings of this run the waiver covers."""
    return use.matches


@fact("waiver.applies")
def applies(use: WaiverUse) -> bool:
    """Whether the waiver is in force: it has not ended, and no rule with `voids` fails for it."""
    return use.applies


@fact("waiver.is_scope_complete")
def is_scope_complete(use: WaiverUse) -> bool:
    """Whether this run scanned everything that the waiver could cover; false for a hook on one file."""
    return use.is_scope_complete


FACTS: tuple[Fact, ...] = (
    rule,
    is_rule_known,
    rule_severity,
    has_rule_severity,
    has_end,
    end,
    is_over,
    days_left,
    missing,
    is_total,
    matches,
    applies,
    is_scope_complete,
)


def _count_days_left(use: WaiverUse, at: datetime) -> int | None:
    try:
        return (date.fromisoformat(use.waiver.expires or "") - at.date()).days
    except ValueError:
        return None
