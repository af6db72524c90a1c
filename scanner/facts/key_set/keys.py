"""Facts about the keys of a set taken together."""

from __future__ import annotations

from scanner.evidence.model import Jwk, JwkSet
from scanner.facts.fact import ABSENT, Absent, Fact, fact
from scanner.facts.key.members import shorten_names
from scanner.facts.lists.purposes import is_usable, security_bits


@fact("key_set.size", spec="RFC 7517 §5")
def size(key_set: JwkSet) -> int:
    """How many entries `keys` has."""
    return len(key_set.keys) + key_set.unread_entries


@fact("key_set.usable_key_count", spec="RFC 7517 §5")
def usable_key_count(key_set: JwkSet) -> int:
    """How many entries a library that follows the standards accepts as public keys."""
    return sum(map(is_usable, key_set.keys))


@fact("key_set.ignored_keys", spec="RFC 7517 §5")
def ignored_keys(key_set: JwkSet) -> list[str]:
    """The entries that libraries ignore silently: of an unknown type or curve, or without a readable value."""
    return shorten_names(key.label for key in key_set.keys if not is_usable(key) and not _is_secret(key))


@fact("key_set.secret_keys", spec="RFC 7517 §9.2")
def secret_keys(key_set: JwkSet) -> list[str]:
    """The entries with a private or symmetric key."""
    return shorten_names(key.label for key in key_set.keys if _is_secret(key))


@fact("key_set.has_public_keys", spec="RFC 7517 §9.2")
def has_public_keys(key_set: JwkSet) -> bool:
    """Whether an entry is no symmetric key and has no private member with a value."""
    return any(not _is_secret(key) and key.texts.get("kty") != "oct" for key in key_set.keys)


def _is_secret(key: Jwk) -> bool:
    return bool(key.private)  # `k` among them; an `oct` entry without it has the type of a secret and holds none


@fact("key_set.weakest_bits", spec="SP 800-57 Part 1 §5.6.1.1")
def weakest_bits(key_set: JwkSet) -> int | Absent:
    """The security strength in bits of the weakest usable key: an attacker chooses that one."""
    strengths = [security_bits(key) for key in key_set.keys if is_usable(key)]
    return min(strengths) if strengths else ABSENT


@fact("key_set.weakest_key")
def weakest_key(key_set: JwkSet) -> str | Absent:
    """The key with the weakest strength."""
    usable = [key for key in key_set.keys if is_usable(key)]
    return next(iter(shorten_names([min(usable, key=security_bits).label])), ABSENT) if usable else ABSENT


@fact("key_set.keys_outside_fapi", spec="FAPI 2.0 Security Profile §5.4")
def keys_outside_fapi(key_set: JwkSet) -> list[str]:
    """The signing keys that FAPI 2.0 does not accept: not PS256, ES256 or EdDSA over Ed25519, or without `kid`."""
    return shorten_names(key.label for key in key_set.keys if is_usable(key) and not _is_for_fapi(key))


def _is_for_fapi(key: Jwk) -> bool:
    if key.texts.get("use") == "enc":
        return True
    alg, crv = key.texts.get("alg"), key.texts.get("crv")
    if not key.texts.get("kid"):
        return False
    return (alg == "PS256") or (alg == "ES256" and crv == "P-256") or (alg in ("EdDSA", "Ed25519") and crv == "Ed25519")


_REASONS = frozenset({"unspecified", "compromised", "superseded"})


@fact("key_set.incomplete_historical_keys", spec="OpenID Federation 1.0 §8.7.2, §8.7.4")
def incomplete_historical_keys(key_set: JwkSet) -> list[str]:
    """The entries of a record of historical keys that lack `kid` or `exp`, end before they begin, or give an unregistered
    reason.
    """
    return shorten_names(key.label for key in key_set.keys if key.is_historical and not _is_complete_history(key))


def _is_complete_history(key: Jwk) -> bool:
    end = key.numbers.get("exp")
    if not key.texts.get("kid") or end is None:
        return False
    if any(key.numbers.get(name, end) > end for name in ("iat", "nbf")):
        return False
    return key.revocation_reason is None or key.revocation_reason in _REASONS


FACTS: tuple[Fact, ...] = (
    size,
    usable_key_count,
    ignored_keys,
    secret_keys,
    has_public_keys,
    weakest_bits,
    weakest_key,
    keys_outside_fapi,
    incomplete_historical_keys,
)
