"""What a document tells as a part of its unit: bindings in the variants, with the places of the files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from scanner.evidence.model import Evidence, Spot
from scanner.evidence.read_document import DocumentReader
from scanner.pack.shipped import shipped_pack
from scanner.sources.document import Document

BASE = '{"Authentication": {"Schemes": {"Bearer": {\n"Authority": "https://login.example.com"}}}}'
HTTP = '{"Authentication": {"Schemes": {"Bearer": {\n\n"Authority": "http://login.example.com"}}}}'
AUDIENCE = '{"Authentication": {"Schemes": {"Bearer": {"ValidAudiences": ["shop"]}}}}'


def read(root: Path, files: Mapping[str, str], name: str) -> Evidence | None:
    for path, text in files.items():
        (root / path).write_text(text, encoding="utf-8")
    document = Document(name, (root / name).read_bytes(), origin=str(root / name), root=str(root))
    return DocumentReader(shipped_pack(examples=False).platforms).read(document)


class TestABinding:
    def test_is_told_once_for_each_thing_that_variants_say(self, tmp_path: Path) -> None:
        files = {
            "appsettings.json": BASE,
            "appsettings.Production.json": HTTP,
            "appsettings.Staging.json": AUDIENCE,
            "appsettings.Qa.json": AUDIENCE,
        }
        found = read(tmp_path, files, "appsettings.json")
        assert found is not None
        assert sorted(tuple(each.name for each in binding.variants) for binding in found.bindings) == [
            ("Production",),
            ("Qa", "Staging"),
        ]
        assert {binding.spot for binding in found.bindings} == {Spot(2, 14)}
        assert {binding.home_label for binding in found.bindings} == {"https://login.example.com"}

    def test_has_the_place_of_the_layer_that_wins_and_of_what_it_replaces(self, tmp_path: Path) -> None:
        found = read(tmp_path, {"appsettings.json": BASE, "appsettings.Production.json": HTTP}, "appsettings.json")
        assert found is not None
        issuer = found.bindings[0].settings["issuer"]
        assert issuer.spot == Spot(3, 14, "appsettings.Production.json")
        assert [(each.path, each.line, each.role) for each in issuer.origins] == [("appsettings.json", 2, "base")]
        assert set(found.beside) == {"appsettings.Production.json"}

    def test_is_told_by_the_document_with_its_lowest_layer(self, tmp_path: Path) -> None:
        """The other file is read as well, and tells nothing of its own."""
        assert (
            read(tmp_path, {"appsettings.json": BASE, "appsettings.Production.json": HTTP}, "appsettings.Production.json")
            is None
        )

    def test_beyond_the_limit_of_all_variants_is_counted(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("scanner.evidence.bindings.unit_reader.MOST_VARIANT_BINDINGS", 1)
        files = {"appsettings.json": BASE, "appsettings.Production.json": HTTP, "appsettings.Staging.json": AUDIENCE}
        found = read(tmp_path, files, "appsettings.json")
        assert found is not None
        assert len(found.bindings) == 1
        assert [(each.what, each.assessed, each.of) for each in found.left_out] == [("bindings", 1, 2)]

    def test_of_a_base_that_nobody_deploys_alone_stands_apart(self, tmp_path: Path) -> None:
        found = read(tmp_path, {"appsettings.json": BASE, "appsettings.Production.json": AUDIENCE}, "appsettings.json")
        assert found is not None
        assert [each.settings["audiences"].state for each in found.bindings] == ["set"]
        assert [each.settings["audiences"].state for each in found.base_bindings] != ["set"]
        assert found.variant_names == ("Production",)

    def test_of_a_base_beside_variants_for_development_is_deployed(self, tmp_path: Path) -> None:
        found = read(tmp_path, {"appsettings.json": BASE, "appsettings.Development.json": AUDIENCE}, "appsettings.json")
        assert found is not None
        names = {each.name for binding in found.bindings for each in binding.variants}
        assert names == {"base", "Development"}
        assert found.base_bindings == ()
