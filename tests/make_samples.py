"""Make the keys of policies/samples/ that are missing: `python tests/make_samples.py`.

Keys are random, so a sample that exists is kept. Each is named for what is special about it. They are for examples and tests
only: the private ones protect nothing.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import json
import math
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa, x448, x25519
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

FOLDER = Path(__file__).parent.parent / "policies" / "samples"
Jwk = dict[str, object]


def text(value: int | bytes, size: int | None = None) -> str:
    """base64url without padding."""
    data = value if isinstance(value, bytes) else value.to_bytes(size or (value.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def public_rsa(modulus: int, exponent: int = 65537) -> Jwk:
    return {"kty": "RSA", "n": text(modulus), "e": text(exponent)}


def odd(bits: int) -> int:
    """A number of exactly so many bits that stands for a modulus too short for the library to make."""
    return secrets.randbits(bits) | 1 | 1 << (bits - 1)


def product(bits: int) -> int:
    """A modulus of many primes: it stands for a long one of two, which would take minutes to find."""
    made = math.prod(rsa_key().public_key().public_numbers().n for _ in range(bits // 2048 - 1))
    while True:
        last = rsa_key(bits - made.bit_length() + secrets.randbelow(2)).public_key().public_numbers().n
        if (made * last).bit_length() == bits:
            return made * last


def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


def rsa_private() -> Jwk:
    numbers = rsa_key().private_numbers()
    return public_rsa(numbers.public_numbers.n) | {
        "d": text(numbers.d), "p": text(numbers.p), "q": text(numbers.q),
        "dp": text(numbers.dmp1), "dq": text(numbers.dmq1), "qi": text(numbers.iqmp),
    }  # fmt: skip


def ec_point(curve: ec.EllipticCurve, name: str, *, private: bool = False) -> Jwk:
    key = ec.generate_private_key(curve)
    point, size = key.public_key().public_numbers(), (curve.key_size + 7) // 8
    made: Jwk = {"kty": "EC", "crv": name, "x": text(point.x, size), "y": text(point.y, size)}
    return made | {"d": text(key.private_numbers().private_value, size)} if private else made


def certificate(
    key: rsa.RSAPrivateKey,
    *,
    issuer: rsa.RSAPrivateKey | None = None,
    subject: str | None = "login.example.com",
    days: int = 7300,
    start: int = 2026,
    extensions: Sequence[x509.ExtensionType] = (),
) -> x509.Certificate:
    """Self-signed, or issued by `issuer` (CA example)."""
    own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)] if subject else [])
    begin = datetime.datetime(start, 1, 1, tzinfo=datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(own)
        .issuer_name(own if issuer is None else x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "CA example")]))
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(begin)
        .not_valid_after(begin + datetime.timedelta(days=days))
    )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=True)
    return builder.sign(issuer or key, hashes.SHA256())


def over_sha1(found: x509.Certificate, signer: rsa.RSAPrivateKey) -> bytes:
    """The certificate signed again over SHA-1, which the library's builder refuses: sha1WithRSAEncryption in both places."""
    sha256_oid, sha1_oid = bytes.fromhex("2a864886f70d01010b"), bytes.fromhex("2a864886f70d010105")
    body = found.tbs_certificate_bytes.replace(sha256_oid, sha1_oid)
    whole = found.public_bytes(Encoding.DER).replace(sha256_oid, sha1_oid)
    return whole[: -len(found.signature)] + signer.sign(body, padding.PKCS1v15(), hashes.SHA1())


def in_x5c(*found: x509.Certificate | bytes) -> list[str]:
    return [base64.b64encode(c if isinstance(c, bytes) else c.public_bytes(Encoding.DER)).decode() for c in found]


def with_certificate(**wanted: Any) -> Jwk:
    key = rsa_key()
    return public_rsa(key.public_key().public_numbers().n) | {"x5c": in_x5c(certificate(key, **wanted))}


