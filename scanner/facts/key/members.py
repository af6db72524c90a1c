"""Facts about the members of one JWK: their presence, type and spelling."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from scanner.evidence.keys.registries import CURVES, KEY_TYPES, MEMBERS, registered_spelling
from scanner.evidence.model import Jwk, Octets, Unread
from scanner.facts.fact import Fact, fact
from scanner.redaction.text import cut

_ARRAYS = frozenset({"key_ops", "x5c", "oth"})
_MATERIAL = ("n", "e", "x", "y", "pub")
_DIGESTS = ("x5t", "x5t#S256")
# `kid` has a rule of its own; no standard restricts members that no registry knows
_STRINGS = MEMBERS - _ARRAYS - {"kid", "ext", "iat", "nbf", "exp", "revoked"}
_LONGEST_NAME = 40
_BASE64URL = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
_SHORTEST_TEXT = 20
_MOST_NAMES = 12


def shorten_names(names: Iterable[str], longest: int = _LONGEST_NAME) -> list[str]:
    """Names from a document, cut to the length of a message. Text that CEL would misread (NUL, half a character) is escaped and
    never left out: a rule may ask whether there is any.
    """
    first = (_escape(name) for name in islice(names, _MOST_NAMES))
    return [cut(name, longest, end="…") for name in first]


def _escape(name: str) -> str:
    return name.replace("\0", "\\u0000").encode("utf-8", "backslashreplace").decode()


def _find_with_fault(key: Jwk, names: tuple[str, ...], *faults: str) -> list[str]:
    return [
        name
        for name in names
        if isinstance(found := key.octets.get(name), Octets) and found.faults and any(word in found.faults for word in faults)
    ]


@fact("key.has_kty", spec="RFC 7517 §4.1")
def has_kty(key: Jwk) -> bool:
    """Whether `kty` is present as a non-empty string."""
    return bool(key.texts.get("kty"))


@fact("key.is_kty_registered", spec="RFC 7518 §7.4.2")
def is_kty_registered(key: Jwk) -> bool:
    """Whether `kty` is in the IANA registry of JSON Web Key Types."""
    return key.texts.get("kty") in KEY_TYPES


@fact("key.missing_members", spec="RFC 7518 §6.2.1, §6.3.1, §6.4.1; RFC 8037 §2")
def missing_members(key: Jwk) -> list[str]:
    """The members that the key's type requires and that are missing, null or empty."""
    required = KEY_TYPES.get(key.texts.get("kty", ""), ())
    hidden = {name for name, _ in key.secrets}
    return [
        name
        for name in required
        if (name not in key.types or name in key.empty or name in key.empty_private) and name not in hidden
    ]


@fact("key.mistyped_members", spec="RFC 7517 §4")
def mistyped_members(key: Jwk) -> list[str]:
    """Registered members with the wrong JSON type: a number instead of a string, a string instead of an array. Null, empty
    values and `kid` have facts of their own.
    """
    return [
        name
        for name, kind in key.types.items()
        if kind != "null"
        and ((name in _STRINGS and kind != "string" and name not in key.empty) or (name in _ARRAYS and kind != "array"))
    ]


@fact("key.unread_members", spec="RFC 7515 §2")
def unread_members(key: Jwk) -> list[str]:
    """Members that should be base64url and cannot be decoded, even by a lenient reader."""
    return [name for name, found in key.octets.items() if isinstance(found, Unread) and found.sort == "garbled"]


@fact("key.oversized_members")
def oversized_members(key: Jwk) -> list[str]:
    """Members longer than any key: more than 32 KiB of base64url. The scanner does not decode them."""
    return [name for name, found in key.octets.items() if isinstance(found, Unread) and found.sort == "too-long"]


@fact("key.padded_members", spec="RFC 7515 §2")
def padded_members(key: Jwk) -> list[str]:
    """Members whose base64url ends in `=`."""
    return _find_with_fault(key, _MATERIAL + _DIGESTS, "padding")


@fact("key.standard_alphabet_members", spec="RFC 4648 §5")
def standard_alphabet_members(key: Jwk) -> list[str]:
    """Members written in the standard base64 alphabet, with `+` or `/`."""
    return _find_with_fault(key, _MATERIAL + _DIGESTS, "standard-alphabet")


@fact("key.blank_members", spec="RFC 7515 §2")
def blank_members(key: Jwk) -> list[str]:
    """Members with white space or line breaks in their base64url."""
    return _find_with_fault(key, _MATERIAL + _DIGESTS, "whitespace")


