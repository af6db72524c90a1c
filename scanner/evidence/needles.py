"""Recognition: which reads a file may be for, by one pass over its lower-cased bytes.

A read's needles must all occur. They are looked up by the words of the file: a word is held against every needle when it is
met for the first time in a run and never again, so a file costs its own words, however many platforms there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from scanner.pack.platform import Read

# one of these words is in every file that a platform can recognise; a test holds every example against them
STEMS = (
    b"jwt",
    b"jwk",
    b"oauth",
    b"oidc",
    b"openid",
    b"issuer",
    b"azure-ad",
    b"azuread",
    b"authority",
    b"keycloak",
    b"workload_identity",
    b"auth-server-url",
    b"auth_settings_v2",
)
_WORD = re.compile(rb"[a-z0-9_]{3,}")
# words to remember; a run over very many files begins anew after them
_MOST_WORDS = 200_000


def needles_of(read: Read) -> list[str]:
    """The literals that the lower-cased bytes must hold: as the read says, else derived from its path and conditions."""
    if read.needles:
        return [needle.lower() for needle in read.needles]
    # a path's filters are no literals, and of alternatives only what they share is certain
    ways = re.sub(r"\{[^}]*\}|\[[^\]]*\]", " ", read.settings or read.at or "").split("|")
    shared = set.intersection(*(set(re.findall(r"[A-Za-z0-9]{3,}", way)) for way in ways))
    words = sorted(shared)
    for where in read.where:
        words += re.findall(r"[A-Za-z0-9]{6,}", where.partition("=")[2])[:1]
    return [word.lower() for word in words]


class Needles:
    """The needles of many reads, by the reads' numbers."""

    def __init__(self, reads: Iterable[list[str]]) -> None:
        self._reads = [frozenset(_parts(needles)) for needles in reads]
        self._wholes = [[needle.encode() for needle in needles if not _WORD.fullmatch(needle.encode())] for needles in reads]
        self._needles = frozenset().union(*self._reads)
        self._by_first: dict[bytes, list[int]] = {}
        self._always = [number for number, needles in enumerate(self._reads) if not needles]
        for number, needles in enumerate(self._reads):
            if needles:
                # the longest is the rarest
                self._by_first.setdefault(max(sorted(needles), key=len), []).append(number)
        self._known: dict[bytes, frozenset[bytes]] = {}

    def matching(self, lower: bytes) -> list[int]:
        """The reads whose needles all occur, in order."""
        for stem in STEMS:  # a plain loop: most files end here
            if stem in lower:
                break
        else:
            return []
        found = self._in(set(_WORD.findall(lower)))
        numbers = [number for needle in found for number in self._by_first.get(needle, ())]
        return sorted(
            number
            for number in (*self._always, *numbers)
            if self._reads[number] <= found and all(whole in lower for whole in self._wholes[number])
        )

    def _in(self, words: set[bytes]) -> set[bytes]:
        """The needles that stand in `words`."""
        if len(self._known) > _MOST_WORDS:
            self._known.clear()
        new = [word for word in words if word not in self._known]
        if new:
            self._learn(new)
        return {needle for word in words for needle in self._known[word]}

    def _learn(self, words: list[bytes]) -> None:
        text = b" ".join(words)
        present = [needle for needle in self._needles if needle in text]
        for word in words:
            self._known[word] = frozenset(needle for needle in present if needle in word) if present else _NONE


_NONE: frozenset[bytes] = frozenset()


def _parts(needles: list[str]) -> list[bytes]:
    """The words that the needles are made of: a needle may hold marks that part the file's words."""
    return [part for needle in needles for part in _WORD.findall(needle.encode())]
