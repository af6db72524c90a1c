"""Files and folders, one document at a time, named the way reports name them.

`.gitignore` is honoured inside a folder; what the user names is read even if ignored. Symbolic links do not lead out of the
folder that is scanned, and the inside of an evidence bundle is not read as files. Report paths are relative to the root of the
working directory's repository where the target lies in it, else to the named folder (prefixed by its name when several folders
are named).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from scanner.config.load import upward
from scanner.files.formats import may_hold
from scanner.sources.document import Document, File, Unreadable

if TYPE_CHECKING:
    import pathspec

# one more octet than the readers accept, so that they see that a file is too long
LARGEST = 5 * 1024 * 1024 + 1
_SKIPPED = frozenset({".git", ".hg", ".svn", "node_modules", ".venv", ".tox", "__pycache__"})
# the parts of an evidence bundle; whatever else lies in its folder is read
_OF_BUNDLE = frozenset({"manifest.json", "objects"})


def files_of(targets: Sequence[str], *, exclude: Sequence[str] = ()) -> Iterator[File | Unreadable]:
    """The files of `targets` in a stable order, not yet opened, and the folders that cannot be listed."""
    root = repository_root(os.getcwd())
    folders = [target for target in targets if os.path.isdir(target)]
    seen: set[str] = set()
    for target in targets:
        if os.path.isdir(target):
            name = name_of_folder(target, root, is_one_of_many=len(folders) > 1)
            found = _in_folder(target, name, exclude, root)
        else:
            around = _around(os.path.dirname(os.path.realpath(target)), root)
            found = iter([File(name_of_file(target, root), target, around, is_named=True)])
        for file in found:
            if file.path not in seen:
                seen.add(file.path)
                yield file


def repository_root(folder: str) -> str | None:
    """The nearest folder upward that holds `.git`, or None."""
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
    """How reports and bundles name the configuration: without the machine's folders where it lies in the repository of the
    working directory, or, where there is none, in that directory.
    """
    return name_of_file(path, repository_root(os.getcwd()) or os.path.realpath(os.getcwd()))


def name_of_folder(target: str, root: str | None, *, is_one_of_many: bool) -> str:
    """What stands before the names below the folder `target` in reports; empty, or with `/` at its end."""
    base = os.path.realpath(target)
    if root is not None and (base == root or base.startswith(f"{root}{os.sep}")):
        name = os.path.relpath(base, root)
    else:
        name = os.path.basename(base) if is_one_of_many else "."
    return "" if name == "." else f"{_slashes(name)}/"


def _slashes(path: str) -> str:
    return path.replace(os.sep, "/")


def _in_folder(target: str, name: str, exclude: Sequence[str], root: str | None) -> Iterator[File | Unreadable]:
    """Files before folders, each in the order of their names. `name` stands before the names below the folder."""
    base = os.path.realpath(target)
    around = _around(base, root)
    ignored = _Ignored(base)
    excluded = _excluded(exclude)
    waiting = [(base, name)]
    while waiting:
        folder, shown = waiting.pop()
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            yield Unreadable(shown.rstrip("/") or ".", error.strerror or "it cannot be read")
            continue
        ignored.enter(folder, entries)
        if _holds_bundle(folder, entries):
            yield Unreadable(shown.rstrip("/") or ".", "it is an evidence bundle; name it to have it judged", is_bundle=True)
            entries = [entry for entry in entries if entry.name not in _OF_BUNDLE]
        folders: list[tuple[str, str]] = []
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in _SKIPPED and not ignored.is_ignored(f"{entry.path}/"):
                    folders.append((entry.path, f"{shown}{entry.name}/"))
                continue
            if not may_hold(entry.name):
                continue
            path = f"{shown}{entry.name}"
            if ignored.is_ignored(entry.path) or any(matches(path) for matches in excluded):
                continue
            if entry.is_symlink() and not os.path.realpath(entry.path).startswith(base + os.sep):
                continue
            yield File(path, entry.path, around)
        waiting += reversed(folders)


def _holds_bundle(folder: str, entries: Sequence[os.DirEntry[str]]) -> bool:
    """Whether a folder is an evidence bundle: what servers answered is no configuration of the tree that it lies in."""
    if not any(entry.name == "exchanges.jsonl" for entry in entries):
        return False
    from scanner.sources.bundle.detection import is_bundle  # hardly any folder is one

    return is_bundle(folder)


def _excluded(patterns: Sequence[str]) -> list[Callable[[str], bool]]:
    if not patterns:
        return []
    from scanner.config.globs import covers  # most runs exclude nothing

    return [covers(pattern) for pattern in patterns]


def _around(folder: str, root: str | None) -> str:
    """Where the neighbours of a folder's files may be read: in the repository that it lies in, else in the folder itself."""
    return root if root is not None and f"{folder}{os.sep}".startswith(f"{root}{os.sep}") else folder


def read_within(path: str, root: str, most: int) -> bytes | None:
    """The octets of a regular file below `root`; None where there is none, it is larger than `most`, or lies elsewhere."""
    real = os.path.realpath(path)
    if not real.startswith(root.rstrip(os.sep) + os.sep):
        return None
    found = read_file(File(real, real, root))
    return found.data if isinstance(found, Document) and len(found.data) <= most else None


def read_file(file: File) -> Document | Unreadable:
    """The file's octets, or why there are none."""
    try:
        # a pipe without a writer would keep us waiting
        opened = os.open(file.origin, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        try:
            status = os.fstat(opened)
            if not stat.S_ISREG(status.st_mode):  # a pipe or device might never end
                return Unreadable(file.path, "it is not a regular file", file.is_named)
            # a file that grows meanwhile is read as it was
            data = _octets(opened, min(status.st_size, LARGEST))
            return Document(file.path, data, file.is_named, file.origin, file.root)
        finally:
            os.close(opened)
    except OSError as error:
        return Unreadable(file.path, error.strerror or "it cannot be read", file.is_named)


def _octets(file: int, size: int) -> bytes:
    """`size` octets of the open file, fewer where it ends before."""
    data = os.read(file, size)
    while len(data) < size and (more := os.read(file, size - len(data))):
        data += more
    return data


class _Ignored:
    """The `.gitignore` files met on the way down, and those between the repository's root and the folder. The library is
    loaded when the first one is met.
    """

    def __init__(self, base: str) -> None:
        self.specs: list[tuple[str, pathspec.GitIgnoreSpec]] = []
        root = repository_root(base)
        if root is not None and root != base:
            between = [folder for folder in upward(os.path.dirname(base)) if len(folder) >= len(root)]
            for folder in reversed(between):
                self._add(folder)

    def enter(self, folder: str, entries: list[os.DirEntry[str]]) -> None:
        """Take note of the folder's own `.gitignore`."""
        if any(entry.name == ".gitignore" for entry in entries):
            self._add(folder)

    def _add(self, folder: str) -> None:
        lines = _lines(os.path.join(folder, ".gitignore"))
        if lines:
            import pathspec

            self.specs.append((folder + os.sep, pathspec.GitIgnoreSpec.from_lines(lines)))

    def is_ignored(self, path: str) -> bool:
        """Whether `path` (absolute; a folder ends in `/`) is ignored; the deepest file that speaks decides."""
        answer = False
        for folder, spec in self.specs:
            if path.startswith(folder):
                said = spec.check_file(path[len(folder) :]).include
                answer = answer if said is None else said
        return answer


def _lines(path: str) -> list[str]:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read().splitlines()
    except OSError:
        return []
