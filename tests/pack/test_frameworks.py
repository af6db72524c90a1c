"""The frameworks say what their publishers say, and map only to what exists."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from scanner.pack.controls import resolve
from scanner.pack.model import Control, ControlMapping, Framework
from scanner.pack.shipped import shipped_pack

PACK = shipped_pack(examples=True)
# the publishers' own files stand beside the repository where they are at hand; they are too large to ship
CATALOGS = Path(__file__).parents[2] / "../shared/standards/catalogs"
needs_catalogs = pytest.mark.skipif(not CATALOGS.is_dir(), reason="shared-corpora: the official catalogues are not here")

FRAMEWORK_TABLES = Path(__file__).parents[2] / "../shared/frameworks.md"
needs_table = pytest.mark.skipif(not FRAMEWORK_TABLES.is_file(), reason="shared-corpora: the researched tables are not here")

FRAMEWORKS = pytest.mark.parametrize("framework", PACK.frameworks.values(), ids=lambda framework: framework.id)
# 800-53 release 5.1.1 added these; the full catalogue at hand is 5.0.1
NEWER_THAN_CATALOG = {"IA-13", "IA-13(1)", "IA-13(2)", "IA-13(3)"}


def mappings(framework: Framework) -> Iterator[tuple[Control, ControlMapping]]:
    for control in framework.controls:
        for mapping in control.objectives:
            yield control, mapping


def one_line(text: str) -> str:
    return " ".join(text.split())


@cache
def csf_outcomes() -> dict[str, str]:
    """Id → outcome of every subcategory in NIST's CSF 2.0 catalogue."""
    root = ElementTree.parse(CATALOGS / "NIST_CSF_v2.0_catalog.xml").getroot()
    space = {"o": "http://csrc.nist.gov/ns/oscal/1.0"}
    found: dict[str, str] = {}
    for control in root.iterfind(".//o:control", space):
        for part in control.iterfind("o:part[@name='statement']", space):
            found[control.attrib["id"]] = one_line("".join(part.itertext()))
    return found


@cache
def controls_of_800_53() -> dict[str, dict[str, Any]]:
    """OSCAL id → control of NIST's full SP 800-53 catalogue, enhancements included."""
    catalog = json.loads((CATALOGS / "NIST_SP-800-53_rev5_catalog.json").read_text(encoding="utf-8"))["catalog"]
    found: dict[str, dict[str, Any]] = {}
    waiting = [control for group in catalog["groups"] for control in group["controls"]]
    while waiting:
        control = waiting.pop()
        found[control["id"]] = control
        waiting.extend(control.get("controls", []))
    return found


def oscal_id(control_id: str) -> str:
    return re.sub(r"\((\d+)\)", r".\1", control_id).lower()


def statement(part: dict[str, Any]) -> str:
    """Return the official words, `…` in place of what an organisation assigns."""
    words = [part.get("prose", "")] if part["name"] in ("statement", "item") else []
    words += [statement(each) for each in part.get("parts", []) if each["name"] == "item"]
    return one_line(re.sub(r"\{\{.*?\}\}", "…", " ".join(words)))


def quoted(text: str) -> list[str]:
    """Part a quotation at what an organisation assigns and at the labels of its items."""
    pieces = re.split(r"\[[^\]]*\]|(?:^|(?<=; ))(?:\(\w+\)|\w\.) ", one_line(text))
    return [piece.strip() for piece in pieces if len(piece.strip()) > 1]


class TestMappings:
    @FRAMEWORKS
    def test_give_their_reason_in_a_sentence(self, framework: Framework) -> None:
        vague = [
            f"{control.id}: {mapping.objective}"
            for control, mapping in mappings(framework)
            if len(mapping.why.split()) < 5 or not mapping.why.strip().endswith(".")
        ]
        assert vague == []

    @FRAMEWORKS
    def test_have_a_known_strength_and_objective(self, framework: Framework) -> None:
        assert {mapping.strength for _, mapping in mappings(framework)} <= {"direct", "partial", "weak"}
        assert {mapping.objective for _, mapping in mappings(framework)} <= set(PACK.objectives)

    @FRAMEWORKS
    def test_name_an_objective_once_for_each_control(self, framework: Framework) -> None:
        pairs = [(control.id, mapping.objective) for control, mapping in mappings(framework)]
        assert len(pairs) == len(set(pairs))

    @pytest.mark.parametrize("objective", sorted(PACK.objectives))
    def test_reach_every_objective(self, objective: str) -> None:
        """A rule whose objective no framework asks for would never show up in an auditor's report."""
        assert PACK.controls_for(objective)

    @FRAMEWORKS
    def test_count_for_nothing_where_the_control_is_out_of_reach(self, framework: Framework) -> None:
        """A control that cannot be assessed may have a thematic relative, never evidence."""
        for control in framework.controls:
            if not control.assessable:
                assert {mapping.strength for mapping in control.objectives} <= {"weak"}
                assert control.note


