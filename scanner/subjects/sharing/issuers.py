"""Keys that several issuers publish, and how far these issuers are apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, zip_longest
from urllib.parse import urlsplit

from scanner.record import record
from scanner.subjects.environments import is_test
from scanner.subjects.model import OtherKeys
from scanner.subjects.sharing.published_keys import MOST_NAMED, PublishedKey, name_others

# the issuers of one key that each of them is compared with
_MOST_COMPARED = 20
# second levels under which names are registered in many countries: the name before them is the owner's
_SECOND_LEVELS = frozenset({"co", "com", "org", "net", "gov", "ac", "edu", "or", "ne", "go", "gob", "govt", "nhs"})


@record(slots=True)
class SameValues:
    """The other issuers that publish the key: those of another owner first, those of another environment first, and all, where
    none is of another owner or environment. Each is empty where there is none of its sort.
    """

    at_other_owners: OtherKeys = OtherKeys()
    in_other_environments: OtherKeys = OtherKeys()
    within_owner: OtherKeys = OtherKeys()


class Owners:
    """Whether two issuers have one apparent owner: the configuration says so, both are of one registered domain, or one of them
    publishes no key that the other does not publish, as two names of one deployment do.
    """

    def __init__(self, declared: Mapping[str, str], values_at: Mapping[str, set[int]]) -> None:
        self._declared = declared
        self._values_at = values_at
        self._known: dict[tuple[str, str], bool] = {}
        self._domains: dict[str, str] = {}

    def is_one(self, one: str, other: str) -> bool:
        """Whether one owner has both."""
        pair = (one, other) if one < other else (other, one)
        if pair not in self._known:
            self._known[pair] = self._is_one(*pair)
        return self._known[pair]

    def _is_one(self, one: str, other: str) -> bool:
        owners = [self._declared.get(issuer) for issuer in (one, other)]
        if all(owners):
            return owners[0] == owners[1]
        mine, theirs = self._values_at[one], self._values_at[other]
        return self._domain(one) == self._domain(other) or mine <= theirs or theirs <= mine

    def _domain(self, issuer: str) -> str:
        if issuer not in self._domains:
            self._domains[issuer] = domain_of(issuer)
        return self._domains[issuer]

    def varied(self, issuers: Iterable[str]) -> list[str]:
        """Some of the issuers, so chosen that as many owners as possible are among them."""
        alike: dict[tuple[str, str], list[str]] = {}
        for issuer in issuers:
            alike.setdefault((self._declared.get(issuer, ""), self._domain(issuer)), []).append(issuer)
        in_turn = chain.from_iterable(zip_longest(*alike.values()))
        return [issuer for issuer in in_turn if issuer is not None][:_MOST_COMPARED]


def find_same_values(keys: Sequence[PublishedKey], declared: Mapping[str, str]) -> dict[tuple[str, int], SameValues]:
    """Issuer and values of each key that other issuers publish, too."""
    values_at: dict[str, set[int]] = {}
    issuers_of: dict[int, dict[str, PublishedKey]] = {}
    for each in keys:
        if each.issuer and each.values is not None:
            values_at.setdefault(each.issuer, set()).add(each.values)
            issuers_of.setdefault(each.values, {}).setdefault(each.issuer, each)
    owners = Owners(declared, values_at)
    found: dict[tuple[str, int], SameValues] = {}
    for values, at in issuers_of.items():
        if len(at) > 1:
            found.update(((issuer, values), same) for issuer, same in _compare(at, owners))
    return found


def _compare(at: Mapping[str, PublishedKey], owners: Owners) -> Iterator[tuple[str, SameValues]]:
    """What each issuer of one key has in common with the others."""
    issuers = sorted(at)
    compared = owners.varied(issuers)
    is_for_tests = {issuer: is_test(issuer) for issuer in issuers}
    elsewhere = {word: [each for each in issuers if is_for_tests[each] is not word][:MOST_NAMED] for word in (True, False)}
    for issuer in issuers:
        others = [each for each in compared if each != issuer]
        strangers = [each for each in others if not owners.is_one(issuer, each)]
        apart = elsewhere[is_for_tests[issuer]]
        name = partial(_named, at, others)
        yield issuer, SameValues(name(strangers), name(apart), name(() if strangers or apart else others))


def _named(at: Mapping[str, PublishedKey], others: Sequence[str], first: Sequence[str]) -> OtherKeys:
    """All others that publish the key, beginning with `first`; none where that is empty."""
    named = dict.fromkeys(chain(first, others))
    return name_others((at[each] for each in named), len(at) - 1) if first else OtherKeys()


def domain_of(issuer: str) -> str:
    """The registered domain of an issuer's host, as far as a few rules can tell it."""
    labels = (_host_of(issuer) or issuer).split(".")
    is_deep = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVELS
    return ".".join(labels[-3:] if is_deep else labels[-2:])


def _host_of(issuer: str) -> str:
    if not issuer.lower().startswith(("http://", "https://")):
        return ""
    try:
        return urlsplit(issuer).hostname or ""
    except ValueError:  # an unclosed bracket of an IPv6 address
        return ""
