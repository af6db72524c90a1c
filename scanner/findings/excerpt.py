"""The source line under a finding, where showing it is safe."""

from __future__ import annotations

import re

_LONGEST = 160
_SENSITIVE = re.compile(r"secret|password|passwd|private|token[\"']?\s*[:=]|BEGIN |\bk[\"']?\s*:|\bd[\"']?\s*:", re.IGNORECASE)


class Excerpts:
    """The lines of one document. A document that holds private key material shows none of its lines, nor does a line that
    is long or looks as if it held a secret.
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
        return None if len(text) > _LONGEST or _SENSITIVE.search(text) else text
