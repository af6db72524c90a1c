"""The modules that call a module: searched in the folders above it and near it, never in a whole repository."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator

from scanner.files.limits import LARGEST_FILE
from scanner.patterns import lazy_pattern
from scanner.sources.targets import read_within
from scanner.units.files import UnitFiles
from scanner.units.terraform.module import list_module_files
from scanner.units.terraform.terragrunt import NAME as TERRAGRUNT
from scanner.units.terraform.terragrunt import read_source

# how far up, how deep below each of those, and how many folders in all
_HIGHEST = 4
_DEEPEST = 5
_MOST_FOLDERS = 400
_MOST_CALLERS = 40
_PASSED_BY = frozenset({"node_modules", "vendor", "dist", "build", "target", "venv", "__pycache__"})
_SOURCE = lazy_pattern(rb'\bsource"?[ \t]*+[=:][ \t]*+"((?:\.\.?|\$\{[a-z_]++\([^()"\n]*+\)\})(?:/[^"\n]*+)?)"')
# folders whose calls are kept
_MOST_KEPT = 20_000


def find_callers(folder: str, files: UnitFiles) -> Iterator[str]:
    """The folders with a file that names the module in `folder` as a source."""
    found = 0
    for near in _list_near(folder, files):
        if near != folder and folder in list_sources(near, files):
            yield near
            found += 1
            if found == _MOST_CALLERS:
                return


def list_sources(folder: str, files: UnitFiles) -> frozenset[str]:
    """The folders that the modules of a folder name as a source; found once in a run."""
    key = "terraform", "sources", folder
    known = files.kept.get(key)
    if isinstance(known, frozenset):
        return known
    found: set[str] = set()
    names = files.names(folder)
    for name in [*list_module_files(names), *([TERRAGRUNT] if TERRAGRUNT in names else [])]:
        data = read_within(os.path.join(folder, name), files.root, LARGEST_FILE)
        for each in _SOURCE.finditer(data) if data is not None and b'"' in data else ():
            path = read_source(each[1].decode("utf-8", "replace"), folder, files.root)
            found.update([path] if path is not None else [])
    if len(files.kept) < _MOST_KEPT:
        files.kept[key] = frozenset(found)
    return frozenset(found)


def _list_near(folder: str, files: UnitFiles) -> Iterator[str]:
    """The folders around one, the nearest first."""
    seen: set[str] = set()
    for height, above in enumerate(files.above(folder)):
        if height > _HIGHEST:
            return
        waiting = deque([(above, 0)])
        while waiting:
            current, depth = waiting.popleft()
            if current in seen:
                continue
            seen.add(current)
            if len(seen) > _MOST_FOLDERS:
                return
            yield current
            if depth < _DEEPEST:
                waiting += [(each, depth + 1) for each in _list_folders(current, files)]


def _list_folders(folder: str, files: UnitFiles) -> tuple[str, ...]:
    """The folders in a folder that may hold modules; listed once in a run."""
    key = "terraform", "folders", folder
    known = files.kept.get(key)
    if not isinstance(known, tuple):
        known = tuple(os.path.join(folder, name) for name in files.folders(folder) if name not in _PASSED_BY)
        if len(files.kept) < _MOST_KEPT:
            files.kept[key] = known
    return known
