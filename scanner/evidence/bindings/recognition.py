"""Recognition: which reads a file may be for, by one pass over its lower-case bytes for any number of platforms.

A read's keywords must all occur. The longest of each read, usually the rarest, is part of one automaton (Aho-Corasick); the
others are searched only where it occurs. The automaton searches the bytes without dashes and underscores: some platforms take
`jwk-set-uri` for `jwkseturi`.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from ahocorasick_rs import BytesAhoCorasick, Implementation

# bytes searched at once
_SLICE = 256 * 1024
_DASHES = b"-_"


class KeywordIndex:
    """The keywords of many reads, by the reads' numbers."""

    def __init__(self, reads: Sequence[Sequence[str]], any_dash: Container[int] = ()) -> None:
        """`any_dash`: the numbers of the reads for which dashes and underscores do not count."""
        self._any_dash = any_dash
        self._others: list[tuple[bytes, ...]] = []
        self._by_first: dict[bytes, list[int]] = {}
        self._always: list[int] = []
        for number, keywords in enumerate(reads):
            longest, *others = sorted(
                (keyword.encode() for keyword in keywords), key=lambda keyword: (-len(keyword), keyword)
            ) or [b""]
            first = _without_dashes(longest)
            if number in any_dash:
                others = [_without_dashes(keyword) for keyword in others]
            elif first != longest:
                others.insert(0, longest)
            self._others.append(tuple(others))
            (self._by_first.setdefault(first, []) if first else self._always).append(number)
        self._firsts = list(self._by_first)
        self._longest = max(map(len, self._firsts), default=0)
        self._automaton = BytesAhoCorasick(self._firsts, implementation=Implementation.ContiguousNFA)

    def find_reads(self, lower: bytes) -> list[int]:
        """The reads whose keywords all occur, in order."""
        if b"\\\n" in lower:  # a line that goes on in the middle of a word
            lower = lower.replace(b"\\\n", b"")
        bare = _without_dashes(lower)
        firsts = self._find_first_keywords(bare)
        if not firsts and not self._always:
            return []  # most files stop here
        numbers = [number for first in firsts for number in self._by_first[first]]
        return sorted(
            number
            for number in (*self._always, *numbers)
            if all(needle in (bare if number in self._any_dash else lower) for needle in self._others[number])
        )

    def _find_first_keywords(self, lower: bytes) -> set[bytes]:
        """The first keywords that occur. Searched in slices: a large file may contain one keyword a million times."""
        found: set[bytes] = set()
        for start in range(0, max(len(lower), 1), _SLICE):
            part = lower[max(start - self._longest, 0) : start + _SLICE] if len(lower) > _SLICE else lower
            found.update(
                self._firsts[number] for number, _, _ in self._automaton.find_matches_as_indexes(part, overlapping=True)
            )
        return found


def _without_dashes(text: bytes) -> bytes:
    return text.translate(None, _DASHES)
