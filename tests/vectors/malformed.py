"""JWKs as no library writes them, in the manner of Project Wycheproof: each member of each type of key in every wrong form."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from tests.vectors.material import (
    Jwk,
    akp_jwk,
    b64,
    ec_jwk,
    number,
    okp_jwk,
    okp_private,
    private_rsa_members,
    rsa_jwk,
    scalar,
    sound_modulus,
)

_RAW = "\x00raw\x00"  # stands for text that json.dumps would not write

# what becomes of a member's value: of any type, of any length, in any spelling
_FORMS: dict[str, Callable[[Any], object]] = {
    "null": lambda value: None,
    "true": lambda value: True,
    "zero": lambda value: 0,
    "a negative number": lambda value: -1,
    "a fraction": lambda value: 1.5,
    "a huge number": lambda value: 10**400,
    "empty": lambda value: "",
    "blank": lambda value: " \t\n",
    "an empty array": lambda value: [],
    "an empty object": lambda value: {},
    "in an array": lambda value: [value],
    "in arrays": lambda value: [[[value]]],
    "in an object": lambda value: {"value": value},
    "an array of everything": lambda value: [None, True, 1, 1.5, "", [], {}, value],
    "twice as long": lambda value: f"{value}{value}",
    "a hundred times as long": lambda value: f"{value}" * 100,
    "one character": lambda value: f"{value}"[:1],
    "cut": lambda value: f"{value}"[:-1],
    "backwards": lambda value: f"{value}"[::-1],
    "in upper case": lambda value: f"{value}".upper(),
    "in lower case": lambda value: f"{value}".lower(),
    "padded": lambda value: f"{value}====",
    "with white space": lambda value: f" {value}\r\n",
    "with NUL": lambda value: f"{value}\0",
    "with half of a character": lambda value: f"{value}\ud800",
    "with marks of direction": lambda value: f"\u202e{value}\u200b",
    "full-width": lambda value: f"{value}".translate({code: code + 0xFEE0 for code in range(33, 127)}),
    "of zero octets": lambda value: "A" * 43,
    "of full octets": lambda value: "_" * 43,
    "percent-encoded": lambda value: "".join(f"%{octet:02x}" for octet in f"{value}".encode()),
    "a template": lambda value: "{{ value }}",
    "a formula": lambda value: "=cmd|' /C calc'!A0",
    "a tag": lambda value: "<img src=x onerror=alert(1)>",
    "a place holder of CEL": lambda value: "{key.label} {0} %s",
    "NaN": lambda value: float("nan"),
    "Infinity": lambda value: float("inf"),
    "deeper than a reader goes": lambda value: _RAW,
}
_MORE = ("x5c", "x5t", "x5t#S256", "x5u", "key_ops", "iat", "nbf", "exp", "revoked", "oth", "ext")


def malformed() -> Iterator[tuple[str, bytes]]:
    """A name and a document for each."""
    for key in _keys():
        for member in (*key, *(name for name in _MORE if name not in key)):
            for form, change in _FORMS.items():
                value = change(key.get(member, "AQAB"))
                document = json.dumps({"keys": [key | {member: value}]})
                document = document.replace(json.dumps(_RAW), "[" * 200 + "]" * 200)
                yield f"{key['kty']} {key.get('crv', '')} {member} {form}", document.encode()


def _keys() -> Iterator[Jwk]:
    """One of each type, private half and all."""
    yield rsa_jwk(sound_modulus()) | private_rsa_members()
    yield ec_jwk("P-256", d=number(scalar("P-256"), 32))
    yield okp_jwk("Ed25519", d=b64(okp_private("Ed25519")[1]))
    yield akp_jwk("ML-DSA-44", 1312, priv=b64(b"seed" * 8))
    yield {"kty": "oct", "k": b64(b"a secret of 32 octets, no less!!"), "alg": "HS256", "use": "sig", "kid": "k1"}
