"""Surveys the issuers in a repository: those it trusts, those it publishes, and the folders with both."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, Protocol, TypeVar

from scanner.config.check_inventory import is_web_url
from scanner.errors import Place
from scanner.evidence.bindings.followed_issuers import Followable, find_followable
from scanner.evidence.model import Binding, Evidence
from scanner.evidence.read_document import DocumentReader, FileContent
from scanner.findings.own_files import is_own_file
from scanner.record import field, record
from scanner.redaction.text import redact
from scanner.scan import pack_for
from scanner.sources.document import Unreadable
from scanner.workers import Mergeable

_SERVERS = ("openid-provider", "authorization-server")
_NAMES = ("issuer", "jwks_uri", "discovery_url")


@record(frozen=False)
class IssuerMentions:
    """The mentions of one issuer: the places of its metadata and the places that trust it, and the URLs of its keys in each of
    the two, with their places.
    """

    published: list[Place] = field(default_factory=list)
    trusted: list[Place] = field(default_factory=list)
    own_keys: dict[str, list[Place]] = field(default_factory=dict)
    trusted_keys: dict[str, list[Place]] = field(default_factory=dict)

    def merge(self, other: IssuerMentions) -> None:
        """Add what another part of the survey knows of the issuer."""
        self.published += other.published
        self.trusted += other.trusted
        _extend(self.own_keys, other.own_keys)
        _extend(self.trusted_keys, other.trusted_keys)

    def jwks_uris(self) -> list[tuple[str, list[Place]]]:
        """Every URL of its keys, those of the issuer before those of consumers, sorted by place."""
        others = {url: places for url, places in self.trusted_keys.items() if url not in self.own_keys}
        return [*sorted(self.own_keys.items(), key=_first_place), *sorted(others.items(), key=_first_place)]


@record(frozen=False)
class Survey:
    """Collects what documents say about issuers.

    `keys`: URLs of keys that are trusted without an issuer. `sets` and `documents`: files with published keys, and those with
    metadata. `folders`: those of consumers' configuration. `unlisted`: bindings without an issuer in the file, or with one that
    is not an https URL.
    """

    issuers: dict[str, IssuerMentions] = field(default_factory=dict)
    keys: dict[str, list[Place]] = field(default_factory=dict)
    sets: list[str] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    folders: set[str] = field(default_factory=set)
    unlisted: int = 0
    unreadable: list[Unreadable] = field(default_factory=list)

    def merge(self, other: Survey) -> None:
        """Add what another part of the survey counted up."""
        for issuer, met in other.issuers.items():
            self.issuers.setdefault(issuer, IssuerMentions()).merge(met)
        _extend(self.keys, other.keys)
        self.sets += other.sets
        self.documents += other.documents
        self.folders |= other.folders
        self.unlisted += other.unlisted
        self.unreadable += other.unreadable

    def miss(self, found: Unreadable) -> None:
        """Take note of a file that could not be read."""
        self.unreadable.append(found)

    def note(self, evidence: Evidence) -> None:
        """What one document adds."""
        for issuer, jwks_uri, place in _published_issuers(evidence):
            mentions = self.issuers.setdefault(issuer, IssuerMentions())
            mentions.published.append(place)
            if jwks_uri is not None:
                mentions.own_keys.setdefault(jwks_uri, []).append(place)
        if evidence.metadata:
            self.documents.append(evidence.path)
        elif any(each.is_published for each in evidence.jwk_sets):
            self.sets.append(evidence.path)
        if evidence.bindings:
            self.folders.add(_folder(evidence.path))
            found = list(find_followable(evidence))
            self.unlisted += sum(map(_names_an_issuer, evidence.bindings)) - len(found)
            for each in found:
                self._add_trusted(each)

    def lone_keys(self) -> dict[str, list[Place]]:
        """The URLs of keys without a known issuer."""
        known = {url for mentions in self.issuers.values() for url, _ in mentions.jwks_uris()}
        return {url: places for url, places in self.keys.items() if url not in known}

    def lone_sets(self) -> list[str]:
        """The files with published keys without metadata in the same folder."""
        described = {_folder(path) for path in self.documents}
        return sorted(path for path in self.sets if _folder(path) not in described)

    def _add_trusted(self, each: Followable) -> None:
        issuer, jwks_uri = each.trusts.identifier, each.trusts.jwks_uri
        if jwks_uri is not None and not _can_list(jwks_uri, is_issuer=False):
            jwks_uri = None
        if issuer is not None and _can_list(issuer, is_issuer=True):
            mentions = self.issuers.setdefault(issuer, IssuerMentions())
            mentions.trusted.append(each.place)
            if jwks_uri is not None:
                mentions.trusted_keys.setdefault(jwks_uri, []).append(each.place)
        elif jwks_uri is not None:
            self.keys.setdefault(jwks_uri, []).append(each.place)
        else:
            self.unlisted += 1


def _published_issuers(evidence: Evidence) -> Iterator[tuple[str, str | None, Place]]:
    for metadata in evidence.metadata:
        issuer, jwks_uri = (metadata.members.get(name) for name in ("issuer", "jwks_uri"))
        if metadata.kind in _SERVERS and isinstance(issuer, str) and _can_list(issuer, is_issuer=True):
            is_url = isinstance(jwks_uri, str) and _can_list(jwks_uri, is_issuer=False)
            place = Place(evidence.path, metadata.spot.line, metadata.spot.column)
            yield issuer, str(jwks_uri) if is_url else None, place


def _can_list(url: str, *, is_issuer: bool) -> bool:
    """Whether a configuration may name the URL: it is one, and holds no private value."""
    return is_web_url(url, is_issuer=is_issuer) and redact(url) is url


def sort_places(places: Iterable[Place]) -> list[Place]:
    """Sort places by path and line: several processes may have read the files."""
    return sorted(places, key=lambda place: place.order)


def _first_place(pair: tuple[str, list[Place]]) -> tuple[str, int, str]:
    place = sort_places(pair[1])[0]
    return place.path, place.line or 0, pair[0]


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _names_an_issuer(binding: Binding) -> bool:
    return any(binding.settings[name].state in ("set", "unresolved") for name in _NAMES)


def _extend(places: dict[str, list[Place]], more: dict[str, list[Place]]) -> None:
    for url, found in more.items():
        places.setdefault(url, []).extend(found)


class Notes(Mergeable, Protocol):
    """What takes note of evidence: a survey, or the issuers to follow."""

    def note(self, evidence: Evidence) -> None:
        """Keep what one document says."""

    def miss(self, found: Unreadable) -> None:
        """Keep that a file could not be read."""


Noted = TypeVar("Noted", bound=Notes)


class EvidenceJob(Generic[Noted]):
    """Reading files for what they hold, without judging it. `make` makes an empty part."""

    def __init__(self, make: Callable[[], Noted]) -> None:
        self.reader = DocumentReader(pack_for((), examples=False).platforms)
        self._make = make

    def part(self) -> Noted:
        """A part that holds nothing yet."""
        return self._make()

    def read(self, found: FileContent | Unreadable, part: Noted) -> None:
        """Take note of one file."""
        if isinstance(found, Unreadable):
            part.miss(found)
        elif is_own_file(found):
            return
        elif found.evidence is not None and found.evidence.unparsed is not None:
            part.miss(Unreadable(found.evidence.path, found.evidence.unparsed))
        elif found.evidence is not None:
            part.note(found.evidence)

    def end(self, part: Noted) -> None:
        """A part is complete as it is."""
