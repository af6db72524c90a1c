"""The answers of a run, counted: a pass costs a byte of a pattern that many subjects share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from scanner.findings.asked_rule import AnswerCounts
from scanner.findings.model import KindResults
from scanner.policy.result import FAIL, NOT_APPLICABLE, PASS, UNDETERMINED
from scanner.policy.select import RuleSet

# a letter for each answer
LETTERS = {NOT_APPLICABLE: "-", PASS: "p", FAIL: "f", UNDETERMINED: "u"}
_TO_LETTERS = bytes.maketrans(bytes(LETTERS), "".join(LETTERS.values()).encode())


def tabulate(
    counts: Mapping[str, Counter[bytes]], rules: RuleSet, rows: Mapping[str, Sequence[bytes]]
) -> dict[str, KindResults]:
    """Kind → results. `counts`: kind → answers → number of subjects. `rows`: kind → the answers of each row of its table."""
    found = {}
    for kind in sorted(counts):
        patterns = sorted(counts[kind])
        numbers = {pattern: number for number, pattern in enumerate(patterns)}
        found[kind] = KindResults(
            rules=rules.ids_about(kind),
            patterns=tuple(pattern.translate(_TO_LETTERS).decode() for pattern in patterns),
            counts=tuple(counts[kind][pattern] for pattern in patterns),
            subjects=tuple(numbers[answers] for answers in rows.get(kind, ())),
        )
    return found


def count_by_rule(results: Mapping[str, KindResults]) -> dict[str, AnswerCounts]:
    """Rule → its answers."""
    found: dict[str, AnswerCounts] = {}
    for each in results.values():
        for column, rule in enumerate(each.rules):
            letters: Counter[str] = Counter()
            for pattern, count in zip(each.patterns, each.counts, strict=True):
                letters[pattern[column]] += count
            found[rule] = AnswerCounts(letters["p"], letters["f"], letters["u"], letters["-"])
    return found


def count_subjects(results: Mapping[str, KindResults], rules: frozenset[str]) -> dict[str, int]:
    """Kind → how many subjects got an answer from one of `rules`."""
    found: dict[str, int] = {}
    for kind, each in results.items():
        columns = [column for column, rule in enumerate(each.rules) if rule in rules]
        count = sum(
            number
            for pattern, number in zip(each.patterns, each.counts, strict=True)
            if any(pattern[column] != "-" for column in columns)
        )
        if count:
            found[kind] = count
    return found
