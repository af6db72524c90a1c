"""Keys whose private half is public: examples of standards, samples of products. The list is data, with sources."""

from __future__ import annotations

import os
from functools import cache

_LIST = os.path.join(os.path.dirname(__file__), "published_keys.txt")


def source_of(thumbprint: str | None) -> str | None:
    """The document that prints the private half of the key with this canonical JWK Thumbprint."""
    return _read_sources().get(thumbprint or "")


@cache
def _read_sources() -> dict[str, str]:
    with open(_LIST, encoding="utf-8") as lines:
        entries = [line.rstrip("\n").split(" ", 2) for line in lines if not line.startswith("#")]
    return {entry[0]: entry[2] for entry in entries}
