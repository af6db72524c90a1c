"""The files of one named folder, and what in it is not read, counted by reason.

Files come before folders, each sorted by name. Left out is what git ignores and does not track, and folders of installed and
generated files apart from what git tracks in them. Symbolic links out of the folder are not followed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence

from scanner.config.globs import Globs
from scanner.files.formats import is_rendered, may_hold
from scanner.record import changed, record
from scanner.sources.document import File, Unreadable
from scanner.sources.ignored.tree import Chain, IgnoredFiles
from scanner.sources.not_read import NotReadTally, Reason
from scanner.sources.targets import as_report_path, readable_root, repository_root
from scanner.sources.tracked.tracked import TrackedFiles

# folders that tools fill; git's own is never looked into, as git refuses to track anything in it
_SKIPPED = frozenset({".hg", ".svn", "node_modules", ".venv", ".tox", "__pycache__"})
# a name that no rule means: a rule that covers it covers everything
_ANY_NAME = "\x01jwksgov\x01"
_HEX = frozenset("0123456789abcdef")


@record(frozen=False)
class _Partly:
    """A folder of which only the tracked files are read: it is counted once, when something in it is left out."""

    reason: Reason
    shown: str
    is_counted: bool = False


@record
class _Folder:
    """A folder to list. `shown`: the prefix of report paths in it; `rules`: those of `.gitignore` that hold in it;
    `repositories`: whose files it may hold; `partly`: only their tracked files are read; `objects`: how many folders below the
    `objects` of an evidence bundle it is.
    """

    path: str
    shown: str
    rules: Chain = ()
    repositories: tuple[TrackedFiles, ...] = ()
    partly: _Partly | None = None
    objects: int | None = None


class FolderListing:
    """Lists the folder `target`. `name`: the prefix of the report paths in it; `root`: the working directory's repository;
    `takes_ignore_files`: whether `.gitignore` has a say; `judged`: the real paths of bundles that this run judges as such.
    """

    def __init__(
        self,
        target: str,
        name: str,
        root: str | None,
        *,
        exclude: Globs | None,
        takes_ignore_files: bool,
        judged: frozenset[str],
    ) -> None:
        self._base = os.path.realpath(target)
        self._name = name
        self._around = readable_root(self._base, root)
        self._excluded = exclude.in_folder(name) if exclude is not None else None
        self._ignored = IgnoredFiles() if takes_ignore_files else None
        self._judged = judged
        self._repository = repository_root(self._base)
        self._trackers: list[TrackedFiles] = []
        self._waiting: list[_Folder] = []
        self.not_read = NotReadTally()

    def files(self) -> Iterator[File | Unreadable]:
        """The files, not opened, and what cannot be listed. A folder that gives no file at all is told as one that could not be
        read.
        """
        is_fruitful = has_faults = False
        for found in self._walk():
            is_fruitful = is_fruitful or isinstance(found, File)
            has_faults = has_faults or (isinstance(found, Unreadable) and not found.is_bundle)
            yield found
        if not is_fruitful and (has_faults or self._is_missed()):
            yield Unreadable(self._name.rstrip("/") or ".", self._why_nothing(), is_named=True)

    def pick(self, paths: Iterable[str]) -> Iterator[File | Unreadable]:
        """Those of the files at these paths (real ones below the folder, apart from a link at their end) that `files` would
        give, and what made that uncertain; no other folder is listed.
        """
        names: dict[str, set[str]] = {}
        for path in paths:
            above, _, name = path.rpartition(os.sep)
            names.setdefault(above or os.sep, set()).add(name)
        reached: dict[str, _Folder | None] = {self._base: self._top()}
        for path in sorted(names):
            folder = self._reach(path, reached)
            if folder is None:
                continue
            try:
                with os.scandir(path) as listing:
                    entries = sorted((entry for entry in listing if entry.name in names[path]), key=lambda entry: entry.name)
            except OSError:
                continue
            yield from self._list_files(folder, [entry for entry in entries if not entry.is_dir(follow_symlinks=False)])
            yield from self._faults()

    def _reach(self, path: str, reached: dict[str, _Folder | None]) -> _Folder | None:
        """A folder below this one, by its real path, as one comes to it from here; None where one does not."""
        if path not in reached:
            above, _, name = path.rpartition(os.sep)
            is_below = path.startswith(self._base.rstrip(os.sep) + os.sep)
            outer = self._reach(above or os.sep, reached) if is_below else None
            entered = self._enter(outer, name, is_bundle=False) if outer is not None else None
            reached[path] = self._with_own_rules(entered, _own_names(path)) if entered is not None else None
        return reached[path]

    def _is_missed(self) -> bool:
        """Whether a folder without any file to read fails the user: one that was named does. The working directory, which is
        scanned where nothing is named, may be a repository without configuration, unless all of it is excluded.
        """
        return self._base != os.path.realpath(os.getcwd()) or self.not_read.count("excluded") > 0

    def _why_nothing(self) -> str:
        reasons = ", ".join(f"{row.files + row.folders} {row.reason}" for row in self.not_read.rows())
        return f"no file in it can be read{f' ({reasons})' if reasons else ': none is of a kind that jwksgov reads'}"

    def _walk(self) -> Iterator[File | Unreadable]:
        self._waiting = [self._top(with_own_rules=False)]
        while self._waiting:
            folder = self._waiting.pop()
            try:
                with os.scandir(folder.path) as listing:
                    entries = sorted(listing, key=lambda entry: entry.name)
            except OSError as error:
                is_named = folder.path == self._base
                yield Unreadable(folder.shown.rstrip("/") or ".", error.strerror or "it cannot be read", is_named)
                continue
            yield from self._list(folder, entries)
            yield from self._faults()

    def _top(self, *, with_own_rules: bool = True) -> _Folder:
        """The named folder itself."""
        repositories = (self._tracked(self._repository),) if self._repository is not None else ()
        folder = _Folder(self._base, self._name, self._rules_above(), repositories)
        return self._with_own_rules(folder, _own_names(self._base)) if with_own_rules else folder

    def _list(self, folder: _Folder, entries: Sequence[os.DirEntry[str]]) -> Iterator[File | Unreadable]:
        names = {entry.name for entry in entries}
        folder = self._with_own_rules(folder, names)
        is_bundle = "exchanges.jsonl" in names and _is_bundle(folder.path)
        if is_bundle and folder.path not in self._judged:
            self.not_read.add("bundle", folder.shown or "./")
            is_named = folder.path == self._base
            because = "it is an evidence bundle; name it as a target to have it judged"
            if is_named:
                because = "it is an evidence bundle with other files in it; move them away to have it judged"
            yield Unreadable(folder.shown.rstrip("/") or ".", because, is_named, is_bundle=True)
        inner: list[_Folder] = []
        files: list[os.DirEntry[str]] = []
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                files.append(entry)
            elif (entered := self._enter(folder, entry.name, is_bundle=is_bundle)) is not None:
                inner.append(entered)
        yield from self._list_files(folder, files)
        self._waiting += reversed(inner)

    def _list_files(self, folder: _Folder, entries: Sequence[os.DirEntry[str]]) -> Iterator[File]:
        """The files to read among those of a folder."""
        inside = f"{os.path.basename(self._base)}/{folder.shown.rstrip('/')}"
        for entry in entries:
            # asked for every file: a glob that matches none of them is told
            path = f"{folder.shown}{entry.name}"
            is_excluded = self._excluded is not None and self._excluded.decides(path)
            is_of_kind = may_hold(entry.name) or is_rendered(inside, entry.name)
            if is_of_kind and self._takes(folder, entry, path, is_excluded=is_excluded):
                is_object = folder.objects == 1 and _is_object(entry.name)
                yield File(path, entry.path, self._around, is_object=is_object)

    def _with_own_rules(self, folder: _Folder, names: set[str]) -> _Folder:
        """The folder with its own `.gitignore` and, where it is a repository inside the tree, with its own index."""
        if ".git" in names and folder.path != self._repository:
            # git's rules end at a repository's border
            return self._with_own_rules(
                changed(folder, rules=(), repositories=(*folder.repositories, self._tracked(folder.path))), names - {".git"}
            )
        if ".gitignore" not in names or self._ignored is None:
            return folder
        rules = self._ignored.extend(folder.rules, folder.path)
        if folder.path == self._base and self._covers_all(rules):
            rules = ()  # `build/.gitignore` with a star: the folder was named all the same
        return changed(folder, rules=rules)

    def _enter(self, folder: _Folder, name: str, *, is_bundle: bool) -> _Folder | None:
        """The inner folder to list, or None where nothing in it is to be read."""
        if name == ".git":
            return None
        path, shown = os.path.join(folder.path, name), f"{folder.shown}{name}/"
        if self._is_excluded(shown):
            self.not_read.add("excluded", shown)
            return None
        partly = folder.partly
        if partly is None:
            if name in _SKIPPED:
                partly = _Partly("skipped", shown)
            elif self._is_ignored(folder, f"{path}/"):
                partly = _Partly("ignored", shown)
        if partly is not None:
            holders = [each for each in folder.repositories if each.has_inside(path)]
            if not holders:
                self._count(partly)
                return None
            if any(each.is_submodule(path) for each in holders):
                partly = None  # its own index says what is in it
        objects = 0 if is_bundle and name == "objects" else None
        if folder.objects == 0 and len(name) == 2 and _HEX.issuperset(name):
            objects = 1
        return _Folder(path, shown, folder.rules, folder.repositories, partly, objects)

    def _is_excluded(self, path: str) -> bool:
        return self._excluded is not None and self._excluded.decides(path)

    def _takes(self, folder: _Folder, entry: os.DirEntry[str], path: str, *, is_excluded: bool) -> bool:
        """Whether the file is read; what is not is counted."""
        is_link = entry.is_symlink()
        if not is_link and not entry.is_file(follow_symlinks=False):
            self.not_read.add("special", path)
        elif folder.partly is not None and not self._is_tracked(folder, entry.path):
            self._count(folder.partly)
        elif self._is_ignored(folder, entry.path) and not self._is_tracked(folder, entry.path):
            self.not_read.add("ignored", path)
        elif is_excluded:
            self.not_read.add("excluded", path)
        elif is_link and not self._leads_inside(entry.path):
            self.not_read.add("link", path)
        else:
            # what is in a linked folder is read in its own place
            return not (is_link and os.path.isdir(entry.path))
        return False

    def _leads_inside(self, path: str) -> bool:
        """Whether a link leads to something in the named folder."""
        real = os.path.realpath(path)
        return f"{real}{os.sep}".startswith(self._base.rstrip(os.sep) + os.sep) and os.path.exists(real)

    def _is_ignored(self, folder: _Folder, path: str) -> bool:
        return bool(folder.rules) and self._ignored is not None and self._ignored.is_ignored(folder.rules, path)

    def _is_tracked(self, folder: _Folder, path: str) -> bool:
        return any(each.has_file(path) for each in folder.repositories)

    def _count(self, partly: _Partly) -> None:
        if not partly.is_counted:
            partly.is_counted = True
            self.not_read.add(partly.reason, partly.shown)

    def _tracked(self, root: str) -> TrackedFiles:
        self._trackers.append(TrackedFiles(root))
        return self._trackers[-1]

    def _rules_above(self) -> Chain:
        """The rules of the folders above, up to the root of the repository; none where they cover all that is in the folder, or
        the folder itself: it was named all the same.
        """
        root, base = self._repository, self._base
        if self._ignored is None or root is None or root == base:
            return ()
        rules: Chain = ()
        for depth in range(len(root.rstrip(os.sep)), len(base)):
            if base[depth] == os.sep:
                above = base[:depth] or os.sep
                if self._ignored.is_ignored(rules, f"{above}/"):
                    return ()
                if os.path.lexists(os.path.join(above, ".gitignore")):
                    rules = self._ignored.extend(rules, above)
        is_covered = self._ignored.is_ignored(rules, f"{base}/") or self._covers_all(rules)
        return () if is_covered else rules

    def _covers_all(self, rules: Chain) -> bool:
        """Whether the rules leave nothing of the named folder. A repository may list what it keeps: its index knows that."""
        if self._ignored is None or self._base == self._repository:
            return False
        return self._ignored.is_ignored(rules, os.path.join(self._base, _ANY_NAME))

    def _faults(self) -> Iterator[Unreadable]:
        """Rules that do not apply and indexes that cannot be read, each once."""
        for place, because in self._ignored.faults() if self._ignored is not None else ():
            yield Unreadable(self._shown(os.path.join(place, ".gitignore")), because)
        for tracker in self._trackers:
            if tracker.fault is not None and not tracker.is_told:
                tracker.is_told = True
                yield Unreadable(self._shown(os.path.join(tracker.root, ".git")), tracker.fault)

    def _shown(self, path: str) -> str:
        """The report path of a file that may be above the folder."""
        return as_report_path(os.path.normpath(os.path.join(self._name, os.path.relpath(path, self._base))))


def _own_names(folder: str) -> set[str]:
    """The names in a folder that change what is read in it."""
    return {name for name in (".git", ".gitignore") if os.path.lexists(os.path.join(folder, name))}


def _is_object(name: str) -> bool:
    return len(name) == 64 and _HEX.issuperset(name)


def _is_bundle(folder: str) -> bool:
    """Whether a folder is an evidence bundle: the documents of servers are no configuration of the scanned tree."""
    from scanner.sources.bundle.detection import is_bundle  # imported only for a likely bundle

    return is_bundle(folder)
