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
from scanner.pack.load import shipped_pack
from scanner.pack.model import Control, Framework, Mapping

PACK = shipped_pack()
# the publishers' own files stand beside the repository where they are at hand; they are too large to ship
CATALOGS = Path(__file__).parents[2] / "../shared/standards/catalogs"
needs_catalogs = pytest.mark.skipif(not CATALOGS.is_dir(), reason="the official catalogues are not at hand")

FRAMEWORKS = pytest.mark.parametrize("framework", PACK.frameworks.values(), ids=lambda framework: framework.id)
# 800-53 release 5.1.1 added these; the full catalogue at hand is 5.0.1
NEWER_THAN_CATALOG = {"IA-13", "IA-13(1)", "IA-13(2)", "IA-13(3)"}


def mappings(framework: Framework) -> Iterator[tuple[Control, Mapping]]:
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
    """Part a quotation at what an organisation assigns; the label of an item is no part of it."""
    unlabelled = re.sub(r"^(\(\w+\)|\w\.) ", "", one_line(text))
    return [piece.strip() for piece in re.split(r"\[[^\]]*\]", unlabelled) if piece.strip()]


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
            found = [each for each in resolve(PACK, f"{framework.id}:{alias.written}") if each.note]
            assert len(found) == len(alias.means), alias.written
            assert all(each.kind == alias.kind for each in found)

    @pytest.mark.parametrize("written", ["NHI-02", "NHI-2", "NHI02", "NHI2"])
    def test_read_other_notations_of_secret_leakage(self, written: str) -> None:
        assert [(each.control.id, each.kind) for each in resolve(PACK, written)] == [("NHI2:2025", "notation")]

    def test_tell_that_csf_withdrew_pr_ac_1(self) -> None:
        found = resolve(PACK, "PR.AC-1")
        assert {each.control.id for each in found} == {"PR.AA-01", "PR.AA-05"}
        assert {each.kind for each in found} == {"superseded"}

    def test_tell_that_sc_23_is_not_of_sp_800_207(self) -> None:
        [found] = resolve(PACK, "nist-800-207:SC-23")
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

    def test_the_superseded_alias_follows_the_transition_table(self) -> None:
        table = json.loads((CATALOGS / "csf-1.1-to-2.0-transition.json").read_text(encoding="utf-8"))["withdrawn"]
        aliases = {alias.written: alias.means for alias in PACK.frameworks["nist-csf-2.0"].aliases}
        assert aliases["PR.AC-01"] == table["PR.AC-01"]["incorporated_into"]
        assert aliases["PR.AC-1"] == aliases["PR.AC-01"]

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
