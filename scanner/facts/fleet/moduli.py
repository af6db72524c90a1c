"""Facts about all RSA moduli of a run."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.evidence.model import Jwk, Octets
from scanner.facts.fact import Fact, Unknown, fact, readable
from scanner.facts.numbers.batch_gcd import TooMany, shared_factors
from scanner.memo import Memo
from scanner.subjects.model import Fleet, PublishedSet

_MOST_SHOWN = 12
_PREFIX_BITS = 64


def keys_of(fleet: Fleet) -> Iterator[tuple[PublishedSet, Jwk]]:
    """Every published key with its set; the records of retired keys are left out."""
    return ((each, key) for each in fleet.sets for key in each.keys if not key.is_historical)


def name_of(key_set: PublishedSet, key: Jwk) -> str:
    """A key in words: its label and its document. Its place is known by this name."""
    name = f"{key.label[:60]} ({key_set.path})"
    return "a key of unreadable name" if isinstance(readable(name), Unknown) else name


def _collect_moduli(fleet: Fleet) -> dict[int, str]:
    """Each different modulus with the first key that has it."""
    found: dict[int, str] = {}
    for key_set, key in keys_of(fleet):
        n = key.octets.get("n")
        if key.texts.get("kty") == "RSA" and isinstance(n, Octets):
            modulus = int.from_bytes(n.data, "big")
            if modulus > 1:
                found.setdefault(modulus, name_of(key_set, key))
    return found


_all_moduli = Memo(_collect_moduli)


@fact("fleet.modulus_count")
def modulus_count(fleet: Fleet) -> int:
    """How many different RSA moduli were found."""
    return len(_all_moduli(fleet))


@fact("fleet.keys_with_shared_prime", spec="Heninger et al., Mining your Ps and Qs")
def keys_with_shared_prime(fleet: Fleet) -> list[str] | Unknown:
    """The keys whose modulus shares a prime with another one: the common divisor gives both private keys. The rules about keys
    report an even modulus and similar faults.
    """
    if not fleet.is_complete:
        return Unknown("the run found more keys than are kept for comparison")
    moduli = {modulus: name for modulus, name in _all_moduli(fleet).items() if modulus % 2}
    numbers = list(moduli)
    try:
        shared = shared_factors(numbers)
    except TooMany as error:
        return Unknown(str(error))
    # a small common factor is not a prime of a sound key, and that key has its own finding
    return [moduli[numbers[at]] for at, factor in shared.items() if factor.bit_length() > 64][:_MOST_SHOWN]


@fact("fleet.moduli_with_common_prefix")
def moduli_with_common_prefix(fleet: Fleet) -> list[str]:
    """The keys whose different moduli begin with the same 64 bits, as those of one faulty or manipulated generator do."""
    seen: dict[tuple[int, int], list[str]] = {}
    for modulus, name in _all_moduli(fleet).items():
        bits = modulus.bit_length()
        if bits > 512:
            seen.setdefault((bits, modulus >> (bits - _PREFIX_BITS)), []).append(name)
    return [name for names in seen.values() if len(names) > 1 for name in names][:_MOST_SHOWN]


FACTS: tuple[Fact, ...] = (modulus_count, keys_with_shared_prime, moduli_with_common_prefix)
