"""An audience that an application names under a setting of its own, beside the settings of the library that verifies tokens.

Frameworks verify tokens with their own settings, and applications often compare the audience in their own code, with a setting
of their own. Nothing in configuration says that they do; the setting is worth a word all the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.evidence.bindings.paths.flat_settings import flatten
from scanner.evidence.bindings.paths.pair_lists import mappings_in
from scanner.files.tree import Mapping, Node, Scalar, Sequence
from scanner.patterns import lazy_pattern

# the audience that somebody asks for in order to call another service
_ASKED_FOR = frozenset({
    "client", "clients", "token", "request", "requests", "outbound", "outgoing", "upstream", "exchange", "connector",
    "connectors", "m2m", "feign", "broker", "zeebe", "remote", "target", "registration",
})  # fmt: skip
_WORD = lazy_pattern(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+")


def find_own_audience(document: Node, prefix: str, group: Node) -> str:
    """The name of such a setting among those that stand with the settings `group` in a document: in the same file of settings,
    or in the same list of environment variables. Empty where there is none. `prefix`: that of the library's settings.
    """
    spots = {(entry.key.line, entry.key.column) for entry in group.entries} if isinstance(group, Mapping) else set()
    library = _words_of(prefix.partition(".")[0])
    for name, value in _list_beside(document, spots):
        words = _words_of(name)
        is_own = words[: len(library)] != library and not _ASKED_FOR.intersection(words)
        if is_own and _is_of_audience(name) and _has_value(value):
            return name
    return ""


def _list_beside(document: Node, spots: set[tuple[int, int]]) -> Iterator[tuple[str, Node]]:
    """The settings of the document where the group is among them, else those of the mapping that it is in."""
    flats = list(flatten(document))
    if any((flat.key.line, flat.key.column) in spots for flat in flats):
        yield from ((".".join(flat.parts), flat.value) for flat in flats)
    for mapping in mappings_in(document):
        if mapping is not document and any((entry.key.line, entry.key.column) in spots for entry in mapping.entries):
            yield from ((entry.key.text, entry.value) for entry in mapping.entries)


def _is_of_audience(name: str) -> bool:
    """Whether a name ends with the word, or its last part stands below it: `jwt.audience`, `jwt.audience.internal-api`. In a
    variable (`JWT_AUDIENCE_INTERNAL_API`) no dot tells how many words the last part has.
    """
    if name.isupper():
        return not {"audience", "audiences"}.isdisjoint(_words_of(name)[-3:])
    *above, last = name.split(".")
    return _words_of(last)[-1:] in (["audience"], ["audiences"]) or above[-1:] in (["audience"], ["audiences"])


def _words_of(name: str) -> list[str]:
    """The words of a dotted name, of a variable or of one in camel case, in lower case."""
    return [each.lower() for each in _WORD.findall(name)]


def _has_value(value: Node) -> bool:
    if isinstance(value, Scalar):
        return value.is_masked or (bool(value.text.strip()) and value.text.strip().lower() not in ("true", "false"))
    return isinstance(value, Sequence) and bool(value.items)
