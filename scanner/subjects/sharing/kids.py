"""Different keys that issuers publish under one kid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from scanner.subjects.model import OtherKeys
from scanner.subjects.sharing.published_keys import MOST_NAMED, PublishedKey, name_others

# kid, issuer, values
Named = tuple[str, str, int]


def find_same_kids(keys: Sequence[PublishedKey]) -> dict[Named, OtherKeys]:
    """Kid, issuer and values of each key whose kid another issuer gives a different key, with those keys."""
    by_kid: dict[str, dict[tuple[str, int], PublishedKey]] = {}
    for each in keys:
        if each.kid and each.issuer and each.values is not None:
            by_kid.setdefault(each.kid, {}).setdefault((each.issuer, each.values), each)
    found: dict[Named, OtherKeys] = {}
    for kid, group in by_kid.items():
        if len(group) > 1:
            found.update(((kid, *pair), others) for pair, others in _compare(group))
    return found


def _compare(group: dict[tuple[str, int], PublishedKey]) -> Iterator[tuple[tuple[str, int], OtherKeys]]:
    of_issuer = Counter(issuer for issuer, _ in group)
    of_values = Counter(values for _, values in group)
    named = _representatives(group)
    for issuer, values in group:
        # the pair itself is counted in both
        count = len(group) - of_issuer[issuer] - of_values[values] + 1
        if count:
            others = (each for pair, each in named.items() if pair[0] != issuer and pair[1] != values)
            yield (issuer, values), name_others(others, count)


def _representatives(group: dict[tuple[str, int], PublishedKey]) -> dict[tuple[str, int], PublishedKey]:
    """So many keys of each issuer and with each values that every key finds enough others among the first of them."""
    chosen: dict[tuple[str, int], PublishedKey] = {}
    of_issuer: Counter[str] = Counter()
    of_values: Counter[int] = Counter()
    for (issuer, values), each in group.items():
        if of_issuer[issuer] <= MOST_NAMED and of_values[values] <= MOST_NAMED:
            of_issuer[issuer] += 1
            of_values[values] += 1
            chosen[issuer, values] = each
    return chosen
