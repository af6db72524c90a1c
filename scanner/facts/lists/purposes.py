"""The use of a key for a consumer: whether libraries accept it, its purpose, its strength."""

from __future__ import annotations

from scanner.evidence.keys.registries import ALGORITHMS, CURVES, KEY_TYPES, PUBLIC_OCTETS, registered_spelling
from scanner.evidence.model import Jwk, Octets

_EXCHANGE_CURVES = frozenset({"X25519", "X448"})
# SP 800-57 Part 1 §5.6.1.1 Table 2; RFC 8032 §8.5 for Edwards curves; FIPS 204 Table 1
_CURVE_BITS = {
    **dict.fromkeys(("P-256", "secp256k1", "Ed25519", "X25519"), 128),
    "P-384": 192,
    "P-521": 256,
    "Ed448": 224,
    "X448": 224,
}
_LATTICE_BITS = {"ML-DSA-44": 128, "ML-DSA-65": 192, "ML-DSA-87": 256}
_MODULUS_BITS = ((15360, 256), (7680, 192), (3072, 128), (2048, 112), (1024, 80))


def is_usable(key: Jwk) -> bool:
    """Whether a library that follows the standards accepts the entry as a public key. It ignores entries with an unknown type
    or curve or a missing value (RFC 7517 §5).
    """
    kty = key.texts.get("kty", "")
    if kty not in KEY_TYPES or kty == "oct":
        return False
    if kty in ("EC", "OKP") and key.texts.get("crv") not in CURVES:
        return False
    if kty == "AKP" and key.texts.get("alg") not in PUBLIC_OCTETS:
        return False
    return all(isinstance(key.octets.get(name), Octets) for name in KEY_TYPES[kty] if name not in ("crv", "alg"))


def purpose(key: Jwk) -> str:
    """`sig` or `enc`, by `use`, else by `alg`, else by `key_ops`; empty where the key declares nothing and could serve both."""
    use = key.texts.get("use", "")
    if use in ("sig", "enc"):
        return use
    if use in ("jwt-svid", "wit-svid"):
        return "sig"
    if use:
        return registered_spelling("use", use) or "other"
    if key.texts.get("alg") in ALGORITHMS:
        return ALGORITHMS[key.texts["alg"]][0]
    if key.key_ops:
        return "sig" if "verify" in key.key_ops or "sign" in key.key_ops else "enc"
    return "enc" if key.texts.get("crv") in _EXCHANGE_CURVES else ""


def is_for_signatures(key: Jwk) -> bool:
    """Whether the key, usable or not, is not declared for anything but verifying signatures."""
    return purpose(key) in ("sig", "")


def security_bits(key: Jwk) -> int:
    """The security strength of a usable key in bits against classical attack; 0 below the smallest that the table has."""
    if key.texts.get("kty") == "RSA":
        n = key.octets.get("n")
        bits = int.from_bytes(n.data, "big").bit_length() if isinstance(n, Octets) else 0
        # a modulus of 2047 bits counts as 2048, as readers of the table expect
        return next((strength for size, strength in _MODULUS_BITS if bits >= size - 8), 0)
    if key.texts.get("kty") == "AKP":
        name = key.texts.get("alg", "")
        return _LATTICE_BITS.get(name) or int(name.rsplit("-", 1)[1][:3])
    return _CURVE_BITS.get(key.texts.get("crv", ""), 0)
