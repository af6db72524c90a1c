"""Facts about a private key that is a file, or a value in one. The reader of the file drops its values."""

from __future__ import annotations

from scanner.evidence.keys.published_keys import PublishedKey, find_published
from scanner.evidence.keys.thumbprint import thumbprint
from scanner.evidence.model import PrivateKey
from scanner.facts.fact import ABSENT, Absent, Fact, fact
from scanner.facts.key import label as label_of_key


@fact("private_key.label")
def label(key: PrivateKey) -> str:
    """The form of the key and its name: the `kid`, else the JWK Thumbprint where the public half is known."""
    if key.public is None or thumbprint(key.public) is None:
        return key.form
    return f"{key.form} ({label_of_key.ask(key.public)})"


@fact("private_key.is_encrypted")
def is_encrypted(key: PrivateKey) -> bool:
    """Whether a password or passphrase protects the key."""
    return key.is_encrypted


@fact("private_key.is_published_example", spec="RFC 7638 §3")
def is_published_example(key: PrivateKey) -> bool:
    """Whether the key is public: an example of a standard, a sample, default or test key of a product, compared by the JWK
    Thumbprint of its public half.
    """
    return _find(key) is not None


@fact("private_key.example_source", spec="RFC 7638 §3")
def example_source(key: PrivateKey) -> str | Absent:
    """The best known place of the key: a standard, or a repository and a path in it."""
    found = _find(key)
    return found.source if found is not None else ABSENT


@fact("private_key.example_prominence")
def example_prominence(key: PrivateKey) -> str | Absent:
    """How widespread the key is, in words: `shipped with the product, in 12 repositories`."""
    found = _find(key)
    return found.prominence if found is not None else ABSENT


@fact("private_key.is_in_tests")
def is_in_tests(key: PrivateKey) -> bool:
    """Whether the path of the file is that of tests, samples or documentation."""
    return key.is_in_tests


def _find(key: PrivateKey) -> PublishedKey | None:
    return find_published(key.public) if key.public is not None else None


FACTS: tuple[Fact, ...] = (label, is_encrypted, is_published_example, example_source, example_prominence, is_in_tests)
