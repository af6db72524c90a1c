"""What git tracks in one working tree, by its index. The index is read when it is first asked for: most trees never ask."""

from __future__ import annotations

import os
import stat
from bisect import bisect_left

from scanner.record import record
from scanner.sources.tracked.index_format import DamagedIndex, Index, read_bitmap, read_index

LARGEST_INDEX = 128 * 1024 * 1024
# a path, as a `.git` file or `commondir` has it
_LARGEST_PATH = 16 * 1024


@record
class _Known:
    """The names of an index in order, without those of folders; `folders`: those whose content a sparse index leaves out."""

    names: list[bytes]
    folders: frozenset[bytes]


class TrackedFiles:
    """Says which files of the working tree at `root` (which holds `.git`) git tracks. Where that cannot be known, it is all of
    them: nothing is lost, and `fault` says why, `is_told` whether somebody has passed that on.
    """

    def __init__(self, root: str) -> None:
        self.root = root
        self._prefix = root.rstrip(os.sep) + os.sep
        self._known: _Known | None = None
        self._is_read = False
        self.fault: str | None = None
        self.is_told = False

    def has_file(self, path: str) -> bool:
        """Whether the file at this absolute path is tracked."""
        known = self._read()
        if known is None:
            return True
        name = self._name(path)
        at = bisect_left(known.names, name)
        return known.names[at : at + 1] == [name] or _is_inside(name, known.folders)

    def has_inside(self, folder: str) -> bool:
        """Whether a file in the folder, or in one below it, is tracked, or the folder is a submodule."""
        known = self._read()
        if known is None:
            return True
        name = self._name(folder)
        if self.is_submodule(folder) or _is_inside(name + b"/", known.folders):
            return True
        at = bisect_left(known.names, name + b"/")
        return at < len(known.names) and known.names[at].startswith(name + b"/")

    def is_submodule(self, folder: str) -> bool:
        """Whether the index names the folder itself: a submodule, whose own index names what is in it."""
        known, name = self._read(), self._name(folder)
        if known is None:
            return True
        at = bisect_left(known.names, name)
        return known.names[at : at + 1] == [name]

    def _name(self, path: str) -> bytes:
        return os.fsencode(path[len(self._prefix) :].replace(os.sep, "/"))

    def _read(self) -> _Known | None:
        if not self._is_read:
            self._is_read = True
            try:
                self._known = _read_known(self.root)
            except DamagedIndex as damaged:
                self.fault = f"git's index cannot be read: {damaged.because}; files that git ignores are read as well"
            except OSError as error:
                because = error.strerror or "it cannot be read"
                self.fault = f"git's index cannot be read: {because}; files that git ignores are read as well"
        return self._known


def _is_inside(name: bytes, folders: frozenset[bytes]) -> bool:
    """Whether one of the folders, which end in `/`, is above the name."""
    if not folders:
        return False
    parts = name.split(b"/")[:-1]
    return any(b"/".join(parts[:count]) + b"/" in folders for count in range(1, len(parts) + 1))


def _read_known(root: str) -> _Known:
    folder = _find_git_folder(root)
    data = _read_file(os.path.join(folder, "index"), LARGEST_INDEX)
    if data is None:
        if _has_commits(folder):
            raise DamagedIndex("there is none")
        return _Known([], frozenset())
    index = read_index(data)
    names = [name for name in index.names if name]
    folders = index.folders
    if index.base is not None:
        base = _read_base(folder, index)
        deleted = read_bitmap(index.deleted, len(base.names))
        names += [name for at, name in enumerate(base.names) if at not in deleted]
        folders = [*folders, *base.folders]
    inside = frozenset(folders)
    # in order already, unless somebody else than git wrote it, or two indexes hold
    names = sorted(name for name in names if name not in inside) if inside else sorted(names)
    return _Known(names, inside)


def _read_base(folder: str, index: Index) -> Index:
    """The shared index beside a split one: it is not split itself."""
    data = _read_file(os.path.join(folder, f"sharedindex.{index.base}"), LARGEST_INDEX)
    if data is None:
        raise DamagedIndex("its shared index is missing")
    base = read_index(data)
    if base.base is not None:
        raise DamagedIndex("its shared index is split as well")
    return base


def _find_git_folder(root: str) -> str:
    """The folder with the index: `.git`, or what a `.git` file of a worktree or a submodule names."""
    path = os.path.join(root, ".git")
    if os.path.isdir(path):
        return path
    data = _read_file(path, _LARGEST_PATH)
    if data is None or not data.startswith(b"gitdir:"):
        raise DamagedIndex("`.git` names no folder")
    named = data.removeprefix(b"gitdir:").strip(b" \t").rstrip(b"\r\n")
    if not named or b"\0" in named:
        raise DamagedIndex("`.git` names no folder")
    return os.path.join(root, os.fsdecode(named))


def _has_commits(folder: str) -> bool:
    """Whether anything was ever committed, as far as that is cheap to say: then a missing index hides what is tracked."""
    common = folder
    data = _read_file(os.path.join(folder, "commondir"), _LARGEST_PATH)
    if data is not None and b"\0" not in data:
        common = os.path.join(folder, os.fsdecode(data.rstrip(b"\r\n")))
    if any(os.path.lexists(os.path.join(common, name)) for name in ("packed-refs", "logs", "reftable")):
        return True
    try:
        with os.scandir(os.path.join(common, "refs", "heads")) as branches:
            return any(True for _ in branches)
    except OSError:
        return False


def _read_file(path: str, largest: int) -> bytes | None:
    """The bytes of a regular file; None where there is none. As nothing in it is shown, it may lie anywhere."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        opened = os.open(path, flags)
    except (FileNotFoundError, NotADirectoryError):
        return None
    with open(opened, "rb") as file:
        status = os.fstat(opened)
        if not stat.S_ISREG(status.st_mode):
            raise DamagedIndex("it is not a regular file")
        if status.st_size > largest:
            raise DamagedIndex(f"it is larger than {largest // 1024} KiB")
        return file.read(status.st_size)
