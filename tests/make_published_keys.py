"""Print entries for policies/published/keys.jsonl: `python tests/make_published_keys.py FILE --source PLACE --prominence docs`.

FILE is a JWK, a JWK Set, or a public or private key or a certificate in PEM. Only the JWK Thumbprint and the SHA-256 of the
SubjectPublicKeyInfo are printed: no private value comes into the repository. Add the lines to the list, and keep it sorted.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa, x448, x25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key, load_pem_public_key

CURVES = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-521": ec.SECP521R1(), "secp256k1": ec.SECP256K1()}
OKP: dict[str, Any] = {
    "Ed25519": ed25519.Ed25519PublicKey,
    "X25519": x25519.X25519PublicKey,
    "Ed448": ed448.Ed448PublicKey,
    "X448": x448.X448PublicKey,
}
MEMBERS = {"RSA": ("e", "kty", "n"), "EC": ("crv", "kty", "x", "y"), "OKP": ("crv", "kty", "x")}


def octets(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def public_key(jwk: dict[str, str]) -> Any:
    numbers = {name: int.from_bytes(octets(jwk[name]), "big") for name in ("n", "e", "x", "y") if name in jwk}
    if jwk["kty"] == "RSA":
        return rsa.RSAPublicNumbers(numbers["e"], numbers["n"]).public_key()
    if jwk["kty"] == "EC":
        return ec.EllipticCurvePublicNumbers(numbers["x"], numbers["y"], CURVES[jwk["crv"]]).public_key()
    return OKP[jwk["crv"]].from_public_bytes(octets(jwk["x"]))


def public_jwk(key: Any) -> dict[str, str]:
    """The members that the thumbprint is made of (RFC 7638 §3.2)."""
    if isinstance(key, rsa.RSAPublicKey):
        numbers = key.public_numbers()
        sized = {
            name: number.to_bytes((number.bit_length() + 7) // 8, "big")
            for name, number in (("n", numbers.n), ("e", numbers.e))
        }
        return {"kty": "RSA", **{name: encode(data) for name, data in sized.items()}}
    if isinstance(key, ec.EllipticCurvePublicKey):
        crv = next(name for name, curve in CURVES.items() if curve.name == key.curve.name)
        size, point = (key.curve.key_size + 7) // 8, key.public_numbers()
        return {"kty": "EC", "crv": crv, "x": encode(point.x.to_bytes(size, "big")), "y": encode(point.y.to_bytes(size, "big"))}
    crv = next(name for name, kind in OKP.items() if isinstance(key, kind))
    return {"kty": "OKP", "crv": crv, "x": encode(key.public_bytes_raw())}


def keys_in(data: bytes) -> Iterator[Any]:
    """The public keys of a file."""
    if b"-----BEGIN" not in data:
        found = json.loads(data)
        yield from (public_key(jwk) for jwk in found.get("keys", [found]))
    elif b"PRIVATE KEY" in data:
        yield load_pem_private_key(data, None).public_key()
    elif b"BEGIN CERTIFICATE" in data:
        yield from (each.public_key() for each in x509.load_pem_x509_certificates(data))
    else:
        yield load_pem_public_key(data)


def entry(key: Any, *, sources: list[str], prominence: str, copies: int) -> str:
    """One line of the list."""
    jwk = public_jwk(key)
    members = {name: jwk[name] for name in MEMBERS[jwk["kty"]]}
    printed = json.dumps(members, sort_keys=True, separators=(",", ":")).encode()
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    names = {"jkt": encode(hashlib.sha256(printed).digest()), "spki_sha256": hashlib.sha256(spki).hexdigest()}
    return json.dumps(
        {**names, "prominence": prominence, "copies": copies, "sources": sources}, ensure_ascii=False, separators=(",", ":")
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("--source", action="append", required=True, help="where the private half stands, best known first")
    parser.add_argument("--prominence", choices=("default", "docs", "sample", "test"), required=True)
    parser.add_argument("--copies", type=int, default=1, help="how many repositories have it")
    given = parser.parse_args()
    for key in keys_in(given.file.read_bytes()):
        print(entry(key, sources=given.source, prominence=given.prominence, copies=given.copies))  # noqa: T201


if __name__ == "__main__":
    main()
