"""Files and folders, one document at a time, named the way reports name them.

`.gitignore` is honoured inside a folder; what the user names is read even if ignored. Symbolic links do not lead out of the
folder that is scanned. Report paths are relative to the root of the working directory's repository where the target lies in
it, else to the named folder (prefixed by its name when several folders are named).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scanner.config.globs import covers
from scanner.files.formats import ENDINGS
from scanner.sources.document import Document, Unreadable

if TYPE_CHECKING:
    import pathspec

# one more octet than the readers accept, so that they see that a file is too long
LARGEST = 5 * 1024 * 1024 + 1
_SKIPPED = frozenset({".git", ".hg", ".svn", "node_modules", ".venv", ".tox", "__pycache__"})


def collect(targets: Sequence[str], *, exclude: Sequence[str] = ()) -> Iterator[Document | Unreadable]:
    """The documents of `targets` in a stable order. `exclude`: globs on report paths, inside folders only."""
    root = repository_root(Path.cwd())
    folders = [target for target in targets if os.path.isdir(target)]
    seen: set[str] = set()
    for target in targets:
        if os.path.isdir(target):
            found = _in_folder(target, _namer(target, root, is_one_of_many=len(folders) > 1), exclude)
        else:
            found = iter([_read(target, _name_of_file(target, root), is_named=True)])
        for document in found:
            if document.path not in seen:
                seen.add(document.path)
                yield document


def repository_root(folder: Path) -> Path | None:
    """The nearest folder upward that holds `.git`, or None."""
    resolved = folder.resolve()
    return next((above for above in (resolved, *resolved.parents) if (above / ".git").exists()), None)


def _name_of_file(target: str, root: Path | None) -> str:
    path = os.path.realpath(target)
    if root is not None and path.startswith(f"{root}{os.sep}"):
        return _slashes(os.path.relpath(path, root))
    return _slashes(os.path.normpath(target))


def _namer(target: str, root: Path | None, *, is_one_of_many: bool) -> Callable[[str], str]:
    """From a path below the folder `target` to the name in reports."""
    base = os.path.realpath(target)
    if root is not None and (base == str(root) or base.startswith(f"{root}{os.sep}")):
        prefix = os.path.relpath(base, root)
        return lambda below: _slashes(os.path.normpath(os.path.join(prefix, below)))
    prefix = os.path.basename(base) if is_one_of_many else ""
    return lambda below: _slashes(os.path.join(prefix, below))


def _slashes(path: str) -> str:
    return path.replace(os.sep, "/")


def _in_folder(target: str, name: Callable[[str], str], exclude: Sequence[str]) -> Iterator[Document | Unreadable]:
    base = os.path.realpath(target)
    ignored = _Ignored(base)
    excluded = [covers(pattern) for pattern in exclude]
    for folder, folders, files in os.walk(base):
        below = os.path.relpath(folder, base)
        ignored.enter(folder, files)
        folders[:] = sorted(
            each for each in folders if each not in _SKIPPED and not ignored.is_ignored(os.path.join(folder, each) + "/")
        )
        for file in sorted(files):
            if not _may_hold(file):
                continue
            full = os.path.join(folder, file)
            shown = name(os.path.normpath(os.path.join(below, file)))
            if ignored.is_ignored(full) or any(matches(shown) for matches in excluded):
                continue
            if os.path.islink(full) and not os.path.realpath(full).startswith(base + os.sep):
                continue
            yield _read(full, shown, is_named=False)


def _may_hold(name: str) -> bool:
    """Whether a file of a folder is worth opening: configuration and key documents by ending, or no ending at all."""
    return name.lower().endswith(ENDINGS) or "." not in name


def _read(path: str, shown: str, *, is_named: bool) -> Document | Unreadable:
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):  # a pipe or device might never end
            return Unreadable(shown, "it is not a regular file", is_named)
        with open(path, "rb", buffering=0) as file:
            # asking for LARGEST octets would allocate them, for each small file again
            return Document(shown, file.readall() if status.st_size < LARGEST else file.read(LARGEST) or b"", is_named)
    except OSError as error:
        return Unreadable(shown, error.strerror or "it cannot be read", is_named)


class _Ignored:
    """The `.gitignore` files met on the way down, and those between the repository's root and the folder. The library is
    loaded when the first one is met.
    """

    def __init__(self, base: str) -> None:
        self.specs: list[tuple[str, pathspec.GitIgnoreSpec]] = []
        root = repository_root(Path(base))
        if root is not None:
            above = [folder for folder in Path(base).parents if folder == root or root in folder.parents]
            for folder in reversed(above):
                self._add(str(folder))

    def enter(self, folder: str, files: list[str]) -> None:
        """Take note of the folder's own `.gitignore`."""
        if ".gitignore" in files:
            self._add(folder)

    def _add(self, folder: str) -> None:
        lines = _lines(Path(folder) / ".gitignore")
        if lines:
            import pathspec

            self.specs.append((folder + os.sep, pathspec.GitIgnoreSpec.from_lines(lines)))

    def is_ignored(self, path: str) -> bool:
        """Whether `path` (absolute; a folder ends in `/`) is ignored; the deepest file that speaks decides."""
        answer = False
        for folder, spec in self.specs:
            if path.startswith(folder):
                said = spec.check_file(path[len(folder) :]).include
                answer = answer if said is None else said
        return answer


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
