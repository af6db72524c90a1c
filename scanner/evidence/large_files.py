"""Files that are too large to be parsed: whether one of them could hold configuration that trusts keys, or keys.

It is searched in pieces for the keywords of the platforms' reads, then for the names on the paths of those that remain, each as
a whole name: a lock file of thousands of packages has nearly every keyword somewhere.
"""

from __future__ import annotations

from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator

from ahocorasick_rs import BytesAhoCorasick

from scanner.evidence.respelling import add_spelling, spell_out
from scanner.files.encodings import encoding_of

_PIECE = 1024 * 1024
# what of a piece is searched again with the next one: longer than any keyword in any spelling
_OVERLAP = 4096
# of a JWK Set, and of metadata
_KEYS = ((b'"kty"',), (b'"jwks_uri"', b'"issuer"'))


class LargeFile:
    """A file by its path on this machine."""

    def __init__(self, origin: str) -> None:
        self._origin = origin

    def find_words(self, words: Iterable[bytes]) -> set[bytes]:
        """Which of the words occur, in any spelling and in any letter case."""
        wanted = sorted(set(words))
        automaton = BytesAhoCorasick(wanted)
        found: set[bytes] = set()
        for piece in self.list_pieces():
            matches = automaton.find_matches_as_indexes(piece, overlapping=True)
            found.update(wanted[number] for number in {number for number, _, _ in matches})
        return found

    def may_hold_keys(self) -> bool:
        """Whether it has the members of a JWK Set or of issuer metadata."""
        found = self.find_words(word for words in _KEYS for word in words)
        return any(all(word in found for word in words) for words in _KEYS)

    def list_pieces(self) -> Iterator[bytes]:
        """The text in pieces, lower-case, each with its other spelling if it has one."""
        with open(self._origin, "rb") as file:
            first = file.read(_PIECE)
            mark, encoding = encoding_of(first)
            decode = getincrementaldecoder(encoding)("replace").decode if encoding != "utf-8" else None
            piece, before = first[len(mark) :], b""
            while piece:
                text = before + (decode(piece).encode("utf-8", "surrogatepass") if decode else piece)
                yield add_spelling(text.lower(), spell_out(text))
                before = text[-_OVERLAP:]
                piece = file.read(_PIECE)
