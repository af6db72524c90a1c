"""Facts about the identifiers of the keys in a set."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from scanner.evidence.keys.thumbprint import material
from scanner.evidence.model import Jwk, JwkSet
from scanner.facts.fact import Fact, Unknown, fact, readable
from scanner.facts.key.members import shorten_names
from scanner.memo import Memo
from scanner.redaction.text import cut
from scanner.subjects.environments import is_test


@fact("key_set.ambiguous_kids", spec="RFC 7517 §4.5")
def ambiguous_kids(key_set: JwkSet) -> list[str] | Unknown:
    """The `kid` values that two entries of one key type share although their keys differ.

    The RFC lets equivalent keys of different types share a kid; unreadable entries do not count.
    """
    seen: dict[tuple[str, str], set[tuple[str, ...]]] = {}
    for key in key_set.keys:
        kid, values = key.texts.get("kid"), material(key)
        if kid and values is not None:
            if isinstance(readable(kid), Unknown):
                return Unknown("a kid is unreadable text")
            seen.setdefault((kid, values[0]), set()).add(values)
    return [cut(kid, 80) for (kid, _), keys in seen.items() if len(keys) > 1]


@fact("key_set.keys_without_kid", spec="RFC 7517 §4.5; OpenID Connect Core 1.0 §10.1")
def keys_without_kid(key_set: JwkSet) -> list[str]:
    """The keys that have no `kid`, by their place in the set as `[0]`."""
    return [key.label for key in key_set.keys if not key.texts.get("kid") and "kid" not in key.numbers]


@fact("key_set.kids_alike")
def kids_alike(key_set: JwkSet) -> list[str]:
    """The `kid` values that differ from another one only in letter case or Unicode composition."""
    seen: dict[str, dict[str, None]] = {}
    for key in key_set.keys:
        kid = key.texts.get("kid")
        if kid:
            seen.setdefault(unicodedata.normalize("NFC", kid).casefold(), {})[kid] = None
    return shorten_names(kid for kids in seen.values() if len(kids) > 1 for kid in kids)


@fact("key_set.kids_with_test_words")
def kids_with_test_words(key_set: JwkSet) -> list[str]:
    """The `kid` values with a word for test, development, sandbox or staging."""
    return shorten_names(key.label for key in key_set.keys if is_test(key.texts.get("kid", "")[:200]))


def _group_repeats(key_set: JwkSet) -> list[list[Jwk]]:
    """The entries of each key that occurs in the set more than once, in any spelling."""
    seen: dict[tuple[str, ...], list[Jwk]] = {}
    for key in key_set.keys:
        values = material(key)
        if values is not None:
            seen.setdefault(values, []).append(key)
    return [keys for keys in seen.values() if len(keys) > 1]


twins = Memo(_group_repeats)


@fact("key_set.keys_under_several_kids", spec="RFC 7517 §4.5")
def keys_under_several_kids(key_set: JwkSet) -> list[str]:
    """The `kid` values under which one public key is listed again."""
    return shorten_names(kid for keys in twins(key_set) for kid in _list_later_kids(keys))


def _list_later_kids(keys: list[Jwk]) -> list[str]:
    return list(dict.fromkeys(key.label for key in keys if key.texts.get("kid")))[1:]


@fact("key_set.entries_repeated", spec="RFC 7517 §5")
def entries_repeated(key_set: JwkSet) -> list[str]:
    """The keys that are listed again with the same `kid`, `alg` and `use`."""
    return shorten_names(key.label for keys in twins(key_set) for key in _list_repeats(keys))


def _list_repeats(keys: list[Jwk]) -> Iterator[Jwk]:
    seen: set[tuple[str | None, ...]] = set()
    for key in keys:
        labels = tuple(key.texts.get(name) for name in ("kid", "alg", "use"))
        if labels in seen:
            yield key
        seen.add(labels)


@fact("key_set.keys_with_several_algorithms", spec="SP 800-57 Part 1 §5.2; RFC 8725 §3.1")
def keys_with_several_algorithms(key_set: JwkSet) -> list[str]:
    """The keys that are listed again for another `alg` of the same purpose."""
    return shorten_names(
        keys[-1].label
        for keys in twins(key_set)
        if len({key.texts["alg"] for key in keys if key.texts.get("alg")}) > 1
        and len({key.texts.get("use") for key in keys if key.texts.get("use")}) < 2
    )


FACTS: tuple[Fact, ...] = (
    ambiguous_kids,
    keys_without_kid,
    kids_alike,
    kids_with_test_words,
    keys_under_several_kids,
    entries_repeated,
    keys_with_several_algorithms,
)
