"""Private keys of every kind, real and made from one random generator: a seed makes them again."""

from __future__ import annotations

import base64
import json
import math
import random
import string
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    pkcs12,
)

Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | mldsa.MLDSA44PrivateKey
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_SMALL = [number for number in range(3, 2000, 2) if all(number % each for each in range(3, math.isqrt(number) + 1, 2))]


@dataclass(frozen=True)
class PlantedKey:
    """A key with what nobody may see of it. `private` is None where it is a shared secret of octets."""

    name: str
    jwk: dict[str, str]
    octets: tuple[bytes, ...]
    private: Private | None

    @cached_property
    def written(self) -> dict[str, str]:
        """The key in each form that has its own structure, by the form's name."""
        made = {
            "jwk": json.dumps(self.jwk),
            "jwk-pretty": json.dumps(self.jwk, indent=2),
            "jwk-reversed": json.dumps(dict(reversed(self.jwk.items())), separators=(",", ":")),
            "jwk-set": json.dumps({"keys": [self.jwk]}),
        }
        return made if self.private is None else made | dict(_written(self.private))

    @cached_property
    def encrypted(self) -> tuple[bytes, ...]:
        """The cipher texts of the forms that are encrypted: whoever has them can try passwords."""
        if self.private is None:
            return ()
        pem = [self.written[name] for name in ("pem-encrypted", "pem-traditional-encrypted") if name in self.written]
        bodies = ["".join(line for line in each.split("\n") if line and "-" not in line and ":" not in line) for each in pem]
        # the parameters before a cipher text and the digest behind it are alike in all
        stores = [base64.b64decode(self.written["pkcs12"])[-124:-92]] if "pkcs12" in self.written else []
        return (*(base64.b64decode(each)[-48:] for each in bodies), *stores)


def make_keys(chance: random.Random) -> tuple[PlantedKey, ...]:
    """One key of each kind."""
    return (
        _planted("rsa", _make_rsa(chance)),
        _planted("ec", ec.derive_private_key(chance.randrange(2**250, _P256_ORDER), ec.SECP256R1())),
        _planted("ed25519", ed25519.Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))),
        _planted("ml-dsa", mldsa.MLDSA44PrivateKey.from_seed_bytes(chance.randbytes(32))),
        _shared("hmac", chance.randbytes(48)),
    )


def make_password(chance: random.Random, length: int = 24) -> str:
    """A password of letters and digits, as generators make them."""
    return "".join(chance.choice(string.ascii_letters + string.digits) for _ in range(length))


def _planted(name: str, private: Private) -> PlantedKey:
    jwk, octets = _make_jwk(private)
    return PlantedKey(name, {"kty": jwk.pop("kty"), "kid": f"{name}-key", "use": "sig"} | jwk, octets, private)


def _shared(name: str, secret: bytes) -> PlantedKey:
    return PlantedKey(name, {"kty": "oct", "kid": f"{name}-key", "alg": "HS256", "k": _url(secret)}, (secret,), None)


def _make_jwk(private: Private) -> tuple[dict[str, str], tuple[bytes, ...]]:
    if isinstance(private, rsa.RSAPrivateKey):
        return _rsa_jwk(private)
    if isinstance(private, ec.EllipticCurvePrivateKey):
        numbers = private.private_numbers()
        d, x, y = (
            each.to_bytes(32, "big") for each in (numbers.private_value, numbers.public_numbers.x, numbers.public_numbers.y)
        )
        return {"kty": "EC", "alg": "ES256", "crv": "P-256", "x": _url(x), "y": _url(y), "d": _url(d)}, (d,)
    seed = private.private_bytes_raw()
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    if isinstance(private, ed25519.Ed25519PrivateKey):
        return {"kty": "OKP", "alg": "EdDSA", "crv": "Ed25519", "x": _url(public), "d": _url(seed)}, (seed,)
    return {"kty": "AKP", "alg": "ML-DSA-44", "pub": _url(public), "priv": _url(seed)}, (seed,)


def _rsa_jwk(private: rsa.RSAPrivateKey) -> tuple[dict[str, str], tuple[bytes, ...]]:
    numbers = private.private_numbers()
    secret = {"d": numbers.d, "p": numbers.p, "q": numbers.q, "dp": numbers.dmp1, "dq": numbers.dmq1, "qi": numbers.iqmp}
    public = {"kty": "RSA", "alg": "RS256", "n": _url(_octets(numbers.public_numbers.n)), "e": "AQAB"}
    octets = {name: _octets(value) for name, value in secret.items()}
    return public | {name: _url(value) for name, value in octets.items()}, tuple(octets.values())


def _written(private: Private) -> Iterator[tuple[str, str]]:
    der = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    body = base64.b64encode(der).decode()
    locked = BestAvailableEncryption(b"a password")
    yield "pem", _pem(private, PrivateFormat.PKCS8)
    yield "pem-encrypted", _pem(private, PrivateFormat.PKCS8, locked)
    yield "pkcs8-line", body
    yield "pkcs8-lines", "\n".join(body[at : at + 64] for at in range(0, len(body), 64))
    if not isinstance(private, mldsa.MLDSA44PrivateKey):
        yield "openssh", _pem(private, PrivateFormat.OpenSSH)
        yield "pkcs12", base64.b64encode(pkcs12.serialize_key_and_certificates(b"k", private, None, None, locked)).decode()
    if isinstance(private, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        yield "pem-traditional", _pem(private, PrivateFormat.TraditionalOpenSSL)
        yield "pem-traditional-encrypted", _pem(private, PrivateFormat.TraditionalOpenSSL, locked)


def _pem(private: Private, form: PrivateFormat, locked: Any = None) -> str:
    return private.private_bytes(Encoding.PEM, form, locked or NoEncryption()).decode()


def _make_rsa(chance: random.Random) -> rsa.RSAPrivateKey:
    """An RSA key of 2048 bits; `cryptography` alone could not make it again."""
    p, q = _make_prime(chance), _make_prime(chance)
    d = rsa.rsa_recover_private_exponent(65537, p, q)
    public = rsa.RSAPublicNumbers(65537, p * q)
    parts = (rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q))
    return rsa.RSAPrivateNumbers(p, q, d, *parts, public).private_key()


def _make_prime(chance: random.Random) -> int:
    """1024 bits, the two highest of them set, and no factor in common with the exponent."""
    while True:
        number = chance.getrandbits(1024) | 3 << 1022 | 1
        if all(number % each for each in _SMALL) and number % 65537 != 1 and pow(2, number - 1, number) == 1:
            return number


def _octets(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def _url(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
