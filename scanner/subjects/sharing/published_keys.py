"""The published keys of a run, each with its issuer and what it is compared by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from scanner.evidence.keys.thumbprint import material
from scanner.evidence.model import Jwk, Octets
from scanner.record import record
from scanner.subjects.model import OtherKey, OtherKeys, PublishedSet

# the others that a subject names
MOST_NAMED = 3


@record(slots=True)
class PublishedKey:
    """A published key. `issuer` is empty where it is not known. `values`: a number that all spellings of its public values have
    in common, None where they cannot be read. `modulus`: that of an RSA key, 0 where there is none.
    """

    key: Jwk
    path: str
    issuer: str
    values: int | None
    modulus: int

    @property
    def kid(self) -> str:
        """The kid; empty where it has none."""
        return self.key.texts.get("kid", "")

    def as_other(self) -> OtherKey:
        """The key as one that shares something with another."""
        return OtherKey(self.key.label, self.issuer, self.path)


def read_keys(sets: Sequence[PublishedSet], issuers: Mapping[str, str]) -> Iterator[PublishedKey]:
    """The keys in the order of the sets; the records of retired keys are left out."""
    numbers: dict[tuple[str, ...], int] = {}
    for key_set in sets:
        issuer = issuers.get(key_set.path, "")
        for key in key_set.keys:
            if key.is_historical:
                continue
            found = material(key)
            values = numbers.setdefault(found, len(numbers)) if found is not None else None
            yield PublishedKey(key, key_set.path, issuer, values, _modulus(key))


def name_others(found: Iterable[PublishedKey], count: int) -> OtherKeys:
    """The first of the found keys, of `count` in all."""
    return OtherKeys(tuple(each.as_other() for each in islice(found, MOST_NAMED)), count)


def _modulus(key: Jwk) -> int:
    n = key.octets.get("n")
    modulus = int.from_bytes(n.data, "big") if key.texts.get("kty") == "RSA" and isinstance(n, Octets) else 0
    return modulus if modulus > 1 else 0
