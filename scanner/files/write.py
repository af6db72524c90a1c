"""Writes new files: whole or not at all, and never through a link that somebody else made.

Every file that jwksgov writes is made here. It is written under a random name beside its target, made exclusively (no link and
no file can be there before it), and then renamed over the target. So a link at the target is replaced, not followed; a hard
link keeps its other names unchanged; two writers of one file do not harm each other: the last rename wins. An error or an
interruption removes the new file; what a killed process left is removed a day later by the next writer in that folder.

The folders of a path may be links, as they are on many machines (`/tmp` on macOS), but not links that lie inside a tree that a
stranger may have filled and lead out of it; `require_own_folders` refuses those. The tree is trusted not to change meanwhile.
On Windows, a target that another program has open cannot be replaced, which is an OSError.
May import: errors. It runs for a hook too, so nothing heavy.
"""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from scanner.errors import Place, UsageError

PARTIAL = ".partial"  # the file name ends with this until the file is complete
_PREFIX = ".jwksgov-"
_DAY = 24 * 60 * 60
_MOST_LINKS = 40  # as Linux has it
_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_STREAMS = {"/dev/stdout": 1, "/dev/stderr": 2}
_STREAM_FOLDERS = ("/dev/fd", "/proc/self/fd")


@contextmanager
def replace_file(path: str, *, is_synced: bool = False) -> Iterator[int]:
    """A descriptor of the file that takes the place of `path` when the block ends without an error. It has the mode of the file
    that was there. `is_synced`: its data is on the disk before it takes that place.
    """
    mode = _mode_of(path)
    partial = os.path.join(os.path.dirname(path), f"{_PREFIX}{os.urandom(8).hex()}{PARTIAL}")
    descriptor = os.open(partial, _NEW, 0o666)
    try:
        try:
            if mode is not None and hasattr(os, "fchmod"):
                with suppress(OSError):  # some file systems have no modes
                    os.fchmod(descriptor, mode)
            yield descriptor
            if is_synced:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.replace(partial, path)
    except BaseException:  # also Ctrl-C: half of a file is of no use, and takes room on a full disk
        with suppress(OSError):
            os.unlink(partial)
        raise


def _mode_of(path: str) -> int | None:
    """The mode of the file that is replaced; None for a new file, and for a link. OSError if it is something else."""
    try:
        mode = os.lstat(path).st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    if stat.S_ISREG(mode):
        return mode & 0o777
    if stat.S_ISLNK(mode):
        return None
    raise OSError(errno.EINVAL, "it is a pipe or a device, not a file", path)


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of the bytes at the current position of the file."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def open_to_append(path: str) -> int:
    """A descriptor of a file that is read and added to, made if there is none. OSError if it is a link, has a second name, or
    is no regular file: what is added would arrive elsewhere.
    """
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags, 0o666)
    status = os.fstat(descriptor)
    if stat.S_ISREG(status.st_mode) and status.st_nlink <= 1:
        return descriptor
    os.close(descriptor)
    raise OSError(errno.EINVAL, "it is no regular file, or has a second name", path)


def make_folders(path: str) -> None:
    """Make the folder and those above it, where they do not exist."""
    os.makedirs(path, exist_ok=True)


def remove_old_partials(folder: str) -> None:
    """Remove what a writer that was killed more than a day ago left in the folder."""
    with suppress(OSError), os.scandir(folder or os.curdir) as entries:
        for entry in entries:
            if entry.name.startswith(_PREFIX) and entry.name.endswith(PARTIAL):
                with suppress(OSError):  # another writer has removed it
                    if entry.stat(follow_symlinks=False).st_mtime < time.time() - _DAY:
                        os.unlink(entry.path)


def open_stream(path: str) -> int | None:
    """A descriptor to write to, where `path` is no file but standard output, a pipe that the shell made (`>(command)`), or a
    device such as a terminal. None for everything else.
    """
    number = _STREAMS.get(path)
    if number is None and os.path.dirname(path) in _STREAM_FOLDERS and os.path.basename(path).isdecimal():
        number = int(os.path.basename(path))
    if number is not None:
        return os.dup(number)
    if path.startswith("/dev/") and _is_device(path):
        return os.open(path, os.O_WRONLY | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_NOFOLLOW", 0))
    return None


def _is_device(path: str) -> bool:
    try:
        return stat.S_ISCHR(os.lstat(path).st_mode)
    except OSError:
        return False


def require_own_folders(path: str, trees: Sequence[str] = ()) -> None:
    """Raise UsageError if a folder of `path` is a link that lies in a tree and leads out of it. Trees are the repository around
    the link, else the working directory and `trees`, the folders that the user named.
    """
    known = {os.path.realpath(tree) for tree in (os.curdir, *trees)}
    for link in _links_on(os.path.dirname(os.path.join(os.getcwd(), path))):
        tree = _tree_of(os.path.dirname(link), known)
        leads_to = os.path.realpath(link)
        if tree is not None and (not _is_within(leads_to, tree) or _is_within(leads_to, os.path.join(tree, ".git"))):
            raise UsageError(
                what=f"cannot write `{path}`: a folder on its way is a link that leads out of the tree in which it lies",
                where=Place(link.replace(os.sep, "/")),
                remedy=f"If the link is yours, name the folder that it leads to: {leads_to.replace(os.sep, '/')}",
            )


def _links_on(path: str) -> Iterator[str]:
    """Every link that is followed on the way to an absolute path, each with a real folder before its name."""
    at, waiting, followed = _split(path)[0], _split(path)[1], 0
    while waiting:
        part = waiting.pop()
        if part == os.pardir:
            at = os.path.dirname(at)
        elif part not in ("", os.curdir):
            entry = os.path.join(at, part)
            if not os.path.islink(entry):
                at = entry
                continue
            followed += 1
            if followed > _MOST_LINKS:
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
            yield entry
            goal, rest = _split(os.readlink(entry))
            at, waiting = goal or at, waiting + rest


def _split(path: str) -> tuple[str, list[str]]:
    """The root of a path, empty for a relative one, and its parts, the last first."""
    drive, rest = os.path.splitdrive(path)
    root = drive + os.sep if os.path.isabs(path) else ""
    return root, rest.replace("/", os.sep).split(os.sep)[::-1]


def _tree_of(folder: str, known: set[str]) -> str | None:
    """The repository around a folder, else the nearest known tree; None if it is in neither."""
    above, nearest = folder, None
    while True:
        if os.path.lexists(os.path.join(above, ".git")):
            return above
        if nearest is None and above in known:
            nearest = above
        if above == os.path.dirname(above):
            return nearest
        above = os.path.dirname(above)


def _is_within(path: str, tree: str) -> bool:
    return f"{path}{os.sep}".startswith(f"{tree.rstrip(os.sep)}{os.sep}")
