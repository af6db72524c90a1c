"""A bundle that is a folder."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from typing import IO

from scanner.sources.bundle.format import FORM, LARGEST_LOG, LOG, path_in_bundle, too_large_error


class FolderBundle:
    """A bundle that is a folder. The folder itself may be a link, because the user named it; nothing inside may be one."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._checked_folders: set[str] = set()

    def read(self, name: str, largest: int) -> bytes | None:
        """The bytes of a file."""
        file = self._open(name)
        if file is None:
            return None
        with file:
            size = os.fstat(file.fileno()).st_size
            if size > largest:
                raise too_large_error(self.path, name, largest)
            return file.read(size)  # not more: Python allocates as much memory as a read requests

    def start_of(self, name: str, count: int) -> bytes:
        """The first bytes of a file."""
        file = self._open(name)
        if file is None:
            return b""
        with file:
            return file.read(count)

    def log(self) -> IO[bytes] | None:
        """exchanges.jsonl."""
        file = self._open(LOG)
        if file is not None and os.fstat(file.fileno()).st_size > LARGEST_LOG:
            file.close()
            raise too_large_error(self.path, LOG, LARGEST_LOG)
        return file

    def names(self) -> Iterator[str]:
        """Every file, in order. A link or device is listed too; reading it gives an error."""
        return _names_below(self.path, "")

    def close(self) -> None:
        """Do nothing: no file stays open."""

    def _open(self, name: str) -> IO[bytes] | None:
        self._refuse_links(os.path.dirname(name))
        # without waiting for the other end of a pipe, and never through a link
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        try:
            descriptor = os.open(os.path.join(self.path, name), flags)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            because = "it is a link" if os.path.islink(os.path.join(self.path, name)) else error.strerror
            raise FORM.broken(f"cannot read a file of the bundle: {because}", path_in_bundle(self.path, name)) from None
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise FORM.broken("cannot read a file of the bundle: it is not a regular file", path_in_bundle(self.path, name))
        return os.fdopen(descriptor, "rb")

    def _refuse_links(self, folder: str) -> None:
        """Raise BundleError if a folder on the path of a file is a link."""
        if folder and folder not in self._checked_folders:
            self._refuse_links(os.path.dirname(folder))
            if os.path.islink(os.path.join(self.path, folder)):
                raise FORM.broken("cannot read a folder of the bundle: it is a link", path_in_bundle(self.path, folder))
            self._checked_folders.add(folder)


def _names_below(top: str, below: str) -> Iterator[str]:
    try:
        entries = sorted(os.scandir(os.path.join(top, below)), key=lambda entry: entry.name)
    except OSError as error:
        raise FORM.broken(f"cannot list the bundle: {error.strerror}", path_in_bundle(top, below)) from None
    for entry in entries:
        name = f"{below}/{entry.name}" if below else entry.name
        # a bundle has three levels
        if entry.is_dir(follow_symlinks=False) and name.count("/") < 2:
            yield from _names_below(top, name)
        else:
            yield name