def with_digests(*, in_hexadecimal: bool) -> Jwk:
    made = with_certificate()
    der = base64.b64decode(made["x5c"][0])  # type: ignore[index]
    for name, digest in (("x5t", hashlib.sha1(der)), ("x5t#S256", hashlib.sha256(der))):
        made[name] = text(digest.hexdigest().upper().encode() if in_hexadecimal else digest.digest())
    return made


def chain(*, is_sha1: bool = False, is_broken: bool = False) -> Jwk:
    key, authority = rsa_key(), rsa_key()
    root = certificate(authority, subject="CA example")
    signer = rsa_key() if is_broken else authority
    leaf = certificate(key, issuer=signer, days=365)
    return public_rsa(key.public_key().public_numbers().n) | {"x5c": in_x5c(over_sha1(leaf, signer) if is_sha1 else leaf, root)}


def self_signed_over_sha1() -> Jwk:
    key = rsa_key()
    return public_rsa(key.public_key().public_numbers().n) | {"x5c": in_x5c(over_sha1(certificate(key), key))}


def key_usage(*, may_sign: bool) -> x509.KeyUsage:
    return x509.KeyUsage(may_sign, False, not may_sign, False, False, False, False, False, False)


def certified(*, own: bool) -> Jwk:
    key = rsa_key()
    return public_rsa(key.public_key().public_numbers().n) | {"x5c": in_x5c(certificate(key if own else rsa_key()))}


def minus_2g() -> Jwk:
    point = ec.derive_private_key(2, ec.SECP256R1()).public_key().public_numbers()
    p = 2**256 - 2**224 + 2**192 + 2**96 - 1
    return {"kty": "EC", "crv": "P-256", "x": text(point.x, 32), "y": text(p - point.y, 32)}


def octet_key(crv: str) -> Jwk:
    makers = {
        "Ed25519": ed25519.Ed25519PrivateKey,
        "Ed448": ed448.Ed448PrivateKey,
        "X25519": x25519.X25519PrivateKey,
        "X448": x448.X448PrivateKey,
    }
    key = makers[crv].generate().public_key()  # type: ignore[attr-defined]
    return {"kty": "OKP", "crv": crv, "x": text(key.public_bytes_raw())}


SMALL_PRIMES = math.prod(n for n in range(2, 2000) if all(n % d for d in range(2, math.isqrt(n) + 1)))


def is_prime(n: int) -> bool:
    return n > 1 and math.gcd(n, SMALL_PRIMES) == 1 and all(pow(base, n - 1, n) == 1 for base in (2, 3, 5, 7))


def prime_after(n: int) -> int:
    n |= 1
    while not is_prime(n):
        n += 2
    return n


def prime(bits: int) -> int:
    """A prime whose product with another of this size has exactly twice the bits."""
    return prime_after(secrets.randbits(bits) | 3 << (bits - 2))


def smooth_prime() -> Jwk:
    """A modulus with one prime that is one more than a product of small ones."""
    small = [p for p in range(3, 1 << 16) if all(p % q for q in range(2, math.isqrt(p) + 1))]
    while True:
        below = 2
        while below.bit_length() < 1010:
            below *= secrets.choice(small)
        found = next((below * p + 1 for p in small if (below * p).bit_length() == 1024 and is_prime(below * p + 1)), None)
        if found is not None:
            return public_rsa(found * prime(1024))


def close_primes(rounds: int) -> Jwk:
    """A modulus that Fermat's method factors in about so many rounds: they are (p - q)^2 / 8√n."""
    p = prime(1024)
    return public_rsa(p * prime_after(p + math.isqrt(8 * rounds * p)))


def shared_prime() -> Jwk:
    """A modulus with a prime that two machines found: the same one for every sample."""
    seed = int.from_bytes(hashlib.shake_256(b"a prime that two machines found").digest(128), "big")
    return public_rsa(prime_after(seed | 3 << 1022) * prime(1024))


