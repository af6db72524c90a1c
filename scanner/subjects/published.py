"""What a run found published, for the subjects that several documents give: issuers with their keys, and the fleet.

Sets and metadata stream past and are let go; their summaries stay, public values and labels only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import gcd
from typing import TYPE_CHECKING

from scanner.config.model import IssuerEntry, by_identifier
from scanner.evidence.model import Jwk, JwkSet, Octets
from scanner.record import changed
from scanner.subjects.model import Endpoint, Issuer, PublishedMetadata, PublishedSet, Subject

if TYPE_CHECKING:
    from scanner.evidence.model import IssuerMetadata

# summaries of more keys than this are not kept: what needs all of them is then undetermined
_MOST_KEYS = 200_000
# keys of a lone set that are compared: no issuer has more, and a hook must not compute for long
_MOST_ALONE = 100
_KEPT = frozenset({"kid", "kty", "alg", "use", "crv"})
_VALUES = frozenset({"n", "e", "x", "y", "pub"})


class PublishedTally:
    """Keeps the summaries. `notes` are what the configuration says of issuers."""

    def __init__(self, notes: Sequence[IssuerEntry] = ()) -> None:
        declared = self._notes = by_identifier(notes)
        self._kinds = {issuer: note.kind for issuer, note in declared.items() if note.kind is not None}
        self._owners = {issuer: note.owner for issuer, note in declared.items() if note.owner is not None}
        self._aliases = {issuer: note.issuer for issuer, note in declared.items() if issuer != note.issuer}
        self._sets: list[PublishedSet] = []
        self._metadata: list[PublishedMetadata] = []
        self._keys = 0

    def declared(self, subjects: Iterable[Subject]) -> Iterator[Subject]:
        """The subjects, issuers with the kind and identifiers that the configuration gives them, endpoints with all it says."""
        for subject in subjects:
            if isinstance(subject.about, Endpoint):
                note = self._notes.get(subject.visit)
                yield changed(subject, about=changed(subject.about, note=note)) if note is not None else subject
            elif self._notes and isinstance(subject.about, Issuer):
                yield changed(subject, about=self._declared(subject.about, subject.visit))
            else:
                yield subject

    def _declared(self, issuer: Issuer, visit: str) -> Issuer:
        kind = self._kinds.get(str(issuer.metadata.members.get("issuer")))
        note = self._notes.get(visit)
        return changed(issuer, declared_kind=kind, identifiers=tuple(note.identifiers) if note is not None else ())

    def note(self, subject: Subject) -> None:
        """Keep the summary of a published set or of a server's metadata."""
        about = subject.about
        if isinstance(about, JwkSet):
            if about.is_published and about.form in ("jwk-set", "spiffe-bundle"):
                self._keys += len(about.keys)
                if self._keys <= _MOST_KEYS:
                    self._sets.append(_set(about, subject))
        elif subject.unreached:
            return
        elif isinstance(about, Issuer) and about.metadata.kind in ("openid-provider", "authorization-server"):
            self._metadata.append(_metadata(about.metadata, subject))

    def subjects(self) -> Iterator[Subject]:
        """Issuers with their keys, in the order of paths; then the fleet, where there is more than one set or issuer, or where
        two keys of one set share a prime.
        """
        has_shared_prime = len(self._sets) == 1 and _has_shared_prime(self._sets[0])
        if not self._metadata and len(self._sets) < 2 and not has_shared_prime:
            return
        # a hook on one file of another kind needs none of this
        from scanner.subjects.joined_issuers import fleet, join

        metadata = sorted(self._metadata, key=lambda each: each.path)
        sets = sorted(self._sets, key=lambda each: each.path)
        issuers = tuple(join(metadata, sets))
        yield from issuers
        yield from fleet(
            metadata,
            sets,
            issuers,
            self._owners,
            self._aliases,
            is_complete=self._keys <= _MOST_KEYS,
            has_shared_prime=has_shared_prime,
        )


def _has_shared_prime(key_set: PublishedSet) -> bool:
    """Whether two moduli of the set have a common divisor. It costs microseconds, and most runs see one set."""
    found = (key.octets.get("n") for key in key_set.keys[:_MOST_ALONE])
    moduli = {int.from_bytes(n.data, "big") for n in found if isinstance(n, Octets)}
    product = 1
    for modulus in moduli:
        if gcd(product, modulus) > 1:
            return True
        product *= modulus or 1
    return False


def _set(jwk_set: JwkSet, subject: Subject) -> PublishedSet:
    place = subject.ref.place
    return PublishedSet(
        path=place.path,
        place=place,
        keys=tuple(map(_slim, jwk_set.keys)),
        places=tuple(subject.places.get(key.label, place) for key in jwk_set.keys),
        visit=subject.visit,
    )


def _slim(key: Jwk) -> Jwk:
    """The key without what only rules about the key itself ask for."""
    return Jwk(
        index=key.index,
        spot=key.spot,
        members=(),
        texts={name: value for name, value in key.texts.items() if name in _KEPT},
        octets={name: value for name, value in key.octets.items() if name in _VALUES},
        key_ops=key.key_ops,
        is_in_spiffe_bundle=key.is_in_spiffe_bundle,
        is_historical=key.is_historical,
    )


def _metadata(metadata: IssuerMetadata, subject: Subject) -> PublishedMetadata:
    members = {name: value for name, value in metadata.members.items() if isinstance(value, str | list)}
    return PublishedMetadata(subject.ref.place.path, metadata.kind, subject.ref.place, members, subject.places, subject.visit)
