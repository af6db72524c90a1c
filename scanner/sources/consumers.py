"""The folders of consumers' configuration in the inventory: what a scan without targets reads, and who owns the files."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from scanner.config.globs import escape_path
from scanner.config.model import Config, ConsumerEntry, PathEntry
from scanner.sources.scope import holds
from scanner.sources.targets import name_of_file, name_of_folder, repository_root


def consumer_targets(config: Config) -> tuple[str, ...]:
    """The folders as targets of a scan, relative to the working directory, without folders that are inside another one."""
    folders = dict.fromkeys(os.path.realpath(_folder(config, note.folder)) for note in config.consumers)
    outer = [each for each in folders if not any(each != other and holds(other, each) for other in folders)]
    return tuple(map(os.path.relpath, outer))


def consumer_paths(config: Config, targets: Sequence[str]) -> tuple[PathEntry, ...]:
    """Environment and owner of the folders, by the paths that their files have in a report over `targets`."""
    return tuple(
        PathEntry(path=pattern, environment=entry.environment, owner=entry.owner)
        for entry in config.consumers
        if entry.environment or entry.owner
        for pattern in consumer_patterns(config, entry, targets)
    )


def consumer_patterns(config: Config, entry: ConsumerEntry, targets: Sequence[str]) -> Iterator[str]:
    """Globs for the files of one folder; none where a report over `targets` has no such files."""
    return _patterns(os.path.realpath(_folder(config, entry.folder)), targets)


def _folder(config: Config, folder: str) -> str:
    return os.path.join(os.path.dirname(config.path or ""), folder)


def _patterns(folder: str, targets: Sequence[str]) -> Iterator[str]:
    """Globs for the files in `folder`: one if report paths start at the repository, else one for each target there."""
    root = repository_root(os.getcwd())
    if root is not None and holds(root, folder):
        yield escape_path(name_of_folder(folder, root, is_one_of_many=False))
        return
    folders = [target for target in targets if os.path.isdir(target)]
    for target in targets:
        real = os.path.realpath(target)
        if target not in folders:
            if holds(folder, real):
                yield escape_path(name_of_file(target, root))
            continue
        name = name_of_folder(target, root, is_one_of_many=len(folders) > 1)
        if holds(folder, real):
            yield escape_path(name)
        elif holds(real, folder):
            yield escape_path(f"{name}{os.path.relpath(folder, real).replace(os.sep, '/')}")
