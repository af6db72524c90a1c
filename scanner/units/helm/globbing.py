"""The files of a chart that a pattern of `.Files.Glob` names."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase

from scanner.files.formats import may_hold
from scanner.patterns import lazy_pattern
from scanner.units.files import UnitFiles

# of a file that is copied into a manifest, in characters
_LONGEST_COPY = 128 * 1024
# settings of applications, which are a unit of their own with their profiles
_OF_APPLICATIONS = lazy_pattern(r"(?:application|bootstrap|microprofile-config|appsettings)[^/]*\.(?:ya?ml|properties|json)")


def is_read_alone(name: str, text: str) -> bool:
    """Whether a file that templates load is no template itself, and a scan reads it better where it is."""
    base = name.rpartition("/")[2].lower()
    if "{{" in text or not may_hold(base):
        return False
    return len(text) > _LONGEST_COPY or _OF_APPLICATIONS.fullmatch(base) is not None


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
