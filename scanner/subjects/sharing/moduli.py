"""RSA moduli that share a prime, and different moduli that begin alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from math import gcd

from scanner.record import record
from scanner.subjects.model import OtherKeys
from scanner.subjects.sharing.batch_gcd import TooMany, shared_factors
from scanner.subjects.sharing.published_keys import MOST_NAMED, PublishedKey, name_others

# a small common factor is no prime of an honest key, and that key has its own finding
_SMALL_FACTOR_BITS = 64
# weak moduli that are compared pair by pair
_MOST_PAIRED = 200
_PREFIX_BITS = 64
_LEAST_BITS = 512


@record
class SameModuli:
    """By modulus: the other keys with one of its primes, and those whose modulus begins alike. `unknown`: why primes could not
    be compared, empty where they were.
    """

    with_prime: Mapping[int, OtherKeys]
    with_prefix: Mapping[int, OtherKeys]
    unknown: str = ""


def find_same_moduli(keys: Sequence[PublishedKey], *, is_complete: bool) -> SameModuli:
    """Compare all moduli. An even one and the like is left to the rules about the key."""
    first: dict[int, PublishedKey] = {}
    for each in keys:
        if each.modulus:
            first.setdefault(each.modulus, each)
    with_prefix = _named(first, _alike(first))
    if not is_complete:
        return SameModuli({}, with_prefix, "the run found more keys than are kept for comparison")
    try:
        return SameModuli(_named(first, _with_common_prime(first)), with_prefix)
    except TooMany as error:
        return SameModuli({}, with_prefix, str(error))


def _named(first: Mapping[int, PublishedKey], groups: Mapping[int, Sequence[int]]) -> dict[int, OtherKeys]:
    """Each modulus with the others of its group."""
    found = {}
    for modulus, group in groups.items():
        named = [first[other] for other in group[: MOST_NAMED + 1] if other != modulus]
        # one that is alone in its group shares a prime all the same
        found[modulus] = name_others(named, max(len(group) - 1, 1))
    return found


def _alike(moduli: Iterable[int]) -> dict[int, list[int]]:
    """Each modulus that begins with the same bits as another, with all that do, itself among them."""
    seen: dict[tuple[int, int], list[int]] = {}
    for modulus in moduli:
        bits = modulus.bit_length()
        if bits > _LEAST_BITS:
            seen.setdefault((bits, modulus >> (bits - _PREFIX_BITS)), []).append(modulus)
    return {modulus: group for group in seen.values() if len(group) > 1 for modulus in group}


def _with_common_prime(moduli: Iterable[int]) -> dict[int, list[int]]:
    """Each modulus that shares a prime with others, with all that share it, itself among them. Where very many are weak, the
    two primes of one are not looked for apart.
    """
    odd = [modulus for modulus in moduli if modulus % 2]
    factors = {odd[at]: factor for at, factor in shared_factors(odd).items() if factor.bit_length() > _SMALL_FACTOR_BITS}
    if len(factors) > _MOST_PAIRED:
        by_factor: dict[int, list[int]] = {}
        for modulus, factor in factors.items():
            by_factor.setdefault(factor, []).append(modulus)
        return {modulus: by_factor[factor] for modulus, factor in factors.items()}
    found: dict[int, list[int]] = {}
    for one, other in combinations(factors, 2):
        if gcd(one, other).bit_length() > _SMALL_FACTOR_BITS:
            found.setdefault(one, [one]).append(other)
            found.setdefault(other, [other]).append(one)
    return found
