"""Whose a key is that several issuers publish."""

from __future__ import annotations

from collections.abc import Mapping

from scanner.errors import Place
from scanner.evidence.model import Jwk, Octets, Spot
from scanner.facts.fact import Unknown
from scanner.facts.fleet import moduli as fleet_moduli
from scanner.facts.fleet.keys import keys_across_owners, keys_within_owner
from scanner.subjects.model import Fleet, PublishedSet

ONE, OTHER, THIRD = "https://login.example.co.uk", "https://sso.example.co.uk", "https://login.another.co.uk"


def key(number: int) -> Jwk:
    return Jwk(0, Spot(1, 1), (), {"kty": "RSA", "kid": f"k{number}"}, {"n": Octets(bytes([number])), "e": Octets(b"\3")})


def fleet(issuers: Mapping[str, tuple[int, ...]], owners: dict[str, str] | None = None, *, is_complete: bool = True) -> Fleet:
    sets = [
        PublishedSet(issuer, Place(issuer), tuple(map(key, numbers)), (Place(issuer),) * len(numbers))
        for issuer, numbers in issuers.items()
    ]
    return Fleet(tuple(sets), (), {issuer: issuer for issuer in issuers}, owners or {}, is_complete=is_complete)


class TestOneOwner:
    def test_is_apparent_from_a_domain_under_a_second_level(self) -> None:
        """`co.uk` is nobody's, `example.co.uk` is."""
        shared = fleet({ONE: (3, 5), OTHER: (3, 7)})
        assert (keys_across_owners.ask(shared), len(_texts(keys_within_owner.ask(shared)))) == ([], 1)
        assert len(_texts(keys_across_owners.ask(fleet({ONE: (3, 5), THIRD: (3, 7)})))) == 1

    def test_is_what_the_configuration_declares(self) -> None:
        issuers = {ONE: (3, 5), THIRD: (3, 7)}
        assert keys_across_owners.ask(fleet(issuers, {ONE: "identity", THIRD: "identity"})) == []

    def test_is_not_when_the_configuration_declares_two(self) -> None:
        issuers = {ONE: (3, 5), OTHER: (3, 7)}
        assert len(_texts(keys_across_owners.ask(fleet(issuers, {ONE: "identity", OTHER: "shop"})))) == 1


class TestSharedPrimes:
    def test_of_an_incomplete_fleet_are_unknown(self) -> None:
        found = fleet_moduli.keys_with_shared_prime.ask(fleet({ONE: (15,), OTHER: (21,)}, is_complete=False))
        assert isinstance(found, Unknown)

    def test_leave_small_factors_to_the_rules_about_the_key(self) -> None:
        """A modulus that 3 divides is broken alone; it shares no prime of an honest key."""
        assert fleet_moduli.keys_with_shared_prime.ask(fleet({ONE: (15,), OTHER: (21,)})) == []


def _texts(answer: object) -> list[str]:
    assert isinstance(answer, list)
    return answer
