"""Primes that moduli share, found for all at once."""

from __future__ import annotations

import secrets
from math import gcd

import pytest

from scanner.subjects.sharing.batch_gcd import MOST, TooMany, shared_factors


class TestSharedFactors:
    def test_are_found_for_both_sides(self) -> None:
        assert shared_factors([101 * 103, 107 * 109, 103 * 113]) == {0: 103, 2: 103}

    def test_of_one_modulus_or_none_are_none(self) -> None:
        assert shared_factors([]) == {}
        assert shared_factors([101 * 103]) == {}

    def test_of_a_modulus_that_shares_both_primes_are_the_whole(self) -> None:
        assert shared_factors([101 * 103, 101 * 107, 103 * 107])[0] == 101 * 103

    @pytest.mark.parametrize("count", [2, 3, 7, 64, 100])
    def test_are_what_comparing_each_pair_finds(self, count: int) -> None:
        """Whatever the shape of the tree."""
        moduli = list({secrets.randbits(40) | 1 for _ in range(count)})
        expected = {at for at, one in enumerate(moduli) if any(gcd(one, other) > 1 for other in moduli if other != one)}
        assert set(shared_factors(moduli)) == expected

    def test_of_too_many_are_refused_with_a_reason(self) -> None:
        with pytest.raises(TooMany, match="the most that are compared"):
            shared_factors([3] * (MOST + 1))
