"""Globs on report paths: `exclude`, `paths` and waivers mean the same by one."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable


def covers(pattern: str) -> Callable[[str], bool]:
    """Whether a report path is meant by `pattern`; one that names a folder covers everything below it."""
    below = pattern.rstrip("/") + "/*"
    return lambda path: fnmatch.fnmatchcase(path, pattern) or fnmatch.fnmatchcase(path, below)
