"""Files that are too large to be parsed: whether one of them could hold configuration that trusts keys, or keys.

It is searched in pieces for the keywords of the platforms' reads, then for the names on the paths of those that remain, each as
a whole name: a lock file of thousands of packages has nearly every keyword somewhere.
"""

from __future__ import annotations

from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ahocorasick_rs import BytesAhoCorasick

from scanner.evidence.respelling import spell_out
from scanner.files.encodings import encoding_of
from scanner.files.tree import Format
from scanner.patterns import lazy_pattern
from scanner.record import record

if TYPE_CHECKING:
    from scanner.pack.platform import Read

_PIECE = 1024 * 1024
# what of a piece is searched again with the next one: longer than any keyword in any spelling
_OVERLAP = 4096
_FILTER = lazy_pattern(r"\[(!?)([^\[\]=]*+)(?:=([^\[\]]*+))?\]")
_LETTERS = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789_-")
# what follows the name of a member; other formats have none
_AFTER_MEMBER = lazy_pattern(rb"[\"'\\]*+[ \t]*+[:=.\[{]")
_MEMBER_FORMATS = frozenset({"yaml", "json", "properties"})
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
        for piece in self._list_pieces():
            matches = automaton.find_matches_as_indexes(piece, overlapping=True)
            found.update(wanted[number] for number in {number for number, _, _ in matches})
        return found

    def may_hold_keys(self) -> bool:
        """Whether it has the members of a JWK Set or of issuer metadata."""
        found = self.find_words(word for words in _KEYS for word in words)
        return any(all(word in found for word in words) for words in _KEYS)

    def may_be_for_one_of(self, reads: Sequence[Read], format_: Format) -> bool:
        """Whether the names on the path of some read all occur."""
        if any(read.environment for read in reads):
            return True  # a variable has all names in one
        paths = [_names_of(read) for read in reads]
        found = self._find_names({name for path in paths for name in path.all()}, has_members=format_ in _MEMBER_FORMATS)
        return any(path.fits(found) for path in paths)

    def _find_names(self, names: set[Name], *, has_members: bool) -> set[Name]:
        """Which of the names occur as whole names, those of members as such."""
        texts = sorted({name.text for name in names})
        automaton = BytesAhoCorasick(texts)
        found: set[Name] = set()
        for piece in self._list_pieces():
            for number, start, end in automaton.find_matches_as_indexes(piece, overlapping=True):
                if not _is_whole(piece, start, end):
                    continue
                found.add(Name(texts[number]))
                if not has_members or _AFTER_MEMBER.match(piece, end):
                    found.add(Name(texts[number], is_member=True))
        return found & names

    def _list_pieces(self) -> Iterator[bytes]:
        """The text in pieces, lower-case, each with its other spelling if it has one."""
        with open(self._origin, "rb") as file:
            first = file.read(_PIECE)
            mark, encoding = encoding_of(first)
            decode = getincrementaldecoder(encoding)("replace").decode if encoding != "utf-8" else None
            piece, before = first[len(mark) :], b""
            while piece:
                text = before + (decode(piece).encode("utf-8", "surrogatepass") if decode else piece)
                respelled = spell_out(text)
                yield text.lower() if respelled is None else b"%b\n%b" % (text.lower(), respelled.text)
                before = text[-_OVERLAP:]
                piece = file.read(_PIECE)


@record
class Name:
    """A whole name in a file, in lower case: of a member, or any text."""

    text: bytes
    is_member: bool = False


@record
class NamesOnPath:
    """The names that a read asks for: `above` in the document, and those of one of the `ways`."""

    ways: tuple[frozenset[Name], ...]
    above: frozenset[Name]

    def all(self) -> frozenset[Name]:
        """Each name of each way."""
        return self.above.union(*self.ways)

    def fits(self, found: set[Name]) -> bool:
        """Whether what was found is enough."""
        return self.above <= found and any(way <= found for way in self.ways)


def _names_of(read: Read) -> NamesOnPath:
    ways = tuple(_names_on(way, is_relaxed=read.names == "relaxed") for way in _split_ways(read.at or read.settings or ""))
    return NamesOnPath(ways, frozenset().union(*(_names_on(f"[{each}]", is_relaxed=False) for each in read.where)))


def _is_whole(piece: bytes, start: int, end: int) -> bool:
    return (not start or piece[start - 1] not in _LETTERS) and (end == len(piece) or piece[end] not in _LETTERS)


def _split_ways(path: str) -> Iterator[str]:
    """The alternatives of a path; a `|` in a filter is none."""
    depth, start = 0, 0
    for at, letter in enumerate(path):
        depth += (letter == "[") - (letter == "]")
        if letter == "|" and not depth:
            yield path[start:at]
            start = at + 1
    yield path[start:]


def _names_on(path: str, *, is_relaxed: bool) -> frozenset[Name]:
    """The names of members on a path, and the texts that its filters compare with."""
    names = set(_split_names(_FILTER.sub(".", path)))
    for negation, name, text in _FILTER.findall(path):
        if not negation:
            names.update(_split_names(name))
            names.update([Name(text.lower().encode())] if text and not any(mark in text for mark in "*?|{") else ())
    # a relaxed name with other marks has other spellings
    return frozenset(name for name in names if name.text.isalnum() or not is_relaxed)


def _split_names(path: str) -> Iterator[Name]:
    """The literal names of a path without filters."""
    for part in path.split("."):
        name = part.strip("'")
        if name and not any(mark in name for mark in "*^$#{}@"):
            yield Name(name.lower().encode(), is_member=True)
