"""The kustomizations around a folder: found by listing some folders, never all of a repository."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from scanner.patterns import lazy_pattern
from scanner.record import record
from scanner.units.files import UnitFiles
from scanner.units.kustomize.kustomization import NAMES, Kustomization, is_remote, read_kustomization

# how far up a file's kustomization, and the overlays of a kustomization, are looked for
_MOST_LEVELS = 5
# folders that are listed below one folder, and how deep
_MOST_FOLDERS = 400
_MOST_DEPTH = 5
_MOST_KEPT = 2_000
_SKIPPED = frozenset({"node_modules", "vendor", "__pycache__", "target", "dist"})
# a path that ends with a step up says no name
_STEP_UP = lazy_pattern(r"\.\./?(?=[\s\"',\]}]|$)")


@record
class Tops:
    """The kustomizations that load one and that nobody loads, and the folders of all that load it, with its own."""

    tops: tuple[Kustomization, ...]
    folders: frozenset[str]


class Around:
    """The kustomizations of one run, each read once. `kept` holds them."""

    def __init__(self, files: UnitFiles) -> None:
        self._files = files
        self._read = _kept_in(files, "read")
        self._below = _kept_in(files, "below")
        self._named = _kept_in(files, "named")

    def at(self, folder: str) -> Kustomization | None:
        """The kustomization of a folder (a real path)."""
        if folder not in self._read:
            is_there = any(os.path.isfile(os.path.join(folder, name)) for name in NAMES)
            self._keep(self._read, folder, read_kustomization(folder, self._files) if is_there else None)
        found = self._read[folder]
        assert found is None or isinstance(found, Kustomization)
        return found

    def named(self, kustomization: Kustomization) -> frozenset[str]:
        """The real paths of the files and folders that a kustomization names."""
        if kustomization.folder not in self._named:
            paths = (kustomization.path(each.strip()) for each in kustomization.named_files() if not is_remote(each))
            self._keep(self._named, kustomization.folder, frozenset(paths))
        found = self._named[kustomization.folder]
        assert isinstance(found, frozenset)
        return found

    def all_of(self, paths: Iterable[str]) -> Iterator[Kustomization | None]:
        """The kustomizations among files."""
        yield from (self.at(os.path.dirname(path)) for path in sorted(paths) if os.path.basename(path) in NAMES)

    def owner(self, path: str) -> Kustomization | None:
        """The nearest kustomization that loads a file (a real path), or that the file is."""
        above = list(self._above(os.path.dirname(path)))
        for folder in above:
            found = self.at(folder)
            if found is not None and (found.file.origin == path or path in self.named(found)):
                return found
        # with other restrictions on what may be loaded, patches stand beside the folders that use them
        if not above or "patch" not in path[len(above[-1]) :].lower():
            return None
        return next((each for each in self.near(above[0]) if path in self.named(each)), None)

    def near(self, folder: str) -> Iterator[Kustomization]:
        """The kustomizations in the folder and around it."""
        seen: set[str] = set()
        for above in self._above(folder):
            for each in self._list_below(above):
                found = self.at(each) if each not in seen else None
                seen.add(each)
                if found is not None:
                    yield found

    def is_near(self, kustomization: Kustomization, folder: str) -> bool:
        """Whether a kustomization is one of those around a folder."""
        return any(kustomization.folder in self._list_below(above) for above in self._above(folder))

    def users(self, base: Kustomization) -> list[Kustomization]:
        """The kustomizations around a base that load it, or a file that it loads."""
        files = self.named(base)
        words = {os.path.basename(base.folder), *(os.path.basename(each) for each in files)}
        found = []
        for each in self.near(base.folder):
            if each is base or not (any(word in each.text for word in words) or _STEP_UP.search(each.text)):
                continue
            named = self.named(each)
            if base.folder in named or (not base.is_component() and named & files & self._files_only(files)):
                found.append(each)
        return found

    def _files_only(self, paths: frozenset[str]) -> frozenset[str]:
        return frozenset(each for each in paths if self.at(each) is None)

    def tops(self, kustomization: Kustomization) -> Tops:
        """The kustomizations that load it, directly or not, and those that nobody loads: itself where nobody loads it."""
        found: dict[str, Kustomization] = {}
        seen, waiting = {kustomization.folder}, [kustomization]
        while waiting:
            each = waiting.pop()
            users = self.users(each)
            if not users and not each.is_component():
                found[each.folder] = each
            for user in users:
                if user.folder not in seen:
                    seen.add(user.folder)
                    waiting.append(user)
        return Tops(tuple(found[folder] for folder in sorted(found)), frozenset(seen))

    def bases(self, kustomization: Kustomization) -> list[Kustomization]:
        """The kustomizations that it loads itself, without components."""
        found = (self.at(kustomization.path(each.text.strip())) for each in kustomization.scalars("resources", "bases"))
        return [each for each in found if each is not None]

    def _above(self, folder: str) -> Iterator[str]:
        for number, above in enumerate(self._files.above(folder)):
            if number == _MOST_LEVELS:
                return
            yield above

    def _list_below(self, folder: str) -> frozenset[str]:
        """The folders in and below a folder that have a kustomization."""
        if folder not in self._below:
            self._keep(self._below, folder, frozenset(self._walk(folder)))
        found = self._below[folder]
        assert isinstance(found, frozenset)
        return found

    def _walk(self, top: str) -> Iterator[str]:
        level, listed = [top], 0
        for _ in range(_MOST_DEPTH + 1):
            following: list[str] = []
            for folder in level:
                if listed == _MOST_FOLDERS:
                    return
                listed += 1
                if any(os.path.isfile(os.path.join(folder, name)) for name in NAMES):
                    yield folder
                following += (os.path.join(folder, name) for name in self._files.folders(folder) if name not in _SKIPPED)
            level = following

    def _keep(self, kept: dict[str, object], key: str, value: object) -> None:
        if len(kept) >= _MOST_KEPT:
            kept.clear()
        kept[key] = value


def _kept_in(files: UnitFiles, name: str) -> dict[str, object]:
    found = files.kept.setdefault(("kustomize", name, files.root), {})
    assert isinstance(found, dict)
    return found
