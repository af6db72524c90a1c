"""`manifest.jws`: a detached JWS (RFC 7515 Appendix F) over the octets of manifest.json.

The header holds `alg`, `kid` (the JWK Thumbprint) and `typ`, and may hold nothing else: a key or an address of one that comes
with what it signs is no key of ours (RFC 8725 §3.10), nor does what was signed choose the algorithm.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from scanner.errors import BundleError, ScannerError
from scanner.files.json_rows import Form, Row, document
from scanner.record import record
from scanner.sources.bundle.format import LARGEST_MANIFEST
from scanner.sources.bundle.keys import SigningKey, read_private_key

if TYPE_CHECKING:
    from joserfc.jws import JWSRegistry

TYPE = "jwksgov-bundle+jws"  # RFC 8725 §3.11: a signature over something else is none over a bundle
_MEMBERS = frozenset({"alg", "kid", "typ"})
_FORM = Form("a signature of a bundle", "Give the bundle as it was signed.", BundleError)


class BadSignature(Exception):
    """The signature does not hold, and why, as a clause without a full stop."""


@record
class VerifiedSignature:
    """A signature that holds: the algorithm and the JWK Thumbprint of the key."""

    alg: str
    thumbprint: str


def make_signer(path: str) -> Callable[[bytes], str]:
    """What signs with the private key in the file `path`: the octets of manifest.json → the text of manifest.jws. UsageError
    where the file holds no key for it.
    """
    found = read_private_key(path)
    return lambda data: _sign(data, found)


def _sign(data: bytes, found: SigningKey) -> str:
    from joserfc import jws

    header = {"alg": found.alg, "kid": found.thumbprint, "typ": TYPE}
    return jws.detach_content(jws.serialize_compact(header, data, found.key, registry=_registry(found.alg)))


def check_signature(data: bytes, signature: bytes, keys: Sequence[SigningKey]) -> VerifiedSignature:
    """That one of the keys signed the octets of manifest.json. BadSignature where none did."""
    text, header = _split(signature)
    found = next((key for key in keys if key.thumbprint == header.members["kid"]), None)
    if found is None:
        raise BadSignature("another key than the one given made the signature")
    if header.members["alg"] != found.alg:
        raise BadSignature(f"its algorithm is not that of the key, {found.alg}")
    _verify(data, text, found)
    return VerifiedSignature(found.alg, found.thumbprint)


def _split(signature: bytes) -> tuple[str, Row]:
    """The text and its header, written as we write them: each part has one spelling, so that no octet can be changed."""
    parts = signature.split(b".")
    if len(parts) != 3 or parts[1]:
        raise BadSignature("the signature is no detached JWS")
    header, _, _ = (_decode_base64url(part) for part in parts)
    try:
        row = document(header, "manifest.jws", _FORM)
        if set(row.members) != _MEMBERS:
            raise BadSignature("its header has other members than alg, kid and typ")
        for name in _MEMBERS:
            row.text(name)
        row.one_of("typ", (TYPE,))
    except ScannerError as error:
        raise BadSignature(error.what) from None
    return signature.decode("ascii"), row


def _decode_base64url(part: bytes) -> bytes:
    try:
        data = base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4))
    except ValueError:
        data = b""
    if base64.urlsafe_b64encode(data).rstrip(b"=") != part:
        raise BadSignature("the signature is not base64url")
    return data


def _verify(data: bytes, text: str, found: SigningKey) -> None:
    from joserfc import jws
    from joserfc.errors import JoseError

    try:
        jws.deserialize_compact(text, found.key, registry=_registry(found.alg), payload=data)
    except JoseError:
        raise BadSignature("the signature does not fit manifest.json") from None


def _registry(alg: str) -> JWSRegistry:
    """The one algorithm, and manifests of any length that we write."""
    from joserfc.jws import JWSRegistry

    registry = JWSRegistry(algorithms=[alg])
    registry.max_payload_length = LARGEST_MANIFEST
    return registry
