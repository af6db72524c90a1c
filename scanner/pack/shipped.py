"""Our own policies: where they are, and the pack that they make.

Without examples the pack comes in its stored form where that is current (`cache`). YAML and the loader are imported only where
the files themselves are read: on the hook's path they are not.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from scanner.pack.cache import read_stored, write_stored
from scanner.pack.pack import Pack

if TYPE_CHECKING:
    from pathlib import Path

_ROOM = os.path.dirname(os.path.abspath(__file__))
_HOME = os.path.dirname(_ROOM)
_INSTALLED = os.path.join(_HOME, "_data", "policies")
_DATA = os.path.join(_HOME, "_data")


@cache
def shipped_path() -> str:
    """Where our own policies are, with `/`: inside the installed package, or at the top of a source checkout."""
    found = _INSTALLED if os.path.isdir(_INSTALLED) else os.path.join(os.path.dirname(_HOME), "policies")
    return found.replace(os.sep, "/")


def shipped_folder() -> Path:
    """The same as a Path."""
    from pathlib import Path  # not for a hook

    return Path(shipped_path())


def shipped_pack(*, examples: bool) -> Pack:
    """Our own policies. Only those without examples have a stored form: a scan needs none, and they are most of the text.
    Those with examples are read once in a process.
    """
    if examples:
        return _with_examples()
    signature = _signature()
    stored = read_stored(stored_file("pack.bin"), signature, shipped_path())
    if stored is not None:
        return stored
    pack = _parsed(examples=False)
    if signature:
        write_stored(stored_file("pack.bin"), pack, signature, shipped_path())
    return pack


@cache
def _with_examples() -> Pack:
    return _parsed(examples=True)


def stored_file(name: str) -> str:
    """Where what is made of our policies and stored is kept, with that name."""
    return os.path.join(_DATA, name)


def is_installed() -> bool:
    """Whether we run from an installed package, whose files only the installer changes, and not from a source checkout."""
    return os.path.isdir(_INSTALLED)


def _parsed(*, examples: bool) -> Pack:
    from scanner.pack.load import load_pack

    return load_pack([shipped_folder()], examples=examples)


def _signature() -> tuple[Any, ...]:
    """Name, size and time of every file that the stored form is made from; empty in an installed package, whose files only
    the installer changes.
    """
    if is_installed():
        return ()
    return tuple(sorted([*_stamps(shipped_path()), *_stamps(_ROOM)]))


def _stamps(folder: str) -> Iterator[tuple[str, int, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if not entry.name.startswith(("_", ".")) and entry.name != "samples":
                    yield from _stamps(entry.path)
            elif entry.name.endswith((".yaml", ".yml", ".jsonl", ".py")):
                status = entry.stat()
                yield entry.path, status.st_size, status.st_mtime_ns
