"""Trees of files, and what a kind of unit makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scanner.files.read import read_text
from scanner.files.tree import Parsed, to_plain
from scanner.sources.document import Document
from scanner.units.files import UnitFiles
from scanner.units.made import FoundPlace, Made
from scanner.units.unit import Unit, UnitKind


def plant(root: Path, files: Mapping[str, str]) -> None:
    """Write the files of a tree."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


def document_of(root: Path, name: str) -> Document:
    """A file of the tree as a scan of its root reads it."""
    return Document(name, (root / name).read_bytes(), origin=str(root / name), root=str(root))


def find_unit(kind: UnitKind, root: Path, name: str) -> Unit | None:
    """The unit of a file, loaded."""
    document = document_of(root, name)
    files = UnitFiles(document)
    folder = kind.find(document, files)
    return kind.load(folder, files) if folder is not None else None


def read_variants(kind: UnitKind, root: Path, name: str) -> dict[str, tuple[Any, Made]]:
    """What a unit makes of a file in each variant (the base is `""`), as plain values, and its text."""
    unit = find_unit(kind, root, name)
    assert unit is not None
    found: dict[str, tuple[Any, Made]] = {}
    for made in unit.make(document_of(root, name)):
        parsed = read_text(made.text.text, made.format)
        assert isinstance(parsed, Parsed), made.text.text
        found[made.variant.name if made.variant is not None else ""] = to_plain(parsed.documents[0]), made
    return found


def place_of(made: Made, value: str) -> FoundPlace:
    """The place of the last stretch of a text that is this value."""
    text = made.text.text
    offset = text.rindex(value)
    found = made.text.find(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset), len(value))
    assert found is not None
    return found


def spot_of(made: Made, value: str) -> tuple[str, int, int]:
    """The file, line and column of a value."""
    at = place_of(made, value).at
    return at.path, at.line, at.column


def origins_of(made: Made, value: str) -> list[tuple[str, int, str]]:
    """The further places of a value: file, line and role."""
    return [(each.path, each.line, each.role) for each in place_of(made, value).origins]


def companions_of(kind: UnitKind, root: Path, name: str) -> list[str]:
    """The files that come along with a changed one, relative to the root."""
    files = UnitFiles(document_of(root, name))
    return sorted(str(Path(each).relative_to(root.resolve())) for each in kind.companions(str((root / name).resolve()), files))
