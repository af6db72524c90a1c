"""Recognition: which reads a file may be for, by one pass over its bytes for any number of platforms.

A read's keywords must all occur; of a keyword with alternatives (`a|b`) one must. The first of each read, the rarest (`Signs`),
is part of one automaton (Aho-Corasick), with its alternatives; all of them are searched only where it occurs. The automaton
searches the text in lower case without dashes, underscores, quotes and backslashes: some platforms take `jwk-set-uri` for
`jwkseturi`, a shell takes `"jw"ks` for `jwks`. So a file in which it finds nothing needs no search for such spellings.
"""

from __future__ import annotations

import sys
from collections.abc import Container, Sequence
from typing import TypeAlias

from ahocorasick_rs import BytesAhoCorasick, Implementation

from scanner.patterns import lazy_pattern

# bytes searched at once
_SLICE = 256 * 1024
# after as many bytes a folder is read, and it pays to make the automaton that searches in two thirds of the time
_WORTH_A_TABLE = 512 * 1024
_DASHES = b"-_"
_LEFT_OUT = b"-_\"'\\"
# a keyword: its alternatives
_Needle: TypeAlias = tuple[bytes, ...]
_LOWER = bytes(range(256)).lower()
_BLANKS = frozenset((b" ", b"\t", b"\n", b"\r", b"\f", b"\v"))
_LINE_ENDS = frozenset((b"\n", b"\r"))
# the first letters of escapes of letters, in any format
_OF_ESCAPES = frozenset((b"u", b"U", b"x", b"1"))
# of more nobody looks at each
_MOST_BACKSLASHES = 100
_JOINED = lazy_pattern(rb"\\(?<!\s\\)[\r\n]")
_JOIN = lazy_pattern(rb"\\(?:\r\n?|\n)[ \t\f]*+")


class KeywordIndex:
    """The keywords of many reads, by the reads' numbers, then single signs, whose numbers follow those of the reads."""

    def __init__(self, reads: Sequence[Sequence[str]], any_dash: Container[int] = (), signs: Sequence[bytes] = ()) -> None:
        """`reads`: the keywords of each, the rarest first. `any_dash`: the numbers of the reads for which dashes and
        underscores do not count.
        """
        self._reads = reads
        self._any_dash = any_dash
        self._signs = signs
        by_first: dict[bytes, list[int]] = {}
        for number, keywords in enumerate(reads):
            for alternative in _split(keywords[0]) if keywords else (b"",):
                by_first.setdefault(_make_bare(alternative), []).append(number)
        for number, sign in enumerate(signs, len(reads)):
            by_first.setdefault(_make_bare(sign), []).append(number)
        self._always = by_first.pop(b"", [])
        self._numbers = list(by_first.values())
        self._longest = max(map(len, by_first), default=0)
        self._firsts = list(by_first)
        self._automaton = BytesAhoCorasick(self._firsts, implementation=Implementation.ContiguousNFA)
        self._left = _WORTH_A_TABLE
        # of each read or sign that some text was for, made at first use: few are in one run
        self._needles: dict[int, tuple[_Needle, ...]] = {}
        self._bare_others: dict[int, tuple[_Needle, ...]] = {}

    def find_reads(self, text: bytes) -> list[int]:
        """The reads whose keywords all occur, in order, in any letter case."""
        joined, _ = join_lines(text)
        return self.confirm(self.find_candidates(joined), joined)

    def find_candidates(self, joined: bytes) -> list[int]:
        """The reads whose keywords all occur, in order, whatever dashes and quotes are in them: in a text without lines that go
        on in the middle of a word. Most files have none.
        """
        bare = joined.translate(_LOWER, _LEFT_OUT)
        found = self._find_first_keywords(bare)
        if not found and not self._always:
            return []
        numbers = {*self._always, *(number for first in found for number in self._numbers[first])}
        return sorted(number for number in numbers if _has_all(bare, self._bare_others_of(number)))

    def confirm(self, candidates: list[int], joined: bytes) -> list[int]:
        """Those of the reads whose keywords all occur as they are written."""
        if not candidates:
            return candidates
        lower = joined.lower()
        dashless = _without_dashes(lower) if any(number in self._any_dash for number in candidates) else b""
        return [
            number
            for number in candidates
            if _has_all(dashless if number in self._any_dash else lower, self._needles_of(number))
        ]

    def _needles_of(self, number: int) -> tuple[_Needle, ...]:
        """The keywords of a read as they are written, each with its alternatives; of a sign, itself, where it has characters
        that the automaton leaves out.
        """
        found = self._needles.get(number)
        if found is None:
            if number < len(self._reads):
                found = tuple(map(_split, self._reads[number]))
                if number in self._any_dash:
                    found = tuple(tuple(map(_without_dashes, each)) for each in found)
            else:
                sign = self._signs[number - len(self._reads)]
                found = ((sign,),) if _make_bare(sign) != sign else ()
            self._needles[number] = found
        return found

    def _bare_others_of(self, number: int) -> tuple[_Needle, ...]:
        """The keywords of a read but the first, as they are in the text that the automaton searches."""
        found = self._bare_others.get(number)
        if found is None:
            others = self._reads[number][1:] if number < len(self._reads) else ()
            found = self._bare_others[number] = tuple(tuple(map(_make_bare, _split(each))) for each in others)
        return found

    def _find_first_keywords(self, bare: bytes) -> set[int]:
        """The first keywords that occur. Searched in slices: a large file may contain one keyword a million times."""
        self._left -= len(bare)
        if self._left < 0:
            self._left = sys.maxsize
            self._automaton = BytesAhoCorasick(self._firsts, implementation=Implementation.DFA)
        if len(bare) <= _SLICE:
            found = self._automaton.find_matches_as_indexes(bare, overlapping=True)
            return {number for number, _, _ in found} if found else set()
        every: set[int] = set()
        for start in range(0, len(bare), _SLICE):
            part = bare[max(start - self._longest, 0) : start + _SLICE]
            every.update(number for number, _, _ in self._automaton.find_matches_as_indexes(part, overlapping=True))
        return every


def _split(keyword: str) -> _Needle:
    """The alternatives of a keyword."""
    return tuple(keyword.encode().split(b"|"))


def _has_all(text: bytes, needles: tuple[_Needle, ...]) -> bool:
    """Whether the text has one alternative of each keyword."""
    return all(needle[0] in text or any(each in text for each in needle[1:]) for needle in needles)


def _make_bare(text: bytes) -> bytes:
    return text.translate(_LOWER, _LEFT_OUT)


def _without_dashes(text: bytes) -> bytes:
    return text.translate(None, _DASHES)


def join_lines(text: bytes) -> tuple[bytes, bool]:
    """The text with the lines joined, where one goes on in the middle of a word; and whether some backslash may be the
    beginning of an escape of a letter.
    """
    if b"\\" not in text:
        return text, False  # as most files
    before, *others = text.split(b"\\", _MOST_BACKSLASHES)
    first_letters = {each[:1] for each in others}
    may_escape = len(others) == _MOST_BACKSLASHES or not first_letters.isdisjoint(_OF_ESCAPES)
    if len(others) == _MOST_BACKSLASHES or not first_letters.isdisjoint(_LINE_ENDS):
        for each in others:
            if each[:1] in _LINE_ENDS and before[-1:] not in _BLANKS:
                return _JOIN.sub(b"", text), may_escape
            before = each
        if len(others) == _MOST_BACKSLASHES and _JOINED.search(others[-1]):
            return _JOIN.sub(b"", text), may_escape
    return text, may_escape
