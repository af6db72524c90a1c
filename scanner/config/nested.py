"""Which configuration files hold for which files: one root for each repository, and those that are nested below it.

The root is the topmost `.jwksgov.yaml` at or above all that was named in its repository, so no order of the targets, and no
file that a part of the tree brings along, decides what judges the rest. Every file of that name farther down is nested.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from scanner.config.load import find_config, load_config, load_found_config, refuse_both, upward
from scanner.config.model import NAME, Config, PathEntry
from scanner.record import changed, record

if TYPE_CHECKING:
    from scanner.config.globs import Globs
    from scanner.config.paths import EnvironmentAndOwner


@record
class Root:
    """A configuration and the folder for whose files it is the root. Files named like it below `base` are nested; None where
    none counts.
    """

    folder: str
    config: Config
    base: str | None = None


# what a root says of single files; all else is about a whole run
OF_FILES = frozenset({"profile", "rules", "rules_as_of", "inline_waivers", "nested"})


@record
class Nested:
    """A configuration inside the tree of a root, and its folder."""

    folder: str
    config: Config


@record
class Holding:
    """What holds for the files of one folder: its root, and the nested configurations, the topmost first."""

    root: Root
    nested: tuple[Nested, ...] = ()


@record
class Roots:
    """The roots of a run. `config`: what holds for the run as a whole, that of the only root, or of the working directory's
    where there are several.
    """

    config: Config
    roots: tuple[Root, ...]

    def changed(self, change: Callable[[Config], Config]) -> Roots:
        """The same roots, after what the command line says of every one."""
        made = {id(each): change(each) for each in (self.config, *(root.config for root in self.roots))}
        return Roots(made[id(self.config)], tuple(changed(each, config=made[id(each.config)]) for each in self.roots))


def find_roots(named: str | None, targets: Iterable[str], *, is_isolated: bool) -> Roots:
    """The roots for targets that are files or folders: the configuration that was `named`, or those of the tree, or none where
    it is isolated. A tree is not asked where a configuration was named.
    """
    refuse_both(named, is_isolated=is_isolated)
    if named or is_isolated:
        config = load_config(named) if named else Config()
        return Roots(config, (Root(os.sep, config),))
    here = os.path.realpath(os.getcwd())
    roots = tuple(_find_root(project, folders) for project, folders in _projects(targets, here).items())
    if not roots:
        roots = (_find_root(_project(here, here), [here]),)
    if len(roots) == 1:
        return Roots(roots[0].config, roots)
    of_here = next((each.config for each in _deepest_first(roots) if _holds(each.folder, here)), Config())
    return Roots(of_here, roots)


def _find_root(project: str, folders: Sequence[str]) -> Root:
    common = os.path.commonpath(folders)
    path = find_config(common)
    if path is None:
        return Root(project, Config(), common)
    return Root(project, load_found_config(path), os.path.dirname(path))


def _projects(targets: Iterable[str], here: str) -> dict[str, list[str]]:
    """The folders of the targets, by the tree that they belong to."""
    found: dict[str, list[str]] = {}
    for target in targets:
        real = os.path.realpath(target)
        folder = real if os.path.isdir(real) else os.path.dirname(real)
        found.setdefault(_project(folder, here), []).append(folder)
    for inner in sorted(found, key=len, reverse=True):  # a folder in no repository, named beside one that holds it
        outer = next((each for each in found if each != inner and _holds(each, inner)), None)
        if outer is not None and not _is_repository(inner):
            found[outer] += found.pop(inner)
    return found


def _project(folder: str, here: str) -> str:
    """The repository that holds a folder; outside of repositories the working directory, where that holds it."""
    repository = next(filter(_is_repository, upward(folder)), None)
    return repository or (here if _holds(here, folder) else folder)


def _is_repository(folder: str) -> bool:
    return os.path.exists(os.path.join(folder, ".git"))


def _holds(folder: str, inner: str) -> bool:
    return f"{inner}{os.sep}".startswith(folder.rstrip(os.sep) + os.sep)


def _deepest_first(roots: Iterable[Root]) -> list[Root]:
    return sorted(roots, key=lambda each: len(each.folder), reverse=True)


def excludes(holding: Holding, file: str) -> bool:
    """Whether a nested configuration excludes a file: its globs count from its own folder."""
    return any(_globs(each.config.exclude).covers(_below(each.folder, file)) for each in holding.nested if each.config.exclude)


@cache
def _globs(patterns: tuple[str, ...]) -> Globs:
    from scanner.config.globs import Globs

    return Globs(patterns)


def owner_of(holding: Holding, file: str, of_root: EnvironmentAndOwner) -> EnvironmentAndOwner:
    """Environment and owner of a file: what the root says, and where it says nothing, what the nested configurations add, the
    deepest first. Under `nested: full` they come before the root.
    """
    said = [of_nested for each in reversed(holding.nested) if (of_nested := _owner_in(each, file)) != (None, None)]
    ordered = [*said, of_root] if holding.root.config.nested == "full" else [of_root, *said]
    return next((each[0] for each in ordered if each[0]), None), next((each[1] for each in ordered if each[1]), None)


def _owner_in(nested: Nested, file: str) -> EnvironmentAndOwner:
    from scanner.config.globs import escape_path
    from scanner.config.paths import Paths

    folders = (
        PathEntry(path=escape_path(_below(nested.folder, entry.folder)), environment=entry.environment, owner=entry.owner)
        for entry in nested.config.consumers
    )
    return Paths((*folders, *nested.config.paths)).of(_below(nested.folder, file))


def _below(folder: str, path: str) -> str:
    """A path, from the folder that holds it; empty for the folder itself."""
    found = os.path.relpath(os.path.join(folder, path), folder).replace(os.sep, "/")
    return "" if found == "." else found


class Configurations:
    """What holds in each folder; every nested configuration is read once, when the first file below it is asked for."""

    def __init__(self, roots: Sequence[Root]) -> None:
        self._roots = _deepest_first(roots)
        self._holding: dict[str, Holding] = {}
        self._nested: dict[str, Nested | None] = {}

    def holding(self, folder: str) -> Holding:
        """What holds for the files of a folder, given as a real path. ConfigError where a nested configuration is wrong: a
        broken one must not hide what lies below it.
        """
        if folder not in self._holding:
            root = next((each for each in self._roots if _holds(each.folder, folder)), self._roots[-1])
            self._holding[folder] = Holding(root, tuple(self._find_nested(root, folder)))
        return self._holding[folder]

    def _find_nested(self, root: Root, folder: str) -> Iterable[Nested]:
        if root.base is None or not _holds(root.folder, folder):
            return
        # a file of a unit may lie beside all that was named
        base = root.base if _holds(root.base, folder) else root.folder
        between = [above for above in upward(folder) if len(above) > len(base)]
        for above in reversed(between):
            if (found := self._read(above)) is not None:
                yield found

    def _read(self, folder: str) -> Nested | None:
        if folder not in self._nested:
            path = os.path.join(folder, NAME)
            self._nested[folder] = Nested(folder, load_found_config(path)) if os.path.lexists(path) else None
        return self._nested[folder]
