"""Files of a bundle that is being written: whole or not at all, and errors that say what to do."""

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
    """What the system refuses, as an error with its remedy. What was written before stays."""
    try:
        yield
    except OSError as error:
        is_full = error.errno in _FULL
        raise UsageError(
            what=f"cannot write the bundle: {error.strerror}",
            where=Place(folder),
            remedy="Make room and collect again with --resume: what was collected is kept."
            if is_full
            else "Name a place where files can be written.",
        ) from None


def write_atomically(folder: str, name: str, data: bytes, *, is_synced: bool = True) -> None:
    """The file with these octets, or whatever was there. `is_synced`: it is on the disk, too, when this returns."""
    path = os.path.join(folder, name)
    partial = f"{path}{PARTIAL}"
    with remove_on_error(partial):
        # without a file object: a bundle has thousands of these, and each call less is a turn less for the threads that fetch
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o666)
        try:
            write_all(descriptor, data)
            if is_synced:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.replace(partial, path)


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of the octets where the file stands."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


@contextmanager
def remove_on_error(path: str) -> Iterator[None]:
    """Leave no half file behind where the system refuses to go on."""
    try:
        yield
    except OSError:
        with suppress(OSError):  # there may be none, and the first error is the one to tell
            os.unlink(path)
        raise


def digest_of(path: str) -> str:
    """The SHA-256 of a file, in lower-case hex."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def lock(folder: str) -> int:
    """Nobody else may write in the folder while the descriptor that this gives is open. It goes with the process, however that
    ends; -1 on Windows, which lets nobody replace an open file.
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
            remedy="Wait for it, or name another place.",
        ) from None
    return descriptor
