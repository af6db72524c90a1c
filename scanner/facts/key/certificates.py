"""Facts about the certificates in a key (`x5c`) and the references to certificates beside it (`x5t`, `x5u`)."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha1, sha256

from scanner.evidence.keys.certificates import Certificate, Chain, read_chain
from scanner.evidence.model import Jwk, Octets
from scanner.facts.fact import Fact, Unknown, fact
from scanner.memo import Memo

_NO_LEAF = Unknown("there is no readable certificate")
_OCTETS = {"x5t": 20, "x5t#S256": 32}
_WEAK = frozenset({"md5", "sha1"})


def _find_chain(key: Jwk) -> Chain | None:
    return None if key.certificates is None else read_chain(key.certificates)


_chain = Memo(_find_chain)


def _find_leaf(key: Jwk) -> Certificate | None:
    chain = _chain(key)
    return chain.leaf if chain else None


@fact("key.has_certificate", spec="RFC 7517 §4.7")
def has_certificate(key: Jwk) -> bool:
    """Whether `x5c` is present and not empty."""
    return key.certificates is not None and key.certificates != ()


@fact("key.certificate_count", spec="RFC 7517 §4.7")
def certificate_count(key: Jwk) -> int:
    """How many certificates `x5c` has; the scanner reads the first ten."""
    return key.certificate_count


@fact("key.unread_certificates", spec="RFC 7517 §4.7")
def unread_certificates(key: Jwk) -> list[str]:
    """Which certificates of `x5c` cannot be read, with the reason."""
    chain = _chain(key)
    return list(chain.unread) if chain else []


@fact("key.has_readable_certificate", spec="RFC 7517 §4.7")
def has_readable_certificate(key: Jwk) -> bool:
    """Whether the first certificate of `x5c` can be parsed."""
    return _find_leaf(key) is not None


@fact("key.is_certificate_for_key", spec="RFC 7517 §4.7")
def is_certificate_for_key(key: Jwk) -> bool | Unknown:
    """Whether the first certificate of `x5c` has this public key, compared as numbers, also for Edwards keys."""
    leaf = _find_leaf(key)
    if leaf is None:
        return Unknown("the certificate in x5c[0] cannot be parsed")
    if leaf.public_key is None:
        return Unknown("the certificate in x5c[0] holds a key of another type")
    kind, values = leaf.public_key
    if key.texts.get("kty") != kind:
        return False
    for name, value in values.items():
        found = key.octets.get(name)
        if not isinstance(found, Octets):
            return Unknown(f"{name} cannot be read")
        if value not in (int.from_bytes(found.data, "big"), found.data):
            return False
    return True


@fact("key.certificate_spellings", spec="RFC 7517 §4.7")
def certificate_spellings(key: Jwk) -> list[str]:
    """How the text of `x5c` differs from standard base64: whitespace, url-alphabet, no-padding."""
    found = key.certificates if isinstance(key.certificates, tuple) else ()
    return sorted({word for each in found if isinstance(each, Octets) for word in each.faults})


@fact("key.certificate_days_left", spec="RFC 5280 §4.1.2.5")
def certificate_days_left(key: Jwk, at: datetime) -> int | Unknown:
    """Days until the first certificate expires; negative after that."""
    leaf = _find_leaf(key)
    return _NO_LEAF if leaf is None else (leaf.ends - at).days


@fact("key.certificate_days_to_start", spec="RFC 5280 §4.1.2.5")
def certificate_days_to_start(key: Jwk, at: datetime) -> int | Unknown:
    """Days until the first certificate becomes valid; zero or negative after that."""
    leaf = _find_leaf(key)
    return _NO_LEAF if leaf is None else -((at - leaf.starts).days)


@fact("key.certificate_validity_days", spec="RFC 5280 §4.1.2.5")
def certificate_validity_days(key: Jwk) -> int | Unknown:
    """For how many days the first certificate is valid."""
    leaf = _find_leaf(key)
    return _NO_LEAF if leaf is None else (leaf.ends - leaf.starts).days


@fact("key.is_certificate_self_signed", spec="RFC 5280 §3.2")
def is_certificate_self_signed(key: Jwk) -> bool | Unknown:
    """Whether the first certificate is signed with its own key."""
    leaf = _find_leaf(key)
    return _NO_LEAF if leaf is None else leaf.is_self_signed


@fact("key.is_self_signed_weakly", spec="RFC 6194")
def is_self_signed_weakly(key: Jwk) -> bool:
    """Whether a self-signed certificate of `x5c` is signed over SHA-1 or MD5. A self-signature proves nothing in any case."""
    return any(each.is_self_signed and each.hash_name in _WEAK for each in _list_certificates(key))


@fact("key.is_chain_signed_weakly", spec="RFC 6194")
def is_chain_signed_weakly(key: Jwk) -> bool:
    """Whether a certificate of `x5c` from another issuer is signed over SHA-1 or MD5."""
    return any(not each.is_self_signed and each.hash_name in _WEAK for each in _list_certificates(key))


def _list_certificates(key: Jwk) -> tuple[Certificate, ...]:
    chain = _chain(key)
    if chain is None:
        return ()
    return (chain.leaf, *chain.others) if chain.leaf else chain.others


@fact("key.is_chain_in_order", spec="RFC 7517 §4.7")
def is_chain_in_order(key: Jwk) -> bool:
    """Whether each certificate of `x5c` is signed with the key of the next; true for a single certificate. The root may be
    missing.
    """
    chain = _chain(key)
    return chain is None or chain.broken_at is None


@fact("key.is_certificate_ca", spec="RFC 5280 §4.2.1.9")
def is_certificate_ca(key: Jwk) -> bool:
    """Whether the first certificate declares a certification authority."""
    leaf = _find_leaf(key)
    return leaf is not None and leaf.is_ca is True


@fact("key.may_certificate_sign", spec="RFC 5280 §4.2.1.3")
def may_certificate_sign(key: Jwk) -> bool:
    """Whether the key usage of the first certificate allows signatures; true where it does not say."""
    leaf = _find_leaf(key)
    return leaf is None or leaf.may_sign is not False


@fact("key.certificate_oddities", spec="RFC 5280 §4.1")
def certificate_oddities(key: Jwk) -> list[str]:
    """What strict parsers refuse in the first certificate: version 1, a serial number below 1, no name, a repeated extension.
    An empty subject with an alternative name is valid.
    """
    leaf = _find_leaf(key)
    return list(leaf.oddities) if leaf else []


def _find_certified_leaf(key: Jwk) -> bytes | None:
    first = key.certificates[0] if isinstance(key.certificates, tuple) and key.certificates else None
    return first.data if isinstance(first, Octets) else None


def _compute_digest(name: str, data: bytes) -> bytes:
    return sha256(data).digest() if name == "x5t#S256" else sha1(data, usedforsecurity=False).digest()


def _is_hex_of(data: bytes, size: int) -> bool:
    return len(data) == 2 * size and all(char in b"0123456789abcdefABCDEF" for char in data)


@fact("key.mismatched_digests", spec="RFC 7517 §4.8, §4.9")
def mismatched_digests(key: Jwk) -> list[str]:
    """Which of `x5t` and `x5t#S256` are not the digest of `x5c[0]`; empty where `x5c[0]` is missing."""
    certificate = _find_certified_leaf(key)
    if certificate is None:
        return []
    return [
        name
        for name, size in _OCTETS.items()
        if isinstance(found := key.octets.get(name), Octets)
        and not _is_hex_of(found.data, size)
        and found.data != _compute_digest(name, certificate)
    ]


@fact("key.hex_digests", spec="RFC 7517 §4.8, §4.9")
def hex_digests(key: Jwk) -> list[str]:
    """Which of `x5t` and `x5t#S256` are base64url of the digest in hexadecimal, twice as long as the digest itself."""
    return [
        name
        for name, size in _OCTETS.items()
        if isinstance(found := key.octets.get(name), Octets) and _is_hex_of(found.data, size)
    ]


@fact("key.misfit_digests", spec="RFC 7517 §4.8, §4.9")
def misfit_digests(key: Jwk) -> list[str]:
    """Which of `x5t` and `x5t#S256` have the wrong length: not 20 and 32 bytes, nor the hexadecimal form of these."""
    return [
        name
        for name, size in _OCTETS.items()
        if isinstance(found := key.octets.get(name), Octets) and len(found.data) != size and not _is_hex_of(found.data, size)
    ]


@fact("key.has_sha1_digest_alone", spec="RFC 7517 §4.9")
def has_sha1_digest_alone(key: Jwk) -> bool:
    """Whether `x5t` is present and `x5t#S256` is not."""
    return "x5t" in key.octets and "x5t#S256" not in key.octets


@fact("key.has_x5t", spec="RFC 7517 §4.8")
def has_x5t(key: Jwk) -> bool:
    """Whether `x5t` or `x5t#S256` is present."""
    return "x5t" in key.octets or "x5t#S256" in key.octets


@fact("key.has_x5u", spec="RFC 7517 §4.6")
def has_x5u(key: Jwk) -> bool:
    """Whether `x5u` is present as a string. The scanner never fetches it."""
    return bool(key.texts.get("x5u"))


@fact("key.is_x5u_https", spec="RFC 7517 §4.6")
def is_x5u_https(key: Jwk) -> bool:
    """Whether `x5u` is an https URL."""
    return key.texts.get("x5u", "").lower().startswith("https://")


@fact("key.header_members", spec="RFC 7515 §4.1")
def header_members(key: Jwk) -> list[str]:
    """Members that belong in a token's header and point to other keys: `jku`, `jwk`."""
    return [name for name in ("jku", "jwk") if name in key.types]


FACTS: tuple[Fact, ...] = (
    has_certificate,
    certificate_count,
    unread_certificates,
    has_readable_certificate,
    is_certificate_for_key,
    certificate_spellings,
    certificate_days_left,
    certificate_days_to_start,
    certificate_validity_days,
    is_certificate_self_signed,
    is_self_signed_weakly,
    is_chain_signed_weakly,
    is_chain_in_order,
    is_certificate_ca,
    may_certificate_sign,
    certificate_oddities,
    mismatched_digests,
    hex_digests,
    misfit_digests,
    has_sha1_digest_alone,
    has_x5t,
    has_x5u,
    is_x5u_https,
    header_members,
)
