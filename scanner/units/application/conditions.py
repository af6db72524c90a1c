"""The profiles for which a document of settings holds."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

from scanner.patterns import lazy_pattern
from scanner.record import record

_TOKEN = lazy_pattern(r"[!&|()]|[^\s!&|()]++")
_MOST_TOKENS = 100
_MOST_NAMES = 32


@record(slots=True)
class Condition:
    """Profiles of which one set must be active, and of which none may be. Each pair is one way to hold."""

    ways: tuple[tuple[frozenset[str], frozenset[str]], ...]

    def holds(self, active: Iterable[str]) -> bool:
        """Whether it holds when these profiles are active, and no other."""
        names = frozenset(active)
        return any(wanted <= names and not refused & names for wanted, refused in self.ways)

    def profiles(self) -> tuple[frozenset[str], ...]:
        """The sets of profiles with which it holds."""
        return tuple(wanted for wanted, _ in self.ways)


ALWAYS = Condition(((frozenset(), frozenset()),))


def of_profile(name: str) -> Condition:
    """Holds with one profile."""
    return Condition(((frozenset({name}), frozenset()),))


def all_of(first: Condition, second: Condition) -> Condition:
    """Holds where both do."""
    ways = ((one[0] | two[0], one[1] | two[1]) for one, two in product(first.ways, second.ways))
    return Condition(tuple(dict.fromkeys(way for way in ways if not way[0] & way[1]))[:_MOST_NAMES])


def any_of(*conditions: Condition) -> Condition:
    """Holds where one of them does."""
    return Condition(tuple(dict.fromkeys(way for each in conditions for way in each.ways))[:_MOST_NAMES])


def parse_profiles(texts: Iterable[str]) -> Condition:
    """The condition of a list of profile expressions (`prod & eu`, `!dev`), one of which must hold."""
    parts = [part.strip() for text in texts for part in text.split(",")]
    return any_of(*(_Expression(part).read() for part in parts if part))


class _Expression:
    """Reads one expression: `!` binds closest, and `&` before `|`. What is no expression is a name."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[str] = _TOKEN.findall(text)
        self._at = 0

    def read(self) -> Condition:
        if len(self._tokens) > _MOST_TOKENS:
            return of_profile(self._text)
        found = self._either(negated=False)
        return found if found is not None and self._at == len(self._tokens) else of_profile(self._text)

    def _next(self, *wanted: str) -> bool:
        if self._at < len(self._tokens) and self._tokens[self._at] in wanted:
            self._at += 1
            return True
        return False

    def _either(self, *, negated: bool) -> Condition | None:
        return self._list("|", negated=negated)

    def _list(self, joint: str, *, negated: bool) -> Condition | None:
        """A list joined by `|`, or by `&`; where it is negated, each means the other."""
        found: Condition | None = None
        while True:
            one = self._list("&", negated=negated) if joint == "|" else self._one(negated=negated)
            if one is None:
                return None
            join = any_of if (joint == "|") != negated else all_of
            found = one if found is None else join(found, one)
            if not self._next(joint):
                return found

    def _one(self, *, negated: bool) -> Condition | None:
        if self._next("!"):
            return self._one(negated=not negated)
        if self._next("("):
            found = self._either(negated=negated)
            return found if self._next(")") else None
        if self._at == len(self._tokens) or self._tokens[self._at] in "&|)":
            return None
        name = frozenset({self._tokens[self._at]})
        self._at += 1
        return Condition(((frozenset(), name),) if negated else ((name, frozenset()),))
