"""Facts about secrets inside one JWK. Evidence has only their names and kinds, never their values."""

from __future__ import annotations

from scanner.evidence.model import Jwk
from scanner.facts.fact import Fact, Unknown, fact
from scanner.facts.key.members import shorten_names

_OWN = {
    "RSA": frozenset({"d", "p", "q", "dp", "dq", "qi", "oth"}),
    "EC": frozenset({"d"}),
    "OKP": frozenset({"d"}),
    "AKP": frozenset({"priv"}),
    "oct": frozenset({"k"}),
}


@fact("key.has_private_members", spec="RFC 7518 §6.2.2, §6.3.2; RFC 8037 §2")
def has_private_members(key: Jwk) -> bool:
    """Whether an asymmetric key has a private member of its own type with a value."""
    kind = key.texts.get("kty", "")
    return bool(key.private) and kind != "oct" and not _OWN.get(kind, frozenset()).isdisjoint(key.private)


@fact("key.private_members", spec="RFC 7518 §6.2.2, §6.3.2; RFC 8037 §2")
def private_members(key: Jwk) -> list[str]:
    """The names of the private members with a value; the reader of the document drops the values."""
    return list(key.private)


@fact("key.has_foreign_private_members", spec="RFC 7517 §9.2")
def has_foreign_private_members(key: Jwk) -> bool:
    """Whether a private member of another key type has a value here."""
    return bool(key.private) and not _OWN.get(key.texts.get("kty", ""), frozenset()).issuperset(key.private)


@fact("key.empty_private_members", spec="RFC 7518 §6.2.2, §6.3.2")
def empty_private_members(key: Jwk) -> list[str]:
    """Private members that are present and empty, as some serialisers write them."""
    return list(key.empty_private)


@fact("key.is_private_half_own", spec="RFC 7518 §6.3.2")
def is_private_half_own(key: Jwk) -> bool | Unknown:
    """Whether the private members belong to the public ones: n = p·q, e·d ≡ 1, x = [d]G. Compared while reading."""
    if key.private_half_fits is None:
        return Unknown("the private members cannot be compared with the public ones")
    return key.private_half_fits


@fact("key.secret_members")
def secret_members(key: Jwk) -> list[str]:
    """Members whose text contains a private key in another form: PEM, PKCS#8, PKCS#12, OpenSSH, a JWK."""
    return shorten_names(name for name, _ in key.secrets)


@fact("key.secret_forms")
def secret_forms(key: Jwk) -> list[str]:
    """The forms of the private keys in `key.secret_members`, in the same order."""
    return [form for _, form in key.secrets]


@fact("key.members_called_secret")
def members_called_secret(key: Jwk) -> list[str]:
    """Members with a text and a name for a secret: password, seed, private_key."""
    return shorten_names(key.secret_names)


FACTS: tuple[Fact, ...] = (
    has_private_members,
    private_members,
    has_foreign_private_members,
    empty_private_members,
    is_private_half_own,
    secret_members,
    secret_forms,
    members_called_secret,
)
