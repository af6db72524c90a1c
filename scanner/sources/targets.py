"""Lists and reads the files of targets, one at a time, with their paths in reports.

A file that the user names is read in any case; which files a folder gives, `folder` says. Report paths are relative to the
root of the working directory's repository if the target is in it, else to the named folder (with its name as prefix if several
folders are named).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from scanner.config.load import upward
from scanner.sources.document import Document, File, Unreadable

if TYPE_CHECKING:
    from scanner.config.globs import Globs
    from scanner.sources.not_read import NotReadTally

# one byte more than the readers accept, so that they detect a file that is too large
LARGEST = 5 * 1024 * 1024 + 1


def files_of(
    targets: Sequence[str],
    *,
    exclude: Globs | None = None,
    takes_ignore_files: bool = True,
    judged_bundles: Sequence[str] = (),
    not_read: NotReadTally | None = None,
) -> Iterator[File | Unreadable]:
    """The files of `targets` in a stable order, not opened, and what cannot be listed. `not_read` counts what is left out.
    `judged_bundles`: the paths of evidence bundles that the run judges as such.
    """
    root = repository_root(os.getcwd())
    folders = [target for target in targets if os.path.isdir(target)]
    seen: set[Unreadable | str] = set()
    for target in targets:
        if os.path.isdir(target):
            from scanner.sources.folder import FolderListing  # not for a hook, whose targets are files

            name = name_of_folder(target, root, is_one_of_many=len(folders) > 1)
            judged = frozenset(map(os.path.realpath, judged_bundles))
            listing = FolderListing(target, name, root, exclude=exclude, takes_ignore_files=takes_ignore_files, judged=judged)
            yield from _new(listing.files(), seen)
            if not_read is not None:
                not_read.merge(listing.not_read)
        else:
            around = _root_of_file(os.path.dirname(os.path.realpath(target)), root)
            yield from _new(iter([File(name_of_file(target, root), target, around, is_named=True)]), seen)


def _new(found: Iterator[File | Unreadable], seen: set[Unreadable | str]) -> Iterator[File | Unreadable]:
    """What was not given before: a file once, a folder with each of its faults."""
    for each in found:
        key = each.path if isinstance(each, File) else each
        if key not in seen:
            seen.add(key)
            yield each


def repository_root(folder: str) -> str | None:
    """The nearest folder upward that contains `.git`, or None."""
    return next((above for above in upward(os.path.realpath(folder)) if os.path.exists(os.path.join(above, ".git"))), None)


def name_of_file(target: str, root: str | None) -> str:
    """How reports name a file; `root` is the working directory's repository."""
    path = os.path.realpath(target)
    if root is not None and path.startswith(f"{root}{os.sep}"):
        return as_report_path(os.path.relpath(path, root))
    return as_report_path(os.path.normpath(target))


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
    return "" if name == "." else f"{as_report_path(name)}/"


def as_report_path(path: str) -> str:
    """The path with `/`, as reports show it."""
    return path.replace(os.sep, "/")


def readable_root(folder: str, root: str | None) -> str:
    """Where neighbours of the files in a folder may be read: in its repository, else in the folder itself."""
    return root if root is not None and f"{folder}{os.sep}".startswith(f"{root}{os.sep}") else folder


def _root_of_file(folder: str, root: str | None) -> str:
    """Where neighbours of a named file may be read: in the working directory's repository, else in the file's own; where there
    is none, in the working directory. What does not hold the file does not count.
    """
    found = readable_root(folder, root)
    if found == folder and root != folder:
        found = readable_root(folder, repository_root(folder) or (os.path.realpath(os.getcwd()) if root is None else None))
    return found


def read_within(path: str, root: str, max_bytes: int) -> bytes | None:
    """The bytes of a regular file below `root`; None if there is none, if it is larger than `max_bytes`, or elsewhere."""
    return read_real_within(os.path.realpath(path), root, max_bytes)


def read_real_within(real: str, root: str, max_bytes: int) -> bytes | None:
    """The same for a path without links."""
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
            return Document(file.path, data, file.is_named, file.origin, file.root, file.is_object)
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
