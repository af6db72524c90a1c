"""Recognition: which reads a file may be for, by one pass over its bytes for any number of platforms.

A read's keywords must all occur. The longest of each read, usually the rarest, is part of one automaton (Aho-Corasick); all of
them are searched only where it occurs. The automaton searches the text in lower case without dashes, underscores, quotes and
backslashes: some platforms take `jwk-set-uri` for `jwkseturi`, a shell takes `"jw"ks` for `jwks`. So a file in which it finds
nothing needs no search for such spellings.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from ahocorasick_rs import BytesAhoCorasick, Implementation

from scanner.patterns import lazy_pattern

# bytes searched at once
_SLICE = 256 * 1024
_DASHES = b"-_"
_LEFT_OUT = b"-_\"'\\"
_FREQUENT = frozenset(
    {b"resource", b"config", b"type", b"map", b"plugin", b"options", b"strategy", b"providers", b"identity", b"extensions"}
)
_LOWER = bytes(range(256)).lower()
_BLANKS = b" \t\n\r\f\v"
_JOIN = lazy_pattern(rb"\\(?:\r\n?|\n)[ \t\f]*+")


class KeywordIndex:
    """The keywords of many reads, by the reads' numbers, then single signs, whose numbers follow those of the reads."""

    def __init__(self, reads: Sequence[Sequence[str]], any_dash: Container[int] = (), signs: Sequence[bytes] = ()) -> None:
        """`any_dash`: the numbers of the reads for which dashes and underscores do not count."""
        self._any_dash = any_dash
        # of each read, as they are written and as they are in the text that is searched
        self._needles: list[tuple[bytes, ...]] = []
        self._bare_others: list[tuple[bytes, ...]] = []
        by_first: dict[bytes, list[int]] = {}
        for number, keywords in enumerate(reads):
            needles = sorted((keyword.encode() for keyword in keywords), key=_order)
            first, *others = map(_make_bare, needles or [b""])
            self._needles.append(tuple(map(_without_dashes, needles) if number in any_dash else needles))
            self._bare_others.append(tuple(others))
            by_first.setdefault(first, []).append(number)
        for number, sign in enumerate(signs, len(reads)):
            first = _make_bare(sign)
            self._needles.append((sign,) if first != sign else ())
            self._bare_others.append(())
            by_first.setdefault(first, []).append(number)
        self._always = by_first.pop(b"", [])
        self._numbers = list(by_first.values())
        self._longest = max(map(len, by_first), default=0)
        self._automaton = BytesAhoCorasick(list(by_first), implementation=Implementation.ContiguousNFA)

    def find_reads(self, text: bytes) -> list[int]:
        """The reads whose keywords all occur, in order, in any letter case."""
        return self.confirm(self.find_candidates(text), text)

    def find_candidates(self, text: bytes) -> list[int]:
        """The reads whose keywords all occur, in order, whatever dashes and quotes are in them. Most files have none."""
        bare = _make_bare(_join_lines(text))
        found = self._find_first_keywords(bare)
        if not found and not self._always:
            return []
        numbers = [*self._always, *(number for first in found for number in self._numbers[first])]
        return sorted(number for number in numbers if all(needle in bare for needle in self._bare_others[number]))

    def confirm(self, candidates: list[int], text: bytes) -> list[int]:
        """Those of the reads whose keywords all occur as they are written."""
        if not candidates:
            return candidates
        lower = _join_lines(text).lower()
        dashless = _without_dashes(lower) if any(number in self._any_dash for number in candidates) else b""
        return [
            number
            for number in candidates
            if all(needle in (dashless if number in self._any_dash else lower) for needle in self._needles[number])
        ]

    def _find_first_keywords(self, bare: bytes) -> set[int]:
        """The first keywords that occur. Searched in slices: a large file may contain one keyword a million times."""
        if len(bare) <= _SLICE:
            found = self._automaton.find_matches_as_indexes(bare, overlapping=True)
            return {number for number, _, _ in found} if found else set()
        every: set[int] = set()
        for start in range(0, len(bare), _SLICE):
            part = bare[max(start - self._longest, 0) : start + _SLICE]
            every.update(number for number, _, _ in self._automaton.find_matches_as_indexes(part, overlapping=True))
        return every


def _order(keyword: bytes) -> tuple[bool, int, bytes]:
    """The rarest first: long words, and none that stand in much configuration."""
    return keyword in _FREQUENT, -len(keyword), keyword


def _make_bare(text: bytes) -> bytes:
    return text.translate(_LOWER, _LEFT_OUT)


def _without_dashes(text: bytes) -> bytes:
    return text.translate(None, _DASHES)


def _join_lines(text: bytes) -> bytes:
    """The text with the lines joined, where one goes on in the middle of a word."""
    if b"\\" not in text:
        return text  # as most files
    goes_on = _goes_on_in_word(text, b"\\\n") or (b"\r" in text and _goes_on_in_word(text, b"\\\r"))
    return _JOIN.sub(b"", text) if goes_on else text


def _goes_on_in_word(text: bytes, end: bytes) -> bool:
    at = text.find(end)
    while at >= 0:
        if at and text[at - 1] not in _BLANKS:
            return True
        at = text.find(end, at + len(end))
    return False
