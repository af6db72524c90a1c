"""Which resources a target selects: by patterns of names, and by labels."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from scanner.files.tree import Mapping
from scanner.patterns import lazy_pattern
from scanner.record import record
from scanner.units.kustomize.budget import Budget
from scanner.units.kustomize.kustomization import text_of
from scanner.units.kustomize.resource import Resource

_MOST_ALTERNATIVES = 64
_LONGEST = 500
_DEFAULT = "default"
_PLAIN = lazy_pattern(r"[\w/-]*+")
_ATOM = lazy_pattern(r"(?:(\\.)|(\[\^?[\w.-]++\])|([^\\\[\](){}|*+?^$]))([*+?]?)")
_AMONG = lazy_pattern(r"([\w./-]{1,300})\s{1,9}(in|notin)\s{1,9}\(([^()]*+)\)")


class Undecided(Exception):
    """A selector that is not followed."""


@record
class Atom:
    """A part of a pattern: the characters that fit (None: any), whether they are those that do not, and how often."""

    fits: frozenset[str] | None
    is_other: bool
    often: str

    def takes(self, character: str) -> bool:
        """Whether a character fits."""
        return self.fits is None or (character in self.fits) != self.is_other


class Pattern:
    """A regular expression as kustomize reads it: it must fit the whole name. Fitted in linear time."""

    def __init__(self, text: str) -> None:
        self._plain = text if _PLAIN.fullmatch(text) else None
        self._ways = [] if self._plain is not None else [_atoms(each) for each in _alternatives(text)]
        self._cost = sum(len(way) for way in self._ways)

    def fits(self, name: str, budget: Budget) -> bool:
        """Whether the whole name fits; the empty pattern fits every name."""
        if self._plain is not None:
            return self._plain in ("", name)
        budget.take(1 + self._cost * len(name) // 8)
        return any(_fits(way, name[:_LONGEST]) for way in self._ways)


def _fits(atoms: tuple[Atom, ...], name: str) -> bool:
    places = _skip(atoms, {0})
    for character in name:
        following: set[int] = set()
        for number in places:
            if number < len(atoms) and atoms[number].takes(character):
                following.add(number + 1)
                if atoms[number].often in ("*", "+"):
                    following.add(number)
        places = _skip(atoms, following)
    return len(atoms) in places


def _skip(atoms: tuple[Atom, ...], places: set[int]) -> set[int]:
    """The places, and those after parts that may be absent."""
    found = set(places)
    for number in sorted(places):
        while number < len(atoms) and atoms[number].often in ("*", "?"):
            number += 1
            found.add(number)
    return found


def _alternatives(text: str) -> list[str]:
    """A pattern without its groups: each way to choose of their alternatives."""
    if len(text) > _LONGEST:
        raise Undecided
    found = list(islice(_expand(text), _MOST_ALTERNATIVES + 1))
    if len(found) > _MOST_ALTERNATIVES:
        raise Undecided
    return [each.removeprefix("^").removesuffix("$") for each in found]


def _expand(text: str) -> Iterator[str]:
    start = text.find("(")
    bar = text.find("|")
    if start < 0 or 0 <= bar < start:
        first, mark, rest = text.partition("|")
        if start < 0 and not mark:
            yield text
            return
        if "(" not in first:
            yield first
            yield from _expand(rest)
            return
    end = text.find(")", start)
    inner, after = text[start + 1 : end], text[end + 1 :]
    if end < 0 or "(" in inner or "\\" in text or after[:1] in ("*", "+", "?", "{") or "|" in _outside(after):
        raise Undecided
    for each in inner.removeprefix("?:").split("|"):
        for rest in _expand(after):
            yield text[:start] + each + rest


def _outside(text: str) -> str:
    """The text without its groups."""
    return "".join(part.rpartition(")")[2] for part in text.split("("))


def _atoms(text: str) -> tuple[Atom, ...]:
    found: list[Atom] = []
    at = 0
    while at < len(text):
        read = _ATOM.match(text, at)
        if read is None:
            raise Undecided
        escaped, among, plain, often = read.groups()
        if escaped and escaped[1].isalnum():
            raise Undecided
        found.append(_atom(escaped[1] if escaped else "", among or "", plain or "", often))
        at = read.end()
    return tuple(found)


def _atom(escaped: str, among: str, plain: str, often: str) -> Atom:
    if plain == ".":
        return Atom(None, is_other=False, often=often)
    if among:
        is_other = among[1] == "^"
        return Atom(frozenset(_members(among[2 if is_other else 1 : -1])), is_other, often)
    return Atom(frozenset(escaped or plain), is_other=False, often=often)


def _members(text: str) -> Iterator[str]:
    """The characters of a class: `a-z0`."""
    at = 0
    while at < len(text):
        if text[at + 1 : at + 2] == "-" and at + 2 < len(text):
            yield from (chr(number) for number in range(ord(text[at]), min(ord(text[at + 2]), 0x300) + 1))
            at += 3
        else:
            yield text[at]
            at += 1


class Selector:
    """A target of a patch or replacement."""

    def __init__(self, target: Mapping) -> None:
        names = "group", "version", "kind", "name", "namespace"
        self._group, self._version, self._kind, self._name, self._namespace = (
            Pattern(text_of(target, name).strip()) for name in names
        )
        self._labels = _read_labels(text_of(target, "labelSelector"))
        self._annotations = _read_labels(text_of(target, "annotationSelector"))

    def fits(self, resource: Resource, budget: Budget) -> bool:
        """Whether the target selects a resource, by what it is or was called."""
        budget.take(1)
        group, version = resource.group_version()
        parts = (self._kind, resource.kind), (self._group, group), (self._version, version)
        if not all(pattern.fits(text, budget) for pattern, text in parts):
            return False
        # the first name and the last one count, and those between do not
        names = resource.names()
        both = names[0], names[-1]
        if not any(self._name.fits(each.name, budget) for each in both):
            return False
        if not any(self._namespace.fits(each.namespace or _DEFAULT, budget) for each in both):
            return False
        labels = (self._labels, "labels"), (self._annotations, "annotations")
        return all(_have(resource.marks(name), wanted) for wanted, name in labels if wanted)


@record
class Wanted:
    """What a selector asks of a label: to be there, or to have one of the values; or the opposite."""

    name: str
    values: tuple[str, ...] | None
    is_not: bool


def _read_labels(text: str) -> tuple[Wanted, ...]:
    """What a selector of labels asks: `a=b,c in (d,e),!f`."""
    parts: list[str] = []
    for each in text.split(","):
        is_within = bool(parts) and parts[-1].count("(") > parts[-1].count(")")
        if is_within and len(parts[-1]) < _LONGEST:
            parts[-1] += f",{each}"
        else:
            parts.append(each)
    return tuple(_read_label(each.strip()) for each in parts if each.strip())


def _read_label(text: str) -> Wanted:
    among = _AMONG.fullmatch(text)
    if among is not None:
        values = tuple(each.strip() for each in among[3].split(","))
        return Wanted(among[1], values, among[2] == "notin")
    for mark, is_not in (("!=", True), ("==", False), ("=", False)):
        name, found, value = text.partition(mark)
        if found:
            return Wanted(name.strip(), (value.strip(),), is_not)
    return Wanted(text.lstrip("!").strip(), None, text.startswith("!"))


def _have(marks: dict[str, str], wanted: tuple[Wanted, ...]) -> bool:
    return all(_has(marks, each) for each in wanted)


def _has(marks: dict[str, str], wanted: Wanted) -> bool:
    has = wanted.name in marks and (wanted.values is None or marks[wanted.name] in wanted.values)
    return has != wanted.is_not
