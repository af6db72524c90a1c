"""The scope of a run, as paths in reports: outside of it, nothing can be reported as removed or unused."""

from __future__ import annotations

import os
from collections.abc import Sequence

from scanner.record import record
from scanner.sources.targets import name_of_file, name_of_folder, repository_root


@record
class Scope:
    """`files` by their report paths, `folders` by the prefix of the paths in them. `is_whole`: the complete folder of the
    configuration was scanned (without a configuration the repository, or the named folder). `urls` gave a document;
    `is_inventory_visited`: all issuers of the inventory were visited.
    """

    folders: tuple[str, ...]
    files: frozenset[str]
    is_whole: bool
    urls: frozenset[str] = frozenset()
    is_inventory_visited: bool = False

    def covers(self, path: str) -> bool:
        """Whether this report path is in the scope, even if no such file exists; for a URL, whether it gave a document."""
        if "://" in path:
            return path in self.urls
        if path in self.files or self.is_whole:
            return True
        return any(path.startswith(folder) for folder in self.folders)


def scope_of(targets: Sequence[str], config_path: str | None) -> Scope:
    """The scope of a run over `targets` under the configuration at `config_path`."""
    root = repository_root(os.getcwd())
    folders = [target for target in targets if os.path.isdir(target)]
    return Scope(
        folders=tuple(name_of_folder(target, root, is_one_of_many=len(folders) > 1) for target in folders),
        files=frozenset(name_of_file(target, root) for target in targets if target not in folders),
        is_whole=any(_is_whole(os.path.realpath(target), config_path) for target in folders),
    )


def _is_whole(folder: str, config_path: str | None) -> bool:
    base = os.path.dirname(os.path.realpath(config_path)) if config_path is not None else None
    if base is None or not (holds(base, folder) or holds(folder, base)):
        base = repository_root(folder) or folder
    return holds(folder, base)


def holds(folder: str, inner: str) -> bool:
    """Whether `inner` is the folder or is inside it; both are real paths."""
    return inner == folder or inner.startswith(folder.rstrip(os.sep) + os.sep)
