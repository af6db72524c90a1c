"""Lists and reads the files of targets, one at a time, with their paths in reports.

`.gitignore` applies inside a folder; a file that the user names is read even if ignored. Symbolic links out of the scanned
folder are not followed, and the files of an evidence bundle are not read as ordinary files. Report paths are relative to the
root of the working directory's repository if the target is in it, else to the named folder (with its name as prefix if several
folders are named).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from scanner.config.load import upward
from scanner.files.formats import may_hold
from scanner.sources.document import Document, File, Unreadable

if TYPE_CHECKING:
    from scanner.config.globs import Globs
    from scanner.sources.ignored.tree import Chain, IgnoredFiles

# one byte more than the readers accept, so that they detect a file that is too large
LARGEST = 5 * 1024 * 1024 + 1
_SKIPPED = frozenset({".git", ".hg", ".svn", "node_modules", ".venv", ".tox", "__pycache__"})
# the parts of an evidence bundle; other files in its folder are read
_BUNDLE_PARTS = frozenset({"manifest.json", "objects"})


def files_of(targets: Sequence[str], *, exclude: Globs | None = None) -> Iterator[File | Unreadable]:
    """The files of `targets` in a stable order, not opened, and the folders that cannot be listed."""
    root = repository_root(os.getcwd())
    folders = [target for target in targets if os.path.isdir(target)]
    seen: set[str] = set()
    for target in targets:
        if os.path.isdir(target):
            name = name_of_folder(target, root, is_one_of_many=len(folders) > 1)
            found = _walk_folder(target, name, exclude, root)
        else:
            around = _readable_root(os.path.dirname(os.path.realpath(target)), root)
            found = iter([File(name_of_file(target, root), target, around, is_named=True)])
        for file in found:
            if file.path not in seen:
                seen.add(file.path)
                yield file


def repository_root(folder: str) -> str | None:
    """The nearest folder upward that contains `.git`, or None."""
    return next((above for above in upward(os.path.realpath(folder)) if os.path.exists(os.path.join(above, ".git"))), None)


def name_of_file(target: str, root: str | None) -> str:
    """How reports name a file; `root` is the working directory's repository."""
    path = os.path.realpath(target)
    if root is not None and path.startswith(f"{root}{os.sep}"):
        return _slashes(os.path.relpath(path, root))
    return _slashes(os.path.normpath(target))


def is_url(target: str) -> bool:
    """Whether a target is a URL rather than a path."""
    return "://" in target


def name_of_config(path: str) -> str:
    """How reports and bundles name the configuration: relative to the repository of the working directory, or without one to
    that directory, so that the path does not show folders of the machine.
    """
    return name_of_file(path, repository_root(os.getcwd()) or os.path.realpath(os.getcwd()))


def name_of_folder(target: str, root: str | None, *, is_one_of_many: bool) -> str:
    """The prefix of report paths below the folder `target`: empty, or with `/` at its end."""
    base = os.path.realpath(target)
    if root is not None and (base == root or base.startswith(f"{root}{os.sep}")):
        name = os.path.relpath(base, root)
    else:
        name = os.path.basename(base) if is_one_of_many else "."
    return "" if name == "." else f"{_slashes(name)}/"


def _slashes(path: str) -> str:
    return path.replace(os.sep, "/")


