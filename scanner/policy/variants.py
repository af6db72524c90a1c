"""What is found in several variants of a unit, told once; and what is found only in a base that nobody deploys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scanner.policy.result import Judgement, Result
from scanner.record import changed
from scanner.subjects.model import ShownValue


def tell_once(judgements: Iterable[Judgement]) -> list[Judgement]:
    """The judgements, each result of the same rule, answer, place and value once, with all variants in which it was found. The
    first subject keeps it. Of several results of one rule about one home the first keeps the home's id, by which another run
    recognises it.
    """
    judged = list(judgements)
    found: dict[tuple[str, ...], tuple[int, Result]] = {}
    for number, judgement in enumerate(judged):
        for result in judgement.results:
            key = _key_of(result)
            known = found.get(key)
            found[key] = (number, result) if known is None else (known[0], _join(known[1], result))
    kept: dict[int, list[Result]] = {}
    for number, result in _number_homes(found.values()):
        kept.setdefault(number, []).append(result)
    return [changed(each, results=tuple(kept.get(number, ()))) for number, each in enumerate(judged)]


def find_repaired(bases: Iterable[Judgement], judged: Iterable[Judgement]) -> list[Result]:
    """The fails of a base that no variant has."""
    failing = {(result.rule, result.subject.place) for each in judged for result in each.results if result.answer == "fail"}
    return [
        result
        for each in bases
        for result in each.results
        if result.answer == "fail" and (result.rule, result.subject.place) not in failing
    ]


def _key_of(result: Result) -> tuple[str, ...]:
    if not result.subject.home_id:
        return result.rule, result.answer, result.subject.id
    text = result.shown.text if result.shown is not None else ""
    return result.rule, result.answer, result.subject.home_id, str(result.place), text


def _join(known: Result, other: Result) -> Result:
    """A result with the variants of another one, and the places of its value there."""
    variants = tuple(dict.fromkeys([*known.variants, *other.variants]))
    shown = known.shown
    if shown is not None and other.shown is not None:
        shown = ShownValue(shown.text, tuple(dict.fromkeys([*shown.origins, *other.shown.origins])))
    return changed(known, variants=variants, shown=shown)


def _number_homes(found: Iterable[tuple[int, Result]]) -> Iterator[tuple[int, Result]]:
    seen: set[tuple[str, str, str]] = set()
    for number, result in found:
        subject = result.subject
        home = result.rule, result.answer, subject.home_id
        yield number, changed(result, subject=changed(subject, home_id="")) if home in seen else result
        if subject.home_id:
            seen.add(home)
