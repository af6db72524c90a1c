"""Keys for signing bundles and for checking signatures: PEM, a JWK, or a JWK Set.

The key determines the algorithm, never the signature that is checked (RFC 8725 §3.1): P-256 is ES256, P-384 is ES384,
Ed25519 is Ed25519 (RFC 9864), RSA is PS256. A shared secret proves nothing to an auditor, so HMAC is refused.
"""

from __future__ import annotations

import json
import warnings
from typing import TYPE_CHECKING, Any

from scanner.errors import Place, ScannerError, UsageError
from scanner.record import record

if TYPE_CHECKING:
    from joserfc.jwk import ECKey, OKPKey, RSAKey

_LARGEST = 256 * 1024
_MAX_KEYS = 100
_SHORTEST_RSA = 2048  # NIST SP 800-131A Rev. 2 §3
_CURVES = {"P-256": "ES256", "P-384": "ES384", "Ed25519": "Ed25519"}
_REMEDY = "Give an EC key on P-256 or P-384, an Ed25519 key, or an RSA key of 2048 bits or more, as PEM or JWK."


@record
class SigningKey:
    """A key, its one algorithm, and its JWK Thumbprint (RFC 7638)."""

    key: ECKey | OKPKey | RSAKey
    alg: str
    thumbprint: str


class _UnusableKey(Exception):
    """A key that cannot be used for signatures. The reason quotes nothing of the key."""


def read_private_key(path: str) -> SigningKey:
    """Read the one private key in a file. UsageError if it has no key that can sign."""
    found = _keys(path)
    if len(found) > 1:
        raise _key_error(path, "it contains several keys")
    if not found[0].key.is_private:
        raise _key_error(path, "it contains a public key, and signing needs the private key")
    return found[0]


def read_public_keys(path: str) -> tuple[SigningKey, ...]:
    """Read the public keys or key pairs in a file, to check a signature. Keys of a set for other purposes are ignored."""
    return _keys(path)


def _keys(path: str) -> tuple[SigningKey, ...]:
    data = _read_key_file(path)
    found, because = [], "it contains no key"
    try:
        for each in [data] if b"-----BEGIN" in data else _jwks(data, path):
            try:
                found.append(_signing_key(each))
            except _UnusableKey as unfit:
                because = str(unfit)
    except ImportError:
        raise UsageError(what="signatures need joserfc", remedy="Run `pip install 'jwksgov[collect]'`.") from None
    if not found:
        raise _key_error(path, because)
    return tuple(found)


def _read_key_file(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise UsageError(what=f"cannot read the key: {error.strerror}", where=Place(path), remedy=_REMEDY) from None
    if len(data) > _LARGEST:
        raise _key_error(path, f"it is larger than {_LARGEST // 1024} KiB")
    return data


def _jwks(data: bytes, path: str) -> list[dict[str, Any]]:
    """The JWK, or those of the JWK Set (RFC 7517 §5)."""
    try:
        members = json.loads(data)
    except (ValueError, RecursionError):
        raise _key_error(path, "it is neither PEM nor JSON") from None
    keys = members.get("keys", [members]) if isinstance(members, dict) else None
    if not isinstance(keys, list) or not all(isinstance(key, dict) for key in keys) or len(keys) > _MAX_KEYS:
        raise _key_error(path, f"it is neither a JWK nor a JWK Set of up to {_MAX_KEYS} keys")
    return keys


def _signing_key(source: bytes | dict[str, Any]) -> SigningKey:
    from cryptography.exceptions import UnsupportedAlgorithm
    from joserfc.errors import JoseError
    from joserfc.jwk import OctKey, RSAKey, import_key

    if isinstance(source, dict) and source.get("use") == "enc":
        raise _UnusableKey("it is for encryption")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about short keys, which are refused below
            key = _parse_pem(source) if isinstance(source, bytes) else import_key(source)
            size = key.raw_value.key_size if isinstance(key, RSAKey) else None
    except (JoseError, ValueError, TypeError, LookupError, UnsupportedAlgorithm):
        raise _UnusableKey("it cannot be parsed as a key") from None
    if isinstance(key, OctKey):
        raise _UnusableKey("it is a shared secret: everyone who can check a signature can also make one")
    if size is not None and size < _SHORTEST_RSA:
        raise _UnusableKey(f"its modulus has {size} bits, fewer than {_SHORTEST_RSA}")
    alg = "PS256" if isinstance(key, RSAKey) else _CURVES.get(key.curve_name)
    if alg is None:
        raise _UnusableKey("its curve is not one of those used to sign bundles")
    return SigningKey(key, alg, key.thumbprint())


def _parse_pem(data: bytes) -> ECKey | OKPKey | RSAKey:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
    from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
    from joserfc.jwk import ECKey, OKPKey, RSAKey

    if b"ENCRYPTED" in data:
        raise _UnusableKey("it is encrypted: write it to another file without a password, with `openssl pkey`")
    raw = load_pem_private_key(data, None) if b"PRIVATE KEY" in data else load_pem_public_key(data)
    if isinstance(raw, ec.EllipticCurvePrivateKey | ec.EllipticCurvePublicKey):
        return ECKey.import_key(raw)
    if isinstance(raw, ed25519.Ed25519PrivateKey | ed25519.Ed25519PublicKey):
        return OKPKey.import_key(raw)
    if isinstance(raw, rsa.RSAPrivateKey | rsa.RSAPublicKey):
        return RSAKey.import_key(raw)
    raise _UnusableKey("keys of this type are not used to sign bundles")


def _key_error(path: str, because: str) -> ScannerError:
    return UsageError(what=f"no key for signatures: {because}", where=Place(path), remedy=_REMEDY)
