"""The private values of one document, known while it is judged: a copy of one may stand where nothing tells what it is."""

from __future__ import annotations

from collections.abc import Iterable

from scanner.files.encodings import encoding_of
from scanner.patterns import lazy_pattern
from scanner.redaction.signs import might_hold_private
from scanner.redaction.text import REMOVED, redact
from scanner.redaction.urls import HIDDEN
from scanner.redaction.values import Value, map_texts, redact_values

_TEMPLATE = ("${", "{{", "$(")  # the name of a secret, rather than one
_WORD = lazy_pattern(r"[A-Za-z0-9+_-]{8,}+")


class KnownValues:
    """Words that are private in one document. `has_key`: it holds a private key, of which a line alone may tell nothing."""

    def __init__(self, words: frozenset[str], *, has_key: bool) -> None:
        self._words = words
        self.has_key = has_key

    def hide(self, value: Value) -> Value:
        """The value with `***` in place of each of the words, in all its texts. The filter comes first: without some words it
        might not know a key.
        """
        return map_texts(redact_values(value), self._hide_in)

    def _hide_in(self, text: str) -> str:
        words = self._words
        if words.isdisjoint(_WORD.findall(text)):
            return text
        return _WORD.sub(lambda word: HIDDEN if word[0] in words else word[0], text)


def find_known_values(data: bytes, secrets: Iterable[str], beside: Iterable[bytes] = ()) -> KnownValues | None:
    """The private values of a document: `secrets`, and what the filter takes out of its text and of those of the files beside
    it that it is told with. None where there are none.
    """
    has_key = False
    words = {word for secret in secrets if not any(mark in secret for mark in _TEMPLATE) for word in _WORD.findall(secret)}
    for text in (data, *beside):
        found, is_key = _find_words(text)
        words |= found
        has_key = has_key or is_key
    return KnownValues(frozenset(words), has_key=has_key) if words or has_key else None


def _find_words(data: bytes) -> tuple[set[str], bool]:
    """The words that the filter takes out of a text, and whether a key is among them."""
    if might_hold_private(data):
        mark, encoding = encoding_of(data)
        text = data[len(mark) :].decode(encoding, "replace")
        redacted = redact(text)
        if redacted is not text:
            has_key = redacted.count(REMOVED) > text.count(REMOVED)
            return set(_WORD.findall(text)) - set(_WORD.findall(redacted)), has_key
    return set(), False
