"""Waivers in the comments of one document, found by line whatever their number."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from scanner.evidence.model import Evidence, Spot
from scanner.files.tree import InlineWaiver
from scanner.findings.waiver_book import Judged, WaiverBook
from scanner.policy.result import Result
from scanner.subjects.document_subjects import Names
from scanner.subjects.model import Subject, Waiver


class InlineWaivers:
    """The waivers of one document: `find` what covers a result, then `finished` tells what is wrong with each."""

    def __init__(self, book: WaiverBook, evidence: Evidence) -> None:
        self._book = book
        names = Names(evidence.path)
        self._waivers: list[Judged] = []
        spans: dict[str, list[tuple[int, int, int]]] = {}
        for comment in evidence.waivers:
            for rule in dict.fromkeys(comment.rules or ("",)):
                judged = book.limited(_subject(book, names, comment, rule))
                if judged.use.applies:
                    span = comment.first_line, comment.last_line, len(self._waivers)
                    spans.setdefault(judged.use.waiver.rule, []).append(span)
                self._waivers.append(judged)
        self._spans = {rule: _Spans(found) for rule, found in spans.items()}
        self._matches = [0] * len(self._waivers)

    def find(self, result: Result) -> Waiver | None:
        """The waiver that covers the line of a result and applies to its rule."""
        spans = self._spans.get(result.rule)
        number = spans.over(result.place.line) if spans is not None and result.place.line is not None else None
        if number is None:
            return None
        self._matches[number] += 1
        return self._waivers[number].use.waiver

    def finished(self) -> Iterator[Judged]:
        """Every waiver with every answer about it: its document was read to the end."""
        for judged, matches in zip(self._waivers, self._matches, strict=True):
            yield self._book.finished(judged, matches=matches, is_scope_complete=True)


class _Spans:
    """Spans of lines. Of those that begin at or before a line, the one that reaches farthest covers it, or none does."""

    def __init__(self, spans: Iterable[tuple[int, int, int]]) -> None:
        self._first: list[int] = []
        self._farthest: list[tuple[int, int]] = []
        for first, last, number in sorted(spans):
            if not self._farthest or last > self._farthest[-1][0]:
                self._first.append(first)
                self._farthest.append((last, number))

    def over(self, line: int) -> int | None:
        """The number of a span that covers `line`."""
        before = bisect_right(self._first, line) - 1
        if before < 0 or self._farthest[before][0] < line:
            return None
        return self._farthest[before][1]


def _subject(book: WaiverBook, names: Names, comment: InlineWaiver, rule: str) -> Subject:
    spot = Spot(comment.line, 1)
    lines = f"lines {comment.first_line} to {comment.last_line}"
    waiver = Waiver(
        rule=book.rule(rule),
        selector=lines if comment.first_line != comment.last_line else f"line {comment.first_line}",
        reason=comment.reason,
        source="inline",
        place=names.place(spot),
        owner=comment.members.get("owner"),
        approver=comment.members.get("approver"),
        expires=comment.members.get("expires"),
        ticket=comment.members.get("ticket"),
        compensating_control=comment.members.get("compensating_control"),
    )
    return names.subject("waiver", waiver.rule, book.use(waiver), spot, {})
