"""Facts about a private key in a file together with its public keys in the same scan."""

from __future__ import annotations

from scanner.errors import Place
from scanner.facts import private_key
from scanner.facts.fact import Fact, fact
from scanner.subjects.model import KeyPair

_MOST = 5


@fact("key_pair.label")
def label(pair: KeyPair) -> str:
    """The form of the private key, with its `kid` or JWK Thumbprint."""
    return str(private_key.label.ask(pair.private))


@fact("key_pair.is_published")
def is_published(pair: KeyPair) -> bool:
    """Whether a published JWK Set contains the public half."""
    return bool(pair.published)


@fact("key_pair.is_trusted")
def is_trusted(pair: KeyPair) -> bool:
    """Whether a consumer's configuration contains the public half."""
    return bool(pair.trusted)


@fact("key_pair.public_places")
def public_places(pair: KeyPair) -> list[str]:
    """The first five places of the public half, as `path:line`; published ones come first."""
    return [_text(place) for place in (*pair.published, *pair.trusted)[:_MOST]]


def _text(place: Place) -> str:
    return place.path if place.line is None else f"{place.path}:{place.line}"


FACTS: tuple[Fact, ...] = (label, is_published, is_trusted, public_places)
