"""The source line under a finding, if it is safe to show."""

from __future__ import annotations

import re
from collections.abc import Mapping

from scanner.errors import Place
from scanner.patterns import lazy_pattern
from scanner.redaction.text import redact
from scanner.units.files import UnitFile

_LONGEST = 160
_SENSITIVE = lazy_pattern(
    r"secret|password|passwd|private|token[\"']?\s*[:=]|BEGIN |\bk[\"']?\s*:|\bd[\"']?\s*:", re.IGNORECASE
)
# a word of a line, and a possible base64 value in it: long, with upper case, lower case and digits
_WORD = lazy_pattern(r"[^\s\"',;()\[\]{}<>]{24,}")
_OPAQUE = lazy_pattern(r"[A-Za-z0-9+/_-]{24,}")
_CLASSES = (lazy_pattern(r"[A-Z]"), lazy_pattern(r"[a-z]"), lazy_pattern(r"[0-9]"))


class FileExcerpts:
    """The lines of one file. A file with private key material shows no lines; long lines and lines that look like
    secrets are not shown either. Possible key material under an unexpected name is replaced by dots.
    """

    def __init__(self, data: bytes, *, has_secrets: bool) -> None:
        self._data = data
        self._has_secrets = has_secrets
        self._lines: list[str] | None = None

    def line(self, number: int | None) -> str | None:
        """Line `number` (1-based), or None where it must not be shown."""
        if self._has_secrets or number is None:
            return None
        if self._lines is None:
            self._lines = self._data.decode("utf-8", errors="replace").splitlines()
        if not 0 < number <= len(self._lines):
            return None
        text = self._lines[number - 1].rstrip()
        # the filter sees the line as it is: what is hidden here may be what it knows a key by
        is_sensitive = len(text) > _LONGEST or _SENSITIVE.search(text) or redact(text) is not text
        return None if is_sensitive else _WORD.sub(_hide_values, text)


class Excerpts:
    """The lines of a document, and of other files of its unit (`beside`, by path)."""

    def __init__(self, path: str, data: bytes, *, has_secrets: bool, beside: Mapping[str, UnitFile]) -> None:
        self._has_secrets = has_secrets
        self._files = {path: FileExcerpts(data, has_secrets=has_secrets)}
        self._beside = beside

    def line(self, place: Place) -> str | None:
        """The line of a place, or None where it must not be shown."""
        if place.path not in self._files:
            if place.path not in self._beside:
                return None
            data = self._beside[place.path].data
            self._files[place.path] = FileExcerpts(data, has_secrets=self._has_secrets or b"PRIVATE" in data)
        return self._files[place.path].line(place.line)


def _hide_values(word: re.Match[str]) -> str:
    """A word of a line; URLs and paths stay as they are."""
    if "://" in word[0] or word[0].startswith(("/", "./")):
        return word[0]
    return _OPAQUE.sub(lambda run: "·" * len(run[0]) if all(each.search(run[0]) for each in _CLASSES) else run[0], word[0])
