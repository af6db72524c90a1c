"""The kinds of units, and the unit of a document."""

from __future__ import annotations

import os

from scanner.record import record
from scanner.sources.document import Document
from scanner.units.files import UnitFiles
from scanner.units.helm.kind import HelmKind
from scanner.units.unit import Unit, UnitKind

# the first kind that knows the document counts
KINDS: tuple[UnitKind, ...] = (HelmKind(),)
# units kept, for the next documents of the same folder
_MOST_KEPT = 16


@record(slots=True)
class FoundUnit:
    """The unit of a document, and its kind and folder, by which it is known in a run."""

    key: tuple[str, str]
    unit: Unit


class Units:
    """The units of one run. Each is loaded once while documents of it follow each other."""

    def __init__(self, kinds: tuple[UnitKind, ...] = KINDS) -> None:
        self._kinds = kinds
        self._kept: dict[tuple[str, str], Unit | None] = {}

    def find(self, document: Document) -> FoundUnit | None:
        """The unit of a document; None where the document is one by itself."""
        if document.origin is None or document.root is None:
            return None
        files = UnitFiles(document)
        for kind in self._kinds:
            folder = kind.find(document, files)
            if folder is None:
                continue
            key = kind.name, folder
            if key not in self._kept:
                if len(self._kept) >= _MOST_KEPT:
                    del self._kept[next(iter(self._kept))]
                self._kept[key] = kind.load(folder, files)
            unit = self._kept[key]
            if unit is not None:
                return FoundUnit(key, unit)
        return None


def find_companions(document: Document, kinds: tuple[UnitKind, ...] = KINDS) -> list[str]:
    """The files, as real paths, whose bindings may change with a document. A hook knows only what changed."""
    if document.origin is None or document.root is None:
        return []
    files, path = UnitFiles(document), os.path.realpath(document.origin)
    return sorted({found for kind in kinds for found in kind.companions(path, files)} - {path})
