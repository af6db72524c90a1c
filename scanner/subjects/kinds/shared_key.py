"""A published key that shares its values, its kid, a prime or the beginning of its modulus with others."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.evidence.keys.thumbprint import thumbprint
from scanner.record import record
from scanner.subjects.kinds import WaiverNames
from scanner.subjects.model import OtherKeys, SharedKey, Subject


@record(slots=True)
class OtherKeyRow:
    """Another key. `issuer`: null where it is not known."""

    kid: str
    issuer: str | None
    path: str


@record(slots=True)
class ShareRow:
    """`kind`: what the keys share: their values across owners, across environments or within one owner, the `kid`, a `prime` or
    the `beginning` of the modulus. `size`: how many other keys there are, `first`: a few of them.
    """

    kind: str
    size: int
    first: tuple[OtherKeyRow, ...]


@record(slots=True)
class SharedKeyRow:
    """`issuer`: whose the key is, null where that is not known."""

    id: str
    path: str
    line: int | None
    column: int | None
    issuer: str | None
    kid: str | None
    kty: str | None
    shares: tuple[ShareRow, ...]


Row = SharedKeyRow


def make_row(subject: Subject) -> SharedKeyRow:
    """The key as a report lists it."""
    shared: SharedKey = subject.about
    place, texts = subject.ref.place, shared.key.texts
    head = (subject.ref.id, place.path, place.line, place.column)
    return SharedKeyRow(*head, shared.issuer or None, texts.get("kid"), texts.get("kty"), tuple(_shares(shared)))


def _shares(shared: SharedKey) -> Iterator[ShareRow]:
    kinds: dict[str, OtherKeys] = {
        "across-owners": shared.at_other_owners,
        "across-environments": shared.in_other_environments,
        "within-owner": shared.within_owner,
        "kid": shared.under_same_kid,
        "prime": shared.with_same_prime,
        "beginning": shared.with_same_beginning,
    }
    for kind, others in kinds.items():
        if others.count:
            first = tuple(OtherKeyRow(each.label, each.issuer or None, each.path) for each in others.first)
            yield ShareRow(kind, others.count, first)


def identify(subject: Subject) -> tuple[str, ...]:
    """The key's JWK Thumbprint, or what it calls itself where there is none, and its issuer."""
    shared: SharedKey = subject.about
    texts, found = shared.key.texts, thumbprint(shared.key)
    named = (found,) if found is not None else (texts.get("kty", ""), texts.get("kid", ""))
    return shared.issuer, *named


def find_waiver_names(subject: Subject) -> WaiverNames:
    """The kid, all that its issuer is called, and the issuer for whom it was fetched."""
    shared: SharedKey = subject.about
    names = dict.fromkeys(name for name in (*shared.identifiers, subject.visit) if name)
    return WaiverNames(tuple(names), shared.key.texts.get("kid"))
