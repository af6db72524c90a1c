"""The settings of Java applications: their files and profiles laid over each other, each value with its places."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.clock import clock_at
from scanner.config.model import Config
from scanner.files.read import read_text
from scanner.files.tree import Parsed
from scanner.pack.shipped import shipped_pack
from scanner.scan import ScanOptions, scan
from scanner.units.application.conditions import parse_profiles
from scanner.units.application.kind import Applications
from scanner.units.application.settings_file import relaxed
from scanner.units.layers import LayerFile, flatten
from scanner.units.made import Made
from scanner.units.unit import MOST_VARIANTS, Unit
from tests.forms.form import EXIT_CODES, Outcome, scan_tree
from tests.units.application_rows import GOOD, HTTP, OPEN, QUARKUS, ROWS, R
from tests.units.unit_trees import companions_of, document_of, find_unit, origins_of, plant, read_variants, spot_of

KIND = Applications()
_CASES = [
    pytest.param(outcome, tree, id=f"{row.construct[:50]}-{number}")
    for row in ROWS
    for number, (outcome, tree) in enumerate(row.trees)
]
# what Spring Boot 3.5 itself says, recorded by make_spring_answers.py
_ANSWERS = json.loads((Path(__file__).parent / "spring_answers.json").read_text())


@pytest.mark.parametrize(("outcome", "tree"), _CASES)
def test_a_row_of_the_table_holds(outcome: Outcome, tree: Mapping[str, str], tmp_path: Path) -> None:
    assert scan_tree(tree, tmp_path) == EXIT_CODES[outcome]


def load(root: Path, files: Mapping[str, str]) -> Unit:
    """The application of a tree."""
    plant(root, files)
    name = next(each for each in files if Path(each).name.startswith(("application", "microprofile")))
    unit = find_unit(KIND, root, name)
    assert unit is not None
    return unit


def made_of(unit: Unit, root: Path, files: Mapping[str, str]) -> tuple[Made, ...]:
    return unit.make(document_of(root, next(each for each in files if Path(each).name.startswith("application"))))


def settings_of(made: Made) -> dict[str, str]:
    """Its settings by their relaxed names; the items of a list with bars between them."""
    parsed = read_text(made.text.text, made.format)
    assert isinstance(parsed, Parsed)
    found: dict[str, str] = {}
    for each in flatten(parsed.documents[0], LayerFile("")):
        name, item, _ = ".".join(map(relaxed, each.parts)).partition(".[")
        found[name] = f"{found[name]}|{each.text}" if item and name in found else each.text
    return found


class TestSpringBoot:
    @pytest.mark.parametrize("number", range(len(_ANSWERS)))
    def test_says_the_same(self, number: int, tmp_path: Path) -> None:
        files, answers = _ANSWERS[number]["files"], _ANSWERS[number]["answers"]
        unit = load(tmp_path, files) if len(files) > 4 else None
        if unit is None:
            return  # one plain file
        has_outside = any(not name.startswith("src/") for name in files)
        for made in made_of(unit, tmp_path, files):
            name = made.variant.name if made.variant is not None else ""
            asked = {"external": "", "eu & prod": "eu,prod"}.get(name, name)
            if asked not in answers or (name == "" and has_outside):
                continue
            ours = settings_of(made)
            for setting, said in answers[asked].items():
                found = ours.get(relaxed(setting.removesuffix("[]")), "")
                if not ("${" in found and "${" in said):
                    assert (name, setting, found.replace(",", "|")) == (name, setting, said)

    def test_a_value_has_its_own_place_and_that_of_what_it_replaces(self, tmp_path: Path) -> None:
        files = {f"{R}/application.yml": GOOD, f"{R}/application-prod.yml": f"a: b\n{HTTP}"}
        plant(tmp_path, files)
        made = read_variants(KIND, tmp_path, f"{R}/application.yml")["prod"][1]
        assert spot_of(made, "http://login.example.com")[:2] == (f"{R}/application-prod.yml", 2)
        assert origins_of(made, "http://login.example.com") == [(f"{R}/application.yml", 2, "base")]

    def test_a_reference_has_the_place_of_what_it_names(self, tmp_path: Path) -> None:
        files = {
            f"{R}/application.yml": "idp.base: https://a\njwt:\n  issuer: ${idp.base}/x\n  other: ${none:y}\n",
            f"{R}/application-prod.properties": "idp.base=http://b\n",
        }
        plant(tmp_path, files)
        plain, made = read_variants(KIND, tmp_path, f"{R}/application.yml")["prod"]
        assert plain["jwt"] == {"issuer": "http://b/x", "other": "${none:y}"}
        assert spot_of(made, "http://b/x")[:2] == (f"{R}/application.yml", 3)
        assert origins_of(made, "http://b/x") == [(f"{R}/application-prod.properties", 1, "definition")]

    @pytest.mark.parametrize("text", ["${a}\nb: 1", "${b}\nb: ${a}", "${a:${a:${a}}}", "'${'", "'${${${'"])
    def test_references_in_a_circle_stay(self, text: str, tmp_path: Path) -> None:
        files = {f"{R}/application.yml": f"a: {text}\n", f"{R}/application-x.yml": "c: 1\n"}
        assert read_variants(KIND, *_plant(tmp_path, files))["x"][0]["a"].startswith("${")

    def test_tests_never_repair_production(self, tmp_path: Path) -> None:
        files = {f"{R}/application.yml": OPEN, "src/test/resources/application.yml": GOOD}
        assert scan_tree(files, tmp_path) == 1

    def test_imports_in_a_circle_and_no_imports_of_its_own_are_read(self, tmp_path: Path) -> None:
        files = {
            f"{R}/application.yml": "spring.config.import: a.yml\nx: 1\n",
            f"{R}/a.yml": "spring.config.import: b.yml\ny: 2\n",
            f"{R}/b.yml": "spring.config.import: [a.yml, application.yml, ../../../../../etc/b.yml]\nz: 3\n",
        }
        plain, _ = read_variants(KIND, *_plant(tmp_path, files))[""]
        assert (plain["x"], plain["y"], plain["z"]) == (1, 2, 3)

    def test_what_is_imported_belongs_to_the_application(self, tmp_path: Path) -> None:
        files = {
            f"{R}/application.yml": "spring.config.import: classpath:idp.yml\n",
            f"{R}/idp.yml": OPEN,
            f"{R}/other.yml": OPEN,
        }
        plant(tmp_path, files)
        unit = find_unit(KIND, tmp_path, f"{R}/idp.yml")
        assert unit is not None
        assert unit.make(document_of(tmp_path, f"{R}/idp.yml"))
        assert find_unit(KIND, tmp_path, f"{R}/other.yml") is None

    def test_many_profiles_are_counted(self, tmp_path: Path) -> None:
        files = {f"{R}/application.yml": GOOD} | {f"{R}/application-p{n:02}.yml": "a: 1\n" for n in range(30)}
        unit = load(tmp_path, files)
        assert (len(unit.variants), unit.left_out_variants) == (MOST_VARIANTS, 30 - MOST_VARIANTS)

    def test_a_manifest_of_the_same_name_is_none(self, tmp_path: Path) -> None:
        files = {"application.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: Application\n", "application-x.yaml": "a: 1\n"}
        plant(tmp_path, files)
        assert find_unit(KIND, tmp_path, "application.yaml") is None

    def test_one_plain_file_is_one_by_itself(self, tmp_path: Path) -> None:
        plant(tmp_path, {f"{R}/application.yml": GOOD})
        assert find_unit(KIND, tmp_path, f"{R}/application.yml") is None

    def test_the_other_files_come_along_with_a_changed_one(self, tmp_path: Path) -> None:
        files = [f"{R}/application.yml", f"{R}/application-prod.yml", f"{R}/config/application.properties", "application.yml"]
        plant(tmp_path, dict.fromkeys([*files, f"{R}/x.yml"], "a: 1\n"))
        assert companions_of(KIND, tmp_path, f"{R}/application-prod.yml") == sorted({*files} - {f"{R}/application-prod.yml"})


def _plant(root: Path, files: Mapping[str, str]) -> tuple[Path, str]:
    plant(root, files)
    return root, next(iter(files))


class TestThreeProfiles:
    """An application with a fault in each of three profiles."""

    def test_each_problem_is_told_once_in_its_profiles_with_both_places(self, tmp_path: Path) -> None:
        files = {
            f"{R}/application.yml": GOOD,
            f"{R}/application-prod.yml": HTTP,
            f"{R}/application-staging.yml": "spring.security.oauth2.resourceserver.jwt.audiences: []\n",
            f"{R}/application-qa.yml": HTTP.replace("login", "qa"),
        }
        plant(tmp_path, files)
        base = f"{R}/application.yml"
        assert sorted(failed(tmp_path)) == [
            ("audience-not-restricted", f"{base}:2", ("staging",), ()),
            ("issuer-over-http-public", f"{R}/application-prod.yml:1", ("prod",), ((f"{base}:2", "base"),)),
            ("issuer-over-http-public", f"{R}/application-qa.yml:1", ("qa",), ((f"{base}:2", "base"),)),
        ]

    def test_also_where_a_config_map_has_them(self, tmp_path: Path) -> None:
        on = "---\nspring.config.activate.on-profile: "
        settings = f"{HTTP}{on}eu\na: b\n{on}us\nspring.security.oauth2.resourceserver.jwt.audiences: shop\n"
        lines = "".join(f"    {line}\n" for line in settings.splitlines())
        plant(tmp_path, {"config.yaml": f"kind: ConfigMap\ndata:\n  application.yml: |\n{lines}"})
        assert sorted(failed(tmp_path)) == [
            ("audience-not-restricted", "config.yaml:4", ("base", "eu"), ()),
            ("issuer-over-http-public", "config.yaml:4", ("base", "eu", "us"), ()),
        ]


def failed(folder: Path) -> list[tuple[Any, ...]]:
    """What fails: rule, place, variants, and the further places with what stands there."""
    options = ScanOptions((".",), Config(), jobs=1, keeps_rows=False, takes_ignore_files=False)
    with chdir(folder):
        report = scan(options, shipped_pack(examples=False), clock_at("2026-11-29T00:00:00Z"))
    return [
        (
            each.rule,
            f"{each.location.path}:{each.location.line}" if each.location is not None else "",
            tuple(variant.name for variant in each.variants),
            tuple((f"{place.path}:{place.line}", place.role) for place in each.related),
        )
        for each in report.findings
        if each.result == "fail" and each.severity in ("high", "critical")
    ]


class TestQuarkus:
    def test_a_profile_of_its_own_is_a_variant_beside_production(self, tmp_path: Path) -> None:
        files = {f"{R}/application.properties": f"{QUARKUS}%eu.a=1\n%{{eu,us}}.b=2\n%dev.c=3\n%prod.d=4\n"}
        found = read_variants(KIND, *_plant(tmp_path, files))
        names = {name: set(plain) - {"quarkus"} for name, (plain, _) in found.items() if name}
        assert names == {"prod": {"d"}, "eu": {"a", "b"}, "us": {"b"}}

    def test_a_source_with_a_higher_ordinal_counts_over_a_profile_below(self, tmp_path: Path) -> None:
        files = {
            f"{R}/application.properties": "%prod.quarkus.a=1\nquarkus.b=1\n",
            f"{R}/application.yaml": "quarkus: {a: 2}\n",
        }
        plain, _ = read_variants(KIND, *_plant(tmp_path, files))[""]
        assert plain == {"quarkus": {"a": 2, "b": "1"}}


class TestConditions:
    @pytest.mark.parametrize(
        ("text", "active", "holds"),
        [
            ("prod", "prod", True), ("!prod", "prod", False), ("!prod", "", True), ("a & b", "a", False),
            ("a & b", "a b", True), ("a | b", "b", True), ("(a | b) & !c", "a c", False), ("(a | b) & !c", "b", True),
            ("!(a & b)", "a", True),
            ("a,b", "b", True), ("!!a", "a", True), ("a &", "a &", False), ("(", "(", True),
        ],
    )  # fmt: skip
    def test_an_expression_of_profiles(self, text: str, active: str, holds: bool) -> None:
        assert parse_profiles([text]).holds(active.split()) is holds

    @given(st.text("ab!&|() ,", max_size=30), st.sets(st.sampled_from("ab")))
    def test_any_text_is_an_answer(self, text: str, active: set[str]) -> None:
        assert parse_profiles([text]).holds(active) in (True, False)


def test_settings_scattered_over_files_and_profiles_come_back(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Wherever a setting of production is written, production has it, at that place."""
    names = ["a.b", "a.c-d", "e", "f.g.h"]
    places = ["application.yml", "application.properties", "application-prod.yml", "config/application-prod.properties"]
    order = {name: number for number, name in enumerate(places)}

    @given(st.lists(st.tuples(st.sampled_from(names), st.sampled_from(places), st.integers(0, 99)), min_size=1, max_size=12))
    def check(written: list[tuple[str, str, int]]) -> None:
        root = tmp_path_factory.mktemp("tree")
        texts: dict[str, dict[str, int]] = {place: {} for place in places}
        for name, place, value in written:
            texts[place][name] = value
        for place, each in texts.items():
            marks = "=" if place.endswith("s") else ": "
            text = "".join(f"{name}{marks}v{value}\n" for name, value in each.items())
            plant(root, {f"{R}/{place}": text or f"z{marks}1\n"})
        _, made = read_variants(KIND, root, f"{R}/application.yml")["prod"]
        found = settings_of(made)
        for name in {each[0] for each in written}:
            place = max((each for each in places if name in texts[each]), key=lambda each: order[each])
            assert found[relaxed(name)] == f"v{texts[place][name]}"

    check()
