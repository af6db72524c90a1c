"""The lists of keys and secrets that everybody has (`published/*.jsonl`): one entry a line, without any private value.

A key: `jkt` (JWK Thumbprint, RFC 7638), `spki_sha256` (SHA-256 of the SubjectPublicKeyInfo, hexadecimal). A secret: `sha256`
(of the exact bytes of its text, hexadecimal). Both: `prominence`, `copies` (how many repositories have it) and `sources`, the
best known first.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from scanner.errors import Place, PolicyError
from scanner.patterns import lazy_pattern

PROMINENCES = ("default", "docs", "sample", "test")
_HASH = lazy_pattern(r"[0-9a-f]{64}")
_THUMBPRINT = lazy_pattern(r"[A-Za-z0-9_-]{43}")
_NAMES = {"jkt": _THUMBPRINT, "spki_sha256": _HASH, "sha256": _HASH}
_MEMBERS = ({"jkt", "spki_sha256", "prominence", "copies", "sources"}, {"sha256", "prominence", "copies", "sources"})


def check_published(data: bytes, shown: str) -> None:
    """Check a list; PolicyError names the line of the first fault, and what belongs there."""
    seen: dict[str, int] = {}
    for number, line in enumerate(data.split(b"\n"), 1):
        if not line:
            continue
        for fault, remedy in _list_faults(line):
            raise PolicyError(what=fault, where=Place(shown, number, 1), remedy=remedy)
        entry = json.loads(line)
        for name in (name for name in _NAMES if name in entry):
            before = seen.setdefault(entry[name], number)
            if before != number:
                raise PolicyError(
                    what=f"`{name}` stands in line {before}, too",
                    where=Place(shown, number, 1),
                    remedy="Keep one entry with the sources of both.",
                )


def _list_faults(line: bytes) -> Iterator[tuple[str, str]]:
    """What is wrong with an entry, and the remedy."""
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        yield "the line is not JSON", "Write one entry a line, as tests/make_published_keys.py prints them."
        return
    if not isinstance(entry, dict) or set(entry) not in _MEMBERS:
        yield "the line has other members than an entry", "Write jkt and spki_sha256, or sha256; prominence, copies, sources."
        return
    for name, pattern in _NAMES.items():
        value = entry.get(name)
        if name in entry and not (isinstance(value, str) and pattern.fullmatch(value)):
            form = "43 characters of base64url" if name == "jkt" else "64 hexadecimal digits in lower case"
            yield f"`{name}` is no SHA-256", f"Write {form}."
    if entry["prominence"] not in PROMINENCES:
        yield "unknown `prominence`", f"Write one of {', '.join(PROMINENCES)}."
    if type(entry["copies"]) is not int or entry["copies"] < 1:
        yield "`copies` is no count", "Write in how many repositories it is known to stand, at least 1."
    sources = entry["sources"]
    if not (isinstance(sources, list) and sources and all(isinstance(each, str) and each for each in sources)):
        yield "`sources` names no place", "Write at least one place: a standard, or a repository and a path in it."