class TestControls:
    @FRAMEWORKS
    def test_have_ids_of_their_own(self, framework: Framework) -> None:
        ids = [control.id for control in framework.controls]
        assert len(ids) == len(set(ids))

    @FRAMEWORKS
    def test_without_a_mapping_say_why(self, framework: Framework) -> None:
        assert [control.id for control in framework.controls if not control.objectives and not control.note] == []

    @pytest.mark.parametrize(
        "framework",
        [each for each in PACK.frameworks.values() if not each.licence.startswith("public domain")],
        ids=lambda framework: framework.id,
    )
    def test_quote_no_text_that_is_not_free(self, framework: Framework) -> None:
        assert [control.id for control in framework.controls if control.text is not None] == []

    def test_come_with_the_limits_of_their_framework(self) -> None:
        assert [framework.id for framework in PACK.frameworks.values() if not framework.limits.endswith(".")] == []

    def test_of_optional_frameworks_come_last(self) -> None:
        order = [framework.optional for framework in PACK.frameworks.values()]
        assert order == sorted(order)
        assert order.count(True) == 6

    def test_of_owasp_are_all_ten_and_quote_nothing(self) -> None:
        """The list is CC BY-SA 4.0: ids, titles and links only."""
        controls = PACK.frameworks["owasp-nhi-2025"].controls
        assert [control.id for control in controls] == [f"NHI{number}:2025" for number in range(1, 11)]
        assert all(control.text is None and control.url for control in controls)
        assert {control.id for control in controls if not control.assessable} == {"NHI5:2025", "NHI10:2025"}

    def test_for_public_keys_in_configuration_do_not_include_secret_leakage(self) -> None:
        """A public verification key is no secret."""
        ids = {control.id for _, control, _ in PACK.controls_for("static-keys", weak=True)}
        assert "NHI2:2025" not in ids
        assert "IA-5(7)" in ids
        assert "IA-5(7)" not in {control.id for _, control, _ in PACK.controls_for("static-keys")}


class TestAliases:
    @FRAMEWORKS
    def test_lead_to_controls_that_exist(self, framework: Framework) -> None:
        for alias in framework.aliases:
            found = [each for each in resolve(PACK.frameworks, f"{framework.id}:{alias.written}") if each.note]
            assert len(found) == len(alias.means), alias.written
            assert all(each.kind == alias.kind for each in found)

    @pytest.mark.parametrize("written", ["NHI-02", "NHI-2", "NHI02", "NHI2"])
    def test_read_other_notations_of_secret_leakage(self, written: str) -> None:
        assert [(each.control.id, each.kind) for each in resolve(PACK.frameworks, written)] == [("NHI2:2025", "notation")]

    def test_tell_that_csf_withdrew_pr_ac_1(self) -> None:
        found = resolve(PACK.frameworks, "PR.AC-1")
        assert {each.control.id for each in found} == {"PR.AA-01", "PR.AA-05"}
        assert {each.kind for each in found} == {"superseded"}

    def test_tell_that_sc_23_is_not_of_sp_800_207(self) -> None:
        [found] = resolve(PACK.frameworks, "nist-800-207:SC-23")
        assert (found.framework.id, found.control.id, found.kind) == ("nist-800-53r5", "SC-23", "misattributed")
        assert found.note is not None
        assert "not controls" in found.note


