"""Facts about a SPIFFE bundle (SPIFFE Trust Domain and Bundle §4)."""

from __future__ import annotations

from scanner.evidence.keys.registries import SVID_USES
from scanner.evidence.model import Jwk, JwkSet
from scanner.facts.fact import Fact, fact
from scanner.facts.key.members import shorten_names


@fact("key_set.spiffe_member_faults", spec="SPIFFE Trust Domain and Bundle §4.1")
def spiffe_member_faults(key_set: JwkSet) -> list[str]:
    """Which of `spiffe_sequence` (an integer from 0 on) and `spiffe_refresh_hint` (seconds, at least 1) have invalid values.
    Both are optional.
    """
    numbers, types = key_set.document.numbers, key_set.document.types
    least = {"spiffe_sequence": 0, "spiffe_refresh_hint": 1}
    return [name for name, low in least.items() if name in types and not _is_integer(numbers.get(name), low)]


def _is_integer(value: int | float | None, low: int) -> bool:
    return type(value) is int and value >= low


@fact("key_set.incomplete_spiffe_keys", spec="SPIFFE X509-SVID §6; SPIFFE JWT-SVID §5")
def incomplete_spiffe_keys(key_set: JwkSet) -> list[str]:
    """The entries of a bundle without a SPIFFE `use`, those for JWT-SVIDs without `kid`, and those for X.509-SVIDs without
    exactly one certificate.
    """
    return shorten_names(key.label for key in key_set.keys if not _is_complete(key))


def _is_complete(key: Jwk) -> bool:
    use = key.texts.get("use")
    if use == "x509-svid":
        return key.certificate_count == 1
    return use in SVID_USES and bool(key.texts.get("kid"))


FACTS: tuple[Fact, ...] = (spiffe_member_faults, incomplete_spiffe_keys)
