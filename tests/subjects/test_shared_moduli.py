"""Primes that keys share, and moduli that begin alike: each key is told by itself and names the others."""

from __future__ import annotations

import random
from math import gcd

import pytest

from scanner.record import changed
from scanner.subjects.model import Fleet
from scanner.subjects.sharing.batch_gcd import MOST
from scanner.subjects.sharing.moduli import find_same_moduli
from scanner.subjects.sharing.published_keys import PublishedKey
from tests.subjects.published_keys import ONE, OTHER, P, Q, R, S, compared, folder, key, shared


class TestAPrime:
    def test_is_told_at_each_key_of_any_document(self) -> None:
        found = shared(folder(ONE, key(P * Q, kid="a")), folder(ONE, key(P * R, kid="b"), name="copy"))
        assert [[each.label for each in subject.about.with_same_prime.first] for subject in found] == [["b"], ["a"]]

    def test_names_for_each_key_those_that_share_with_it(self) -> None:
        moduli = {"a": P * Q, "b": P * R, "c": Q * S, "d": 101 * 103}
        found = shared(folder(ONE, *(key(modulus, kid=kid) for kid, modulus in moduli.items())))
        named = {each.about.key.label: {other.label for other in each.about.with_same_prime.first} for each in found}
        assert named == {"a": {"b", "c"}, "b": {"a"}, "c": {"a"}}

    def test_is_no_small_factor(self) -> None:
        """A modulus that 3 divides is broken alone; it shares no prime of an honest key."""
        assert shared(folder(ONE, key(15)), folder(OTHER, key(21))) == []

    def test_is_not_looked_for_in_an_incomplete_run(self) -> None:
        fleet, *found = compared(folder(ONE, key(P * Q)), folder(OTHER, key(P * R)), is_complete=False)
        assert isinstance(fleet.about, Fleet)
        assert fleet.about.primes_unknown
        assert found == []

    def test_stays_unknown_where_there_are_too_many_moduli(self) -> None:
        first = PublishedKey(key(15), "a", "", None, 15)
        keys = [changed(first, modulus=2 * number + 3) for number in range(MOST + 1)]
        assert "more than" in find_same_moduli(keys, is_complete=True).unknown

    def test_is_found_in_every_one_of_very_many_weak_keys(self) -> None:
        """Then the two primes of one key are not looked for apart."""
        chance = random.Random(1)
        moduli = {P * (chance.getrandbits(90) | 1 << 90 | 1) for _ in range(250)} | {Q * R, Q * S, R * S}
        keys = [PublishedKey(key(15), "a", "", None, modulus) for modulus in sorted(moduli)]
        found = find_same_moduli(keys, is_complete=True).with_prime
        assert set(found) == moduli
        assert all(each.count for each in found.values())

    @pytest.mark.parametrize("seed", range(3))
    def test_is_what_comparing_each_pair_finds(self, seed: int) -> None:
        chance = random.Random(seed)
        primes = (P, Q, R, S, 2**81 + 17, 2**81 + 57)
        moduli = {chance.choice(primes) * chance.choice(primes) for _ in range(8)}
        keys = [PublishedKey(key(15), "a", "", None, modulus) for modulus in sorted(moduli)]
        found = find_same_moduli(keys, is_complete=True).with_prime
        pairs = {one: sum(gcd(one, other) > 1 for other in moduli if other != one) for one in moduli if one % 2}
        assert {one: others.count for one, others in found.items()} == {one: count for one, count in pairs.items() if count}


class TestTheBeginning:
    def test_of_two_moduli_is_told_at_each(self) -> None:
        start = 0xABCDEF0123456789 << 536
        keys = [PublishedKey(key(15, kid=str(at)), "a", "", None, start + at) for at in (1, 3)]
        found = find_same_moduli(keys, is_complete=True).with_prefix
        assert [[other.label for other in found[start + at].first] for at in (1, 3)] == [["3"], ["1"]]
