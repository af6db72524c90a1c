"""Words in a kid or issuer identifier that mean a test environment, and the common name of issuers in several environments."""

from __future__ import annotations

from typing import Final

TEST_WORDS: Final = frozenset(
    {"test", "tests", "testing", "dev", "develop", "development", "sandbox", "stage", "staging", "stg", "qa", "uat", "preprod"}
)
_PRODUCTION_WORDS = frozenset({"prod", "production", "live", "www"})


def is_test(name: str) -> bool:
    """Whether a word of the name means a test environment; parts of words do not count."""
    return bool(TEST_WORDS & {*_words(name)})


def twin_name(issuer: str) -> str:
    """What the identifiers of one issuer in several environments have in common."""
    return " ".join(word for word in _words(issuer) if word not in TEST_WORDS | _PRODUCTION_WORDS)


def _words(name: str) -> list[str]:
    return "".join(char if char.isalnum() else " " for char in name.lower()).split()
