"""Keys for signing in tests, made once, in the forms that users have them in."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa, x25519
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from joserfc.jwk import ECKey, OKPKey, RSAKey

Private = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey


@cache
def key(name: str) -> Private:
    """A key of each algorithm."""
    made: dict[str, Private] = {
        "ES256": ec.generate_private_key(ec.SECP256R1()),
        "ES384": ec.generate_private_key(ec.SECP384R1()),
        "Ed25519": ed25519.Ed25519PrivateKey.generate(),
        "PS256": rsa.generate_private_key(65537, 2048),
    }
    return made[name]


@cache
def unfit(name: str) -> bytes:
    """A key that bundles are not signed with, in PEM."""
    made: dict[str, PrivateKeyTypes] = {
        "P-521": ec.generate_private_key(ec.SECP521R1()),
        "Ed448": ed448.Ed448PrivateKey.generate(),
        "X25519": x25519.X25519PrivateKey.generate(),
        "RSA-1024": rsa.generate_private_key(65537, 1024),
        "DSA": dsa.generate_private_key(2048),
    }
    return made[name].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def private_pem(name: str, *, password: bytes | None = None) -> bytes:
    crypt = BestAvailableEncryption(password) if password else NoEncryption()
    return key(name).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, crypt)


def public_pem(name: str) -> bytes:
    return key(name).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def jwk(name: str, *, private: bool = False, **members: str) -> dict[str, object]:
    """The key as a JWK."""
    kinds: dict[str, type[ECKey | OKPKey | RSAKey]] = {"PS256": RSAKey, "Ed25519": OKPKey}
    return {**kinds.get(name, ECKey).import_key(private_pem(name)).as_dict(private=private), **members}


def put(path: Path, content: bytes | object) -> str:
    """A file with these octets, or this JSON."""
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return str(path)
