"""The files of a chart that a pattern of `.Files.Glob` names."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase

from scanner.units.files import UnitFiles


def list_matching(folder: str, pattern: str, files: UnitFiles) -> list[str]:
    """The files below a folder that match a pattern of `.Files.Glob`, by their path in it."""
    fixed = pattern.split("*", 1)[0].split("?", 1)[0].split("[", 1)[0].split("{", 1)[0].rpartition("/")[0]
    found: list[str] = []
    waiting = [fixed]
    asked = 0
    while waiting and asked < 50:
        inner = waiting.pop(0)
        asked += 1
        for name in files.names(os.path.join(folder, *inner.split("/")) if inner else folder):
            path = f"{inner}/{name}" if inner else name
            real = os.path.join(folder, *path.split("/"))
            if os.path.isdir(real):
                if path != "templates" and path != "charts":
                    waiting.append(path)
            elif _matches(path, pattern):
                found.append(path)
    return found


def _matches(path: str, pattern: str) -> bool:
    """Whether a path matches: `*` is no `/`, `**` is any."""
    if "**" in pattern:
        return fnmatchcase(path, pattern.replace("**/", "*").replace("**", "*"))
    return path.count("/") == pattern.count("/") and fnmatchcase(path, pattern)
