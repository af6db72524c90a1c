"""Which kinds of units are asked about a file: by names around it, and never fewer than would know it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from scanner.sources.document import File
from scanner.units.files import Listings, UnitFiles
from scanner.units.kinds import KINDS, KnownKind, Names
from tests.units.test_companions import UNITS
from tests.units.unit_trees import document_of, plant

MODULES = sorted(path.stem for path in Path(__file__).parent.glob("*_rows.py"))


def trees() -> Iterator[Any]:
    """Every tree of the rows of the table, and those of the hook's test."""
    for name, (files, _) in UNITS.items():
        yield pytest.param(files, id=name)
    for module in MODULES:
        for row in import_module(f"tests.units.{module}").ROWS:
            found = [tree for _, tree in row.trees] if hasattr(row, "trees") else [row.files]
            yield from (pytest.param(files, id=f"{module} {row.construct} {number}") for number, files in enumerate(found))


def is_asked(known: KnownKind, root: Path, name: str, *, is_changed: bool) -> bool:
    document, lower = document_of(root, name), name.lower()
    by_name = known.may_change(lower) if is_changed else known.may_hold(lower)
    files = UnitFiles(document)
    return by_name and known.is_near(lower, files.folder, files) and known.has_word(lambda: document.data)


@pytest.mark.parametrize("files", list(trees()))
def test_a_kind_that_knows_a_file_is_asked(files: Mapping[str, str], tmp_path: Path) -> None:
    plant(tmp_path, files)
    for name in files:
        document, path = document_of(tmp_path, name), os.path.realpath(tmp_path / name)
        for known in KINDS:
            if known.kind.find(document, UnitFiles(document)) is not None:
                assert is_asked(known, tmp_path, name, is_changed=False), (name, known.kind.name)
            if set(known.kind.companions(path, UnitFiles(document))) - {path}:
                assert is_asked(known, tmp_path, name, is_changed=True), (name, known.kind.name)


class TestNames:
    @pytest.mark.parametrize(
        ("names", "path"),
        [
            (Names(starts=("app",)), "a/application.yml"),
            (Names(parts=("val",)), "a/my-values"),
            (Names(ends=(".tf",)), "main.tf"),
            (Names(folders=("templates",)), "templates/a/b.yaml"),
            (Names(folders=("templates",)), "chart/templates/b.yaml"),
            (Names(is_bare=True), "a.b/makefile"),
        ],
    )
    def test_fit(self, names: Names, path: str) -> None:
        assert names.fit(path)

    @pytest.mark.parametrize("path", ["app/x.yml", "values/x.yml", "a.tf/x.yml", "my-templates/x.yml", "templates.yml"])
    def test_do_not_fit_other_parts_of_a_path(self, path: str) -> None:
        assert not Names(starts=("app",), parts=("val",), ends=(".tf",), folders=("templates",), is_bare=True).fit(path)

    def test_around_a_folder_with_too_many_may_be_there(self, tmp_path: Path) -> None:
        for number in range(5_000):
            (tmp_path / f"f{number}").touch()
        file = File("f1", str(tmp_path / "f1"), str(tmp_path))
        assert UnitFiles(file, Listings()).has_around(str(tmp_path), ("",), Names(starts=("chart.yaml",)))
