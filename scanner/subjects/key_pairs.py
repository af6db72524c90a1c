"""Private keys found in files, joined with the public keys of the same scan that they belong to (KEY-025)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from scanner.errors import Place
from scanner.evidence.model import Jwk, PrivateKey
from scanner.record import record
from scanner.subjects.model import KeyPair, Subject, SubjectRef

# places told of one key: a private half that stands in a hundred files is one leak
_MOST = 20

Found_ = TypeVar("Found_")


@record
class _Found:
    private: PrivateKey
    ref: SubjectRef


class KeyPairTally:
    """Keeps every private key and the place of every public key as they stream past. `identity` names a key by its public
    values, the same for every spelling.
    """

    def __init__(self, identity: Callable[[Jwk], str | None]) -> None:
        self._identity = identity
        self._private: dict[str, list[_Found]] = {}
        self._published: dict[str, list[Place]] = {}
        self._trusted: dict[str, list[Place]] = {}

    def note(self, subject: Subject) -> None:
        """Take note of the subject if it is a key."""
        about = subject.about
        if isinstance(about, PrivateKey) and about.public is not None:
            self._add(self._private, about.public, _Found(about, subject.ref))
        elif isinstance(about, Jwk) and about.private:
            # a whole pair in a key set: its own rules judge that; here it is the private half of what others publish
            self._add(self._private, about, _Found(PrivateKey("a private JWK", about.spot, public=about), subject.ref))
        elif isinstance(about, Jwk):
            self._add(self._published if about.is_published else self._trusted, about, subject.ref.place)

    def subjects(self) -> Iterator[Subject]:
        """Each private key that belongs to a public one, in the order in which they were found."""
        for identity, found in self._private.items():
            published, trusted = self._published.get(identity, []), self._trusted.get(identity, [])
            if published or trusted:
                for each in found:
                    pair = KeyPair(private=each.private, published=tuple(published), trusted=tuple(trusted))
                    yield Subject(SubjectRef("key_pair", _id(each.ref), each.ref.place), pair)

    def _add(self, places: dict[str, list[Found_]], key: Jwk, found: Found_) -> None:
        identity = self._identity(key)
        if identity is not None:
            known = places.setdefault(identity, [])
            if len(known) < _MOST:
                known.append(found)


def _id(ref: SubjectRef) -> str:
    return ref.id.replace(f"#{ref.kind}:", "#key_pair:", 1)
