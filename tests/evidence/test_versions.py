"""The version of a consumer, as the files around its binding name it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.evidence.model import Binding
from scanner.evidence.read_document import DocumentReader
from scanner.evidence.versions.chart_values import ValuesLayer, find_in_values
from scanner.evidence.versions.folders import find_in_file
from scanner.evidence.versions.packages import package_file_named
from scanner.pack.platform import Behaviour, Platform, Read, Reading, VersionPlaces, VersionsInUse
from scanner.pack.versions import VersionSpan
from scanner.sources.document import Document
from scanner.units.files import UnitFile
from tests.evidence.version_rows import GATE, ROWS, VersionRow
from tests.linear.growth import Growth, repeated
from tests.units.unit_trees import plant

_READ = Reading(at="2026-11-30", by="code", commit="example/gate@1234567 gate.c")
PLACES = VersionPlaces(
    in_use=VersionsInUse(since="2.0"),
    images=["example/gate"],
    charts=["gate"],
    chart_versions=["gated"],
    packages={
        "npm": ["gate-js"],
        "pypi": ["Gate-Py"],
        "go": ["github.com/example/gate"],
        "maven": ["com.example:gate", "org.example.boot:*"],
        "nuget": ["Example.Gate"],
        "cargo": ["gate"],
        "gem": ["gate"],
        "composer": ["example/gate"],
        "deb": ["libgate"],
    },
    providers=["example/gate"],
    paths=["spec.version"],
)
GATEWAY = Platform(
    id="gate",
    name="Gate",
    category="gateway",
    version_read="2.4",
    reads=[Read(formats=["yaml", "json"], at="**.jwt", fields={"issuer": "issuer", "jwks_uri": "jwks"})],
    behaviour={
        "cache_s": [
            Behaviour(value=60, confidence="verified", read=_READ, since="2.5"),
            Behaviour(value=3600, confidence="verified", read=_READ, until="2.4"),
        ]
    },
    examples=[],
    versions=PLACES,
)
_TABLE = Path(__file__).parents[2] / "docs" / "versions.md"
_ROW = re.compile(r"^\| (?!form)(?!-)(.+?) \| (.+?) \|$", re.MULTILINE)


def read_tree(root: Path, files: Mapping[str, str], document: str = "app/gate.yaml", top: str = "") -> tuple[Binding, ...]:
    """The bindings of a document in a tree."""
    plant(root, {"app/gate.yaml": GATE, **files})
    path = root / top / document
    found = DocumentReader([GATEWAY]).read(Document(document, path.read_bytes(), origin=str(path), root=str(root / top)))
    return found.bindings if found is not None else ()


def said(row: VersionRow) -> str:
    """The version of a row as the table tells it."""
    if row.variants:
        return ", ".join(f"{version} in {name}" for name, version in row.variants.items())
    return f"{row.version} ({row.by})" if row.version is not None else "not known"


class TestForms:
    @pytest.mark.parametrize("row", ROWS, ids=lambda row: row.form)
    def test_a_form_names_the_version(self, row: VersionRow, tmp_path: Path) -> None:
        bindings = read_tree(tmp_path, row.files, row.document)
        assert bindings
        if row.variants:
            found = {each.name: binding.version for binding in bindings for each in binding.variants}
            assert {name: seen.text for name, seen in found.items() if seen is not None} == dict(row.variants)
            return
        seen = bindings[0].version
        assert (seen.text, seen.by) == (row.version, row.by) if seen is not None else row.version is None

    def test_the_table_has_the_forms_that_are_tested(self) -> None:
        """`docs/versions.md` says of each form what its tree gives."""
        assert _ROW.findall(_TABLE.read_text()) == [(row.form, said(row)) for row in ROWS]


class TestPlaces:
    def test_the_version_is_told_with_its_file_and_line(self, tmp_path: Path) -> None:
        (binding,) = read_tree(tmp_path, {"compose.yaml": "services:\n  g:\n    image: example/gate:2.4.1\n"})
        assert binding.version is not None
        assert (binding.version.path, binding.version.line, binding.version.of) == ("compose.yaml", 3, "gate")

    def test_the_file_is_evidence_beside(self, tmp_path: Path) -> None:
        plant(tmp_path, {"gate.yaml": GATE, "Dockerfile": "FROM example/gate:2.4.1\n"})
        path = tmp_path / "gate.yaml"
        found = DocumentReader([GATEWAY]).read(Document("gate.yaml", path.read_bytes(), origin=str(path), root=str(tmp_path)))
        assert found is not None
        assert list(found.beside) == ["Dockerfile"]

    def test_a_behaviour_is_that_of_the_version(self, tmp_path: Path) -> None:
        (old,) = read_tree(tmp_path / "a", {"Dockerfile": "FROM example/gate:2.4\n"})
        (new,) = read_tree(tmp_path / "b", {"Dockerfile": "FROM example/gate:2.6\n"})
        (open_,) = read_tree(tmp_path / "c", {})
        assert [each.settings["cache_s"].value for each in (old, new, open_)] == [3600, 60, 3600]
        assert new.settings["cache_s"].note == "of version 2.6 (Dockerfile:1)"
        assert open_.settings["cache_s"].note is not None
        assert "the version here is not known: the worse value counts" in open_.settings["cache_s"].note

    def test_all_between_two_versions_may_run(self, tmp_path: Path) -> None:
        (binding,) = read_tree(tmp_path, {"compose.yaml": "a: {image: 'example/gate:2.4.1'}\nb: {image: 'example/gate:2.6'}\n"})
        assert binding.version is not None
        assert binding.version.span == VersionSpan((2, 4, 1), (2, 7))

    def test_nothing_outside_of_the_scanned_folder_is_read(self, tmp_path: Path) -> None:
        (binding,) = read_tree(tmp_path, {"Dockerfile": "FROM example/gate:2.4.1\n"}, "gate.yaml", top="app")
        assert binding.version is None

    def test_no_link_leads_outside(self, tmp_path: Path) -> None:
        plant(tmp_path, {"app/gate.yaml": GATE, "secret": "FROM example/gate:2.4.1\n"})
        os.symlink(tmp_path / "secret", tmp_path / "app" / "Dockerfile")
        (binding,) = read_tree(tmp_path, {}, "gate.yaml", top="app")
        assert binding.version is None

    def test_a_file_that_is_too_large_is_not_read(self, tmp_path: Path) -> None:
        (binding,) = read_tree(tmp_path, {"Dockerfile": "FROM example/gate:2.4.1\n" + "#" * (6 * 1024 * 1024)})
        assert binding.version is None

    def test_a_platform_without_versions_asks_for_nothing(self, tmp_path: Path) -> None:
        plant(tmp_path, {"gate.yaml": GATE, "Dockerfile": "FROM example/gate:2.4.1\n"})
        plain = Platform(
            id="gate", name="Gate", category="gateway", version_read="2", reads=GATEWAY.reads, behaviour={}, examples=[]
        )
        path = tmp_path / "gate.yaml"
        found = DocumentReader([plain]).read(Document("gate.yaml", path.read_bytes(), origin=str(path), root=str(tmp_path)))
        assert found is not None
        assert (found.bindings[0].version, dict(found.beside)) == (None, {})

    def test_the_version_of_an_embedded_platform(self, tmp_path: Path) -> None:
        outer = Platform(
            id="mesh",
            name="Mesh",
            category="gateway",
            version_read="1",
            reads=GATEWAY.reads,
            behaviour={},
            examples=[],
            uses=["gate"],
        )
        engine = Platform(
            id="gate",
            name="Gate",
            category="library",
            version_read="2",
            reads=[],
            behaviour=GATEWAY.behaviour,
            examples=[],
            versions=PLACES,
        )
        plant(tmp_path, {"gate.yaml": GATE, "Dockerfile": "FROM example/gate:2.6\n"})
        path = tmp_path / "gate.yaml"
        found = DocumentReader([outer, engine]).read(
            Document("gate.yaml", path.read_bytes(), origin=str(path), root=str(tmp_path))
        )
        assert found is not None
        (binding,) = found.bindings
        assert binding.version is not None
        assert (binding.version.text, binding.version.of, binding.settings["cache_s"].value) == ("2.6", "gate", 60)


_NAMES = sorted({Path(name).name for row in ROWS for name in row.files} - {"gate.yaml", "x"})
_PIECES = st.sampled_from(
    [
        "gate-js",
        "gate-py",
        "example/gate",
        "com.example",
        ":",
        "@",
        '"',
        "{",
        "}",
        "\n",
        " ",
        "version",
        "=",
        "2.4.1",
        "${A}",
        "<",
        ">",
        "FROM ",
        "ARG ",
        "- ",
        "newTag: ",
        "repository: ",
        "tag: ",
        "((",
        "\0",
        "é",
        "name = ",
        "node_modules/",
        "=>",
        "v",
        "[",
        "]",
        "9" * 400,
    ]
)


class TestHostile:
    @given(st.sampled_from(_NAMES), st.lists(_PIECES, max_size=60).map("".join))
    def test_any_text_gives_mentions_or_none(self, name: str, text: str) -> None:
        """Each with a place in the text and a version of bounded length."""
        data = text.encode()
        for mention in find_in_file(name, data, PLACES):
            assert 0 <= mention.offset <= len(data)
            assert len(mention.text) <= 700

    @given(st.lists(_PIECES, max_size=60).map("".join))
    def test_any_values_give_images_or_none(self, text: str) -> None:
        layer = ValuesLayer(UnitFile("/v", "v", text.encode(), text.encode()))
        assert isinstance(find_in_values([layer], ["example/gate"]), list)

    @pytest.mark.parametrize("name", _NAMES)
    def test_twice_the_text_takes_twice_the_time(self, name: str) -> None:
        known = package_file_named(name)
        words = (
            "gate-js",
            "gate-py",
            "com.example:",
            "<groupId>com.example</groupId>",
            "example/gate",
            "FROM example/gate:${A}\n",
        )
        for word in words:
            for joined in (
                word,
                f'"{word}"',
                f"\n{word} ",
                f'"{word}": {{',
                f"{word}@",
                f"\nARG A={word}",
                f"- name: {word}\n",
            ):
                growth = Growth(lambda text: [None for _ in find_in_file(name, text.encode(), PLACES)])
                assert growth.fault(repeated(joined)) is None, (known, joined)
