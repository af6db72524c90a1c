"""Sets that are wrong as a document or as a whole, though each of their keys is sound."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.vectors.certificates import certificate
from tests.vectors.material import Jwk, b64, dice, ec_jwk, number, okp_jwk, rsa_jwk, scalar, sound_modulus
from tests.vectors.vector import Family, jwk_set


def families() -> Iterator[Family]:
    """A family for each rule about a set."""
    sound = jwk_set(ec_jwk("P-256"))
    yield _no_json(sound)
    yield _lax_json(sound)
    yield _repeated(sound)
    yield _no_numbers()
    yield _without_kid()
    yield _mixed()
    yield _unusable()
    yield _decrypting()
    yield from _spiffe()


def _no_json(sound: bytes) -> Family:
    family = Family("set-not-json", "high")
    family.data("an error page", "<!DOCTYPE html><html><body>403 Forbidden</body></html>").data(
        "a call", b"keys(" + sound + b")"
    )
    family.data("half a file", sound[: len(sound) // 2]).data("an open bracket", sound[:-1]).data(
        "single quotes", "{'keys': []}"
    )
    return family.data("prefix against inclusion", b")]}',\n" + sound)


def _lax_json(sound: bytes) -> Family:
    family = Family("set-not-strict-json", "high")
    family.data("a second set", sound + sound).data("a word behind it", sound + b" end").data("NUL behind it", sound + b"\0")
    family.data("a comment", b"// keys\n" + sound).data("a comment inside", sound.replace(b'"kid"', b'/* old */ "kid"'))
    family.data("a comma at the end", sound[:-2] + b",]}").data("half of a character", sound.replace(b'"k1"', b'"k\\ud800"'))
    return family


def _repeated(sound: bytes) -> Family:
    keys = sound[1:-1]
    family = Family("set-member-repeated", "high")
    family.data("the same keys", b"{" + keys + b", " + keys + b"}").data("no keys first", b'{"keys": [], ' + keys + b"}")
    family.data("no keys last", b"{" + keys + b', "keys": []}').data("once in an escape", b'{"\\u006beys": [], ' + keys + b"}")
    return family.data("another member", b'{"version": 1, "version": 2, ' + keys + b"}")


def _no_numbers() -> Family:
    family = Family("not-a-number-in-set", "high")
    for word in ("NaN", "Infinity", "-Infinity"):
        family.data(word, json.dumps({"keys": [ec_jwk("P-256") | {"exp": float(word.lower())}]}))
    return family


def _without_kid() -> Family:
    bare = {name: value for name, value in ec_jwk("P-256").items() if name != "kid"}
    rsa = rsa_jwk(sound_modulus(), kid="k2")
    family = Family("keys-without-kid", "high")
    family.key("the first of two", bare, rsa).key("both", bare, {k: v for k, v in rsa.items() if k != "kid"})
    return family.key("an empty one", bare | {"kid": ""}, rsa).key("null", rsa, bare | {"kid": None})


def _mixed() -> Family:
    secret: Jwk = {"kty": "oct", "k": b64(dice("mixed").randbytes(32)), "kid": "k2", "alg": "HS256"}
    private = ec_jwk("P-256", kid="k2", d=number(scalar("P-256"), 32))
    family = Family("public-and-secret-keys-mixed", "critical")
    family.key("RSA and oct", rsa_jwk(sound_modulus()), secret).key("oct and Ed25519", secret, okp_jwk("Ed25519"))
    return family.key("public and private", rsa_jwk(sound_modulus()), private)


def _unusable() -> Family:
    family = Family("no-usable-key", "high")
    family.key("a type nobody knows", {"kty": "LMS", "kid": "k1"}).key("no values", {"kty": "RSA", "kid": "k1"})
    family.key("a curve nobody knows", ec_jwk("P-256") | {"crv": "P-999"}).key(
        "a type in lower case", okp_jwk("Ed25519", kty="okp")
    )
    return family.key("a draft's algorithm", {"kty": "AKP", "alg": "CRYDI2", "pub": "AAAA", "kid": "k1"})


def _decrypting() -> Family:
    rsa = rsa_jwk(sound_modulus())
    family = Family("signing-key-decrypts-rsa1-5", "high")
    ways: dict[str, Jwk] = {"use enc": {"use": "enc"}, "no use": {"use": None}}
    for name, decrypting in ways.items():
        second = {k: v for k, v in (rsa | decrypting | {"kid": "k2", "alg": "RSA1_5"}).items() if v is not None}
        family.key(name, rsa, second).key(f"{name}, first", second, rsa)
    return family


def _spiffe() -> Iterator[Family]:
    empty = Family("spiffe-bundle-empty", "high")
    yield empty.data("with a sequence", jwk_set(spiffe_sequence=9)).data("with a hint", jwk_set(spiffe_refresh_hint=60))
    svid = {name: value for name, value in ec_jwk("P-256", use="jwt-svid").items() if name != "alg"}
    authority = rsa_jwk(sound_modulus(), use="x509-svid", x5c=[certificate("sound")])
    family = Family("spiffe-entry-incomplete", "high")
    bad: dict[str, Jwk] = {
        "no kid": {k: v for k, v in svid.items() if k != "kid"},
        "no use": {k: v for k, v in svid.items() if k != "use"},
        "use sig": svid | {"use": "sig"},
        "no certificate": authority | {"x5c": []},
        "two certificates": authority | {"x5c": [certificate("sound"), certificate("other")]},
    }
    for name, entry in bad.items():
        family.data(name, jwk_set(svid | {"kid": "k9"}, entry, spiffe_sequence=1))
    yield family
