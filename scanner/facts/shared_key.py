"""Facts about a published key that shares something with others: only such keys are subjects of this kind.

Each of them was compared with all keys of the run, except where a fact says that it was not.
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.facts import key as key_facts
from scanner.facts.fact import Fact, Unknown, fact, readable
from scanner.redaction.text import cut
from scanner.subjects.model import OtherKey, OtherKeys, SharedKey

_LONGEST_LABEL = 60
_LONGEST_ISSUER = 100
_LONGEST_PATH = 200


@fact("shared_key.label")
def label(shared: SharedKey) -> str:
    """What people call the key: its `kid`, else its JWK Thumbprint, else its place in the set."""
    return str(key_facts.label.ask(shared.key))


@fact("shared_key.has_issuer")
def has_issuer(shared: SharedKey) -> bool:
    """Whether it is known which issuer publishes the key, so that it can be compared with the keys of other issuers."""
    return bool(shared.issuer)


@fact("shared_key.is_compared_with_all")
def is_compared_with_all(shared: SharedKey) -> bool:
    """Whether the run kept every key for comparison. If not, the others that are known are only some."""
    return shared.is_compared_with_all


@fact("shared_key.is_rsa", spec="RFC 7518 §6.3.1")
def is_rsa(shared: SharedKey) -> bool:
    """Whether the key is an RSA key with a readable modulus."""
    return shared.key.texts.get("kty") == "RSA" and "n" in shared.key.octets


@fact("shared_key.has_compared_primes")
def has_compared_primes(shared: SharedKey) -> bool:
    """Whether the key is an RSA key whose modulus was compared with all others."""
    return shared.has_compared_primes


@fact("shared_key.issuers_of_other_owners", spec="SP 800-57 Part 1 §5.3")
def issuers_of_other_owners(shared: SharedKey) -> list[str]:
    """The other issuers that publish the key, those of another owner first; empty where none is of another owner. An owner is
    declared, or apparent from the domain.
    """
    return list(_issuers(shared.at_other_owners))


@fact("shared_key.issuers_of_other_environments", spec="SP 800-57 Part 1 §5.3")
def issuers_of_other_environments(shared: SharedKey) -> list[str]:
    """The other issuers that publish the key, those of another environment first; empty where all of them are test issuers, by
    a word of their identifiers, or none of them is.
    """
    return list(_issuers(shared.in_other_environments))


@fact("shared_key.issuers_of_one_owner", spec="SP 800-57 Part 1 §5.3")
def issuers_of_one_owner(shared: SharedKey) -> list[str]:
    """The other issuers that publish the key, where all of them are of its own owner and environment."""
    return list(_issuers(shared.within_owner))


@fact("shared_key.issuers_with_its_kid", spec="RFC 7517 §4.5")
def issuers_with_its_kid(shared: SharedKey) -> list[str]:
    """The other issuers that publish a different key under its `kid`."""
    return list(_issuers(shared.under_same_kid))


@fact("shared_key.keys_with_its_prime", spec="Heninger et al., Mining your Ps and Qs")
def keys_with_its_prime(shared: SharedKey) -> list[str]:
    """The keys whose modulus shares a prime with its own: whoever computes the common divisor has both private keys. An even
    modulus and the like is left to the rules about the key.
    """
    return list(_keys(shared.with_same_prime))


@fact("shared_key.keys_that_begin_alike")
def keys_that_begin_alike(shared: SharedKey) -> list[str]:
    """The keys with a different modulus that begins with the same 64 bits, as those of one faulty or doctored generator do."""
    return list(_keys(shared.with_same_beginning))


def _issuers(others: OtherKeys) -> Iterator[str]:
    """`https://b.example.com (b/jwks.json)` for the first few, then how many more there are."""
    for each in others.first:
        yield f"{_bounded(each.issuer, _LONGEST_ISSUER)} ({_path(each)})"
    yield from _more(others)


def _keys(others: OtherKeys) -> Iterator[str]:
    """`b (b/jwks.json)` for the first few, then how many more there are."""
    for each in others.first:
        yield f"{_bounded(each.label, _LONGEST_LABEL)} ({_path(each)})"
    yield from _more(others)


def _more(others: OtherKeys) -> Iterator[str]:
    left = others.count - len(others.first)
    if left:
        yield f"{left} more" if others.first else "another key"


def _path(other: OtherKey) -> str:
    return _bounded(other.path, _LONGEST_PATH)


def _bounded(text: str, longest: int) -> str:
    """Text of a document, as long as a message bears."""
    if isinstance(readable(text), Unknown):
        return "an unreadable name"
    return cut(text, longest, end="…")


FACTS: tuple[Fact, ...] = (
    label,
    has_issuer,
    is_compared_with_all,
    is_rsa,
    has_compared_primes,
    issuers_of_other_owners,
    issuers_of_other_environments,
    issuers_of_one_owner,
    issuers_with_its_kid,
    keys_with_its_prime,
    keys_that_begin_alike,
)
