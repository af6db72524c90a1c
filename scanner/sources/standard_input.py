"""Standard input as one document: a rendered chart, the dump of a cluster."""

from __future__ import annotations

import os
import sys

from scanner.sources.document import Document, Unreadable
from scanner.sources.targets import LARGEST, as_report_path, name_of_file, repository_root

_NAMES = ("stdin.yaml", "stdin.json")


def read_standard_input(name: str | None) -> Document | Unreadable:
    """What standard input gives, up to its end. `name`: the file that it stands for, by which its format and environment are
    told; nothing around that file is read. Without a name it is YAML, or JSON where it begins so.
    """
    path = name_of_file(os.path.normpath(name), repository_root(os.getcwd())) if name else ""
    try:
        data = _read()
    except (OSError, ValueError) as error:
        return Unreadable(path or _NAMES[0], str(getattr(error, "strerror", None) or error), is_named=True)
    path = as_report_path(path) or _NAMES[data.lstrip()[:1] in (b"{", b"[")]
    if len(data) >= LARGEST:
        because = (
            f"it is larger than {LARGEST // 1024 // 1024} MiB; give it in parts, for example one kind of resource at a time"
        )
        return Unreadable(path, because, is_named=True)
    return Document(path, data, is_named=True)


def _read() -> bytes:
    """The bytes of standard input, at most one more than is read of a file."""
    if sys.stdin is None:
        raise ValueError("standard input is closed")
    pieces: list[bytes] = []
    left = LARGEST
    while left and (piece := sys.stdin.buffer.read(left)):
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)
