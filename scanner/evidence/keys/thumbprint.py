"""The identity of a key in any spelling: its decoded public values, and the JWK Thumbprint (RFC 7638)."""

from __future__ import annotations

import base64

from scanner.digest import sha256
from scanner.evidence.keys.registries import CURVES
from scanner.evidence.model import Jwk, Octets
from scanner.memo import Memo

_MEMBERS = {"RSA": ("e", "n"), "EC": ("x", "y"), "OKP": ("x",), "AKP": ("pub",)}


def material(key: Jwk) -> tuple[str, ...] | None:
    """kty, curve or algorithm, and public values as canonical base64url; None where one is missing or unreadable.

    Leading zero bytes do not count: RSA's integers lose them, and a coordinate gets the length of its curve, so that two
    spellings of one number are one key (RFC 7518 §6.2.1.2, §6.3.1.1).
    """
    kty = key.texts.get("kty", "")
    if kty not in _MEMBERS:
        return None
    found = [kty, key.texts.get("alg" if kty == "AKP" else "crv", "")]
    for name in _MEMBERS[kty]:
        value = key.octets.get(name)
        if not isinstance(value, Octets):
            return None
        data = _make_canonical(kty, found[1], value.data)
        found.append(base64.urlsafe_b64encode(data).decode().rstrip("="))
    return tuple(found)


def _make_canonical(kty: str, crv: str, data: bytes) -> bytes:
    if kty == "RSA":
        return data.lstrip(b"\0")
    return data.lstrip(b"\0").rjust(CURVES[crv][1], b"\0") if kty == "EC" and crv in CURVES else data


def _find_thumbprint(key: Jwk) -> str | None:
    values = material(key)
    if values is None:
        return None
    kty, variant, *public = values
    # in the order of Unicode code points, without white space (RFC 7638 §3); base64url and most names need no escaping
    members = [f'"{name}":"{value}"' for name, value in zip(_MEMBERS[kty], public, strict=True)]
    if kty == "AKP":
        text = f'{{"alg":{_quote(variant)},"kty":"AKP",{members[0]}}}'
    elif kty == "RSA":
        text = f'{{{members[0]},"kty":"RSA",{members[1]}}}'
    else:
        text = f'{{"crv":{_quote(variant)},"kty":"{kty}",{",".join(members)}}}'
    digest = sha256(text.encode())
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _quote(name: str) -> str:
    if name.isascii() and name.replace("-", "").isalnum():
        return f'"{name}"'
    import json  # an unregistered name

    return json.dumps(name)


_thumbprint = Memo(_find_thumbprint)


def thumbprint(key: Jwk) -> str | None:
    """The canonical SHA-256 JWK Thumbprint in base64url (RFC 7638 §3), or None where the key cannot be read."""
    return _thumbprint(key)
