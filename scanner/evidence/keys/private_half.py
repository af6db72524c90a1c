"""Whether leaked private members belong to the public key beside them: a leak or a decoy. The values do not leave
this module.
"""

from __future__ import annotations

from collections.abc import Mapping

from scanner.evidence.keys.base64url import decode
from scanner.evidence.model import Octets, Unread

_LONGEST_MODULUS = 1024  # bytes; the result is not worth a longer exponentiation


def is_matching(
    texts: Mapping[str, str], public: Mapping[str, Octets | Unread], private: Mapping[str, str | None]
) -> bool | None:
    """Whether the private values fit (n = p·q, e·d ≡ 1, x = [d]G); None where they cannot be compared."""
    values = {name: value.data for name, value in public.items() if isinstance(value, Octets)}
    for name, text in private.items():
        decoded = decode(text) if text is not None else None
        if isinstance(decoded, Octets):
            values[name] = decoded.data
    kty = texts.get("kty")
    if kty == "RSA":
        return _compare_rsa(
            {name: int.from_bytes(data, "big") for name, data in values.items() if name in ("n", "e", "d", "p", "q")}
        )
    return (
        _compare_curve(kty, texts.get("crv", ""), values) if kty in ("EC", "OKP") and "d" in values and "x" in values else None
    )


def _compare_rsa(numbers: dict[str, int]) -> bool | None:
    n = numbers.get("n", 0)
    if n < 3 or n.bit_length() > 8 * _LONGEST_MODULUS:
        return None
    if numbers.get("p") and numbers.get("q"):
        return numbers["p"] * numbers["q"] == n
    if "e" in numbers and "d" in numbers:
        return pow(pow(2, numbers["e"], n), numbers["d"], n) == 2
    return None


def _compare_curve(kty: str, crv: str, values: dict[str, bytes]) -> bool | None:
    try:
        if kty == "EC":
            return _compare_weierstrass(crv, values)
        made = _compare_octet_key(crv, values["d"])
        return None if made is None else made == values["x"]
    except ValueError:  # a scalar outside the group, or bytes of the wrong length
        return False


def _compare_weierstrass(crv: str, values: dict[str, bytes]) -> bool | None:
    from cryptography.hazmat.primitives.asymmetric import ec

    curves = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-521": ec.SECP521R1(), "secp256k1": ec.SECP256K1()}
    if crv not in curves:
        return None
    point = ec.derive_private_key(int.from_bytes(values["d"], "big"), curves[crv]).public_key().public_numbers()
    return (point.x, point.y) == tuple(int.from_bytes(values.get(name, b""), "big") for name in ("x", "y"))


def _compare_octet_key(crv: str, private: bytes) -> bytes | None:
    from cryptography.hazmat.primitives.asymmetric import ed448, ed25519, x448, x25519

    if crv == "Ed25519":
        return ed25519.Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
    if crv == "Ed448":
        return ed448.Ed448PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
    if crv == "X25519":
        return x25519.X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
    return x448.X448PrivateKey.from_private_bytes(private).public_key().public_bytes_raw() if crv == "X448" else None
