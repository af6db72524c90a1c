"""RSA keys that are weak: each made from the weakness, not copied from where it was found."""

from __future__ import annotations

from collections.abc import Iterator
from math import gcd

from tests.vectors.material import dice, number, prime, prime_from, roca_prime, rsa_jwk, sound_modulus
from tests.vectors.vector import Family


def families() -> Iterator[Family]:
    """A family for each rule about RSA."""
    yield from _moduli()
    yield from _related_primes()
    yield _sizes_below_1024()
    yield _sizes_below_2048()
    yield from _exponents()


def _moduli() -> Iterator[Family]:
    sound, p = sound_modulus(), prime(1024, "alone")
    even = Family("rsa-modulus-even", "critical")
    for power in (1, 2, 64):
        even.key(f"2^{power} divides it", rsa_jwk((sound >> power) << power))
    yield even
    small = Family("rsa-modulus-small-factor", "critical")
    for factor in (3, 5, 17, 257, 7919, 65521, 65537):
        small.key(f"{factor} divides it", rsa_jwk(factor * p * prime(1023, "shorter")))
    yield small
    powers = Family("rsa-modulus-power", "critical")
    powers.key("a square", rsa_jwk(p * p)).key("a cube", rsa_jwk(prime(700, "cube") ** 3))
    powers.key("a fourth power", rsa_jwk(prime(512, "fourth") ** 4)).key("a fifth power", rsa_jwk(prime(420, "fifth") ** 5))
    yield powers
    yield (
        Family("rsa-modulus-prime", "critical")
        .key("of 1536 bits", rsa_jwk(prime(1536, "modulus")))
        .key("of 1024 bits", rsa_jwk(p))
        .key("behind a sound key", rsa_jwk(sound), rsa_jwk(p, kid="k2"))
    )
    roca = Family("rsa-roca", "critical")
    for bits in (512, 1024):
        roca.key(f"of {2 * bits} bits", rsa_jwk(roca_prime(bits, "p") * roca_prime(bits, "q")))
    yield roca
    sparse = Family("rsa-modulus-sparse", "high")
    for bits in (1024, 1536):
        sparse.key(f"of {2 * bits} bits", rsa_jwk(_sparse_prime(bits, "p") * _sparse_prime(bits, "q")))
    yield sparse
    large = dice("large").getrandbits(16385) | 1 << 16384 | 1
    yield (
        Family("rsa-modulus-unusable", "high")
        .key("of 16385 bits", rsa_jwk(large))
        .key("of 20000 bits", rsa_jwk(dice("larger").getrandbits(20000) | 1 << 19999 | 1))
    )


def _sparse_prime(bits: int, name: str) -> int:
    """A prime with a dozen random bits set, and those behind them that make it one."""
    random = dice("sparse", bits, name)
    return prime_from((1 << bits - 1) | sum(1 << at for at in random.sample(range(bits // 8, bits - 1), 12)) | 1)


def _related_primes() -> Iterator[Family]:
    p = prime(1024, "close")
    close = Family("rsa-primes-close", "critical")
    # Fermat's method takes (p − q)² / (8 √n) rounds
    for gap in (10, 400, 512, 516, 519, 520):
        close.key(f"2^{gap} apart", rsa_jwk(p * prime_from(p + (1 << gap) | 1)))
    close.key("two neighbouring primes of 512 bits", rsa_jwk(prime(512, "close") * prime_from(prime(512, "close") + 2)))
    yield close
    related = Family("rsa-primes-related", "critical")
    for u, v in ((3, 2), (4, 3), (2, 1), (5, 4)):
        related.key(f"their ratio is {u}/{v}", rsa_jwk(p * prime_from(p * u // v | 1)))
    # the first and the last 300 bits agree: (p − q) is a number of 424 bits, 300 places to the left
    middle = dice("ends").getrandbits(424)
    kept = p & ~(((1 << 424) - 1) << 300)
    step = 1 << 300
    related.key("they agree at both ends", rsa_jwk(p * prime_from(kept | middle << 300, step=step)))
    # 256 bits agree at either end, just enough
    middle = dice("quarters").getrandbits(512)
    kept = p & ~(((1 << 512) - 1) << 256)
    related.key("a quarter of their bits agrees at either end", rsa_jwk(p * prime_from(kept | middle << 256, step=1 << 256)))
    for less in (100, 128, 160):
        related.key(f"their difference is 2^(half - {less})", rsa_jwk(p * prime_from(p + (1 << 1024 - less) | 1)))
    yield related
    patterned = Family("rsa-primes-patterned", "critical")
    for bits in (8, 16, 20):
        ones = (1 << 1024) // ((1 << bits) - 1)
        one, other = (dice("pattern", bits, at).getrandbits(bits) | 1 << bits - 1 for at in (1, 2))
        patterned.key(f"they repeat {bits} bits", rsa_jwk(prime_from(ones * one | 1) * prime_from(ones * other | 1)))
    yield patterned
    short = Family("rsa-private-exponent-small", "critical")
    p, q = prime(1024, ("wiener", "p")), prime(1024, ("wiener", "q"))
    totient = (p - 1) * (q - 1)
    for bits in (64, 160, 256, 400, 500):
        d = dice("wiener", bits).getrandbits(bits) | 1 << (bits - 1) | 1
        while gcd(d, totient) != 1:
            d += 2
        short.key(f"of {bits} bits", rsa_jwk(p * q, pow(d, -1, totient)))
    yield short


def _sizes_below_1024() -> Family:
    family = Family("rsa-modulus-factorable", "critical")
    for bits in (256, 512, 768, 1000):
        family.key(f"of {bits} bits", rsa_jwk(sound_modulus("short", bits)))
    padded = sound_modulus("short", 512)
    family.key("of 512 bits, padded to 256 octets", rsa_jwk(padded, n=number(padded, 256)))
    return family


def _sizes_below_2048() -> Family:
    family = Family("rsa-modulus-too-small", "high")
    for bits in (1024, 1280, 1536, 1792, 2040):
        family.key(f"of {bits} bits", rsa_jwk(sound_modulus("short", bits)))
    family.key("of 2047 bits", rsa_jwk(prime(1024, "close") * prime(1023, "shorter")))
    padded = sound_modulus("short", 1024)
    family.key("of 1024 bits, padded to 256 octets", rsa_jwk(padded, n=number(padded, 256)))
    for alg, use in (("PS256", "sig"), ("RS512", "sig"), ("RSA-OAEP-256", "enc")):
        family.key(f"of 1024 bits for {alg}", rsa_jwk(padded, alg=alg, use=use))
    return family


def _exponents() -> Iterator[Family]:
    sound = sound_modulus()
    invalid = Family("rsa-exponent-invalid", "critical")
    for e in (0, 1, 2, 4, 65536, 1 << 33):
        invalid.key(f"e = {e}", rsa_jwk(sound, e))
    invalid.key("e = 1, padded", rsa_jwk(sound, e="AAAB"))
    yield invalid
    large = Family("rsa-exponent-too-large", "high")
    large.key("of 65 bits", rsa_jwk(sound, 1 << 64 | 1)).key("of 256 bits", rsa_jwk(sound, 1 << 255 | 1))
    large.key("as long as the modulus", rsa_jwk(sound, sound - 2)).key("longer than the modulus", rsa_jwk(sound, sound + 2))
    yield large
