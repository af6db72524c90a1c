"""Where the files of one application lie, and what they are called."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from scanner.patterns import lazy_pattern
from scanner.record import record
from scanner.units.files import UnitFiles

_NAME = lazy_pattern(
    r"(?P<stem>application|bootstrap|microprofile-config)(?:-(?P<profile>[^/\\]{1,100}))?\.(?P<ending>ya?ml|properties)",
    re.IGNORECASE,
)
_MICROPROFILE = "microprofile-config"
_RESOURCES = ("src", "main", "resources")
# the order of places: settings of libraries, of the start, in the jar, in its `config` folder, and beside the jar
LIBRARY, START, PACKAGED, OUTSIDE = 0, 1, 10, 20


@record(slots=True)
class FoundFile:
    """A file of an application: its real path, the profile in its name, its ending, and its number in the order of places."""

    path: str
    profile: str
    ending: str
    place: int


def is_settings(name: str) -> bool:
    """Whether a file of that base name has settings of an application."""
    return _NAME.fullmatch(name) is not None


def read_name(name: str) -> tuple[str, str, int] | None:
    """The profile in the name of a file of settings, its ending, and its place among files of one folder."""
    found = _NAME.fullmatch(name)
    return (found["profile"] or "", found["ending"].lower(), _place_of(found)) if found is not None else None


def _place_of(found: re.Match[str]) -> int:
    return {_MICROPROFILE: LIBRARY, "bootstrap": START}.get(found["stem"].lower(), PACKAGED)


def find_folder(path: str, files: UnitFiles) -> str:
    """The folder of the application that a file of settings belongs to: its module, else the folder with its resources."""
    folder = os.path.dirname(path)
    if os.path.basename(folder).lower() in ("config", "meta-inf") and files.is_inside(os.path.dirname(folder)):
        folder = os.path.dirname(folder)
    parts = folder.split(os.sep)
    if tuple(parts[-3:]) == _RESOURCES and files.is_inside(module := os.sep.join(parts[:-3])):
        return module or os.sep
    return folder


def list_found(folder: str, files: UnitFiles) -> Iterator[FoundFile]:
    """The files of settings of an application, in no certain order."""
    resources = os.path.join(folder, *_RESOURCES)
    if files.find_names(resources, _NAME) or files.find_names(os.path.join(resources, "config"), _NAME):
        yield from _list_in(resources, PACKAGED, files)
        yield from _list_in(folder, OUTSIDE, files)
    else:
        yield from _list_in(folder, PACKAGED, files)


def _list_in(folder: str, place: int, files: UnitFiles) -> Iterator[FoundFile]:
    for number, inner in enumerate(("", "config", "META-INF")):
        below = os.path.join(folder, inner) if inner else folder
        for found in files.find_names(below, _NAME):
            own = _place_of(found)
            if (own == LIBRARY) == (inner == "META-INF"):
                where = place + number if own == PACKAGED else own
                yield FoundFile(os.path.join(below, found[0]), found["profile"] or "", found["ending"].lower(), where)
