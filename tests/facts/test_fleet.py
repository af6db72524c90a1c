"""Whether the keys of a run could be compared."""

from __future__ import annotations

from scanner.errors import Place
from scanner.evidence.model import Jwk, Octets, Spot
from scanner.facts.fact import Unknown
from scanner.facts.fleet.keys import are_moduli_compared, are_repeated_keys_assigned
from scanner.subjects.model import Fleet, PublishedSet

KEY = Jwk(0, Spot(1, 1), (), {"kty": "RSA"}, {"n": Octets(b"\x0f"), "e": Octets(b"\3")})


def fleet(*paths: str, issuers: tuple[str, ...] = (), is_complete: bool = True, primes_unknown: str = "") -> Fleet:
    sets = tuple(PublishedSet(path, Place(path), (KEY,)) for path in paths)
    return Fleet(sets, (), {path: path for path in issuers}, {}, is_complete, primes_unknown)


class TestModuli:
    def test_are_compared_or_it_is_unknown_what_they_share(self) -> None:
        assert are_moduli_compared.ask(fleet("a", "b")) is True
        assert are_moduli_compared.ask(fleet("a", primes_unknown="gmpy2 is missing")) == Unknown("gmpy2 is missing")


class TestARepeatedKey:
    def test_is_assigned_where_its_issuers_are_known(self) -> None:
        assert are_repeated_keys_assigned.ask(fleet("a", "b", issuers=("a", "b"))) is True

    def test_is_not_assigned_in_two_documents_of_unknown_issuers(self) -> None:
        assert isinstance(are_repeated_keys_assigned.ask(fleet("a", "b")), Unknown)

    def test_is_unknown_of_an_incomplete_fleet(self) -> None:
        assert isinstance(are_repeated_keys_assigned.ask(fleet("a", issuers=("a",), is_complete=False)), Unknown)
