"""Kustomizations as units: what an overlay makes of its base, told once, in the right variants, with both places."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest

from scanner.clock import clock_at
from scanner.config.model import Config
from scanner.pack.shipped import shipped_pack
from scanner.scan import ScanOptions, scan
from scanner.sources.document import Document
from scanner.units.kinds import FoundUnit, Units
from scanner.units.kustomize.budget import Budget
from scanner.units.kustomize.kind import name_folders
from scanner.units.kustomize.selectors import Pattern, Undecided
from tests.forms.form import EXIT_CODES, Outcome, scan_tree
from tests.units.kustomize_rows import _BASE, ROWS

_CASES = [
    pytest.param(outcome, tree, id=f"{row.construct}-{number}")
    for row in ROWS
    for number, (outcome, tree) in enumerate(row.trees)
]


@pytest.mark.parametrize(("outcome", "tree"), _CASES)
def test_a_row_of_the_table_holds(outcome: Outcome, tree: Mapping[str, str], tmp_path: Path) -> None:
    assert scan_tree(tree, tmp_path) == EXIT_CODES[outcome]


def _write(folder: Path, tree: Mapping[str, str]) -> None:
    for name, text in tree.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _find(folder: Path, name: str) -> FoundUnit | None:
    path = folder / name
    return Units().find(Document(name, path.read_bytes(), origin=str(path), root=os.path.realpath(folder)))


def _failed(folder: Path, *targets: str) -> list[tuple[Any, ...]]:
    """What fails: rule, place, variants, and the further places with what stands there."""
    options = ScanOptions(targets or (".",), Config(), jobs=1, keeps_rows=False, takes_ignore_files=False)
    with chdir(folder):
        report = scan(options, shipped_pack(examples=False), clock_at("2026-11-29T00:00:00Z"))
    return [
        (
            each.rule,
            f"{each.location.path}:{each.location.line}",
            tuple(variant.name for variant in each.variants),
            tuple((f"{place.path}:{place.line}", place.role) for place in each.related),
        )
        for each in report.findings
        if each.result == "fail" and each.severity in ("high", "critical")
    ]


_TWO = {
    "base/kustomization.yaml": "resources: [auth.yaml]\n",
    "base/auth.yaml": _BASE,
    "overlays/dev/kustomization.yaml": "resources: [../../base]\n"
    'patches: [{target: {kind: RequestAuthentication}, patch: \'[{"op": "remove", "path": "/spec/jwtRules/0/audiences"}]\'}]\n',
    "overlays/prod/kustomization.yaml": "resources: [../../base]\n"
    "patches:\n- target: {kind: RequestAuthentication}\n  patch: |-\n    - op: replace\n"
    "      path: /spec/jwtRules/0/jwksUri\n      value: http://login.example.com/jwks\n",
}


class TestTwoOverlays:
    def test_each_problem_is_told_once_in_its_variant_with_both_places(self, tmp_path: Path) -> None:
        _write(tmp_path, _TWO)
        assert sorted(_failed(tmp_path)) == [
            ("audience-not-restricted", "base/auth.yaml:8", ("dev",), ()),
            (
                "jwks-uri-over-http-public",
                "overlays/prod/kustomization.yaml:7",
                ("prod",),
                (("base/auth.yaml:8", "base"),),
            ),
        ]

    def test_an_overlay_that_is_scanned_alone_brings_its_base_along(self, tmp_path: Path) -> None:
        """Its findings are told where its base has the binding."""
        _write(tmp_path, _TWO)
        (tmp_path / ".git").mkdir()
        assert ("jwks-uri-over-http-public", "overlays/prod/kustomization.yaml:7") in {
            each[:2] for each in _failed(tmp_path, "overlays/prod")
        }

    def test_an_untouched_manifest_is_the_file_as_it_is(self, tmp_path: Path) -> None:
        _write(tmp_path, {**_TWO, "overlays/prod/kustomization.yaml": "resources: [../../base]\n"})
        found = _find(tmp_path, "base/auth.yaml")
        assert found is not None
        texts = {made.variant.name if made.variant else None: made.text.text for made in found.unit.make(_document(tmp_path))}
        assert texts["prod"] == f"---\n{_BASE}"
        assert set(texts) == {None, "dev", "prod"}

    def test_only_the_files_of_an_overlay_are_its_own(self, tmp_path: Path) -> None:
        """They give it its environment and owner."""
        _write(tmp_path, _TWO)
        found = _find(tmp_path, "base/auth.yaml")
        assert found is not None
        assert [each.paths for each in found.unit.variants] == [
            ("overlays/dev/kustomization.yaml",),
            ("overlays/prod/kustomization.yaml",),
        ]
        assert not found.unit.is_base_deployed


def _document(folder: Path) -> Document:
    return Document("base/auth.yaml", b"", origin=str(folder / "base" / "auth.yaml"), root=str(folder))


class TestVariants:
    def test_at_most_sixteen_are_read_and_the_rest_is_counted(self, tmp_path: Path) -> None:
        overlays = {f"overlays/o{number:02}/kustomization.yaml": "resources: [../../base]\n" for number in range(20)}
        _write(tmp_path, {**_TWO, **overlays})
        found = _find(tmp_path, "base/auth.yaml")
        assert found is not None
        assert (len(found.unit.variants), found.unit.left_out_variants) == (16, 6)

    def test_an_overlay_of_an_overlay_is_the_variant(self, tmp_path: Path) -> None:
        _write(tmp_path, {**_TWO, "overlays/eu/kustomization.yaml": "resources: [../prod]\n"})
        found = _find(tmp_path, "base/auth.yaml")
        assert found is not None
        assert [each.name for each in found.unit.variants] == ["dev", "eu"]

    def test_names_are_as_long_as_they_must_be(self) -> None:
        assert name_folders(["a/prod", "a/dev"]) == ["prod", "dev"]
        assert name_folders(["a/eu/app", "a/us/app", "b"]) == ["eu/app", "us/app", "b"]
        assert name_folders(["."]) == ["top"]

    def test_flux_has_a_kind_of_the_same_name(self, tmp_path: Path) -> None:
        tree = {"kustomization.yaml": "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nresources: [a.yaml]\n"}
        _write(tmp_path, {**tree, "a.yaml": _BASE})
        found = _find(tmp_path, "a.yaml")
        assert found is None or found.key[0] != "kustomize"


_NAMED = "resources: [../outside.yaml, link.yaml, a.yaml]\n"


class TestLimits:
    def test_what_leads_out_of_the_tree_is_not_read(self, tmp_path: Path) -> None:
        inner = tmp_path / "inner"
        _write(tmp_path, {"outside.yaml": _BASE, "inner/kustomization.yaml": _NAMED})
        (inner / "link.yaml").symlink_to(tmp_path / "outside.yaml")
        (inner / "a.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")
        found = _find(inner, "a.yaml")
        assert found is not None
        (made,) = found.unit.make(Document("a.yaml", b"", origin=str(inner / "a.yaml"), root=str(inner)))
        assert "RequestAuthentication" not in made.text.text

    def test_bases_that_double_at_each_level_are_given_up(self, tmp_path: Path) -> None:
        tree = {f"l{n}/kustomization.yaml": f"resources: [../l{n - 1}, ../l{n - 1}/]\n" for n in range(1, 25)}
        _write(tmp_path, {**tree, "l0/kustomization.yaml": "resources: [auth.yaml]\n", "l0/auth.yaml": _BASE})
        assert scan_tree({}, tmp_path) == EXIT_CODES["undetermined"]

    def test_thousands_of_resources_are_built(self, tmp_path: Path) -> None:
        many = "".join(f"---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c{n}}}\n" for n in range(3000))
        patch = 'patches: [{target: {kind: "Config.*"}, patch: \'[{"op": "add", "path": "/data", "value": {"a": "b"}}]\'}]\n'
        _write(tmp_path, {"kustomization.yaml": f"resources: [many.yaml]\n{patch}", "many.yaml": many + "---\n" + _BASE})
        found = _find(tmp_path, "many.yaml")
        assert found is not None
        (made,) = found.unit.make(Document("many.yaml", b"", origin=str(tmp_path / "many.yaml"), root=str(tmp_path)))
        assert made.text.text.count("a: b") == 3000


class TestPatterns:
    @pytest.mark.parametrize(
        ("pattern", "fits", "not_"),
        [
            ("", "anything", ""),
            ("app", "app", "apps"),
            ("a.*p", "a-long-p", "a-long-p-s"),
            ("(a|b)-auth", "b-auth", "c-auth"),
            ("a|b", "b", "ab"),
            ("^a[0-9]+$", "a12", "a"),
            ("a[^b-d]?", "ae", "ab"),
            (r"a\.b", "a.b", "axb"),
        ],
    )
    def test_they_fit_whole_names(self, pattern: str, fits: str, not_: str) -> None:
        read = Pattern(pattern)
        assert read.fits(fits, Budget())
        assert not (not_ and read.fits(not_, Budget()))

    @pytest.mark.parametrize("pattern", ["(a|b)*", "a{2}", r"\d+", "((a))", "[[:alpha:]]", "a**"])
    def test_what_is_not_followed_is_known(self, pattern: str) -> None:
        with pytest.raises(Undecided):
            Pattern(pattern)