@fact("key.uncanonical_members", spec="RFC 4648 §3.5")
def uncanonical_members(key: Jwk) -> list[str]:
    """Members whose last character has bits beyond the last byte: several texts then have one value."""
    return _find_with_fault(key, _MATERIAL + _DIGESTS, "trailing-bits")


@fact("key.text_members", spec="RFC 7515 §2")
def text_members(key: Jwk) -> list[str]:
    """Members with hexadecimal or decimal digits, PEM, DER or base64url once more, instead of base64url of the plain bytes."""
    return [
        name
        for name in _MATERIAL
        if (
            isinstance(found := key.octets.get(name), Octets)
            and (_is_digits(found) or _is_der(found.data) or _is_encoded_twice(found.data))
        )
        or (isinstance(found, Unread) and found.sort == "pem")
    ]


@fact("key.zero_padded_members", spec="RFC 7518 §2")
def zero_padded_members(key: Jwk) -> list[str]:
    """Which of RSA's integers `n` and `e` begin with a zero byte, which Base64urlUInt forbids."""
    if key.texts.get("kty") != "RSA":
        return []
    return [
        name
        for name in ("n", "e")
        if isinstance(found := key.octets.get(name), Octets) and len(found.data) > 1 and found.data[0] == 0
    ]


@fact("key.misfit_members", spec="RFC 7518 §6.2.1.2; RFC 8037 §2")
def misfit_members(key: Jwk) -> list[str]:
    """Which of `x` and `y` do not have the number of bytes that the curve requires."""
    kty, curve = key.texts.get("kty"), CURVES.get(key.texts.get("crv", ""))
    if curve is None or curve[0] != kty:
        return []
    names = ("x", "y") if kty == "EC" else ("x",)
    return [name for name in names if isinstance(found := key.octets.get(name), Octets) and len(found.data) != curve[1]]


@fact("key.repeated_members", spec="RFC 7517 §4")
def repeated_members(key: Jwk) -> list[str]:
    """Members that stand twice in the text. Most parsers hide this: some take the first, some the last."""
    return shorten_names(key.repeated)


@fact("key.unregistered_members", spec="RFC 7517 §4")
def unregistered_members(key: Jwk) -> list[str]:
    """Members that no registry knows. Readers must ignore them."""
    return shorten_names(name for name in key.members if name not in MEMBERS)


@fact("key.empty_members")
def empty_members(key: Jwk) -> list[str]:
    """Members that are null or empty. `key_ops`, `kid` and the private ones have facts of their own."""
    return shorten_names(name for name in key.empty if name not in ("key_ops", "kid", "kty"))


@fact("key.misspelt_members", spec="RFC 7517 §4")
def misspelt_members(key: Jwk) -> list[str]:
    """Which of `kty`, `crv` and `use` have a misspelt registered value."""
    return [name for name in ("kty", "crv", "use") if _find_intended(key, name)]


@fact("key.intended_spellings", spec="RFC 7517 §4")
def intended_spellings(key: Jwk) -> list[str]:
    """The registered values that the misspelt `kty`, `crv` and `use` seem to mean, in their order."""
    return [meant for name in ("kty", "crv", "use") if (meant := _find_intended(key, name))]


def _find_intended(key: Jwk, name: str) -> str | None:
    written = key.texts.get(name)
    return registered_spelling(name, written) if written else None


def _is_digits(found: Octets) -> bool:
    return "hex" in found.faults or "decimal" in found.faults


def _is_encoded_twice(data: bytes) -> bool:
    """Whether the bytes are base64url text themselves. Of random bytes of that length, one value in 2^40 is."""
    return len(data) >= _SHORTEST_TEXT and _BASE64URL.issuperset(data.rstrip(b"="))


def _is_der(data: bytes) -> bool:
    """Whether the bytes are one DER SEQUENCE of exactly this length that begins as a SubjectPublicKeyInfo or a PKCS#1 key."""
    if len(data) < 40 or data[0] != 0x30:
        return False
    size = data[1] - 0x80 if data[1] > 0x80 else 0
    length = int.from_bytes(data[2 : 2 + size], "big") if size else data[1]
    return 2 + size + length == len(data) and data[2 + size] in (0x02, 0x30)


FACTS: tuple[Fact, ...] = (
    has_kty,
    is_kty_registered,
    missing_members,
    mistyped_members,
    unread_members,
    oversized_members,
    padded_members,
    standard_alphabet_members,
    blank_members,
    uncanonical_members,
    text_members,
    zero_padded_members,
    misfit_members,
    repeated_members,
    unregistered_members,
    empty_members,
    misspelt_members,
    intended_spellings,
)
