"""Writes the files of a bundle: atomically, and with errors that state a remedy."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager

from scanner.errors import FULL, Place, UsageError
from scanner.files.write import make_folders, replace_file, require_own_folders, write_all
from scanner.sources.bundle.format import MANIFEST


@contextmanager
def explain_os_errors(folder: str) -> Iterator[None]:
    """Turn an OSError into a UsageError with its remedy. Files that are already written stay."""
    try:
        yield
    except OSError as error:
        raise UsageError(
            what=f"cannot write the bundle: {error.strerror}",
            where=Place(folder),
            remedy="Make room and collect again with --resume: what was collected is kept."
            if error.errno in FULL
            else "Choose a path where files can be written.",
        ) from None


def write_atomically(folder: str, name: str, data: bytes, *, is_synced: bool = True) -> None:
    """Write a file completely or not at all. `is_synced`: its data is on the disk when this returns."""
    # without a file object: a bundle has thousands of files, and each call less gives more time to the fetching threads
    with replace_file(os.path.join(folder, name), is_synced=is_synced) as descriptor:
        write_all(descriptor, data)


def make_bundle_folder(folder: str) -> None:
    """Make the folder of a bundle if there is none. UsageError if a stranger's link leads to it."""
    require_own_folders(os.path.join(folder, MANIFEST))
    make_folders(folder)


def make_object_folder(folder: str, name: str) -> None:
    """Make the folder of an object in the bundle. OSError if a link is in the way: somebody else may have begun the bundle."""
    path = os.path.join(folder, name)
    for each in (os.path.dirname(path), path):
        if os.path.islink(each):
            raise OSError(errno.ELOOP, f"`{name}` is a link, or lies behind one", each)
    make_folders(path)


def digest_of(path: str) -> str:
    """The SHA-256 of a file, in lower-case hex."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def lock(folder: str) -> int:
    """Lock the folder against other writers while the returned descriptor is open. The lock ends with the process, even if that
    is killed. -1 on Windows, where an open file cannot be replaced.
    """
    try:
        import fcntl
    except ImportError:
        return -1
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise UsageError(
            what="another process is collecting into this bundle",
            where=Place(folder),
            remedy="Wait until it ends, or choose another path.",
        ) from None
    return descriptor
