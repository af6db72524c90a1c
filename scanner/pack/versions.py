"""Versions of consumers: read from the tags, constraints and locks that people write, and compared as spans.

A span has every version from `low` on and below `below`. `2.4` means 2.4 and all that begin with it, so that a tag that moves
and the last version of a range cover their patch releases. May import: patterns, record.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from scanner.patterns import lazy_pattern
from scanner.record import record

Numbers = tuple[int, ...]

_NUMBERS = lazy_pattern(r"v?(\d{1,9}(?:\.\d{1,9}){0,5})(?![\d.])")
_CONSTRAINT = lazy_pattern(r"(\^|~>|~=|~|>=|<=|==|=|>|<|)\s{0,8}+v?(\d{1,9}(?:\.\d{1,9}){0,5})(?:\.[x*])?\S*")


@record
class VersionSpan:
    """The versions from `low` on and below `below`; no upper end where that is None."""

    low: Numbers = ()
    below: Numbers | None = None

    def holds(self, other: VersionSpan) -> bool:
        """Whether every version of `other` lies in it."""
        return self.low <= other.low and (self.below is None or (other.below is not None and other.below <= self.below))

    def meets(self, other: VersionSpan) -> bool:
        """Whether some version lies in both."""
        return _is_below(self.low, other.below) and _is_below(other.low, self.below)


EVERY_VERSION: Final = VersionSpan()


def _is_below(low: Numbers, below: Numbers | None) -> bool:
    return below is None or low < below


def read_version(text: str) -> Numbers | None:
    """The numbers of a version as people write it (`v1.36.3-alpine`); None for a name (`latest`), a digest or a date with
    letters around it.
    """
    found = _NUMBERS.match(text.strip())
    return tuple(map(int, found[1].split("."))) if found else None


def span_of(numbers: Numbers) -> VersionSpan:
    """That version and all that begin with it."""
    return VersionSpan(_strip(numbers), _after(numbers))


def span_between(since: str | None, until: str | None) -> VersionSpan:
    """From the version `since` on, up to `until` and all that begin with it. No end where one is None or is not a version."""
    first, last = (read_version(each) if each is not None else None for each in (since, until))
    return VersionSpan(_strip(first or ()), _after(last) if last else None)


def say_versions(since: str | None, until: str | None) -> str:
    """The same in words; empty for every version."""
    if since is not None and until is not None:
        return f"from {since} to {until}"
    return f"from {since}" if since is not None else f"until {until}" if until is not None else ""


def span_of_constraint(text: str) -> VersionSpan | None:
    """The versions that a constraint of npm, Python, Cargo or Terraform allows (`^5.2`, `~> 2.1`, `>= 1, < 2`); None where
    nothing of it is a version. Of alternatives (`||`) all are allowed.
    """
    spans = [span for each in text.split("||") if (span := _span_of_all(each)) is not None]
    return join_spans(spans) if spans else None


def join_spans(spans: Iterable[VersionSpan]) -> VersionSpan:
    """All that lies between the first and the last of some versions."""
    known = list(spans)
    ends = [span.below for span in known]
    return VersionSpan(min(span.low for span in known), None if None in ends else max(end for end in ends if end is not None))


def _span_of_all(text: str) -> VersionSpan | None:
    """What all parts of a constraint allow."""
    low: Numbers = ()
    below: Numbers | None = None
    found = list(_CONSTRAINT.finditer(text.replace(",", " ")))
    for each in found:
        numbers = tuple(map(int, each[2].split(".")))
        allowed = _span_of_part(each[1], numbers, is_wild=each[0].rstrip().endswith(("x", "*")))
        low = max(low, allowed.low)
        below = allowed.below if below is None or (allowed.below is not None and allowed.below < below) else below
    return VersionSpan(low, below) if found else None


def _span_of_part(operator: str, numbers: Numbers, *, is_wild: bool) -> VersionSpan:
    if operator == ">=":
        return VersionSpan(_strip(numbers))
    if operator == ">":
        return VersionSpan(_after(numbers))
    if operator == "<":
        return VersionSpan((), _strip(numbers))
    if operator == "<=":
        return VersionSpan((), _after(numbers))
    if operator == "^":
        # the first number that is not 0 stays
        stays = next((place for place, number in enumerate(numbers) if number), len(numbers) - 1)
        return VersionSpan(_strip(numbers), _after(numbers[: stays + 1]))
    if operator in ("~>", "~=") or (operator == "~" and len(numbers) > 2):
        return VersionSpan(_strip(numbers), _after(numbers[:-1] or numbers))
    if operator == "~" or is_wild:
        return VersionSpan(_strip(numbers), _after(numbers))
    return span_of(numbers)


def _after(numbers: Numbers) -> Numbers:
    """The first version that no longer begins with these numbers."""
    return (*numbers[:-1], numbers[-1] + 1)


def _strip(numbers: Numbers) -> Numbers:
    """Without zeros at the end: 2.4 and 2.4.0 are one version."""
    end = len(numbers)
    while end and numbers[end - 1] == 0:
        end -= 1
    return numbers[:end]
