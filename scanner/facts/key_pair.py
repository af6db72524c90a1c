"""Facts about a private key in a file together with its public keys in the same scan."""

from __future__ import annotations

from scanner.errors import Place
from scanner.evidence.keys.test_paths import is_in_tests as is_test_path
from scanner.facts import private_key
from scanner.facts.fact import Fact, fact
from scanner.subjects.model import KeyPair

_MOST = 5
# with as many places of one sort, the join may have left out others (subjects/key_pairs.py)
_FEWER_THAN_ALL = 20


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


@fact("key_pair.is_in_tests")
def is_in_tests(pair: KeyPair) -> bool:
    """Whether the private half and every place of the public one are in tests or samples, by their paths."""
    private = pair.private
    is_private_in_tests = private.is_in_tests or (private.public is not None and private.public.is_in_tests)
    if not is_private_in_tests or _FEWER_THAN_ALL in (len(pair.published), len(pair.trusted)):
        return False
    return all(is_test_path(place.path) for place in (*pair.published, *pair.trusted))


FACTS: tuple[Fact, ...] = (label, is_published, is_trusted, public_places, is_in_tests)
