"""Private keys found in files, joined with the public keys of the same scan that they belong to (KEY-025)."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator, Sequence
from typing import TypeVar

from scanner.config.model import IssuerEntry
from scanner.errors import Place
from scanner.evidence.keys.thumbprint import thumbprint
from scanner.evidence.model import Jwk, PrivateKey
from scanner.record import record
from scanner.subjects.model import KeyPair, Subject, SubjectRef

# how many places of one key are reported: a private half in a hundred files is one leak
_MOST = 20


@record
class _Found:
    private: PrivateKey
    ref: SubjectRef

    @property
    def order(self) -> tuple[str, int, int]:
        """The order of its place."""
        return self.ref.place.order


Item = TypeVar("Item", Place, _Found)


class Join:
    """Keeps every private key and the place of every public key. The JWK Thumbprint identifies a key in any spelling. Of many
    places the first in the order of reports are kept, in any order of arrival.
    """

    def __init__(self, _: Sequence[IssuerEntry] = ()) -> None:
        self._private: dict[str, list[_Found]] = {}
        self._published: dict[str, list[Place]] = {}
        self._trusted: dict[str, list[Place]] = {}

    def note(self, subject: Subject) -> None:
        """Record a key or a private key."""
        about = subject.about
        if isinstance(about, PrivateKey):
            if about.public is not None:
                self._add_private(about.public, _Found(about, subject.ref))
        elif about.private:
            # a private key in a JWK Set: rules about keys judge that; here it is the private half of a key published elsewhere
            self._add_private(about, _Found(PrivateKey("a private JWK", about.spot, public=about), subject.ref))
        elif (identity := thumbprint(about)) is not None:
            _keep(self._published if about.is_published else self._trusted, identity, subject.ref.place)

    def _add_private(self, public: Jwk, found: _Found) -> None:
        if (identity := thumbprint(public)) is not None:
            _keep(self._private, identity, found)

    def merge(self, other: Join) -> None:
        """Add the keys that another part of the run found."""
        for identity, found in other._private.items():
            for each in found:
                _keep(self._private, identity, each)
        for mine, theirs in ((self._published, other._published), (self._trusted, other._trusted)):
            for identity, places in theirs.items():
                for place in places:
                    _keep(mine, identity, place)

    def subjects(self) -> Iterator[Subject]:
        """Each private key that belongs to a public one."""
        for identity, found in self._private.items():
            published, trusted = self._published.get(identity, []), self._trusted.get(identity, [])
            if published or trusted:
                for each in found:
                    pair = KeyPair(private=each.private, published=tuple(published), trusted=tuple(trusted))
                    yield Subject(SubjectRef("key_pair", _id(each.ref), each.ref.place), pair)


def _keep(places: dict[str, list[Item]], identity: str, found: Item) -> None:
    known = places.setdefault(identity, [])
    insort(known, found, key=lambda each: each.order)
    del known[_MOST:]


def _id(ref: SubjectRef) -> str:
    return ref.id.replace(f"#{ref.kind}:", "#key_pair:", 1)
