"""Tests for weak RSA moduli: each is a function of the number with a bounded number of steps.

A sound modulus takes all steps of every test, so they are cheap: one division by the product of all small primes; Fermat's
method as a sieve, which tests 2^17 candidates with a few operations on bit masks. Only the primality test is expensive. With
gmpy2 GMP computes with the long numbers; the answers are the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import islice
from math import gcd, isqrt, prod

SMALL = 65537
# OpenSSL takes an exponent of more than 64 bits up to this size of modulus (OPENSSL_RSA_SMALL_MODULUS_BITS)
_LARGEST_OPENSSL = 3072
# importing gmpy2 takes about 20 ms; it saves a third of a millisecond for each modulus
_WORTH_GMP = 64
_SQUARES_64 = frozenset(x * x & 63 for x in range(64))
# two products of small primes: one look-up asks several
_SQUARES_1155 = frozenset(x * x % 1155 for x in range(1155))
_SQUARES_221 = frozenset(x * x % 221 for x in range(221))
_SEVERAL = 1155 * 221
_ROUNDS = 1 << 17
_BYTES = _ROUNDS // 8
# how many of the 2^17 candidates survive: one in 2^19, since half of all residues are squares
_SIEVE = (64, 63, 65, 11, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61)
# ratios p : q of primes of one size, with the multiplier 4·u·v that makes them close (Lehman)
_RATIOS = tuple((u, v) for v in range(1, 5) for u in range(v + 1, 2 * v + 1) if gcd(u, v) == 1)
_RATIO_ROUNDS = 2


def smallest_factor(n: int) -> int | None:
    """The smallest prime factor up to 65537, or None; a prime that small is its own factor."""
    if not n & 1:
        return 2
    _RUN.moduli += 1
    common = gcd(int(_primorial(is_long_run=_RUN.is_long) % n), n) if n > SMALL else n
    return next((p for p in _primes() if common % p == 0), None) if common > 1 else None


@cache
def _primes() -> tuple[int, ...]:
    """The odd primes up to 65537."""
    is_prime = bytearray([1]) * (SMALL + 1)
    for p in range(3, isqrt(SMALL) + 1, 2):
        if is_prime[p]:
            is_prime[p * p :: 2 * p] = bytes(len(range(p * p, SMALL + 1, 2 * p)))
    return tuple(p for p in range(3, SMALL + 1, 2) if is_prime[p])


@lru_cache(maxsize=2)
def _primorial(*, is_long_run: bool) -> int:
    """Their product, 94,042 bits, multiplied in pieces of similar size."""
    factors = list(_primes())
    while len(factors) > 1:
        factors = [prod(factors[at : at + 8]) for at in range(0, len(factors), 8)]
    return _long(factors[0], is_long_run=is_long_run)


class _Run:
    """Counts the tested moduli: loading GMP takes as long as it saves with some dozens of them."""

    def __init__(self) -> None:
        self.moduli = 0

    @property
    def is_long(self) -> bool:
        return self.moduli > _WORTH_GMP


_RUN = _Run()


def _long(n: int, *, is_long_run: bool) -> int:
    """A large number; in a long run a GMP number if gmpy2 is installed: it divides and masks several times as fast."""
    return _gmp(n) if is_long_run else n


def _gmp(n: int) -> int:
    """A GMP number, if gmpy2 is installed."""
    try:
        from gmpy2 import mpz
    except ImportError:  # a platform without a wheel
        return n
    made: int = mpz(n)
    return made


def is_square(n: int) -> bool:
    """Whether n is a perfect square. Of other numbers one in six passes the test of the last bits, and one in fifty of these
    the test of the remainder.
    """
    if n < 0 or n & 63 not in _SQUARES_64:
        return False
    # the number may be large; its remainder is small
    return _may_be_square(n % _SEVERAL) and isqrt(n) ** 2 == n


def _may_be_square(n: int) -> bool:
    """Whether n is a square modulo each of six small primes: one number in fifty is."""
    return n % 1155 in _SQUARES_1155 and n % 221 in _SQUARES_221


def is_perfect_power(n: int) -> bool:
    """Whether n = m^k for some k ≥ 2 and m > 65537."""
    if is_square(n):
        return True
    rest = n % _witness_product()
    return any(
        _may_be_power(rest, k, r) and _may_be_power(rest, k, s) and 16 * k < n.bit_length() and _root(n, k) ** k == n
        for k, r, s in _power_witnesses()
    )


def _may_be_power(rest: int, k: int, r: int) -> bool:
    """Whether a number is a k-th power modulo the prime r ≡ 1 (mod k), by Euler's criterion: one residue in k is one."""
    return pow(rest, (r - 1) // k, r) <= 1


@cache
def _power_witnesses() -> tuple[tuple[int, int, int], ...]:
    """Thirty odd primes k, each with two primes r ≡ 1 (mod k)."""
    primes = frozenset(_primes())
    found = []
    for k in _primes()[:30]:
        first, second = islice((r for r in range(2 * k + 1, SMALL, 2 * k) if r in primes), 2)
        found.append((k, first, second))
    return tuple(found)


@cache
def _witness_product() -> int:
    return prod({r for _, *witnesses in _power_witnesses() for r in witnesses})


def _root(n: int, k: int) -> int:
    """The integer k-th root, by Newton's method from above."""
    x = 1 << -(-n.bit_length() // k)
    while True:
        y = ((k - 1) * x + n // x ** (k - 1)) // k
        if y >= x:
            return x
        x = y


def has_close_primes(n: int) -> bool:
    """Fermat's method, 131,072 rounds (CVE-2022-26320): whether a² − n is a square for one of the next 131,072 a from √n on.

    For each small modulus a mask gives the a for which a² − n is a square modulo it; candidates that pass all masks are tried.
    """
    start = isqrt(n - 1) + 1
    candidates = -1
    for m in _SIEVE:
        candidates &= _mask(m, n % m, is_long_run=_RUN.is_long) >> start % m
    candidates &= _all_rounds(is_long_run=_RUN.is_long)
    while candidates:
        at = (candidates & -candidates).bit_length() - 1
        if is_square((start + at) ** 2 - n):
            return True
        candidates &= candidates - 1
    return False


@lru_cache(maxsize=2)
def _all_rounds(*, is_long_run: bool) -> int:
    return _long((1 << _ROUNDS) - 1, is_long_run=is_long_run)


@lru_cache(maxsize=1024)
def _mask(m: int, residue: int, *, is_long_run: bool) -> int:
    """Bit i is set where i² − residue is a square modulo m; 2^17 bits and one period more, for the shift."""
    squares = {x * x % m for x in range(m)}
    once = sum(1 << i for i in range(m) if (i * i - residue) % m in squares)
    period = sum(once << at for at in range(0, 8 * m, m))  # whole bytes
    return _long(int.from_bytes(period.to_bytes(m, "little") * (_BYTES // m + 2), "little"), is_long_run=is_long_run)


def has_related_primes(n: int) -> bool:
    """Lehman's multipliers: whether p/q is very close to a fraction u/v with v ≤ 4, as where q follows 3p/2."""
    for u, v in _RATIOS:
        scaled = 4 * u * v * n
        a = isqrt(scaled - 1) + 1
        if any(is_square((a + i) ** 2 - scaled) for i in range(_RATIO_ROUNDS)):
            return True
    return False


def has_equal_ends(n: int) -> bool:
    """Whether p and q agree in their first r and their last m bits, r + m half of a prime or more.

    From p ≡ q (mod 2^m) follows that n is the square of a = (p + q)/2 modulo 2^(2m-2), so a is known there up to four roots. It
    exceeds √n by less than 2^(half-2r-3). So the first number above √n with one of these remainders is a.
    """
    if n & 7 != 1:  # p ≡ q (mod 8) makes n a square modulo 8
        return False
    half = (n.bit_length() + 1) // 2
    low = isqrt(n - 1) + 1
    top = half + half % 2
    root = _root_of_two_powers(n, half + 2)
    rest, low_rest = n % _SEVERAL, low % _SEVERAL
    for each in (root, -root):
        above = (each - low) % (1 << top)
        # the last bits of a − low modulo small primes, two bits more each round, so that no long number is divided
        rest_above, half_step = low_rest + (above & 63), 32
        for step_bits, pair in enumerate(_pairs_of_bits(above >> 6, top - 6)):
            rest_above = (rest_above + 2 * half_step * pair) % _SEVERAL
            half_step = 4 * half_step % _SEVERAL
            # the other root is half a step away
            other = rest_above - half_step if pair & 2 else rest_above + half_step
            for small, away in ((rest_above, 0), (other, 1)):
                if _may_be_square(small * small - rest):  # the last bits are those of a square already
                    half_bits = 2 * step_bits + 7
                    a = low + ((above ^ away << half_bits) & (2 << half_bits) - 1)
                    if is_square(a * a - n):
                        return True
    return False


def _pairs_of_bits(number: int, bits: int) -> Iterator[int]:
    """The bits of a number in twos, the last first."""
    for byte in number.to_bytes((bits + 7) // 8, "little"):
        yield from (byte & 3, byte >> 2 & 3, byte >> 4 & 3, byte >> 6)


def _root_of_two_powers(n: int, bits: int) -> int:
    """A square root of n ≡ 1 (mod 8) modulo 2^bits, by Newton's method on 1/√n, which doubles the good bits."""
    inverse, good = 1, 3
    while good < bits:
        good = 2 * good - 2
        mask = (1 << good + 2) - 1
        inverse = (inverse * (3 - n * inverse * inverse) >> 1) & mask
    return n * inverse & ((1 << bits) - 1)


# The primes of the ROCA generator up to 167: p = k·M + 65537^a mod M, M their product (CVE-2017-15361).
_ROCA_PRIMES = (
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113,
    127, 131, 137, 139, 149, 151, 157, 163, 167,
)  # fmt: skip


def is_roca(n: int) -> bool:
    """Whether n is a power of 65537 modulo each of 38 primes: one random number in 2^154 is."""
    rest = n % _roca_product()
    return all(rest % p in powers for p, powers in _roca_powers())


@cache
def _roca_product() -> int:
    return prod(_ROCA_PRIMES)


@cache
def _roca_powers() -> tuple[tuple[int, frozenset[int]], ...]:
    return tuple((p, frozenset(pow(65537, a, p) for a in range(p))) for p in _ROCA_PRIMES)


def has_small_private_exponent(n: int, e: int) -> bool:
    """Wiener's attack: whether a convergent k/d of e/n gives n's factors, as it does for d below n^(1/4)/3."""
    limit = 1 << (n.bit_length() // 4 + 1)
    for k, d in _convergents(e, n):
        if d > limit:
            return False
        if k and (e * d - 1) % k == 0:
            total = n - (e * d - 1) // k + 1  # p + q
            if total > 0 and is_square(total * total - 4 * n):
                return True
    return False


def _convergents(above: int, below: int) -> Iterator[tuple[int, int]]:
    h, h_before, k, k_before = 1, 0, 0, 1
    while below:
        quotient, rest = divmod(above, below)
        above, below = below, rest
        h, h_before = quotient * h + h_before, h
        k, k_before = quotient * k + k_before, k
        yield h, k


def primality_cost(n: int) -> float:
    """What `is_prime` takes, counted in tests of a 2048-bit modulus (some 2 ms): it grows with the cube of the size. Python
    takes eight times as long as GMP.
    """
    slowness = 1 if n.bit_length() <= _LARGEST_OPENSSL or find_spec("gmpy2") else 8
    return slowness * (n.bit_length() / 2048) ** 3


@lru_cache(maxsize=4096)
def is_prime(n: int) -> bool:
    """Whether n passes Fermat's test. A modulus that is a product of two primes practically never does. The same key often
    stands in many sets, so the answers are kept.

    Python takes about 10 ms for an exponentiation of 2048 bits. OpenSSL takes a fifth, and verifies signatures with any odd
    exponent: for a prime n, m^(n-2) is 1/m, so with the exponent n-2 the number 1/m opens to m. Every other n gives a number
    without m's padding. It refuses such an exponent for more than 3072 bits; there GMP takes an eighth.
    """
    if not n & 1 or n <= 2:
        return n == 2
    if n.bit_length() <= 1024:
        return pow(2, n - 1, n) == 1
    if n.bit_length() > _LARGEST_OPENSSL:
        return int(pow(_gmp(2), n - 1, n)) == 1
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    size = (n.bit_length() + 7) // 8
    padded = int.from_bytes(b"\1" + b"\xff" * (size - 4) + b"\0j", "big")  # RFC 8017 §9.2, around one byte
    try:
        key = rsa.RSAPublicNumbers(n - 2, n).public_key()
        return key.recover_data_from_signature(pow(padded, -1, n).to_bytes(size, "big"), padding.PKCS1v15(), None) == b"j"
    except (InvalidSignature, ValueError):  # no padding; or m has no inverse, so n has a factor in common with it
        return False


def has_repeated_block(n: int) -> bool:
    """Whether a modulus repeats 16 bytes directly, as where a program filled a buffer by copying."""
    size = (n.bit_length() + 7) // 8
    return b"\0" * 16 in (n ^ n >> 128).to_bytes(size, "big")[16:]
