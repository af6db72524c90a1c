"""`manifest.jws`: a detached JWS (RFC 7515 Appendix F) over the bytes of manifest.json.

The header has `alg`, `kid` (the JWK Thumbprint) and `typ`, and nothing else: a key, or the URL of a key, in the header must not
be trusted (RFC 8725 §3.10), and the header must not choose the algorithm.
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

TYPE = "jwksgov-bundle+jws"  # RFC 8725 §3.11: a signature made for another purpose must not be valid here
_MEMBERS = frozenset({"alg", "kid", "typ"})
_FORM = Form("a signature of a bundle", "Use the bundle as it was signed.", BundleError)


class BadSignature(Exception):
    """The signature is not valid; the reason is a clause without a full stop."""


@record
class VerifiedSignature:
    """A valid signature: the algorithm and the JWK Thumbprint of the key."""

    alg: str
    thumbprint: str


def make_signer(path: str) -> Callable[[bytes], str]:
    """A function that signs with the private key in the file `path`: the bytes of manifest.json → the text of manifest.jws.
    UsageError if the file has no usable key.
    """
    found = read_private_key(path)
    return lambda data: _sign(data, found)


def _sign(data: bytes, found: SigningKey) -> str:
    from joserfc import jws

    header = {"alg": found.alg, "kid": found.thumbprint, "typ": TYPE}
    return jws.detach_content(jws.serialize_compact(header, data, found.key, registry=_registry(found.alg)))


def check_signature(data: bytes, signature: bytes, keys: Sequence[SigningKey]) -> VerifiedSignature:
    """Check that one of the keys signed the bytes of manifest.json. BadSignature if none did."""
    text, header = _split(signature)
    found = next((key for key in keys if key.thumbprint == header.members["kid"]), None)
    if found is None:
        raise BadSignature("the signature was made with another key than the given one")
    if header.members["alg"] != found.alg:
        raise BadSignature(f"its algorithm is not the algorithm of the key, {found.alg}")
    _verify(data, text, found)
    return VerifiedSignature(found.alg, found.thumbprint)


def _split(signature: bytes) -> tuple[str, Row]:
    """The text and its header. Only our own spelling of each part is accepted, so that no byte can be changed."""
    parts = signature.split(b".")
    if len(parts) != 3 or parts[1]:
        raise BadSignature("the signature is not a detached JWS")
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
        raise BadSignature("the signature does not match manifest.json") from None


def _registry(alg: str) -> JWSRegistry:
    """Only this algorithm, and manifests up to the size limit."""
    from joserfc.jws import JWSRegistry

    registry = JWSRegistry(algorithms=[alg])
    registry.max_payload_length = LARGEST_MANIFEST
    return registry
