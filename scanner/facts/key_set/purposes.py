"""Facts about the purposes of the keys in a set, and whether the set declares them."""

from __future__ import annotations

from scanner.evidence.model import Jwk, JwkSet
from scanner.facts.fact import Fact, fact
from scanner.facts.key.members import shorten_names
from scanner.facts.key_set.kids import twins
from scanner.facts.lists.purposes import is_for_signatures, purpose


@fact("key_set.signing_key_count", spec="RFC 7517 §4.2")
def signing_key_count(key_set: JwkSet) -> int:
    """How many different keys are for signatures, or do not declare their purpose."""
    repeats = sum(len([key for key in keys if is_for_signatures(key)][1:]) for keys in twins(key_set))
    return sum(map(is_for_signatures, key_set.keys)) - repeats


@fact("key_set.has_both_purposes", spec="OpenID Connect Discovery 1.0 §3")
def has_both_purposes(key_set: JwkSet) -> bool:
    """Whether some keys are declared for signatures and others for encryption."""
    return {"sig", "enc"} <= {purpose(key) for key in key_set.keys}


@fact("key_set.keys_without_use", spec="OpenID Connect Discovery 1.0 §3")
def keys_without_use(key_set: JwkSet) -> list[str]:
    """The keys without `use`."""
    return shorten_names(key.label for key in key_set.keys if not key.texts.get("use"))


@fact("key_set.keys_for_both_purposes", spec="SP 800-57 Part 1 §5.2")
def keys_for_both_purposes(key_set: JwkSet) -> list[str]:
    """The public keys that the set lists for signatures and again for encryption."""
    return shorten_names(keys[-1].label for keys in _find_shared(key_set))


@fact("key_set.signing_keys_for_rsa1_5", spec="RFC 8725 §3.2")
def signing_keys_for_rsa1_5(key_set: JwkSet) -> list[str]:
    """The keys for both purposes that decrypt with RSA1_5: its padding oracle can forge signatures of the same key."""
    return shorten_names(
        keys[-1].label for keys in _find_shared(key_set) if any(key.texts.get("alg") == "RSA1_5" for key in keys)
    )


def _find_shared(key_set: JwkSet) -> list[list[Jwk]]:
    return [keys for keys in twins(key_set) if {"sig", "enc"} <= {purpose(key) for key in keys}]


FACTS: tuple[Fact, ...] = (
    signing_key_count,
    has_both_purposes,
    keys_without_use,
    keys_for_both_purposes,
    signing_keys_for_rsa1_5,
)
