"""Facts about an RSA key: its numbers, and the known weaknesses of its modulus."""

from __future__ import annotations

from functools import lru_cache

from scanner.evidence.model import Jwk, Octets
from scanner.facts.fact import ABSENT, Absent, Fact, Unknown, fact
from scanner.facts.numbers import rsa_factors, rsa_patterns, rsa_smooth
from scanner.memo import Memo

# a smaller modulus needs no test; for a larger one the test costs more than its answer is worth
_FEWEST_BITS, _MOST_BITS = 256, 20_000
# in fewer bits chance has more say
_FEWEST_COUNTED = 1024
_SMOOTH_TESTED, _LARGEST_SMOOTH = 8, 4096
# tests of primality for one set, counted in tests of a 2048-bit modulus, which take some 2 ms
_PRIMALITY_BUDGET = 1000


class _Numbers:
    """The two integers of an RSA key; None where they are missing or unreadable, or the key is of another type."""

    __slots__ = ("e", "n", "tested")

    def __init__(self, key: Jwk) -> None:
        self.n, self.e = (_integer(key, "n"), _integer(key, "e")) if key.texts.get("kty") == "RSA" else (None, None)
        is_testable = self.n is not None and _FEWEST_BITS <= self.n.bit_length() <= _MOST_BITS
        self.tested = self.n if is_testable else None


def _integer(key: Jwk, name: str) -> int | None:
    found = key.octets.get(name)
    return int.from_bytes(found.data, "big") if isinstance(found, Octets) else None


_numbers = Memo(_Numbers)


def _explain_unread(key: Jwk, name: str) -> Unknown:
    found = key.octets.get(name)
    return Unknown(
        f"{name} cannot be read: {found.because}" if found and not isinstance(found, Octets) else f"{name} is missing"
    )


@fact("key.has_modulus", spec="RFC 7518 §6.3.1.1")
def has_modulus(key: Jwk) -> bool:
    """Whether this is an RSA key whose modulus `n` can be read."""
    return _numbers(key).n is not None


@fact("key.has_exponent", spec="RFC 7518 §6.3.1.2")
def has_exponent(key: Jwk) -> bool:
    """Whether this is an RSA key whose public exponent `e` can be read."""
    return _numbers(key).e is not None


@fact("key.modulus_bits", spec="RFC 7518 §6.3.1.1")
def modulus_bits(key: Jwk) -> int | Unknown:
    """Size of the RSA modulus `n` in bits. Leading zero bytes do not count: some libraries pad `n`, and a padded 1023-bit
    modulus must not count as a longer one.
    """
    n = _numbers(key).n
    return _explain_unread(key, "n") if n is None else n.bit_length()


@fact("key.is_exponent_odd", spec="RFC 8017 §3.1")
def is_exponent_odd(key: Jwk) -> bool | Unknown:
    """Whether the RSA public exponent `e` is odd."""
    e = _numbers(key).e
    return _explain_unread(key, "e") if e is None else bool(e & 1)


@fact("key.exponent_bits", spec="RFC 7518 §6.3.1.2")
def exponent_bits(key: Jwk) -> int | Unknown:
    """Size of the RSA public exponent `e` in bits: 17 for 65537, 2 for 3, 1 for 1."""
    e = _numbers(key).e
    return _explain_unread(key, "e") if e is None else e.bit_length()


@fact("key.is_exponent_65537", spec="FIPS 186-5 §A.1.1")
def is_exponent_65537(key: Jwk) -> bool:
    """Whether the RSA public exponent is 65537, as nearly all are."""
    return _numbers(key).e == 65537


@fact("key.is_exponent_below_modulus", spec="RFC 8017 §3.1")
def is_exponent_below_modulus(key: Jwk) -> bool | Unknown:
    """Whether the RSA public exponent is smaller than the modulus."""
    numbers = _numbers(key)
    if numbers.n is None or numbers.e is None:
        return _explain_unread(key, "n" if numbers.n is None else "e")
    return numbers.e < numbers.n


@fact("key.has_small_factor")
def has_small_factor(key: Jwk) -> bool:
    """Whether a prime up to 65537 divides the RSA modulus; such a number is not the product of two large primes."""
    return _smallest_factor(key) is not None


@fact("key.small_factor")
def small_factor(key: Jwk) -> int | Absent:
    """The smallest prime up to 65537 that divides the RSA modulus."""
    found = _smallest_factor(key)
    return ABSENT if found is None else found


def _find_smallest_factor(key: Jwk) -> int | None:
    n = _numbers(key).tested
    return None if n is None else rsa_factors.smallest_factor(n)


_smallest_factor = Memo(_find_smallest_factor)


@fact("key.is_modulus_prime")
def is_modulus_prime(key: Jwk) -> bool | Unknown:
    """Whether the RSA modulus, of up to 20,000 bits, is itself a prime: anyone can then compute the private exponent. The time
    for one set is limited: it lasts for the first 1,000 keys of 2048 bits, 125 of 4096 or 15 of 8192.
    """
    n = _numbers(key).n
    if n is None or n.bit_length() < _FEWEST_BITS or not n & 1:
        return n is not None and rsa_factors.is_prime(n)
    if n.bit_length() > _MOST_BITS:
        return Unknown(f"a modulus of more than {_MOST_BITS} bits is not tested for being a prime")
    if (key.index + 1) * rsa_factors.primality_cost(n) > _PRIMALITY_BUDGET:
        return Unknown("the set has more keys than the time for tests of primality lasts for")
    return rsa_factors.is_prime(n)