@needs_catalogs
class TestAgainstTheOfficialCatalogues:
    def test_csf_outcomes_are_word_for_word(self) -> None:
        official = csf_outcomes()
        for control in PACK.frameworks["nist-csf-2.0"].controls:
            assert control.text is not None
            assert one_line(control.text) == official[control.id], control.id

    def test_csf_uses_no_withdrawn_id(self) -> None:
        """The catalogue at hand does not mark the ids that 2.0 withdrew; the transition table does."""
        table = json.loads((CATALOGS / "csf-1.1-to-2.0-transition.json").read_text(encoding="utf-8"))["withdrawn"]
        ids = {control.id for control in PACK.frameworks["nist-csf-2.0"].controls}
        assert ids & set(table) == set()

    def test_superseded_aliases_follow_the_transition_table(self) -> None:
        table = json.loads((CATALOGS / "csf-1.1-to-2.0-transition.json").read_text(encoding="utf-8"))["withdrawn"]
        for alias in PACK.frameworks["nist-csf-2.0"].aliases:
            fate = table[re.sub(r"-(\d)$", r"-0\1", alias.written)]
            assert alias.means == (fate.get("incorporated_into") or fate["moved_to"]), alias.written

    @needs_table
    def test_every_superseded_id_that_was_researched_has_an_alias(self) -> None:
        section = FRAMEWORK_TABLES.read_text(encoding="utf-8").partition("| CSF 1.1 | fate in 2.0 |")[2].partition("\n\n")[0]
        old = re.findall(r"^\| ([A-Z]{2}\.[A-Z]{2}-\d) ", section, re.MULTILINE)
        assert len(old) > 10
        assert set(old) - {alias.written for alias in PACK.frameworks["nist-csf-2.0"].aliases} == set()

    @needs_table
    def test_csf_and_800_53_list_everything_that_was_researched(self) -> None:
        """Also what no objective serves: an auditor sees what was left out, and why."""
        text = FRAMEWORK_TABLES.read_text(encoding="utf-8")
        tables = {
            "nist-csf-2.0": re.findall(r"^\| ([A-Z]{2}\.[A-Z]{2}-\d\d) \| ", text, re.MULTILINE),
            "nist-800-53r5": re.findall(r"^\| ([A-Z]{2}-\d+(?:\(\d+\))?) \| [a-z]{2}-\d", text, re.MULTILINE),
            "owasp-asvs-5.0": [f"v5.0.0-{id_}" for id_ in re.findall(r"^\| V(\d+\.\d+\.\d+) \| L", text, re.MULTILINE)],
        }
        for framework, ids in tables.items():
            assert len(ids) > 40
            assert set(ids) - {control.id for control in PACK.frameworks[framework].controls} == set()

    @needs_table
    def test_ia_13_is_worded_as_researched(self) -> None:
        """The catalogue at hand is older than the control; its table was compared with several copies."""
        text = FRAMEWORK_TABLES.read_text(encoding="utf-8")
        rows = re.findall(r"^\| (IA-13(?:\(\d\))?) \| [a-z0-9.-]+ \| ([^|]+) \| ([^|]+) \|", text, re.MULTILINE)
        controls = {control.id: control for control in PACK.frameworks["nist-800-53r5"].controls}
        assert {id_ for id_, *_ in rows} == NEWER_THAN_CATALOG
        for id_, title, said in rows:
            assert controls[id_].title == title
            if not said.startswith("("):
                assert all(piece in (controls[id_].text or "") for piece in quoted(said)), id_

    def test_what_is_newer_than_the_catalogue_is_in_no_baseline(self) -> None:
        name = "NIST_SP-800-53_rev5_HIGH-baseline-resolved-profile_catalog-min.json"
        high = (CATALOGS / name).read_text(encoding="utf-8")
        assert '"ia-5.2"' in high
        assert not [id_ for id_ in NEWER_THAN_CATALOG if f'"{oscal_id(id_)}"' in high]

    def test_800_53_ids_and_titles_are_the_official_ones(self) -> None:
        """Capitals differ between NIST's own releases and do not count."""
        official = controls_of_800_53()
        controls = {control.id: control for control in PACK.frameworks["nist-800-53r5"].controls}
        assert set(controls) >= NEWER_THAN_CATALOG
        for control_id in set(controls) - NEWER_THAN_CATALOG:
            assert controls[control_id].title.casefold() == official[oscal_id(control_id)]["title"].casefold()

    def test_800_53_quotations_are_word_for_word(self) -> None:
        official = controls_of_800_53()
        for control in PACK.frameworks["nist-800-53r5"].controls:
            if control.text is None or control.id in NEWER_THAN_CATALOG:
                continue
            parts = official[oscal_id(control.id)]["parts"]
            said = " ".join(statement(part) for part in parts if part["name"] == "statement")
            for piece in quoted(control.text):
                assert piece in said, control.id
