"""Facts about whether the keys of a run could be compared, and about issuers whose names are alike. What a single key shares
is told by the facts about it (`shared_key`).
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.evidence.keys.thumbprint import material
from scanner.evidence.model import Jwk
from scanner.facts.fact import Fact, Unknown, fact
from scanner.hosts.urls import web_host_of
from scanner.redaction.text import cut
from scanner.subjects.model import Fleet, PublishedSet

_MOST_SHOWN = 12


def keys_of(fleet: Fleet) -> Iterator[tuple[PublishedSet, Jwk]]:
    """Every published key with its set; the records of retired keys are left out."""
    return ((each, key) for each in fleet.sets for key in each.keys if not key.is_historical)


@fact("fleet.are_moduli_compared", spec="Heninger et al., Mining your Ps and Qs")
def are_moduli_compared(fleet: Fleet) -> bool | Unknown:
    """Whether all RSA moduli were compared with each other. Never false: where they were not, it is unknown which share a
    prime.
    """
    return Unknown(fleet.primes_unknown) if fleet.primes_unknown else True


@fact("fleet.are_repeated_keys_assigned", spec="SP 800-57 Part 1 §5.3")
def are_repeated_keys_assigned(fleet: Fleet) -> bool | Unknown:
    """Whether it is known whose a key is that stands in several documents. Never false: where it is not known whose, it is
    unknown which issuers share it.
    """
    if not fleet.is_complete:
        return Unknown("the run found more keys than are kept for comparison")
    seen: dict[tuple[str, ...], str] = {}
    for key_set, key in keys_of(fleet):
        values = material(key) if key_set.path not in fleet.issuers else None
        if values is not None and seen.setdefault(values, key_set.path) != key_set.path:
            return Unknown("a key stands in several documents, and which issuers they belong to is not known")
    return True


@fact("fleet.issuers_alike", spec="RFC 8414 §3.3")
def issuers_alike(fleet: Fleet) -> list[str]:
    """The issuers that differ from another one only by a slash at the end, letter case or the default port."""
    seen: dict[str, set[str]] = {}
    for each in fleet.metadata:
        if issuer := each.text("issuer"):
            seen.setdefault(_normalise(issuer), set()).add(issuer)
    return [name for names in seen.values() if len(names) > 1 for name in _list_readable(sorted(names))][:_MOST_SHOWN]


def _normalise(issuer: str) -> str:
    plain = issuer.lower().rstrip("/")
    host = web_host_of(issuer)
    return plain.replace(f"{host}:443", host, 1) if host else plain


def _list_readable(names: list[str]) -> Iterator[str]:
    return (cut(name, 200) for name in names if "\0" not in name and name.isprintable())


FACTS: tuple[Fact, ...] = (are_moduli_compared, are_repeated_keys_assigned, issuers_alike)
