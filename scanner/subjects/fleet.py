"""The fleet, and the keys of it that share something: what all published documents of a run are together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from scanner.config.model import IssuerEntry, by_identifier
from scanner.errors import Place
from scanner.subjects.identifiers import SubjectIds
from scanner.subjects.model import (
    Fleet,
    IssuerKeys,
    OtherKeys,
    PublishedMetadata,
    PublishedSet,
    SharedKey,
    Subject,
    SubjectRef,
)
from scanner.subjects.sharing.issuers import SameValues, find_same_values
from scanner.subjects.sharing.kids import find_same_kids
from scanner.subjects.sharing.moduli import find_same_moduli
from scanner.subjects.sharing.published_keys import PublishedKey, read_keys

_NONE = OtherKeys()
_NO_ISSUER = SameValues()


def compare(
    metadata: Sequence[PublishedMetadata],
    sets: Sequence[PublishedSet],
    issuers: Sequence[Subject],
    notes: Sequence[IssuerEntry],
    *,
    is_complete: bool,
    has_fleet: bool,
) -> Iterator[Subject]:
    """The fleet, where `has_fleet`, and the keys that share something, whatever the number of sets."""
    declared = by_identifier(notes)
    owners = {issuer: entry.owner for issuer, entry in declared.items() if entry.owner is not None}
    identifiers = _identifiers_of(issuers, declared)
    belongs = {path: names[0] for path, names in identifiers.items()}
    sharing = Sharing(tuple(read_keys(sets, belongs)), owners, is_complete=is_complete)
    if has_fleet:
        fleet = Fleet(tuple(sets), tuple(metadata), belongs, owners, is_complete, sharing.primes_unknown)
        yield _fleet_subject(fleet)
    yield from sharing.subjects(sets, identifiers)


def _identifiers_of(issuers: Sequence[Subject], declared: Mapping[str, IssuerEntry]) -> dict[str, tuple[str, ...]]:
    """The path of a set → what the issuer is called that it belongs to. An alias counts as its issuer, which comes first; a set
    that several issuers name belongs to the first of them.
    """
    found: dict[str, tuple[str, ...]] = {}
    for subject in issuers:
        about: IssuerKeys = subject.about
        issuer = about.metadata.text("issuer")
        if about.key_set is not None and issuer:
            entry = declared.get(issuer)
            names = (entry.issuer, issuer) if entry is not None else (issuer,)
            found[about.key_set.path] = tuple(dict.fromkeys((*found.get(about.key_set.path, ()), *names)))
    return found


def _fleet_subject(fleet: Fleet) -> Subject:
    first = fleet.sets[0].place if fleet.sets else fleet.metadata[0].place
    places: dict[str, Place] = {}
    for document in fleet.metadata:
        places.setdefault(document.text("issuer") or "", document.place)
    return Subject(SubjectRef("fleet", f"{first.path}#fleet:all", first), fleet, places)


class Sharing:
    """What the keys of a run share."""

    def __init__(self, keys: Sequence[PublishedKey], owners: Mapping[str, str], *, is_complete: bool) -> None:
        self._keys = keys
        self._is_complete = is_complete
        self._values = find_same_values(keys, owners)
        self._kids = find_same_kids(keys)
        self._moduli = find_same_moduli(keys, is_complete=is_complete)

    @property
    def primes_unknown(self) -> str:
        """Why the moduli were not compared; empty where they were."""
        return self._moduli.unknown

    def subjects(self, sets: Sequence[PublishedSet], identifiers: Mapping[str, tuple[str, ...]]) -> Iterator[Subject]:
        """Each key that shares something, in the order of the sets. All keys of its set count for its id."""
        found = {id(each.key): shared for each in self._keys if (shared := self._share(each, identifiers)) is not None}
        paths = {each.path for each in self._keys if id(each.key) in found}
        ids: dict[str, SubjectIds] = {}
        for key_set in sets:
            if key_set.path in paths:
                given = ids.setdefault(key_set.path, SubjectIds(key_set.path, key_set.visit))
                yield from _subjects_of(key_set, given, found)

    def _share(self, each: PublishedKey, identifiers: Mapping[str, tuple[str, ...]]) -> SharedKey | None:
        """What one key shares; None for most."""
        values = -1 if each.values is None else each.values
        same = self._values.get((each.issuer, values), _NO_ISSUER)
        kid = self._kids.get((each.kid, each.issuer, values), _NONE)
        prime = self._moduli.with_prime.get(each.modulus, _NONE)
        prefix = self._moduli.with_prefix.get(each.modulus, _NONE)
        if same is _NO_ISSUER and not (kid.count or prime.count or prefix.count):
            return None
        return SharedKey(
            key=each.key,
            issuer=each.issuer,
            identifiers=identifiers.get(each.path, ()),
            is_compared_with_all=self._is_complete,
            has_compared_primes=bool(each.modulus) and not self.primes_unknown,
            at_other_owners=same.at_other_owners,
            in_other_environments=same.in_other_environments,
            within_owner=same.within_owner,
            under_same_kid=kid,
            with_same_prime=prime,
            with_same_beginning=prefix,
        )


def _subjects_of(key_set: PublishedSet, ids: SubjectIds, shared: Mapping[int, SharedKey]) -> Iterator[Subject]:
    for key in key_set.keys:
        subject = ids.subject("shared_key", key.label, shared.get(id(key)), key.spot, {})
        if subject.about is not None:
            yield subject
