"""Key material from a seed: the same octets in every run, on every machine. Knows nothing of the scanner."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable
from functools import cache
from math import gcd, prod
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa, x448, x25519

Jwk = dict[str, Any]

SEED = 20261101
CURVES = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-521": ec.SECP521R1(), "secp256k1": ec.SECP256K1()}
ALG_OF = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512", "secp256k1": "ES256K"}
OCTETS = {"P-256": 32, "P-384": 48, "P-521": 66, "secp256k1": 32}
_SMALL = tuple(n for n in range(3, 2000, 2) if all(n % d for d in range(3, int(n**0.5) + 1, 2)))


def b64(data: bytes) -> str:
    """base64url without padding (RFC 7515 §2)."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def number(value: int, size: int | None = None) -> str:
    """A Base64urlUInt (RFC 7518 §2), or one of `size` octets."""
    return b64(value.to_bytes(size or max(1, (value.bit_length() + 7) // 8), "big"))


def dice(*name: object) -> random.Random:
    """A generator of its own for each purpose, so that one more vector moves no other."""
    return random.Random(f"{SEED}/{'/'.join(map(str, name))}")


def is_prime(n: int) -> bool:
    """Fermat's test behind trial division: nobody chose these numbers to deceive it."""
    return all(n % p for p in _SMALL) and pow(2, n - 1, n) == 1


def prime_from(start: int, *, step: int = 2) -> int:
    """The first prime among start, start + step, …"""
    n = start
    while not is_prime(n):
        n += step
    return n


@cache
def prime(bits: int, name: object) -> int:
    """A prime of exactly so many bits with its two highest set, so that products have full length."""
    rng = dice("prime", bits, name)
    while True:
        n = rng.getrandbits(bits) | 3 << (bits - 2) | 1
        if is_prime(n) and gcd(n - 1, 65537) == 1:
            return n


def rsa_jwk(n: int, e: int = 65537, /, **more: object) -> Jwk:
    """A signing key of this modulus."""
    return {"kty": "RSA", "n": number(n), "e": number(e), "alg": "RS256", "use": "sig", "kid": "k1"} | more


def sound_modulus(name: object = "sound", bits: int = 2048) -> int:
    """The product of two primes that have nothing to do with each other."""
    return prime(bits // 2, (name, "p")) * prime(bits // 2, (name, "q"))


def private_rsa(name: object = "sound", bits: int = 2048) -> rsa.RSAPrivateNumbers:
    """The whole key whose modulus is `sound_modulus(name)`."""
    p, q = prime(bits // 2, (name, "p")), prime(bits // 2, (name, "q"))
    d = pow(65537, -1, (p - 1) * (q - 1))
    public = rsa.RSAPublicNumbers(65537, p * q)
    return rsa.RSAPrivateNumbers(p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), public)


def private_rsa_members(name: object = "sound") -> Jwk:
    """The private members of RFC 7518 §6.3.2."""
    key = private_rsa(name)
    values = {"d": key.d, "p": key.p, "q": key.q, "dp": key.dmp1, "dq": key.dmq1, "qi": key.iqmp}
    return {member: number(value) for member, value in values.items()}


def ec_point(curve: str, scalar: int) -> tuple[int, int]:
    """scalar · G."""
    point = ec.derive_private_key(scalar, CURVES[curve]).public_key().public_numbers()
    return point.x, point.y


def scalar(curve: str, name: object = "sound") -> int:
    """A private key of nobody."""
    return dice("scalar", curve, name).getrandbits(8 * min(OCTETS[curve], 64) - 8) | 1 << 200


def ec_jwk(curve: str, point: tuple[int, int] | None = None, /, **more: object) -> Jwk:
    """A signing key with this point, or a sound one."""
    x, y = point or ec_point(curve, scalar(curve))
    size = OCTETS[curve]
    key = {"kty": "EC", "crv": curve, "x": number(x, size), "y": number(y, size), "alg": ALG_OF[curve], "use": "sig"}
    return key | {"kid": "k1"} | more


_OKP: dict[str, tuple[int, Callable[[bytes], Any]]] = {
    "Ed25519": (32, ed25519.Ed25519PrivateKey.from_private_bytes),
    "Ed448": (57, ed448.Ed448PrivateKey.from_private_bytes),
    "X25519": (32, x25519.X25519PrivateKey.from_private_bytes),
    "X448": (56, x448.X448PrivateKey.from_private_bytes),
}


def okp_private(curve: str) -> tuple[Any, bytes]:
    """A private key, as an object and as its octets."""
    size, make = _OKP[curve]
    data = dice("okp", curve).randbytes(size)
    return make(data), data


def okp_jwk(curve: str, x: bytes | None = None, /, **more: object) -> Jwk:
    """A key of RFC 8037 with these octets, or a sound one: for signatures or for key agreement, as the curve can."""
    data = x if x is not None else okp_private(curve)[0].public_key().public_bytes_raw()
    purpose = {"alg": curve, "use": "sig"} if curve.startswith("Ed") else {"alg": "ECDH-ES", "use": "enc"}
    return {"kty": "OKP", "crv": curve, "x": b64(data), "kid": "k1"} | purpose | more


ML_DSA_OCTETS = {"ML-DSA-44": 1312, "ML-DSA-65": 1952, "ML-DSA-87": 2592}  # FIPS 204 Table 2


def akp_jwk(alg: str, octets: int, /, **more: object) -> Jwk:
    """A post-quantum key: its public octets look like any random ones."""
    return {"kty": "AKP", "alg": alg, "pub": b64(dice("akp", alg).randbytes(octets)), "use": "sig", "kid": "k1"} | more


def roca_prime(bits: int, name: object) -> int:
    """A prime as Infineon's library made them: k·M + 65537^a mod M (CVE-2017-15361)."""
    product = 2 * prod(p for p in _SMALL if p <= 167)
    rng = dice("roca", bits, name)
    while True:
        k = rng.getrandbits(bits - product.bit_length() + 1) | 3 << (bits - product.bit_length() - 1)
        n = k * product + pow(65537, rng.getrandbits(64), product)
        if n.bit_length() == bits and is_prime(n):
            return n