def _walk_folder(target: str, name: str, exclude: Globs | None, root: str | None) -> Iterator[File | Unreadable]:
    """List a folder: files before folders, each sorted by name. `name` is the prefix of the report paths."""
    base = os.path.realpath(target)
    around = _readable_root(base, root)
    from scanner.sources.ignored.tree import IgnoredFiles  # not for a hook, whose targets are files

    ignored = IgnoredFiles()
    waiting = [(base, name, _rules_above(ignored, base))]
    while waiting:
        folder, shown, rules = waiting.pop()
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            yield Unreadable(shown.rstrip("/") or ".", error.strerror or "it cannot be read")
            continue
        if any(entry.name == ".gitignore" for entry in entries):
            rules = ignored.extend(rules, folder)
        if _holds_bundle(folder, entries):
            yield Unreadable(
                shown.rstrip("/") or ".", "it is an evidence bundle; name it as a target to have it judged", is_bundle=True
            )
            entries = [entry for entry in entries if entry.name not in _BUNDLE_PARTS]
        folders: list[tuple[str, str, Chain]] = []
        for entry in entries:
            is_folder = entry.is_dir(follow_symlinks=False)
            path = f"{shown}{entry.name}"
            if exclude is not None and exclude.decides(f"{path}/" if is_folder else path):
                continue
            if is_folder:
                if entry.name not in _SKIPPED and not ignored.is_ignored(rules, f"{entry.path}/"):
                    folders.append((entry.path, f"{path}/", rules))
                continue
            if not may_hold(entry.name):
                continue
            if ignored.is_ignored(rules, entry.path):
                continue
            if entry.is_symlink() and not os.path.realpath(entry.path).startswith(base + os.sep):
                continue
            yield File(path, entry.path, around)
        yield from (Unreadable(_name_of_rules(place, base, name), because) for place, because in ignored.faults())
        waiting += reversed(folders)


def _rules_above(ignored: IgnoredFiles, base: str) -> Chain:
    """The rules of the folders above a target, up to the root of its repository."""
    root = repository_root(base)
    rules: Chain = ()
    if root is not None and root != base:
        between = [folder for folder in upward(os.path.dirname(base)) if len(folder) >= len(root)]
        for folder in reversed(between):
            rules = ignored.extend(rules, folder)
    return rules


def _name_of_rules(folder: str, base: str, name: str) -> str:
    """The report path of a folder's `.gitignore`; `name` is the prefix of report paths below `base`."""
    path = os.path.relpath(os.path.join(folder, ".gitignore"), base)
    return _slashes(os.path.normpath(os.path.join(name, path)))


def _holds_bundle(folder: str, entries: Sequence[os.DirEntry[str]]) -> bool:
    """Whether a folder is an evidence bundle: the documents of servers are not configuration of the scanned tree."""
    if not any(entry.name == "exchanges.jsonl" for entry in entries):
        return False
    from scanner.sources.bundle.detection import is_bundle  # imported only for a likely bundle

    return is_bundle(folder)


def _readable_root(folder: str, root: str | None) -> str:
    """Where neighbours of the files in a folder may be read: in its repository, else in the folder itself."""
    return root if root is not None and f"{folder}{os.sep}".startswith(f"{root}{os.sep}") else folder


def read_within(path: str, root: str, max_bytes: int) -> bytes | None:
    """The bytes of a regular file below `root`; None if there is none, if it is larger than `max_bytes`, or elsewhere."""
    real = os.path.realpath(path)
    if not real.startswith(root.rstrip(os.sep) + os.sep):
        return None
    found = read_file(File(real, real, root))
    return found.data if isinstance(found, Document) and len(found.data) <= max_bytes else None


def read_file(file: File) -> Document | Unreadable:
    """Read the file, or give the reason why it cannot be read."""
    try:
        # without O_NONBLOCK, a pipe without a writer would block
        opened = os.open(file.origin, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        try:
            status = os.fstat(opened)
            if not stat.S_ISREG(status.st_mode):  # a pipe or device might never end
                return Unreadable(file.path, "it is not a regular file", file.is_named)
            # a file that grows meanwhile is read up to its size now
            data = _read_bytes(opened, min(status.st_size, LARGEST))
            return Document(file.path, data, file.is_named, file.origin, file.root)
        finally:
            os.close(opened)
    except OSError as error:
        return Unreadable(file.path, error.strerror or "it cannot be read", file.is_named)


def _read_bytes(file: int, size: int) -> bytes:
    """`size` bytes of the open file, fewer if it ends before."""
    data = os.read(file, size)
    while len(data) < size and (more := os.read(file, size - len(data))):
        data += more
    return data
