"""RSA moduli whose two primes follow a pattern, factored in a few milliseconds. A test says yes only where it found a factor.

Sources: D. J. Bernstein et al., Factoring RSA keys from certified smart cards: Coppersmith in the wild, 2013, for keys with
patterns; R. S. Lehman, Factoring large integers, Math. Comp. 28, 1974, for the multipliers.
"""

from __future__ import annotations

from math import gcd, isqrt

from scanner.facts.numbers.rsa_factors import is_square

# chance gives a quotient of this size once in a million
_LARGE_QUOTIENT = 1 << 20
# p − q = 2^(half − k): FIPS 186-5 §A.1.3 asks for a difference of more than 2^(half − 100), and a program may take just that
_DIFFERENCES = (2, 3, 100, 101, 128, 160, 256)
_FEWEST_BITS = 768


def has_patterned_primes(n: int) -> bool:
    """Whether both primes are nearly fractions of small numbers times a power of two: most of their bits are 0 or 1, or
    repeat a short pattern. Then n is nearly such a fraction too, and its continued fraction has a large quotient.
    """
    half = n.bit_length() // 2
    above, below = n, 1 << n.bit_length()
    denominator, before = 0, 1
    while below:
        quotient, rest = divmod(above, below)
        above, below = below, rest
        if quotient >= _LARGE_QUOTIENT and denominator and _has_factors(n * denominator, n, half):
            return True
        denominator, before = quotient * denominator + before, denominator
    return False


def _has_factors(multiple: int, n: int, half: int) -> bool:
    """Whether a multiple of n, as a polynomial in x = 2^half with small coefficients, is a product that splits n."""
    x = 1 << half
    rest, c = _divide_rounded(multiple, x)
    a, b = _divide_rounded(rest, x)
    discriminant = b * b - 4 * a * c
    if not a or not c or not is_square(discriminant):
        return False
    root = isqrt(discriminant)
    return any(1 < gcd(n, 2 * a * x + b + each) < n for each in (root, -root))


def _divide_rounded(number: int, by: int) -> tuple[int, int]:
    quotient, rest = divmod(number + by // 2, by)
    return quotient, rest - by // 2


def has_chosen_difference(n: int) -> bool:
    """Whether q follows p plus a round number: 2^(half−100), the least that FIPS 186-5 allows, or a like one."""
    half = (n.bit_length() + 1) // 2
    if n.bit_length() < _FEWEST_BITS:
        return False
    for less in _DIFFERENCES:
        middle = 1 << half - less - 1
        if _is_near_factor(n, isqrt(n + middle * middle) + middle):
            return True
    return False


def _is_near_factor(n: int, guess: int) -> bool:
    """Whether a factor lies near the guess: Fermat's method on 4uvn, where u/v is a small fraction near guess : n/guess."""
    other = n // guess
    bound = 1 << n.bit_length() // 3
    above, below = guess, other
    u, u_before, v, v_before = 1, 0, 0, 1
    while below:
        quotient, rest = divmod(above, below)
        above, below = below, rest
        u, u_before = quotient * u + u_before, u
        v, v_before = quotient * v + v_before, v
        if below < bound:  # a remainder of Euclid's algorithm is |u·other − v·guess|
            scaled = 4 * u * v * n
            a = isqrt(scaled - 1) + 1
            return is_square(a * a - scaled) and 1 < gcd(a + isqrt(a * a - scaled), n) < n
    return False
