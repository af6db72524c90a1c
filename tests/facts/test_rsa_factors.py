"""Moduli that give themselves away, and sound ones that must not."""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from scanner.facts.numbers import rsa_factors, rsa_patterns, rsa_smooth

RANDOM = random.Random(7)


def prime_near(n: int) -> int:
    n |= 1
    while any(pow(base, n - 1, n) != 1 for base in (2, 3, 5)):
        n += 2
    return n


P = prime_near(RANDOM.getrandbits(256) | 3 << 254)


class TestSoundModuli:
    def test_pass_every_test(self) -> None:
        """What real generators make is never flagged."""
        for _ in range(12):
            n = rsa.generate_private_key(65537, 1024).public_key().public_numbers().n
            assert rsa_factors.smallest_factor(n) is None
            assert not rsa_factors.is_perfect_power(n)
            assert not rsa_factors.has_close_primes(n)
            assert not rsa_factors.has_related_primes(n)
            assert not rsa_factors.has_equal_ends(n)
            assert not rsa_patterns.has_patterned_primes(n)
            assert not rsa_patterns.has_chosen_difference(n)
            assert not rsa_factors.is_roca(n)
            assert not rsa_factors.is_prime(n)
            assert not rsa_factors.has_repeated_block(n)


class TestInALongRun:
    """From some dozens of moduli on GMP does the long divisions, where it is installed; never with another answer."""

    @pytest.fixture(autouse=True)
    def long(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(rsa_factors._RUN, "moduli", 10_000)

    def test_the_answers_are_the_same(self) -> None:
        near = prime_near(P + 2 + math.isqrt(8 * 5134 * P))
        assert rsa_factors._RUN.is_long
        assert rsa_factors.smallest_factor(P * 65521) == 65521
        assert rsa_factors.smallest_factor(P * near) is None
        assert rsa_factors.has_close_primes(P * near)


class TestPerfectPowers:
    def test_their_neighbours_are_none(self) -> None:
        assert not any(rsa_factors.is_perfect_power(P**k + 2) for k in (2, 3, 5, 7))


class TestWithoutGmpy2:
    """gmpy2 makes tests faster, never different."""

    @pytest.fixture(autouse=True)
    def absent(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        cached = (rsa_factors._primorial, rsa_factors._mask, rsa_factors._all_rounds)
        monkeypatch.setitem(sys.modules, "gmpy2", None)
        monkeypatch.setattr(rsa_factors._RUN, "moduli", 10_000)
        for each in cached:
            each.cache_clear()
        yield
        for each in cached:
            each.cache_clear()

    def test_the_answers_are_the_same(self) -> None:
        near, far = prime_near(P + 2 + math.isqrt(8 * 5134 * P)), prime_near(P + math.isqrt(8 * 150_000 * P))
        assert type(rsa_factors._primorial(is_long_run=True)) is int
        assert rsa_factors.smallest_factor(P * 65521) == 65521
        assert rsa_factors.smallest_factor(P * near) is None
        assert rsa_factors.has_close_primes(P * near)
        assert not rsa_factors.has_close_primes(P * far)


class TestSmallestFactor:
    @pytest.mark.parametrize("factor", [2, 3, 65521, 65537])
    def test_is_found_up_to_65537(self, factor: int) -> None:
        assert rsa_factors.smallest_factor(P * factor) == factor

    def test_of_a_small_prime_is_itself(self) -> None:
        assert [rsa_factors.smallest_factor(n) for n in (15, 65537, 65539)] == [3, 65537, None]


class TestFermat:
    @pytest.mark.parametrize("rounds", [0, 1, 50, 5134, 100_000, 131_000])
    def test_finds_primes_within_its_rounds(self, rounds: int) -> None:
        """badkeys stops at 100 rounds, Google's paranoid at 100,000."""
        q = prime_near(P + 2 + math.isqrt(8 * rounds * P))
        assert (P + q) // 2 - math.isqrt(P * q) < 131_072
        assert rsa_factors.has_close_primes(P * q)

    def test_stops_at_its_last_round(self) -> None:
        q = prime_near(P + math.isqrt(8 * 150_000 * P))
        assert not rsa_factors.has_close_primes(P * q)

    def test_agrees_with_the_plain_method(self) -> None:
        """The sieve skips no candidate: small numbers, every round tried."""
        for _ in range(300):
            n = RANDOM.getrandbits(60) | 1
            start = math.isqrt(n - 1) + 1
            plain = any(math.isqrt(x) ** 2 == x for i in range(2000) for x in ((start + i) ** 2 - n,))
            assert rsa_factors.has_close_primes(n) or not plain


class TestRelatedPrimes:
    @pytest.mark.parametrize(("u", "v"), [(3, 2), (4, 3), (5, 4), (7, 4), (2, 1)])
    def test_in_a_simple_ratio_are_found(self, u: int, v: int) -> None:
        assert rsa_factors.has_related_primes(P * prime_near(P * u // v))

    @pytest.mark.parametrize(("high", "low"), [(120, 90), (60, 160), (16, 200), (64, 64), (4, 126)])
    def test_that_agree_at_both_ends_are_found(self, high: int, low: int) -> None:
        q = P
        while q == P or any(pow(base, q - 1, q) != 1 for base in (2, 3)):
            middle = RANDOM.getrandbits(256 - high - low) << low
            q = (P >> (256 - high) << (256 - high)) | middle | P & ((1 << low) - 1)
        assert rsa_factors.has_equal_ends(P * q)


class TestPatterns:
    @pytest.mark.parametrize("bits", [1, 2, 7, 20, 24])
    def test_that_both_primes_repeat_are_found(self, bits: int) -> None:
        ones = (1 << 512) // ((1 << bits) - 1)
        one, other = (prime_near(ones * (RANDOM.getrandbits(bits) | 1 << bits - 1) | 1) for _ in range(2))
        assert rsa_patterns.has_patterned_primes(one * other) or one == other

    @pytest.mark.parametrize("less", [2, 3, 100, 101, 128, 160, 256])
    def test_of_a_difference_that_a_program_chose_are_found(self, less: int) -> None:
        p = prime_near(RANDOM.getrandbits(512) | 5 << 509)
        assert rsa_patterns.has_chosen_difference(p * prime_near(p + (1 << 512 - less)))


class TestPrimes:
    @pytest.mark.parametrize("size", [127, 521, 1279, 2203, 3217, 4253])
    def test_of_every_size_are_found(self, size: int) -> None:
        """Mersenne's primes, and their neighbours that are none. OpenSSL takes those of up to 3072 bits."""
        assert rsa_factors.is_prime((1 << size) - 1)
        assert not rsa_factors.is_prime((1 << size) - 3)

    def test_of_one_bit_and_two_are_judged_too(self) -> None:
        assert [n for n in range(20) if rsa_factors.is_prime(n)] == [2, 3, 5, 7, 11, 13, 17, 19]


class TestPowers:
    @pytest.mark.parametrize("power", [2, 3, 4, 5, 7, 13])
    def test_are_found(self, power: int) -> None:
        assert rsa_factors.is_perfect_power(prime_near(1 << 90) ** power)


class TestWiener:
    def test_finds_a_short_private_exponent_and_no_other(self) -> None:
        q = prime_near(RANDOM.getrandbits(256) | 3 << 254)
        n, phi = P * q, (P - 1) * (q - 1)
        short = next(d for d in range((1 << 100) | 1, 1 << 101, 2) if math.gcd(d, phi) == 1)
        long = next(d for d in range((1 << 400) | 1, 1 << 401, 2) if math.gcd(d, phi) == 1)
        assert rsa_factors.has_small_private_exponent(n, pow(short, -1, phi))
        assert not rsa_factors.has_small_private_exponent(n, pow(long, -1, phi))


class TestSmoothPrimes:
    """Pollard's p−1 method, with every prime power up to 2^20."""

    def test_are_found(self) -> None:
        gmpy2 = pytest.importorskip("gmpy2", reason="gmpy2: no wheel for this platform")
        powers = 2**20 * 3**12 * 1_048_573
        smooth = next(p for k in range(5, 4000, 6) if gmpy2.is_prime(p := powers * k + 1))
        assert rsa_smooth.has_smooth_prime(int(smooth) * (2**127 - 1))

    def test_are_not_seen_where_one_factor_is_larger(self) -> None:
        gmpy2 = pytest.importorskip("gmpy2", reason="gmpy2: no wheel for this platform")
        larger = next(p for k in range(2, 4000, 2) if gmpy2.is_prime(p := 1_048_583 * k + 1))
        other = next(p for k in range(2, 4000, 2) if gmpy2.is_prime(p := 2_097_169 * k + 1))
        assert not rsa_smooth.has_smooth_prime(int(larger) * int(other))
