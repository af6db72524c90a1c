"""The content of the certificates in `x5c`. cryptography is loaded for the first certificate."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from scanner.digest import sha256_hex
from scanner.evidence.model import Octets, Unread
from scanner.record import record

if TYPE_CHECKING:
    from cryptography import x509

# (kty, and the public values by JWK member as integers or bytes)
PublicKey = tuple[str, dict[str, int | bytes | str]]


@record
class Certificate:
    """One certificate (RFC 5280). `public_key` is None for a type of key without a JOSE name; `hash_name` is the hash of its
    signature (`sha1`), or empty. `is_ca` and `may_sign` are None where the certificate does not say. `oddities`: in words.
    """

    public_key: PublicKey | None
    starts: datetime
    ends: datetime
    is_self_signed: bool
    hash_name: str
    is_ca: bool | None
    may_sign: bool | None
    oddities: tuple[str, ...]


@record
class Chain:
    """The certificates of one `x5c`. `unread`: those that cannot be parsed, with the reason. `broken_at`: the index of the
    first one that the next does not certify, or None; known only where all can be parsed.
    """

    leaf: Certificate | None
    others: tuple[Certificate, ...]
    unread: tuple[str, ...]
    broken_at: int | None = None


def read_chain(entries: Sequence[Octets | Unread] | Unread | None) -> Chain:
    """Parse the certificates and verify each with the key of the next (RFC 7517 §4.7)."""
    if entries is None or isinstance(entries, Unread):
        return Chain(None, (), (entries.because,) if entries else ())
    if not entries:
        return Chain(None, (), ())
    loaded = [_load(entry) for entry in entries]
    unread = tuple(f"x5c[{at}] {found.because}" for at, found in enumerate(loaded) if isinstance(found, Unread))
    read = [found for found in loaded if not isinstance(found, Unread)]
    first = None if isinstance(loaded[0], Unread) else _describe(loaded[0])
    others = tuple(_describe(found) for found in (read[1:] if first else read))
    return Chain(first, others, unread, None if unread else _find_break(read))


def read_leaf(der: bytes) -> tuple[Certificate, tuple[str, ...]] | Unread:
    """A TLS server's certificate and the names that it is for: DNS names and addresses of its Subject Alternative Name, in
    order (RFC 9525 §6.3: the Common Name does not count).
    """
    loaded = _load(Octets(der))
    return loaded if isinstance(loaded, Unread) else (_describe(loaded), _list_names(loaded))


def spki_sha256_of(der: bytes) -> str | None:
    """SHA-256 of the SubjectPublicKeyInfo of a certificate, in hexadecimal; None where it cannot be read."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    found = _load(Octets(der))
    if isinstance(found, Unread):
        return None
    try:
        return sha256_hex(found.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    except (ValueError, UnsupportedAlgorithm):
        return None


def _list_names(found: x509.Certificate) -> tuple[str, ...]:
    from cryptography import x509

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError, TypeError):
        return ()
    return tuple(str(name.value) for name in names if isinstance(name, x509.DNSName | x509.IPAddress))


def _load(entry: Octets | Unread) -> x509.Certificate | Unread:
    from cryptography import x509

    if isinstance(entry, Unread):
        return Unread(f"cannot be read: {entry.because}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd serial numbers and similar, which `oddities` reports
            found = x509.load_der_x509_certificate(entry.data)
            found.not_valid_before_utc  # noqa: B018 - parsed at access
            found.not_valid_after_utc  # noqa: B018
    except (ValueError, TypeError, x509.InvalidVersion, OverflowError):
        return Unread("cannot be parsed")
    return found


def _describe(found: x509.Certificate) -> Certificate:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        is_ca, may_sign, has_name, faults = _read_extensions(found)
        return Certificate(
            public_key=_read_public_key(found),
            starts=found.not_valid_before_utc,
            ends=found.not_valid_after_utc,
            is_self_signed=_is_issued_by(found, found),
            hash_name=_find_hash_name(found),
            is_ca=is_ca,
            may_sign=may_sign,
            oddities=(*_find_oddities(found, has_name=has_name), *faults),
        )


def _read_public_key(found: x509.Certificate) -> PublicKey | None:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa, x448, x25519

    try:
        key: Any = found.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return None
    if isinstance(key, rsa.RSAPublicKey):
        numbers = key.public_numbers()
        return "RSA", {"n": numbers.n, "e": numbers.e}
    if isinstance(key, ec.EllipticCurvePublicKey):
        point = key.public_numbers()
        return "EC", {"x": point.x, "y": point.y}
    if isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey | x25519.X25519PublicKey | x448.X448PublicKey):
        return "OKP", {"x": key.public_bytes_raw()}
    return None


def _find_hash_name(found: x509.Certificate) -> str:
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        algorithm = found.signature_hash_algorithm
    except UnsupportedAlgorithm:
        return ""
    return algorithm.name if algorithm is not None else ""


def _read_extensions(found: x509.Certificate) -> tuple[bool | None, bool | None, bool, tuple[str, ...]]:
    """Whether it is a CA, whether its key may sign, whether it has an alternative name, and what cannot be read."""
    from cryptography import x509

    is_ca: bool | None = None
    may_sign: bool | None = None
    has_name = False
    try:
        for extension in found.extensions:
            value = extension.value
            if isinstance(value, x509.BasicConstraints):
                is_ca = value.ca
            elif isinstance(value, x509.KeyUsage):
                may_sign = value.digital_signature or value.content_commitment
            has_name = has_name or isinstance(value, x509.SubjectAlternativeName)
    except x509.DuplicateExtension:
        return is_ca, may_sign, has_name, ("an extension stands twice",)
    except (ValueError, x509.UnsupportedGeneralNameType):
        return is_ca, may_sign, has_name, ("an extension cannot be parsed",)
    return is_ca, may_sign, has_name, ()


def _find_oddities(found: x509.Certificate, *, has_name: bool) -> tuple[str, ...]:
    from cryptography import x509

    odd = {
        "it is of version 1": found.version == x509.Version.v1,
        "its serial number is not positive": found.serial_number <= 0,
        "it has no name": not has_name and _is_empty(found),
    }
    return tuple(words for words, holds in odd.items() if holds)


def _is_empty(found: x509.Certificate) -> bool:
    try:
        return len(found.subject.rdns) == 0
    except ValueError:
        return False


def _find_break(chain: Sequence[x509.Certificate]) -> int | None:
    pairs = enumerate(pairwise(chain))
    return next((at for at, (subject, issuer) in pairs if not _is_issued_by(subject, issuer)), None)


def _is_issued_by(subject: x509.Certificate, issuer: x509.Certificate) -> bool:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    try:
        if _find_hash_name(subject) in ("sha1", "md5"):
            return subject.issuer == issuer.subject and _is_signed_weakly(subject, issuer)
        subject.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _is_signed_weakly(subject: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether a signature over SHA-1 or MD5 is valid: the library no longer verifies these for certificates. Raises the same
    errors.
    """
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    key, algorithm = issuer.public_key(), subject.signature_hash_algorithm
    if not isinstance(key, rsa.RSAPublicKey) or algorithm is None:
        return False
    key.verify(subject.signature, subject.tbs_certificate_bytes, padding.PKCS1v15(), algorithm)
    return True
