"""Texts on which a regular expression works hardest, made from its own structure.

For each repeat of the pattern, its body and single characters are pumped, behind what leads to the repeat and before
characters that end it or make it fail; and what leads to it is repeated, so that `search` begins again at every offset.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as sre_parser  # type: ignore[attr-defined]
from typing import Any, TypeAlias

# one operation of a parsed pattern, and its arguments
Step: TypeAlias = tuple[Any, Any]
Pump: TypeAlias = Callable[[int], str]
# characters that formats give a meaning, and one of every kind that patterns distinguish
ALPHABET = "aAuxkzZ09_ \t\r\n\f\\\"'%#-.,:;=[](){}<>/!@$+*&?|^~`\x00\x1f\x7f\x85\u0660\u00e9\u2028"
_REPEATS = frozenset({sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT})
_ENDS = ("", "\x00", "\n", "!", "a", " ", '"', "]", "=")
_SAMPLES = 4
_CATEGORIES = {
    sre.CATEGORY_DIGIT: r"\d", sre.CATEGORY_NOT_DIGIT: r"\D", sre.CATEGORY_SPACE: r"\s", sre.CATEGORY_NOT_SPACE: r"\S",
    sre.CATEGORY_WORD: r"\w", sre.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip


def hostile_texts(pattern: str | bytes, flags: int) -> Iterator[Pump]:
    """Functions that each give a text of about the length asked for; the same ones in each run, the most telling first."""
    text = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
    tree = list(sre_parser.parse(text, flags))
    chance = random.Random(repr(text))
    letters = _letters(tree, flags)
    repeats = list(_repeats(tree, "", chance, letters, flags))
    leads = sorted({lead for lead, _ in repeats if lead}, key=lambda lead: (len(lead), lead))[:12]
    bodies = sorted({body for _, body in repeats if body})
    pairs = [a + b for a in letters for b in letters if a != b]
    first = [("", body) for body in [*letters, *bodies]] + [(lead, body) for lead, body in repeats if lead and body]
    rest = [(lead, body) for lead in ["", *leads] for body in [*letters, *bodies, *pairs]]
    chance.shuffle(rest)
    for lead, body in [*first, *rest]:
        yield from _pumps(lead, body, chance)


def _pumps(lead: str, body: str, chance: random.Random) -> Iterator[Pump]:
    for end in chance.sample(_ENDS, 2):
        yield lambda length, end=end: lead + body * (length // len(body)) + end  # type: ignore[misc]
    if lead:
        yield lambda length: (lead + body) * (length // len(lead + body))
        yield lambda length: (lead + body + "\n") * (length // len(lead + body + "\n"))
        yield lambda length: lead * (length // 2 // len(lead)) + body * (length // 2 // len(body))


def _letters(tree: list[Step], flags: int) -> list[str]:
    """Of the characters that the pattern cannot tell apart, one."""
    sets = [step for step in _walk(tree) if step[0] in (sre.LITERAL, sre.NOT_LITERAL, sre.IN, sre.ANY)]
    known = {chr(argument) for op, argument in sets if op in (sre.LITERAL, sre.NOT_LITERAL)}
    known |= {chr(argument) for op, argument in _walk_sets(sets) if op is sre.LITERAL}
    kinds: dict[tuple[bool, ...], str] = {}
    for letter in [*ALPHABET, *sorted(known)]:
        kinds.setdefault(tuple(_takes(step, letter, flags) for step in sets), letter)
    return list(kinds.values())[:14]


def _walk_sets(sets: list[Step]) -> Iterator[Step]:
    for op, argument in sets:
        if op is sre.IN:
            yield from argument


def _takes(step: Step, letter: str, flags: int) -> bool:
    """Whether a step that takes one character takes this one."""
    op, argument = step
    if op is sre.ANY:
        return letter != "\n" or bool(flags & re.DOTALL)
    if op in (sre.LITERAL, sre.NOT_LITERAL):
        return _is_same(chr(argument), letter, flags) == (op is sre.LITERAL)
    if op is sre.RANGE:
        return any(argument[0] <= ord(form) <= argument[1] for form in _forms(letter, flags))
    if op is sre.CATEGORY:
        return re.match(_CATEGORIES[argument], letter, flags & re.ASCII) is not None
    is_negated = argument[0][0] is sre.NEGATE
    return any(_takes(each, letter, flags) for each in argument[is_negated:]) != is_negated


def _is_same(known: str, letter: str, flags: int) -> bool:
    return known in _forms(letter, flags)


def _forms(letter: str, flags: int) -> set[str]:
    forms = {letter, letter.lower(), letter.upper()} if flags & re.IGNORECASE else {letter}
    return {form for form in forms if len(form) == 1}


def _walk(tree: list[Step]) -> Iterator[Step]:
    for step in tree:
        yield step
        for inner in _inner(step):
            yield from _walk(inner)


def _inner(step: Step) -> list[list[Step]]:
    """The sequences of steps within a step."""
    op, argument = step
    if op in _REPEATS:
        return [list(argument[2])]
    if op is sre.SUBPATTERN:
        return [list(argument[3])]
    if op is sre.ATOMIC_GROUP:
        return [list(argument)]
    if op is sre.BRANCH:
        return [list(each) for each in argument[1]]
    if op in (sre.ASSERT, sre.ASSERT_NOT):
        return [list(argument[1])]
    if op is sre.GROUPREF_EXISTS:
        return [list(each) for each in argument[1:] if each is not None]
    return []


def _repeats(tree: list[Step], lead: str, chance: random.Random, letters: list[str], flags: int) -> Iterator[tuple[str, str]]:
    """For each repeat, at any depth, texts that lead to it, each with one of its body; and for the end of the pattern."""
    for step in tree:
        inner = _inner(step)
        if step[0] in _REPEATS:
            for _ in range(_SAMPLES):
                yield lead, _sample(inner[0], chance, letters, flags)
        for each in inner:
            yield from _repeats(each, lead, chance, letters, flags)
        lead += _sample([step], chance, letters, flags)
    yield lead, ""


def _sample(tree: list[Step], chance: random.Random, letters: list[str], flags: int) -> str:
    """A text that the steps take, most of the time."""
    return "".join(_sample_step(step, chance, letters, flags) for step in tree)


def _sample_step(step: Step, chance: random.Random, letters: list[str], flags: int) -> str:
    op, argument = step
    if op is sre.LITERAL:
        return chr(argument)
    if op in (sre.ANY, sre.IN, sre.NOT_LITERAL):
        return _letter(step, chance, letters, flags)
    inner = _inner(step)
    if op in _REPEATS:
        least, most = argument[0], argument[1]
        many = chance.randint(least, min(int(most), least + 2))
        return "".join(_sample(inner[0], chance, letters, flags) for _ in range(many))
    if op is sre.ASSERT_NOT or (op is sre.ASSERT and argument[0] > 0) or not inner:
        return ""
    return _sample(chance.choice(inner), chance, letters, flags)


def _letter(step: Step, chance: random.Random, letters: list[str], flags: int) -> str:
    taken = [letter for letter in letters if _takes(step, letter, flags)]
    return chance.choice(taken) if taken else next((each for each in ALPHABET if _takes(step, each, flags)), "a")