def related_primes() -> Jwk:
    p = prime_after(secrets.randbits(1022) | 3 << 1021)
    return public_rsa(p * prime_after(p * 3 // 2))


def equal_ends() -> Jwk:
    p, q = prime(1024), 0
    while not is_prime(q):
        q = (p >> 704 << 704) | secrets.randbits(384) << 320 | p & ((1 << 320) - 1)
    return public_rsa(p * q)


def equal_quarters() -> Jwk:
    """256 bits agree at either end: just enough."""
    p, q = prime(1024), 0
    while not is_prime(q):
        q = (p >> 768 << 768) | secrets.randbits(512) << 256 | p & ((1 << 256) - 1)
    return public_rsa(p * q)


def chosen_difference() -> Jwk:
    """The second prime is the next after the first and 2^924, the least difference that FIPS 186-5 §A.1.3 allows."""
    p = prime(1024)
    return public_rsa(p * prime_after(p + (1 << 924)))


def patterned_primes() -> Jwk:
    """Each prime repeats a block of 20 bits, but for its end."""
    blocks = ((1 << 1040) // ((1 << 20) - 1) * each >> 16 for each in (0xEAB85, 0xF1E8D))
    first, second = (prime_after(each) for each in blocks)
    return public_rsa(first * second)


def roca() -> Jwk:
    """Two primes of the form k·M + 65537^a mod M (CVE-2017-15361)."""
    m = math.prod(n for n in range(3, 168) if all(n % d for d in range(2, n)))
    found: list[int] = []
    while len(found) < 2:
        candidate = secrets.randbits(1024 - m.bit_length() + 1) * m + pow(65537, secrets.randbits(60), m)
        if candidate.bit_length() == 1024 and candidate >> 1022 == 3 and is_prime(candidate):
            found.append(candidate)
    return public_rsa(found[0] * found[1])


def small_private_exponent() -> Jwk:
    p, q = prime(1024), prime(1024)
    while True:
        d = secrets.randbits(500) | 1
        if math.gcd(d, (p - 1) * (q - 1)) == 1:
            return public_rsa(p * q, pow(d, -1, (p - 1) * (q - 1)))


def repeated_block() -> Jwk:
    data = bytearray(rsa_key().public_key().public_numbers().n.to_bytes(256, "big"))
    data[64:80] = data[48:64]
    return public_rsa(int.from_bytes(data, "big"))


def sparse() -> Jwk:
    """Two primes with a handful of bits each: the modulus is next to empty."""
    return public_rsa(prime_after(1 << 1023 | 1 << 1021 | 1 << 640) * prime_after(1 << 1023 | 1 << 1022 | 1 << 333))


SAMPLES: dict[str, Callable[[], Jwk]] = {
    "rsa-2048": lambda: public_rsa(rsa_key().public_key().public_numbers().n),
    "rsa-2048-other": lambda: public_rsa(rsa_key().public_key().public_numbers().n),
    "rsa-1024": lambda: public_rsa(odd(1024)),
    "rsa-512": lambda: public_rsa(odd(512)),
    "rsa-2048-private": rsa_private,
    "rsa-exponent-1": lambda: public_rsa(rsa_key().public_key().public_numbers().n, 1),
    "rsa-exponent-even": lambda: public_rsa(rsa_key().public_key().public_numbers().n, 65536),
    "rsa-2048-certificate": lambda: certified(own=True),
    "rsa-2048-wrong-certificate": lambda: certified(own=False),
    "rsa-kid-300": lambda: public_rsa(rsa_key().public_key().public_numbers().n) | {"kid": "k" * 300},
    "rsa-kid-2000": lambda: public_rsa(rsa_key().public_key().public_numbers().n) | {"kid": "k" * 2000},
    "certificate-2025": lambda: with_certificate(start=2025, days=365),
    "certificate-sha1": self_signed_over_sha1,
    "certificate-chain": chain,
    "certificate-chain-sha1": lambda: chain(is_sha1=True),
    "certificate-chain-broken": lambda: chain(is_broken=True),
    "certificate-digests": lambda: with_digests(in_hexadecimal=False),
    "certificate-digests-hex": lambda: with_digests(in_hexadecimal=True),
    "certificate-for-encryption": lambda: with_certificate(extensions=[key_usage(may_sign=False)]),
    "certificate-authority": lambda: with_certificate(extensions=[x509.BasicConstraints(ca=True, path_length=None)]),
    "certificate-nameless": lambda: with_certificate(subject=None),
    "certificate-spiffe": lambda: with_certificate(
        subject=None,
        extensions=[x509.SubjectAlternativeName([x509.UniformResourceIdentifier("spiffe://example.org/login")])],
    ),
    "ec-minus-2g": minus_2g,
    "ec-p256": lambda: ec_point(ec.SECP256R1(), "P-256"),
    "ec-p384": lambda: ec_point(ec.SECP384R1(), "P-384"),
    "ec-p256-private": lambda: ec_point(ec.SECP256R1(), "P-256", private=True),
    "ec-p521": lambda: ec_point(ec.SECP521R1(), "P-521"),
    "ec-secp256k1": lambda: ec_point(ec.SECP256K1(), "secp256k1"),
    "ed25519": lambda: octet_key("Ed25519"),
    "ed448": lambda: octet_key("Ed448"),
    "x25519": lambda: octet_key("X25519"),
    "x448": lambda: octet_key("X448"),
    # every octet string of this length is a public key of ML-DSA-44 (FIPS 204, algorithm 23)
    "ml-dsa-44": lambda: {"kty": "AKP", "alg": "ML-DSA-44", "pub": text(secrets.token_bytes(1312))},
    "rsa-3072": lambda: public_rsa(rsa_key(3072).public_key().public_numbers().n),
    "rsa-4096": lambda: public_rsa(rsa_key(4096).public_key().public_numbers().n),
    "rsa-8192": lambda: public_rsa(product(8192)),
    "rsa-10240": lambda: public_rsa(product(10240)),
    "rsa-18432": lambda: public_rsa(product(18432)),
    "rsa-2047": lambda: public_rsa(prime(1024) * prime_after(secrets.randbits(1023) | 3 << 1021)),
    "rsa-even": lambda: public_rsa(2 * prime(2047)),
    "rsa-small-factor": lambda: public_rsa(65521 * prime(2032)),
    "rsa-prime": lambda: public_rsa(prime(2048)),
    "rsa-smooth-prime": smooth_prime,
    "rsa-prime-1024": lambda: public_rsa(prime(1024)),
    "rsa-sparse": sparse,
    "rsa-square": lambda: public_rsa(prime(1024) ** 2),
    "rsa-cube": lambda: public_rsa(prime_after(secrets.randbits(682) | 15 << 679) ** 3),
    "rsa-close-primes": lambda: close_primes(3),
    "rsa-close-primes-5134": lambda: close_primes(5134),
    "rsa-primes-3-to-2": related_primes,
    "rsa-primes-equal-ends": equal_ends,
    "rsa-primes-equal-quarters": equal_quarters,
    "rsa-primes-chosen-difference": chosen_difference,
    "rsa-primes-patterned": patterned_primes,
    "rsa-shared-prime-a": shared_prime,
    "rsa-shared-prime-b": shared_prime,
    "rsa-roca": roca,
    "rsa-small-private-exponent": small_private_exponent,
    "rsa-repeated-block": repeated_block,
    "rsa-oversized": lambda: public_rsa(odd(8 * 24 * 1024 + 8)),
    "oct-256": lambda: {"kty": "oct", "k": text(secrets.token_bytes(32))},
}


def main() -> None:
    for name, make in SAMPLES.items():
        path = FOLDER / f"{name}.json"
        if not path.exists():
            path.write_text(json.dumps(make(), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
