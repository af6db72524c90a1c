"""Standard input, output and error, made fit for use, whatever a shell, a scheduler or a container has done to them; and the
two functions that print text on them, `show` and `tell`.

May import: errors, redaction.
"""

from __future__ import annotations

import codecs
import errno
import io
import os
import sys
from typing import TYPE_CHECKING, TextIO

from scanner.errors import FULL, RefusedBySystem

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_ESCAPING = "jwksgov-escape"


class OutputFault(RefusedBySystem):
    """Standard output does not take what is written to it."""


class _Output(io.FileIO):
    """Standard output. What it does not take is an OutputFault, unless its reader went away (BrokenPipeError)."""

    def write(self, data: ReadableBuffer) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            raise
        except OSError as error:
            because = "it is closed" if error.errno == errno.EBADF else error.strerror
            raise OutputFault(
                what=f"cannot write to standard output: {because}",
                remedy="Make room where it leads." if error.errno in FULL else "Lead it to a file, or to /dev/null.",
            ) from None


class _Told(io.FileIO):
    """Standard error. Where it cannot be written nobody can be told, and the run goes on: its exit code says the result."""

    def write(self, data: ReadableBuffer) -> int:
        try:
            return super().write(data)
        except OSError:
            return len(memoryview(data))


def show(text: str) -> None:
    """Print text, if there is any, on standard output: without private values, and with a line end."""
    if text:
        sys.stdout.write(_clean(text))
        sys.stdout.flush()


def tell(text: str) -> None:
    """Print text, such as an error, on standard error: without private values, and with a line end."""
    sys.stderr.write(_clean(text))
    sys.stderr.flush()


def _clean(text: str) -> str:
    from scanner.redaction.text import redact  # `--version` prints without it

    return redact(text if text.endswith("\n") else f"{text}\n")


def prepare_streams() -> None:
    """Give each closed stream a place, so that no file that is opened later takes its number and gets what was meant for it;
    have characters escaped that the encoding of the output lacks.
    """
    # what is written to an output that was closed fails; what is told to a closed standard error is lost
    for number, flags in enumerate((os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, flags)  # gets the lowest number that is free: this one
    codecs.register_error(_ESCAPING, _escape)
    sys.stdout = _over(sys.stdout, _Output(1, "w", closefd=False))
    sys.stderr = _over(sys.stderr, _Told(2, "w", closefd=False))


def _over(stream: TextIO | None, raw: io.FileIO) -> TextIO:
    """The stream over another file. A console of Windows stays as it is: it is no file and takes every character."""
    if stream is None:
        return io.TextIOWrapper(io.BufferedWriter(raw), encoding="utf-8", errors=_ESCAPING)
    below = getattr(stream, "buffer", None)
    if not isinstance(stream, io.TextIOWrapper) or not isinstance(getattr(below, "raw", below), io.FileIO):
        return stream
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=stream.encoding,
        errors=_ESCAPING,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def _escape(error: UnicodeError) -> tuple[str, int]:
    """As JSON has it, where an encoding lacks a character: so a JSON report stays one."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at] << 8 | units[at + 1]:04x}" for at in range(0, len(units), 2)), error.end


def lose_output() -> None:
    """Have output go nowhere: Python would complain of the same fault again while closing."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
