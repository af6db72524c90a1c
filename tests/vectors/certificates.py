"""Certificates beside keys: of the same key for the controls, of another for the vectors. Signed with RSA, which is the same
octets in every run.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from hashlib import sha1, sha256

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from tests.vectors.material import CURVES, Jwk, b64, ec_jwk, okp_jwk, private_rsa, rsa_jwk, scalar, sound_modulus
from tests.vectors.vector import Family


def families() -> Iterator[Family]:
    """A family for each critical or high rule about certificates."""
    own, foreign = certificate("sound"), certificate("other")
    family = Family("certificate-of-another-key", "critical")
    family.key("RSA and RSA", rsa_jwk(sound_modulus(), x5c=[foreign])).key("EC and RSA", ec_jwk("P-256", x5c=[own]))
    family.key("Ed25519 and RSA", okp_jwk("Ed25519", x5c=[own]))
    family.key("RSA and EC", rsa_jwk(sound_modulus(), x5c=[certificate("P-256")]))
    family.key("the own one second", rsa_jwk(sound_modulus(), x5c=[foreign, own]))
    family.key("another exponent", rsa_jwk(sound_modulus(), 3, x5c=[own]))
    family.key("two points of P-256", ec_jwk("P-256", x5c=[certificate("P-256 other")]))
    yield family
    yield (
        Family("too-many-certificates", "high")
        .key("eleven", rsa_jwk(sound_modulus(), x5c=[own] * 11))
        .key("two hundred", rsa_jwk(sound_modulus(), x5c=[own] * 200))
    )


@cache
def certificate(name: str) -> str:
    """The certificate of a named key in standard base64, valid in 2026 and 2027, signed by the key of an authority."""
    public: rsa.RSAPublicKey | ec.EllipticCurvePublicKey
    if name.startswith("P-256"):
        public = ec.derive_private_key(
            scalar("P-256", name.removeprefix("P-256").strip() or "sound"), CURVES["P-256"]
        ).public_key()
    else:
        public = private_rsa(name).private_key().public_key()
    builder = (
        x509.CertificateBuilder(subject_name=_name("login.example.com"), issuer_name=_name("Example CA"), public_key=public)
        .serial_number(0x1234567890ABCDEF)
        .not_valid_before(datetime(2026, 6, 1, tzinfo=UTC))
        .not_valid_after(datetime(2027, 6, 1, tzinfo=UTC))
    )
    made = builder.sign(private_rsa("authority").private_key(), hashes.SHA256())
    return base64.b64encode(made.public_bytes(Encoding.DER)).decode()


def with_certificate(key: Jwk, name: str = "sound") -> Jwk:
    """The key with its certificate and both digests (RFC 7517 §4.7 to §4.9)."""
    der = base64.b64decode(certificate(name))
    return key | {"x5c": [certificate(name)], "x5t": b64(sha1(der).digest()), "x5t#S256": b64(sha256(der).digest())}


def with_hex_digest(key: Jwk) -> Jwk:
    """The key as a well-known product writes it: the digest in hexadecimal, that text in base64url."""
    der = base64.b64decode(certificate("sound"))
    return key | {"x5c": [certificate("sound")], "x5t": b64(sha1(der).hexdigest().upper().encode())}


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
