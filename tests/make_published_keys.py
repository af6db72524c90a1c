"""Print scanner/facts/lists/published_keys.txt anew from the documents' key values: `python tests/make_published_keys.py`.

tests/published_keys.json holds the public values as the documents print them. The list holds, for each, the canonical JWK
Thumbprint (RFC 7638) that scans compare with, the SHA-256 of the SubjectPublicKeyInfo for readers with other tools, the source.
"""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa, x25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

HERE = Path(__file__).parent
LIST = HERE.parent / "scanner" / "facts" / "lists" / "published_keys.txt"
CURVES = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-521": ec.SECP521R1()}
HEAD = """# Keys whose private half is printed in a public document. Made by tests/make_published_keys.py.
# JWK Thumbprint (RFC 7638), SHA-256 of the SubjectPublicKeyInfo, source
"""


def octets(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")


def thumbprint(jwk: dict[str, str]) -> str:
    return digest(json.dumps(jwk, sort_keys=True, separators=(",", ":")).encode())


def spki(jwk: dict[str, str]) -> bytes:
    numbers = {name: int.from_bytes(octets(jwk[name]), "big") for name in ("n", "e", "x", "y") if name in jwk}
    key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | x25519.X25519PublicKey
    if jwk["kty"] == "RSA":
        key = rsa.RSAPublicNumbers(numbers["e"], numbers["n"]).public_key()
    elif jwk["kty"] == "EC":
        key = ec.EllipticCurvePublicNumbers(numbers["x"], numbers["y"], CURVES[jwk["crv"]]).public_key()
    elif jwk["crv"] == "Ed25519":
        key = ed25519.Ed25519PublicKey.from_public_bytes(octets(jwk["x"]))
    else:
        key = x25519.X25519PublicKey.from_public_bytes(octets(jwk["x"]))
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def made() -> str:
    """The whole list."""
    found = json.loads((HERE / "published_keys.json").read_text(encoding="utf-8"))
    lines = [f"{thumbprint(each['jwk'])} {digest(spki(each['jwk']))} {each['source']}\n" for each in found]
    return HEAD + "".join(sorted(lines))


if __name__ == "__main__":
    LIST.write_text(made(), encoding="utf-8")
