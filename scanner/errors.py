"""Errors a user can act on: each names what is wrong, where, and the remedy.

    ScannerError
    ├── UsageError        the command line asks for something impossible        exit 2
    ├── PolicyError       a rule, framework, profile or platform file is wrong  exit 2
    ├── ConfigError       `.jwksgov.yaml` is wrong                              exit 2
    ├── BundleError       an evidence bundle cannot be read                     exit 3
    └── RefusedBySystem   the operating system does not give what is needed     exit 2

May import: nothing of jwksgov.
"""

from __future__ import annotations

import errno
import os
import sys

from scanner.record import record

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)  # there is no room for what is written


@record(slots=True)
class Place:
    """A spot in a file: `path` with `/`, 1-based line and column (in characters)."""

    path: str
    line: int | None = None
    column: int | None = None

    @property
    def order(self) -> tuple[str, int, int]:
        """What places are sorted by: path, line, column."""
        return self.path, self.line or 0, self.column or 0

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part is not None)


class ScannerError(Exception):
    """Something the user can put right. The remedy is a required argument, so that it cannot be forgotten."""

    exit_code = 2

    def __init__(self, *, what: str, remedy: str, where: Place | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        lines = [f"error: {self.what}"]
        if self.where is not None:
            lines.append(f"  --> {self.where}")
        lines.append(f"  help: {self.remedy}")
        return "\n".join(lines)


class UsageError(ScannerError):
    """The command line asks for something impossible."""


class PolicyError(ScannerError):
    """A rule, framework, profile or platform file is wrong."""


class ConfigError(ScannerError):
    """The configuration file is wrong."""


class BundleError(ScannerError):
    """An evidence bundle cannot be read: it is damaged, no bundle, or of a later version."""

    exit_code = 3


class RefusedBySystem(ScannerError):
    """The operating system does not give what is needed: room, permission, a folder, a process, an open file."""


def refusal_or_none(error: Exception) -> RefusedBySystem | None:
    """What an error that no room has explained says to the user, where the system refuses; None for a fault of our own."""
    if isinstance(error, UnicodeEncodeError) and error.encoding == sys.getfilesystemencoding() != "utf-8":
        name = ascii(error.object)[1:-1]
        return RefusedBySystem(
            what=f"the system's encoding, {error.encoding}, has no way to write the name `{name}`",
            remedy="Set a locale of UTF-8 (`LC_ALL=C.UTF-8`), or PYTHONUTF8=1.",
        )
    return _refusal_of(error) if isinstance(error, OSError) else None


def _refusal_of(error: OSError) -> RefusedBySystem:
    named = next((name for name in (error.filename, error.filename2) if isinstance(name, str)), None)
    what = error.strerror or fault_and_place(error)
    return RefusedBySystem(
        what=f"the operating system refuses: {what[:1].lower()}{what[1:]}",
        where=Place(named) if named is not None else None,
        remedy=_REMEDIES.get(error.errno or 0) or _remedy_of_folder(),
    )


def _remedy_of_folder() -> str:
    try:
        os.getcwd()
    except OSError:
        return "The working directory was removed: change to a folder that exists."
    return "Correct what it names, then try again."


_REMEDIES = {
    **dict.fromkeys(FULL, "Make room on the disk, then try again."),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), "Give the permission that is missing, or name another path."),
    **dict.fromkeys((errno.EMFILE, errno.ENFILE), "Allow more open files (`ulimit -n`)."),
    **dict.fromkeys((errno.EAGAIN, errno.ENOMEM), "Allow more processes or memory, or use fewer processes (`--jobs 1`)."),
}


def fault_and_place(fault: Exception) -> str:
    """A fault of jwksgov itself: its kind and where, without its message, which may quote what was scanned."""
    told = getattr(fault, "told", None)  # a helper process has said it already
    if isinstance(told, str):
        return told
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    name = trace.tb_frame.f_code.co_filename.replace("\\", "/").rpartition("/")[2] if trace else "unknown place"
    return f"{type(fault).__name__} at {name}:{trace.tb_lineno}" if trace else f"{type(fault).__name__} at {name}"


def nearest(name: str, known: tuple[str, ...]) -> str | None:
    """The known name most like `name`, or None where none is near; for `Did you mean …?`."""
    import difflib  # only on the way to an error message

    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return near[0] if near else None


def did_you_mean(name: str, known: tuple[str, ...]) -> str:
    """`Did you mean …? ` with a trailing blank, or the empty string."""
    near = nearest(name, known)
    return f"Did you mean `{near}`? " if near else ""
