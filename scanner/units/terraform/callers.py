"""The modules that call a module: searched in the folders above it and near it, never in a whole repository."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator

from scanner.units.files import UnitFiles
from scanner.units.terraform.module import list_module_files

# how far up, how deep below each of those, and how many folders in all
_HIGHEST = 4
_DEEPEST = 3
_MOST_FOLDERS = 400
_MOST_CALLERS = 40
_PASSED_BY = frozenset({"node_modules", "vendor", "dist", "build", "target", "venv", "__pycache__"})


def find_callers(folder: str, files: UnitFiles) -> Iterator[str]:
    """The folders with a file that seems to call the module in `folder`; whoever reads them decides."""
    name = os.path.basename(folder).encode()
    found = 0
    for near in _list_near(folder, files):
        if near != folder and any(_may_call(os.path.join(near, each), name, files) for each in _list_files(near, files)):
            yield near
            found += 1
            if found == _MOST_CALLERS:
                return


def _list_files(folder: str, files: UnitFiles) -> list[str]:
    return list_module_files(files.names(folder))


def _may_call(path: str, name: bytes, files: UnitFiles) -> bool:
    read = files.read(path)
    if read is None or b"module" not in read.data or b"source" not in read.data:
        return False
    return b'"../' in read.data or b'"./' in read.data if not name else _names_it(read.data, name)


def _names_it(data: bytes, name: bytes) -> bool:
    """Whether a relative path is in the file that may end at the module: with its name, or only upwards."""
    return (name in data and (b'"./' in data or b'"../' in data)) or b'../"' in data or b'"../.."' in data or b'".."' in data


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


def _list_folders(folder: str, files: UnitFiles) -> Iterator[str]:
    for name in files.names(folder):
        if not name.startswith(".") and "." not in name and name not in _PASSED_BY:
            path = os.path.join(folder, name)
            if os.path.isdir(path) and not os.path.islink(path):
                yield path
