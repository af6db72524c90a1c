"""Pollard's p−1 method: it finds an RSA prime p where p − 1 has only small factors.

A sound modulus takes all steps, a million and a half squarings: seconds a key, with GMP. So only the profile `deep` uses it.
"""

from __future__ import annotations

from functools import cache
from math import gcd, isqrt, log

BOUND = 1 << 20


def is_available() -> bool:
    """Whether gmpy2 is installed; without it a key would take half a minute."""
    try:
        import gmpy2  # noqa: F401  (a platform may have none)
    except ImportError:
        return False
    return True


def has_smooth_prime(n: int) -> bool:
    """Whether a prime p divides the odd `n` with every prime power in p − 1 at most 2^20 (J. M. Pollard, 1974)."""
    from gmpy2 import mpz, powmod

    # by Fermat's little theorem 2^exponent is 1 modulo such a p
    return gcd(int(powmod(mpz(2), mpz(_exponent()), mpz(n))) - 1, n) > 1


@cache
def _exponent() -> int:
    """The least common multiple of the numbers up to the bound, 1.5 million bits."""
    factors: list[int] = [p ** int(log(BOUND) / log(p) + 1e-9) for p in _primes()]
    while len(factors) > 1:
        factors = [_product(factors[at : at + 2]) for at in range(0, len(factors), 2)]
    return factors[0]


def _product(pair: list[int]) -> int:
    return pair[0] * pair[1] if len(pair) == 2 else pair[0]


def _primes() -> list[int]:
    is_prime = bytearray([1]) * (BOUND + 1)
    for p in range(2, isqrt(BOUND) + 1):
        if is_prime[p]:
            is_prime[p * p :: p] = bytes(len(range(p * p, BOUND + 1, p)))
    return [p for p in range(2, BOUND + 1) if is_prime[p]]
