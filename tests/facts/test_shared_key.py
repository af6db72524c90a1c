"""How the others are named that a key shares something with."""

from __future__ import annotations

from scanner.evidence.model import Jwk, Spot
from scanner.facts.shared_key import issuers_of_one_owner, keys_with_its_prime
from scanner.subjects.model import OtherKey, OtherKeys, SharedKey

KEY = Jwk(0, Spot(1, 1), (), {"kty": "RSA", "kid": "a"}, {})


def issuers(count: int, *others: OtherKey) -> object:
    return issuers_of_one_owner.ask(SharedKey(key=KEY, within_owner=OtherKeys(others, count)))


class TestTheOthers:
    def test_are_named_with_their_documents(self) -> None:
        assert issuers(1, OtherKey("k", "https://b.example.com", "b/jwks.json")) == ["https://b.example.com (b/jwks.json)"]

    def test_are_counted_beyond_the_first(self) -> None:
        assert issuers(40, OtherKey("k", "https://b.example.com", "b.json")) == ["https://b.example.com (b.json)", "39 more"]

    def test_are_none_where_there_is_none(self) -> None:
        assert issuers(0) == []

    def test_are_told_without_a_name_where_none_is_known(self) -> None:
        """A rule asks whether there is any."""
        shared = SharedKey(key=KEY, with_same_prime=OtherKeys((), 1))
        assert keys_with_its_prime.ask(shared) == ["another key"]

    def test_have_names_of_bounded_length_that_can_be_shown(self) -> None:
        shared = SharedKey(
            key=KEY, with_same_prime=OtherKeys((OtherKey("k" * 5000, "", "p" * 5000), OtherKey("\0", "", "p")), 2)
        )
        found = keys_with_its_prime.ask(shared)
        assert isinstance(found, list)
        first, second = found
        assert len(str(first)) < 300
        assert second == "an unreadable name (p)"
