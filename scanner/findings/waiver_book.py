"""Every waiver of a run is itself judged: by the rules about waivers, those first that decide whether it applies at all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from scanner.facts.waiver import is_over
from scanner.policy.judge import Judge
from scanner.policy.result import Result
from scanner.policy.select import EffectiveRule
from scanner.record import changed, record
from scanner.subjects.model import Subject, Waiver, WaiverUse


@record
class Judged:
    """A waiver whose limits were looked at: `subject` holds the use, `results` are the answers so far."""

    subject: Subject
    results: tuple[Result, ...]

    @property
    def use(self) -> WaiverUse:
        """The waiver in this run."""
        assert isinstance(self.subject.about, WaiverUse)
        return self.subject.about


class WaiverBook:
    """The rules about waivers, and what every waiver must know of the other rules. `ids`: rule id or alias → rule id, of every
    rule in the policies, asked or not.
    """

    def __init__(self, rules: Iterable[EffectiveRule], ids: dict[str, str], at: datetime) -> None:
        self._asked = {rule.rule.id: rule for rule in rules}
        self._ids = ids
        self._at = at
        about = [rule for rule in self._asked.values() if rule.rule.about == "waiver"]
        self._limits = Judge([rule for rule in about if rule.rule.voids], at=at)
        self._others = Judge([rule for rule in about if not rule.rule.voids], at=at)

    def rule(self, written: str) -> str:
        """The id of the rule that is meant by an id or an alias."""
        return self._ids.get(written, written)

    def use(self, waiver: Waiver, *, is_total: bool = False) -> WaiverUse:
        """A waiver before anything was matched. A rule about waivers cannot be waived."""
        asked = self._asked.get(waiver.rule)
        is_waivable = asked is not None and asked.rule.about != "waiver"
        return WaiverUse(
            waiver=waiver,
            is_rule_known=waiver.rule in self._ids,
            severity=asked.severity if asked is not None and is_waivable else None,
            is_total=is_total,
        )

    def limited(self, subject: Subject) -> Judged:
        """A waiver held against the limits: one that is over or breaks a limit does not apply."""
        results = tuple(self._limits.judge(subject))
        assert isinstance(subject.about, WaiverUse)
        # an end binds whatever rules the profile asks
        is_past = is_over.ask(subject.about, at=self._at) is True
        applies = not is_past and all(result.answer != "fail" for result in results)
        return Judged(changed(subject, about=changed(subject.about, applies=applies)), results)

    def finished(self, judged: Judged, *, matches: int, is_scope_complete: bool) -> Judged:
        """A waiver at the end of the run, with every answer about it."""
        use = changed(judged.use, matches=matches, is_scope_complete=is_scope_complete)
        subject = changed(judged.subject, about=use)
        return Judged(subject, (*judged.results, *self._others.judge(subject)))

    def not_applicable(self) -> dict[str, int]:
        """How often each rule about waivers had nothing to say."""
        return self._limits.not_applicable | self._others.not_applicable

    def faults(self) -> dict[str, str]:
        """Rules about waivers that read a fact without a value."""
        return self._limits.faults() | self._others.faults()
