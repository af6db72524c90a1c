"""Finds the compose projects that files belong to."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from scanner.files.read import read
from scanner.files.tree import Mapping, Parsed, Scalar, list_nodes
from scanner.sources.document import Document
from scanner.units.compose.names import is_compose, is_env, list_compose
from scanner.units.files import UnitFile, UnitFiles
from scanner.units.unit import Unit

if TYPE_CHECKING:
    from scanner.units.compose.project import ComposeProject

# folders above a file in which a project may name it
_MOST_ABOVE = 3


class Compose:
    """Knows compose files that are not alone, and the env files and further files that they name."""

    name = "compose"

    def find(self, document: Document, files: UnitFiles) -> str | None:
        """The folder of the project that the document belongs to."""
        assert document.origin is not None
        folder, name = os.path.split(os.path.realpath(document.origin))
        if is_env(name):
            return _find_namer(folder, name, files)
        if not name.lower().endswith((".yml", ".yaml")) or b"services" not in document.data:
            return None
        if not is_compose(name):
            return _find_namer(folder, name, files)
        above = _find_namer(folder, name, files, is_above=True)
        return above or (folder if _is_unit(document.data, folder, files) else None)

    def load(self, folder: str, files: UnitFiles) -> Unit | None:
        """The projects of a folder; None where its files are templates or no compose files."""
        project = _load(folder, files)
        return project if project.paths else None

    def companions(self, path: str, files: UnitFiles) -> Iterator[str]:
        """The compose files beside it, and what they name."""
        found = _find_changed(*os.path.split(path), files)
        if found is None:
            return
        project = _load(found, files)
        yield from (each for each in sorted(project.paths) if each != path)


def _load(folder: str, files: UnitFiles) -> ComposeProject:
    from scanner.units.compose.project import ComposeProject  # most files are in no project

    return ComposeProject(folder, files)


def _find_changed(folder: str, name: str, files: UnitFiles) -> str | None:
    """The folder of the project that a changed file belongs to."""
    if is_compose(name):
        return _find_namer(folder, name, files, is_above=True) or folder
    if is_env(name):
        return _find_namer(folder, name, files) or (folder if list_compose(folder, files) else None)
    return _find_namer(folder, name, files) if name.lower().endswith((".yml", ".yaml")) else None


def _is_unit(data: bytes, folder: str, files: UnitFiles) -> bool:
    """Whether a compose file may be more than its own text."""
    if any(sign in data for sign in (b"env_file", b"extends", b"include")):
        return True
    names = files.names(folder)
    return len(list_compose(folder, files)) > 1 or any(map(is_env, names))


def _find_namer(folder: str, name: str, files: UnitFiles, *, is_above: bool = False) -> str | None:
    """The nearest folder, from the file's own upwards, with a compose file that names it."""
    path = os.path.join(folder, name)
    for number, above in enumerate(files.above(folder)):
        if number > _MOST_ABOVE:
            return None
        for each in list_compose(above, files) if number or not is_above else ():
            found = files.read(os.path.join(above, each))
            if found is not None and name.encode() in found.data and path in _list_named(found):
                return above
    return None


def _list_named(file: UnitFile) -> Iterator[str]:
    """The real paths of the files that a compose file names as env files, as extended and as included."""
    parsed = read(file.data, "yaml")
    root = parsed.documents[0] if isinstance(parsed, Parsed) and parsed.documents else None
    if not isinstance(root, Mapping):
        return
    services = root.get("services")
    nodes = [root.get("include")]
    for entry in services.entries if isinstance(services, Mapping) else ():
        if isinstance(entry.value, Mapping):
            nodes += [entry.value.get("extends"), entry.value.get("env_file")]
    for each in list_nodes(*(node for node in nodes if node is not None)):
        if isinstance(each, Scalar):
            yield os.path.realpath(os.path.join(os.path.dirname(file.origin), each.text))
