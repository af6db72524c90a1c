"""The public half of a private key, as a JWK: it shows whether a consumer trusts the key."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from scanner.evidence.model import Jwk, Octets, Spot

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
    from cryptography.hazmat.primitives.serialization.ssh import SSHPrivateKeyTypes

_CURVES = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521", "secp256k1": "secp256k1"}


def public_half_of_der(data: bytes, spot: Spot) -> Jwk | None:
    """The public half of PKCS#8, PKCS#1 or SEC 1; None where the structure has no known kind of key."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    try:
        return _make_public_half(load_der_private_key(data, None), spot)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None


def public_half_of_openssh(data: bytes, spot: Spot) -> Jwk | None:
    """The public half of OpenSSH's own format, without a passphrase."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_ssh_private_key

    body = base64.encodebytes(data)
    framed = b"-----BEGIN OPENSSH PRIVATE KEY-----\n" + body + b"-----END OPENSSH PRIVATE KEY-----\n"
    try:
        return _make_public_half(load_ssh_private_key(framed, None), spot)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None


def _make_public_half(key: PrivateKeyTypes | SSHPrivateKeyTypes, spot: Spot) -> Jwk | None:
    from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa, x448, x25519

    public = key.public_key()
    if isinstance(public, rsa.RSAPublicKey):
        numbers = public.public_numbers()
        return _make_jwk({"kty": "RSA"}, {"n": _encode_octets(numbers.n), "e": _encode_octets(numbers.e)}, spot)
    if isinstance(public, ec.EllipticCurvePublicKey):
        crv = _CURVES.get(public.curve.name, public.curve.name)
        size = (public.curve.key_size + 7) // 8
        point = public.public_numbers()
        return _make_jwk(
            {"kty": "EC", "crv": crv}, {"x": point.x.to_bytes(size, "big"), "y": point.y.to_bytes(size, "big")}, spot
        )
    for kind, crv in (
        (ed25519.Ed25519PublicKey, "Ed25519"),
        (ed448.Ed448PublicKey, "Ed448"),
        (x25519.X25519PublicKey, "X25519"),
        (x448.X448PublicKey, "X448"),
    ):
        if isinstance(public, kind):
            return _make_jwk({"kty": "OKP", "crv": crv}, {"x": public.public_bytes_raw()}, spot)
    return None


def _encode_octets(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def _make_jwk(texts: dict[str, str], values: dict[str, bytes], spot: Spot) -> Jwk:
    octets: dict[str, Octets] = {name: Octets(data) for name, data in values.items()}
    return Jwk(index=0, spot=spot, members=(*texts, *octets), texts=texts, octets=octets, is_published=False)
