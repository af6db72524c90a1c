"""Writes the files of a bundle: atomically, and with errors that state a remedy."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from scanner.errors import Place, UsageError
from scanner.sources.bundle.format import PARTIAL

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def explain_os_errors(folder: str) -> Iterator[None]:
    """Turn an OSError into a UsageError with its remedy. Files that are already written stay."""
    try:
        yield
    except OSError as error:
        is_full = error.errno in _FULL
        raise UsageError(
            what=f"cannot write the bundle: {error.strerror}",
            where=Place(folder),
            remedy="Make room and collect again with --resume: what was collected is kept."
            if is_full
            else "Choose a path where files can be written.",
        ) from None


def write_atomically(folder: str, name: str, data: bytes, *, is_synced: bool = True) -> None:
    """Write a file completely or not at all. `is_synced`: its data is on the disk when this returns."""
    path = os.path.join(folder, name)
    partial = f"{path}{PARTIAL}"
    with remove_on_error(partial):
        # without a file object: a bundle has thousands of files, and each call less gives more time to the fetching threads
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o666)
        try:
            write_all(descriptor, data)
            if is_synced:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.replace(partial, path)


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of the bytes at the current position of the file."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


@contextmanager
def remove_on_error(path: str) -> Iterator[None]:
    """Remove an incomplete file after an error."""
    try:
        yield
    except OSError:
        with suppress(OSError):  # the file may not exist, and the first error is the one to report
            os.unlink(path)
        raise


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
