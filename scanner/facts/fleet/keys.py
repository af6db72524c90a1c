"""Facts about keys and kids that stand at more than one issuer."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from scanner.evidence.keys.thumbprint import material
from scanner.facts.fact import Fact, Unknown, fact
from scanner.facts.fleet.moduli import keys_of, name_of
from scanner.facts.key.members import shorten_names
from scanner.facts.lists.environments import is_test
from scanner.hosts.urls import web_host_of
from scanner.memo import Memo
from scanner.record import record
from scanner.subjects.model import Fleet

_MOST_SHOWN = 12
_MOST_COMPARED = 20  # how many of the issuers that publish one key a message names
# second levels under which names are registered in many countries: the name before them is the owner's
_SECOND_LEVELS = frozenset({"co", "com", "org", "net", "gov", "ac", "edu", "or", "ne", "go", "gob", "govt", "nhs"})


@record
class _Shared:
    """A key at two issuers or more: its name, and how far these are apart."""

    name: str
    crosses_owners: bool
    crosses_environments: bool


def _find_materials(fleet: Fleet) -> dict[str, set[tuple[str, ...]]]:
    """Issuer → the keys that it publishes."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for key_set, key in keys_of(fleet):
        issuer, values = fleet.issuers.get(key_set.path), material(key)
        if issuer is not None and values is not None:
            found.setdefault(issuer, set()).add(values)
    return found


def _find_shared(fleet: Fleet) -> list[_Shared]:
    at = _find_materials(fleet)
    seen: dict[tuple[str, ...], dict[str, str]] = {}
    for key_set, key in keys_of(fleet):
        issuer, values = fleet.issuers.get(key_set.path), material(key)
        if issuer is not None and values is not None:
            seen.setdefault(values, {}).setdefault(issuer, name_of(key_set, key))
    known: dict[tuple[str, str], bool] = {}
    found = []
    for names in seen.values():
        if len(names) < 2:
            continue
        issuers = sorted(names)[:_MOST_COMPARED]
        for pair in combinations(issuers, 2):
            if pair not in known:
                known[pair] = _is_one_owner(fleet, at, *pair)
        crosses_owners = any(not known[pair] for pair in combinations(issuers, 2))
        found.append(_Shared(names[issuers[1]], crosses_owners, len({is_test(issuer) for issuer in issuers}) > 1))
    return found


_shared_keys = Memo(_find_shared)


def _is_one_owner(fleet: Fleet, at: dict[str, set[tuple[str, ...]]], one: str, other: str) -> bool:
    """Whether two issuers seem to have one owner: the inventory says so, they have one registered domain, or one publishes only
    keys of the other, as two names of one deployment do.
    """
    owners = [fleet.owners.get(issuer) for issuer in (one, other)]
    if all(owners):
        return owners[0] == owners[1]
    if _find_domain(one) == _find_domain(other):
        return True
    return at[one] <= at[other] or at[other] <= at[one]


def _find_domain(issuer: str) -> str:
    labels = (web_host_of(issuer) or issuer).split(".")
    is_deep = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVELS
    return ".".join(labels[-3:] if is_deep else labels[-2:])


def _explain_unplaced(fleet: Fleet) -> Unknown | None:
    """Why the owner of a repeated key is unknown: it stands in documents without a known issuer."""
    seen: dict[tuple[str, ...], str] = {}
    for key_set, key in keys_of(fleet):
        values = material(key)
        if values is None or key_set.path in fleet.issuers:
            continue
        if seen.setdefault(values, key_set.path) != key_set.path:
            return Unknown("a key stands in several documents, and which issuers they belong to is not known")
    return None


@fact("fleet.keys_across_owners", spec="SP 800-57 Part 1 §5.3")
def keys_across_owners(fleet: Fleet) -> list[str] | Unknown:
    """The keys that issuers of different owners publish. An owner is declared, or apparent from the domain."""
    found = [each.name for each in _shared_keys(fleet) if each.crosses_owners]
    return found[:_MOST_SHOWN] or _explain_unplaced(fleet) or []


@fact("fleet.keys_across_environments", spec="SP 800-57 Part 1 §5.3")
def keys_across_environments(fleet: Fleet) -> list[str] | Unknown:
    """The keys that a test issuer, by a word of its identifier, shares with an issuer that is not for tests."""
    found = [each.name for each in _shared_keys(fleet) if each.crosses_environments]
    return found[:_MOST_SHOWN] or _explain_unplaced(fleet) or []


@fact("fleet.keys_within_owner", spec="SP 800-57 Part 1 §5.3")
def keys_within_owner(fleet: Fleet) -> list[str] | Unknown:
    """The keys that several issuers of one owner publish."""
    found = [each.name for each in _shared_keys(fleet) if not each.crosses_owners and not each.crosses_environments]
    return found[:_MOST_SHOWN] or _explain_unplaced(fleet) or []


@fact("fleet.kids_of_different_keys", spec="RFC 7517 §4.5")
def kids_of_different_keys(fleet: Fleet) -> list[str]:
    """The `kid` values under which issuers publish different keys."""
    seen: dict[str, dict[tuple[str, ...], str]] = {}
    for key_set, key in keys_of(fleet):
        values, kid = material(key), key.texts.get("kid")
        if kid and values is not None and key_set.path in fleet.issuers:
            seen.setdefault(kid, {})[values] = fleet.issuers[key_set.path]
    return shorten_names(sorted(kid for kid, keys in seen.items() if len(set(keys.values())) > 1))


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
    return (name[:200] for name in names if "\0" not in name and name.isprintable())


FACTS: tuple[Fact, ...] = (
    keys_across_owners,
    keys_across_environments,
    keys_within_owner,
    kids_of_different_keys,
    issuers_alike,
)
