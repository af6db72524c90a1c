"""The mappings are the ones that were researched, topic by topic: nothing missing, nothing stretched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scanner.pack.shipped import shipped_pack

PACK = shipped_pack(examples=True)
# the research stands beside the repository where it is at hand
TABLE = Path(__file__).parents[2] / "../shared/frameworks.md"
pytestmark = pytest.mark.skipif(not TABLE.is_file(), reason="shared-corpora: the researched mapping table is not here")

FRAMEWORKS = {
    "CSF": "nist-csf-2.0",
    "800-207": "nist-800-207",
    "800-53": "nist-800-53r5",
    "ASVS": "owasp-asvs-5.0",
    "RFC 8725": "rfc8725",
    "FAPI 2.0": "openid-fapi-2.0",
    "SP 800-57 pt1": "nist-800-57",
    "OpenID Connect Core": "openid-connect-core",
    "CIS": "cis-controls-8.1",
    "PCI": "pci-dss-4.0.1",
    "ISO": "iso-27001-2022",
}
STRENGTHS = {"D": "direct", "P": "partial", "W": "weak"}
# the table speaks of symmetric and public keys in one row; the objectives key-secrecy and static-keys keep them apart
PARTED = {("static-keys", "owasp-nhi-2025", "NHI2:2025"), ("static-keys", "nist-800-53r5", "IA-5(7)")}
Row = tuple[str, str, str, str]


def researched() -> set[Row]:
    """Every (objective, framework, control, strength) of the table."""
    text = TABLE.read_text(encoding="utf-8")
    section = text[text.index("\n## 2. ") : text.index("\n## 3. ")]
    objectives = {objective.topic: objective.id for objective in PACK.objectives.values()}
    rows: set[Row] = set()
    for topic, table in re.findall(r"\*\*(T\d\d) .*?\n(.*?)(?=\n\*\*T|\nSuggested|\Z)", section, re.DOTALL):
        for line in re.findall(r"^\| (.*) \|$", table, re.MULTILINE):
            controls, strength, why = (*[cell.strip() for cell in line.split(" | ")], "")[:3]
            rows |= {(objectives[topic], *each) for each in row(controls, strength.removesuffix(" [M]"), why)}
    extra = re.search(r"Suggested extra topic \*\*T21.*?: (.*?), NHI", section)
    assert extra is not None
    for each in extra.group(1).split(", "):
        name, _, strength = each.rpartition(" ") if "(" not in each else each.partition(" (")[0].rpartition(" ")
        rows |= {("key-identification", *one) for one in row(name, strength, "")}
    return rows


def row(controls: str, strength: str, why: str) -> Iterator[tuple[str, str, str]]:
    for name in re.findall(r"\(?((?:NHI\d+:2025|tenet-\d)) W", f"{strength} {why}"):
        yield ("owasp-nhi-2025" if name.startswith("NHI") else "nist-800-207"), name, "weak"
    found = [pair for part in controls.split(";") for pair in named(part.strip())]
    marks = re.findall(r"\b[DPW]\b", strength.partition("(")[0])
    if len(marks) == 1:
        marks *= len(found)
    if marks and " for " not in strength:
        yield from ((*pair, STRENGTHS[mark]) for pair, mark in zip(found, marks, strict=True))


def named(part: str) -> Iterator[tuple[str, str]]:
    framework = "owasp-nhi-2025"
    for prefix, framework_id in FRAMEWORKS.items():
        if part.startswith(f"{prefix} "):
            framework, part = framework_id, part.removeprefix(f"{prefix} ")
            break
    for item in part.split(", "):
        control = re.sub(r" [a-z]\.$", "", item.strip()).replace("section ", "scenario-")
        if re.search(r"\d", control) or framework != "owasp-nhi-2025":
            yield framework, f"v5.0.0-{control}" if framework == "owasp-asvs-5.0" else control


def published(*, known: set[str]) -> set[Row]:
    return {
        (mapping.objective, framework.id, control.id, mapping.strength)
        for framework in PACK.frameworks.values()
        if framework.id in known
        for control in framework.controls
        for mapping in control.objectives
    }


class TestTable:
    def test_is_read_whole(self) -> None:
        """A parser that reads nothing would agree with everything."""
        rows = researched()
        assert len(rows) > 200
        assert {objective for objective, *_ in rows} == set(PACK.objectives)
        assert {framework for _, framework, *_ in rows} == {"owasp-nhi-2025", *FRAMEWORKS.values()}

    def test_agrees_with_the_frameworks_in_both_directions(self) -> None:
        table = {each for each in researched() if each[:3] not in PARTED}
        files = {each for each in published(known={"owasp-nhi-2025", *FRAMEWORKS.values()}) if each[:3] not in PARTED}
        assert sorted(table - files) == []
        assert sorted(files - table) == []
