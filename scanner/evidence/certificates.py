"""What a certificate of `x5c` says of its key. cryptography is loaded when the first certificate is met."""

from __future__ import annotations

import warnings

from scanner.evidence.model import Unread

# (kty, and the public values by JWK member as integers or octets)
PublicKey = tuple[str, dict[str, int | bytes | str]]


def public_key_of(der: bytes) -> PublicKey | Unread:
    """The certificate's public key in a JWK's terms, or why it cannot be told."""
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd serial numbers and the like; only the key matters here
            key = x509.load_der_x509_certificate(der).public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.UnsupportedGeneralNameType, x509.InvalidVersion):
        return Unread("the certificate in x5c[0] cannot be parsed")
    if isinstance(key, rsa.RSAPublicKey):
        numbers = key.public_numbers()
        return "RSA", {"n": numbers.n, "e": numbers.e}
    if isinstance(key, ec.EllipticCurvePublicKey):
        point = key.public_numbers()
        return "EC", {"x": point.x, "y": point.y}
    if isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey):
        return "OKP", {"x": key.public_bytes(Encoding.Raw, PublicFormat.Raw)}
    return Unread("the certificate in x5c[0] holds a key of another type")
