"""The source line under a finding, if it is safe to show."""

from __future__ import annotations

import re

from scanner.patterns import lazy_pattern
from scanner.redaction.text import redact

_LONGEST = 160
_SENSITIVE = lazy_pattern(
    r"secret|password|passwd|private|token[\"']?\s*[:=]|BEGIN |\bk[\"']?\s*:|\bd[\"']?\s*:", re.IGNORECASE
)
# a word of a line, and a possible base64 value in it: long, with upper case, lower case and digits
_WORD = lazy_pattern(r"[^\s\"',;()\[\]{}<>]{24,}")
_OPAQUE = lazy_pattern(r"[A-Za-z0-9+/_-]{24,}")
_CLASSES = (lazy_pattern(r"[A-Z]"), lazy_pattern(r"[a-z]"), lazy_pattern(r"[0-9]"))


class Excerpts:
    """The lines of one document. A document with private key material shows no lines; long lines and lines that look like
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


def _hide_values(word: re.Match[str]) -> str:
    """A word of a line; URLs and paths stay as they are."""
    if "://" in word[0] or word[0].startswith(("/", "./")):
        return word[0]
    return _OPAQUE.sub(lambda run: "·" * len(run[0]) if all(each.search(run[0]) for each in _CLASSES) else run[0], word[0])
