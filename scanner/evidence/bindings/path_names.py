"""The names that a read's paths ask for: whether text that is not parsed could be configuration for it.

A read's keywords are short and occur in much text; the names on its paths, each as a whole name, do not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ahocorasick_rs import BytesAhoCorasick

from scanner.patterns import lazy_pattern
from scanner.record import record

if TYPE_CHECKING:
    from scanner.pack.platform import Read

_FILTER = lazy_pattern(r"\[(!?)([^\[\]=]*+)(?:=([^\[\]]*+))?\]")
_PART = lazy_pattern(r"'[^']*+'|[^.']++")
_LETTERS = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789_-")
# what follows the name of a member; of a block of HCL a label may
_AFTER_MEMBER = lazy_pattern(rb"[\"'\\]*+[ \t]*+[:=.\[{(]")


def may_be_for_one_of(reads: Sequence[Read], pieces: Iterable[bytes], *, has_members: bool) -> bool:
    """Whether a text, in lower-case pieces, has all names on the path of some read. `has_members`: the format shows what is
    the name of a member.
    """
    paths = [_names_of(read) for read in reads]
    found = _find_names({name for path in paths for name in path.all()}, pieces, has_members=has_members)
    return any(path.fits(found) for path in paths)


def _find_names(names: set[Name], pieces: Iterable[bytes], *, has_members: bool) -> set[Name]:
    """Which of the names occur as whole names, those of members as such."""
    texts = sorted({name.text for name in names})
    automaton = BytesAhoCorasick(texts)
    found: set[Name] = set()
    for piece in pieces:
        for number, start, end in automaton.find_matches_as_indexes(piece, overlapping=True):
            found.add(Name(texts[number], is_part=True))
            if not _is_whole(piece, start, end):
                continue
            found.add(Name(texts[number]))
            if not has_members or _AFTER_MEMBER.match(piece, end):
                found.add(Name(texts[number], is_member=True))
    return found & names


@record
class Name:
    """A name in a file, in lower case: of a member, or any text; or a part of one."""

    text: bytes
    is_member: bool = False
    is_part: bool = False


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
    if read.environment and read.settings:  # a variable has all names in one
        variable = read.settings.partition(".{")[0].replace("-", "").replace(".", "_").lower().encode()
        ways = (*ways, frozenset({Name(variable, is_part=True)}))
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
    for part in _PART.findall(path):
        name = part.strip("'")
        if name and not any(mark in name for mark in "*^$#{}@"):
            # one with a dot is a section, behind which no mark of a member stands
            yield Name(name.lower().encode(), is_member="." not in name)
