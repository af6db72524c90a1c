"""Waivers in the comments of one document, found quickly by line."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import islice

from scanner.evidence.left_out import list_left_out
from scanner.evidence.model import Evidence, Spot
from scanner.files.limits import MOST_WAIVERS
from scanner.files.tree import InlineWaiver
from scanner.findings.waivers.judge import LimitedWaiver, WaiverJudge
from scanner.policy.result import Judgement, Result
from scanner.subjects.identifiers import SubjectIds
from scanner.subjects.model import Subject, Waiver


class InlineWaivers:
    """The waivers of one document: `find` gives the one that covers a result, `finish` then judges each."""

    def __init__(self, judge: WaiverJudge, evidence: Evidence) -> None:
        self._judge = judge
        ids = SubjectIds(evidence.path)
        self._waivers: list[LimitedWaiver] = []
        spans: dict[str, list[tuple[int, int, int]]] = {}
        for comment, rule in islice(_list_accepted(evidence), MOST_WAIVERS):
            limited = judge.limit(_make_subject(judge, ids, comment, rule))
            if limited.use.applies:
                span = comment.first_line, comment.last_line, len(self._waivers)
                spans.setdefault(limited.use.waiver.rule, []).append(span)
            self._waivers.append(limited)
        # what another document of the unit tells of this one may need the waiver
        self._is_complete = not evidence.has_guests and next(list_left_out(evidence), None) is None
        self._spans = {rule: _Spans(found) for rule, found in spans.items()}
        self._matches = [0] * len(self._waivers)

    def find(self, result: Result) -> Waiver | None:
        """The waiver that covers the line of a result and applies to its rule."""
        spans = self._spans.get(result.rule)
        number = spans.find_span(result.place.line) if spans is not None and result.place.line is not None else None
        if number is None:
            return None
        self._matches[number] += 1
        return self._waivers[number].use.waiver

    def finish(self) -> Iterator[Judgement]:
        """Every waiver with every answer about it, at the end of its document."""
        for limited, matches in zip(self._waivers, self._matches, strict=True):
            yield self._judge.finish(limited, matches=matches, is_scope_complete=self._is_complete)


class _Spans:
    """Spans of lines. Of those that begin at or before a line, the one that ends last covers the line, or none does."""

    def __init__(self, spans: Iterable[tuple[int, int, int]]) -> None:
        self._first: list[int] = []
        self._farthest: list[tuple[int, int]] = []
        for first, last, number in sorted(spans):
            if not self._farthest or last > self._farthest[-1][0]:
                self._first.append(first)
                self._farthest.append((last, number))

    def find_span(self, line: int) -> int | None:
        """The number of a span that covers `line`."""
        before = bisect_right(self._first, line) - 1
        if before < 0 or self._farthest[before][0] < line:
            return None
        return self._farthest[before][1]


def _list_accepted(evidence: Evidence) -> Iterator[tuple[InlineWaiver, str]]:
    """Each comment with each rule that it names: a waiver of its own."""
    waivers = (comment for comment in evidence.waivers if not comment.is_none)
    return ((comment, rule) for comment in waivers for rule in dict.fromkeys(comment.rules or ("",)))


def _make_subject(judge: WaiverJudge, ids: SubjectIds, comment: InlineWaiver, rule: str) -> Subject:
    spot = Spot(comment.line, 1)
    lines = f"lines {comment.first_line} to {comment.last_line}"
    waiver = Waiver(
        rule=judge.rule(rule),
        selector=lines if comment.first_line != comment.last_line else f"line {comment.first_line}",
        reason=comment.reason,
        source="inline",
        place=ids.place(spot),
        owner=comment.members.get("owner"),
        approver=comment.members.get("approver"),
        expires=comment.members.get("expires"),
        ticket=comment.members.get("ticket"),
        compensating_control=comment.members.get("compensating_control"),
    )
    return ids.subject("waiver", waiver.rule, judge.use(waiver), spot, {})
