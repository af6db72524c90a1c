"""The folders of consumers' configuration that the inventory lists: what to read without targets, and whose their files are."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from glob import escape

from scanner.config.model import Config, PathEntry
from scanner.sources.scope import holds
from scanner.sources.targets import name_of_file, name_of_folder, repository_root


def consumer_targets(config: Config) -> tuple[str, ...]:
    """The folders as targets of a scan, from the working directory; one that lies in another is read with that."""
    folders = dict.fromkeys(os.path.realpath(_folder(config, entry.folder)) for entry in config.consumers)
    outer = [each for each in folders if not any(each != other and holds(other, each) for other in folders)]
    return tuple(map(os.path.relpath, outer))


def consumer_paths(config: Config, targets: Sequence[str]) -> tuple[PathEntry, ...]:
    """Environment and owner of the folders, by the paths that a report over `targets` gives to their files."""
    return tuple(
        PathEntry(path=pattern, environment=entry.environment, owner=entry.owner)
        for entry in config.consumers
        if entry.environment or entry.owner
        for pattern in _patterns(os.path.realpath(_folder(config, entry.folder)), targets)
    )


def _folder(config: Config, folder: str) -> str:
    return os.path.join(os.path.dirname(config.path or ""), folder)


def _patterns(folder: str, targets: Sequence[str]) -> Iterator[str]:
    """Globs for what lies in `folder`: one where names start at the repository, else one for each target there."""
    root = repository_root(os.getcwd())
    if root is not None and holds(root, folder):
        yield _glob(name_of_folder(folder, root, is_one_of_many=False))
        return
    folders = [target for target in targets if os.path.isdir(target)]
    for target in targets:
        real = os.path.realpath(target)
        if target not in folders:
            if holds(folder, real):
                yield escape(name_of_file(target, root))
            continue
        name = name_of_folder(target, root, is_one_of_many=len(folders) > 1)
        if holds(folder, real):
            yield _glob(name)
        elif holds(real, folder):
            yield _glob(f"{name}{os.path.relpath(folder, real).replace(os.sep, '/')}")


def _glob(name: str) -> str:
    """The glob for a folder's name; an empty one stands for everything."""
    return escape(name) or "*"