@fact("key.has_smooth_prime")
def has_smooth_prime(key: Jwk) -> bool | Unknown:
    """Whether Pollard's p−1 method factors the RSA modulus: one of its primes is 1 plus a product of prime powers up to 2^20.
    The test takes seconds and needs gmpy2.
    """
    n = _numbers(key).tested
    if n is None or not n & 1:
        return Unknown("Pollard's p−1 method needs an odd modulus of 256 to 20,000 bits")
    if n.bit_length() > _LARGEST_SMOOTH:
        return Unknown(f"Pollard's p−1 method on a modulus of more than {_LARGEST_SMOOTH} bits takes too long")
    if key.index >= _SMOOTH_TESTED:
        return Unknown(f"Pollard's p−1 method takes seconds a key, so only the first {_SMOOTH_TESTED} keys of a set are tested")
    if not rsa_smooth.is_available():
        return Unknown("gmpy2 is missing here: pip install gmpy2")
    return rsa_smooth.has_smooth_prime(n)


@fact("key.is_modulus_power")
def is_modulus_power(key: Jwk) -> bool:
    """Whether the RSA modulus is the square or a higher power of one number."""
    n = _numbers(key).tested
    return n is not None and rsa_factors.is_perfect_power(n)


@fact("key.has_close_primes", spec="CVE-2022-26320")
def has_close_primes(key: Jwk) -> bool:
    """Whether Fermat's method factors the RSA modulus within 131,072 rounds: its two primes lie close together."""
    n = _numbers(key).tested
    return n is not None and n & 1 == 1 and rsa_factors.has_close_primes(n)


@fact("key.has_related_primes")
def has_related_primes(key: Jwk) -> bool:
    """Whether the two primes of the RSA modulus have a simple ratio such as 3 : 2, agree in half of their first and last bits
    together, or differ by a round number such as 2^924.
    """
    n = _numbers(key).tested
    return n is not None and n & 1 == 1 and _are_related(n)


@lru_cache(maxsize=4096)
def _are_related(n: int) -> bool:
    return rsa_factors.has_related_primes(n) or rsa_factors.has_equal_ends(n) or rsa_patterns.has_chosen_difference(n)


@fact("key.has_patterned_primes")
def has_patterned_primes(key: Jwk) -> bool:
    """Whether both primes of the RSA modulus follow a pattern, and a continued fraction factors it: their bits are nearly
    all the same, or repeat a short block.
    """
    n = _numbers(key).tested
    return n is not None and n & 1 == 1 and _are_patterned(n)


_are_patterned = lru_cache(maxsize=4096)(rsa_patterns.has_patterned_primes)


@fact("key.is_roca", spec="CVE-2017-15361")
def is_roca(key: Jwk) -> bool:
    """Whether the RSA modulus has the fingerprint of the ROCA generator, tested with all 38 primes."""
    n = _numbers(key).tested
    return n is not None and rsa_factors.is_roca(n)


@fact("key.has_small_private_exponent")
def has_small_private_exponent(key: Jwk) -> bool | Unknown:
    """Whether Wiener's attack finds the private exponent. It is tried where `e` has more than 32 bits: a small private exponent
    has a large public one. Its work grows with the cube of the modulus, so it is tried up to 4096 bits.
    """
    n, e = _numbers(key).tested, _numbers(key).e
    if n is None or e is None or not 32 < e.bit_length() <= _MOST_BITS:
        return False
    if n.bit_length() > _LARGEST_SMOOTH:
        return Unknown(f"Wiener's attack on a modulus of more than {_LARGEST_SMOOTH} bits takes too long")
    return rsa_factors.has_small_private_exponent(n, e)


@fact("key.has_repeated_block")
def has_repeated_block(key: Jwk) -> bool:
    """Whether the RSA modulus repeats 16 bytes directly."""
    n = _numbers(key).tested
    return n is not None and rsa_factors.has_repeated_block(n)


@fact("key.has_sparse_modulus")
def has_sparse_modulus(key: Jwk) -> bool:
    """Whether fewer than two in five bits are set in an RSA modulus of 1024 bits or more, and in its lower half: of random ones
    one in 10^9 has so few.
    """
    n = _numbers(key).tested
    if n is None or n.bit_length() < _FEWEST_COUNTED:
        return False
    half = n.bit_length() // 2
    lower = n & ((1 << half) - 1)
    return 5 * n.bit_count() < 2 * n.bit_length() and 5 * lower.bit_count() < 2 * half


FACTS: tuple[Fact, ...] = (
    has_modulus,
    has_exponent,
    modulus_bits,
    is_exponent_odd,
    exponent_bits,
    is_exponent_65537,
    is_exponent_below_modulus,
    has_small_factor,
    small_factor,
    is_modulus_prime,
    has_smooth_prime,
    is_modulus_power,
    has_close_primes,
    has_related_primes,
    has_patterned_primes,
    is_roca,
    has_small_private_exponent,
    has_repeated_block,
    has_sparse_modulus,
)
