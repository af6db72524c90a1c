"""The published documents of a run, for the subjects that several documents give: issuers with their keys, and the fleet.

Only summaries are kept: public values and labels.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator, Sequence
from itertools import islice
from math import gcd

from scanner.config.model import IssuerEntry
from scanner.evidence.model import IssuerMetadata, Jwk, JwkSet, Octets
from scanner.subjects.joined_issuers import join
from scanner.subjects.model import PublishedMetadata, PublishedSet, Subject

# keys beyond this number are not kept: rules that need all of them are then undetermined
_MOST_KEYS = 200_000
# how many keys of a single set are compared: no issuer has more, and a hook must not compute for long
_MOST_ALONE = 100
_KEPT = frozenset({"kid", "kty", "alg", "use", "crv"})
_VALUES = frozenset({"n", "e", "x", "y", "pub"})


class Join:
    """Keeps the summaries. `notes` are what the configuration says about issuers."""

    def __init__(self, notes: Sequence[IssuerEntry] = ()) -> None:
        self._notes = tuple(notes)
        self._sets: list[PublishedSet] = []
        self._metadata: list[PublishedMetadata] = []
        self._keys = 0
        self._is_complete = True

    def note(self, subject: Subject) -> None:
        """Keep the summary of a published set or of a server's metadata."""
        about = subject.about
        if subject.ref.kind == "key_set":
            if about.is_published and about.form in ("jwk-set", "spiffe-bundle"):
                self._add(_summarize_set(about, subject))
        elif not subject.unreached and about.metadata.kind in ("openid-provider", "authorization-server"):
            self._metadata.append(_summarize_metadata(about.metadata, subject))

    def _add(self, found: PublishedSet) -> None:
        """Keep the first sets in the order of paths, up to the limit, in any order of arrival."""
        insort(self._sets, found, key=_order_of)
        self._keys += len(found.keys)
        while self._keys > _MOST_KEYS:
            self._keys -= len(self._sets.pop().keys)
            self._is_complete = False

    def merge(self, other: Join) -> None:
        """Add the summaries of another part of the run."""
        self._is_complete = self._is_complete and other._is_complete
        for each in other._sets:
            self._add(each)
        self._metadata += other._metadata

    def subjects(self) -> Iterator[Subject]:
        """Issuers with their keys, in the order of paths; the fleet, where there is more than one set or issuer; and the keys
        that share something, of one set those with a common prime.
        """
        metadata = sorted(self._metadata, key=lambda each: each.path)
        issuers = tuple(join(metadata, self._sets))
        yield from issuers
        has_fleet = len(self._sets) > 1 or len({each.text("issuer") for each in metadata}) > 1
        if has_fleet or (len(self._sets) == 1 and _has_shared_prime(self._sets[0])):
            from scanner.subjects.fleet import compare  # a hook on one file needs none of this

            yield from compare(metadata, self._sets, issuers, self._notes, is_complete=self._is_complete, has_fleet=has_fleet)


def _order_of(found: PublishedSet) -> tuple[str, int, int]:
    return found.place.order


def _has_shared_prime(key_set: PublishedSet) -> bool:
    """Whether two moduli of the set have a common divisor. It costs microseconds, and most runs see one set."""
    found = (key.octets.get("n") for key in islice(key_set.keys, _MOST_ALONE))
    moduli = {int.from_bytes(n.data, "big") for n in found if isinstance(n, Octets)}
    product = 1
    for modulus in moduli:
        if gcd(product, modulus) > 1:
            return True
        product *= modulus or 1
    return False


def _summarize_set(jwk_set: JwkSet, subject: Subject) -> PublishedSet:
    place = subject.ref.place
    return PublishedSet(
        path=place.path,
        place=place,
        keys=tuple(map(_summarize_key, jwk_set.keys)),
        visit=subject.visit,
    )


def _summarize_key(key: Jwk) -> Jwk:
    """The key without the parts that only rules about the key itself need."""
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


def _summarize_metadata(metadata: IssuerMetadata, subject: Subject) -> PublishedMetadata:
    members = {name: value for name, value in metadata.members.items() if isinstance(value, str | list)}
    return PublishedMetadata(subject.ref.place.path, metadata.kind, subject.ref.place, members, subject.places, subject.visit)
