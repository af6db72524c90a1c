"""Entries whose members are missing, mistyped, repeated, garbled or in another encoding."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.vectors.material import CURVES, Jwk, akp_jwk, ec_jwk, okp_jwk, private_rsa, rsa_jwk, scalar, sound_modulus
from tests.vectors.vector import Family


def families() -> Iterator[Family]:
    """A family for each rule about the members of an entry."""
    yield _without_type()
    yield _missing()
    yield _mistyped()
    yield _garbled()
    yield _repeated()
    yield _too_long()
    yield _other_text()


def _without_type() -> Family:
    family = Family("kty-missing", "high")
    sound = ec_jwk("P-256", kid="k2")
    ways: dict[str, Jwk] = {"not there": {}, "null": {"kty": None}, "empty": {"kty": ""}, "a number": {"kty": 1}}
    for name, more in ways.items():
        family.key(name, sound, {k: v for k, v in ec_jwk("P-256").items() if k != "kty"} | more)
    return family


def _missing() -> Family:
    family = Family("member-missing", "high")
    keys = {
        "RSA": (rsa_jwk(sound_modulus()), ("n", "e")),
        "EC": (ec_jwk("P-256"), ("crv", "x", "y")),
        "OKP": (okp_jwk("Ed25519"), ("crv", "x")),
        "AKP": (akp_jwk("ML-DSA-44", 1312), ("alg", "pub")),
    }
    for kty, (key, names) in keys.items():
        for name in names:
            family.key(f"{kty} without {name}", {k: v for k, v in key.items() if k != name})
            family.key(f"{kty} with an empty {name}", key | {name: ""})
        family.key(f"{kty} with null", key | {names[-1]: None})
    return family.key("nothing but a type", {"kty": "RSA"})


def _mistyped() -> Family:
    family = Family("member-mistyped", "high")
    rsa, point = rsa_jwk(sound_modulus()), ec_jwk("P-256")
    family.key("e is a number", rsa | {"e": 65537}).key("n is a number", rsa | {"n": 2**70 + 1})
    family.key("n is an array of octets", rsa | {"n": [200, 1, 2]}).key("n is an object", rsa | {"n": {"value": rsa["n"]}})
    family.key("x is true", point | {"x": True}).key("crv is a number", point | {"crv": 256})
    family.key("alg is an array", point | {"alg": ["ES256", "ES384"]}).key("use is an array", point | {"use": ["sig", "enc"]})
    family.key("key_ops is a string", point | {"key_ops": "verify"})
    family.key("x5c is a string", rsa | {"x5c": "MIIB"}).key("x5t is a number", rsa | {"x5t": 12})
    return family


def _garbled() -> Family:
    family = Family("member-not-base64url", "high")
    rsa, point = rsa_jwk(sound_modulus()), ec_jwk("P-256")
    family.key("stars", rsa | {"n": "*" * 40}).key("a length of no octets", rsa | {"n": rsa["n"][:341]})
    # a number of 2048 bits has 617 decimal digits, and no octets give 617 characters
    family.key("n in decimal", rsa | {"n": str(sound_modulus())})
    family.key("a sentence", point | {"x": "to be filled in!"}).key("not ASCII", point | {"y": "ключ" + point["y"][4:]})
    family.key("percent signs", rsa | {"e": "AQAB%3D"}).key("a template", rsa | {"n": "{{ .Values.modulus }}"})
    family.key("of an Ed25519 key", okp_jwk("Ed25519") | {"x": "?" * 43})
    return family


def _repeated() -> Family:
    """JSON that no serialiser writes: the text is put together by hand."""
    family = Family("member-repeated", "high")
    point, other = ec_jwk("P-256"), rsa_jwk(sound_modulus("other"))
    rsa = rsa_jwk(sound_modulus())
    for key, name, value in (
        (point, "kid", "k2"), (point, "alg", "ES384"), (point, "x", ec_jwk("P-256", kid="o")["y"]), (point, "kty", "EC"),
        (rsa, "n", other["n"]), (rsa, "e", "AQAB"), (rsa, "use", "enc"),
    ):  # fmt: skip
        text = f'{{"keys": [{json.dumps(key)[:-1]}, {json.dumps(name)}: {json.dumps(value)}}}]}}'
        family.data(f"{name} of {key['kty']}, {value[:8]}", text)
    escaped = f'{{"keys": [{json.dumps(rsa)[:-1]}, "\\u006e": {json.dumps(other["n"])}}}]}}'
    return family.data("n, once in an escape", escaped)


def _too_long() -> Family:
    family = Family("member-too-long", "high")
    for octets in (32 * 1024, 300_000):
        family.key(f"n of {octets} octets", rsa_jwk(3, n="A" * octets + "AAAB"))
    family.key("x of 40000 octets", ec_jwk("P-256", x="A" * 40000)).key("pub", akp_jwk("ML-DSA-44", 40000))
    return family


def _other_text() -> Family:
    family = Family("other-text-for-base64url", "high")
    n = sound_modulus()
    family.key("n in hexadecimal", rsa_jwk(n, n=f"{n:x}")).key("n in upper hexadecimal", rsa_jwk(n, n=f"{n:X}"))
    family.key("n in decimal", rsa_jwk(n, n=f"0{n:0619}"))
    point = ec.derive_private_key(scalar("P-256"), CURVES["P-256"]).public_key()
    numbers = point.public_numbers()
    family.key("x and y in hexadecimal", ec_jwk("P-256", x=f"{numbers.x:064x}", y=f"{numbers.y:064x}"))
    public = private_rsa().private_key().public_key()
    spki, pkcs1 = PublicFormat.SubjectPublicKeyInfo, PublicFormat.PKCS1
    family.key("n is a SubjectPublicKeyInfo", rsa_jwk(n, n=_b64url(public.public_bytes(Encoding.DER, spki))))
    family.key("n is a PKCS#1 key", rsa_jwk(n, n=_b64url(public.public_bytes(Encoding.DER, pkcs1))))
    family.key("n is PEM", rsa_jwk(n, n=public.public_bytes(Encoding.PEM, spki).decode()))
    family.key("x is a SubjectPublicKeyInfo", ec_jwk("P-256", x=_b64url(point.public_bytes(Encoding.DER, spki))))
    return family


def _b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
