"""Sound material with labels that contradict it: `alg`, `use`, `kid`, dates, `x5u`."""

from __future__ import annotations

from collections.abc import Iterator

from tests.vectors.material import CURVES, Jwk, ec_jwk, okp_jwk, rsa_jwk, sound_modulus
from tests.vectors.vector import Family

_KIDS = {
    "a path step": "../../etc/passwd",
    "a path step of Windows": "..\\..\\web.config",
    "steps inside": "keys/../../dev/null",
    "a quote": "x' UNION SELECT 'key",
    "a double quote": 'x" or ""="',
    "a tag": "<script>alert(1)</script>",
    "a command": "$(id)",
    "back-ticks": "`id`",
    "a template": "{{7*7}}",
    "a control character": "key\u001b[2J",
    "a line end": "key\r\nSet-Cookie: a=b",
    "NUL": "key\u0000.pem",
}


def families() -> Iterator[Family]:
    """A family for each rule about what a key says of itself."""
    yield _of_another_type()
    yield _of_another_curve()
    yield _dangerous()
    yield _misused()
    yield _kids()
    yield from _dates()
    x5u = Family("x5u-without-tls", "high")
    for url in ("http://login.example.com/certificate.pem", "ftp://login.example.com/certificate.pem", "certificate.pem"):
        x5u.key(url, rsa_jwk(sound_modulus(), x5u=url))
    yield x5u


def _of_another_type() -> Family:
    rsa: Jwk = rsa_jwk(sound_modulus())
    family = Family("alg-contradicts-type", "high")
    for alg in ("ES256", "EdDSA", "ML-DSA-44", "HS512"):
        family.key(f"RSA for {alg}", rsa | {"alg": alg})
    for alg in ("RS256", "PS512", "Ed25519", "HS256"):
        family.key(f"P-256 for {alg}", ec_jwk("P-256", alg=alg))
    for alg in ("RS256", "ES256", "HS384"):
        family.key(f"Ed25519 for {alg}", okp_jwk("Ed25519", alg=alg))
    family.key("P-256 for RSA-OAEP", ec_jwk("P-256", alg="RSA-OAEP-256", use="enc"))
    family.key("RSA for ECDH-ES", rsa | {"alg": "ECDH-ES", "use": "enc"})
    return family


def _of_another_curve() -> Family:
    family = Family("alg-contradicts-curve", "high")
    algorithms = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512", "secp256k1": "ES256K"}
    for curve in CURVES:
        for other, alg in algorithms.items():
            if other != curve:
                family.key(f"{curve} for {alg}", ec_jwk(curve, alg=alg))
    family.key("Ed25519 for Ed448", okp_jwk("Ed25519", alg="Ed448"))
    family.key("Ed448 for Ed25519", okp_jwk("Ed448", alg="Ed25519"))
    return family


def _dangerous() -> Family:
    family = Family("alg-dangerous", "high")
    for alg in ("none", "HS256", "HS384", "HS512", "RS1"):
        family.key(f"RSA for {alg}", rsa_jwk(sound_modulus(), alg=alg))
    return family.key("P-256 for none", ec_jwk("P-256", alg="none"))


def _misused() -> Family:
    family = Family("curve-misused", "high")
    for curve in ("X25519", "X448"):
        family.key(f"{curve} for signatures", okp_jwk(curve, use="sig", alg=None))
        family.key(f"{curve} for EdDSA", okp_jwk(curve, alg="EdDSA"))
    for curve in ("Ed25519", "Ed448"):
        family.key(f"{curve} for encryption", okp_jwk(curve, use="enc"))
        family.key(f"{curve} for ECDH-ES", okp_jwk(curve, alg="ECDH-ES"))
    return family


def _kids() -> Family:
    family = Family("kid-dangerous", "high")
    for name, kid in _KIDS.items():
        family.key(name, ec_jwk("P-256", kid=kid))
    return family


def _dates() -> Iterator[Family]:
    """Judged on 2026-11-01, which is 1793491200."""
    expired = Family("key-expired", "high")
    for name, exp in {
        "two days ago": 1793318400,
        "in 2020": 1577836800,
        "at the epoch": 1,
        "with a fraction": 1577836800.5,
    }.items():
        expired.key(name, ec_jwk("P-256", exp=exp))
    yield expired
    revoked = Family("key-revoked-published", "high")
    revoked.key("with a reason", ec_jwk("P-256", revoked={"revoked_at": 1577836800, "reason": "compromised"}))
    revoked.key("with a date", ec_jwk("P-256", revoked=1577836800)).key("with true", ec_jwk("P-256", revoked=True))
    yield revoked
