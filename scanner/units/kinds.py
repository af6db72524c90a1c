"""The kinds of units, and the unit of a document.

Each kind is a module of its own, which is imported when a file with such a path comes: a hook on one file needs one or none.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from functools import cached_property
from importlib import import_module

from scanner.patterns import lazy_pattern
from scanner.record import record
from scanner.sources.document import Document
from scanner.units.files import UnitFiles
from scanner.units.unit import Unit, UnitKind

# units kept, for the next documents of the same folder
_MOST_KEPT = 16


class KnownKind:
    """A kind of unit: the name of its class in its module, and the paths (in lower case, with `/`) of documents that may be in
    such a unit (`of`), and of other files that may change one (`changes`).
    """

    def __init__(self, module: str, class_name: str, of: str, changes: str = "") -> None:
        self._module = module
        self._class_name = class_name
        self._of = lazy_pattern(of, re.DOTALL)
        self._changes = lazy_pattern(changes or of, re.DOTALL)

    @cached_property
    def kind(self) -> UnitKind:
        """The kind itself."""
        made: UnitKind = getattr(import_module(self._module), self._class_name)()
        return made

    def may_hold(self, path: str) -> bool:
        """Whether a document with that path may belong to such a unit."""
        return self._of.search(path) is not None

    def may_change(self, path: str) -> bool:
        """Whether a file with that path may change such a unit."""
        return self._of.search(path) is not None or self._changes.search(path) is not None


# the first kind that knows the document counts
KINDS: tuple[KnownKind, ...] = (
    KnownKind("scanner.units.application.kind", "Applications", r"\.(?:ya?ml|properties)\Z"),
    KnownKind("scanner.units.vault.kind", "Vault", r"\.(?:sh|bash|zsh|mk|json)\Z|(?:\A|/)[^./]++\Z"),
    KnownKind("scanner.units.dotnet", "DotNet", r"(?:\A|/)appsettings(?:\.[^/]++)?+(?<=\.json)\Z"),
)


@record(slots=True)
class FoundUnit:
    """The unit of a document, its kind and folder, by which it is known in a run, and its files."""

    key: tuple[str, str]
    unit: Unit
    files: UnitFiles


class Units:
    """The units of one run. Each is loaded once while documents of it follow each other."""

    def __init__(self, kinds: Sequence[KnownKind] = KINDS) -> None:
        self._kinds = kinds
        self._kept: dict[tuple[str, str], FoundUnit | None] = {}

    def find(self, document: Document) -> FoundUnit | None:
        """The unit of a document; None where the document is one by itself."""
        if document.origin is None or document.root is None:
            return None
        path = document.path.lower()
        files: UnitFiles | None = None
        for known in self._kinds:
            if not known.may_hold(path):
                continue
            files = files or UnitFiles(document)
            if (found := self._load(known.kind, document, files)) is not None:
                return found
        return None

    def _load(self, kind: UnitKind, document: Document, files: UnitFiles) -> FoundUnit | None:
        folder = kind.find(document, files)
        if folder is None:
            return None
        key = kind.name, folder
        if key not in self._kept:
            if len(self._kept) >= _MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            unit = kind.load(folder, files)
            self._kept[key] = FoundUnit(key, unit, files) if unit is not None else None
        return self._kept[key]


def find_companions(document: Document, kinds: Sequence[KnownKind] = KINDS) -> list[str]:
    """The files, as real paths, whose bindings may change with a document. A hook knows only what changed."""
    if document.origin is None or document.root is None:
        return []
    shown, path = document.path.lower(), os.path.realpath(document.origin)
    able = [known for known in kinds if known.may_change(shown)]
    files = UnitFiles(document)
    return sorted({found for known in able for found in known.kind.companions(path, files)} - {path})
