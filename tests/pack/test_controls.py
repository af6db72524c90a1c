"""A control is found by what people write, and an honest note says what they meant."""

from __future__ import annotations

import pytest

from scanner.pack.controls import resolve
from scanner.pack.shipped import shipped_pack

PACK = shipped_pack(examples=True)


def found(written: str) -> list[tuple[str, str, str]]:
    return [(each.framework.id, each.control.id, each.kind) for each in resolve(PACK.frameworks, written)]


class TestResolve:
    @pytest.mark.parametrize("written", ["IA-13(2)", "ia-13.2", "IA-13 (02)", "nist-800-53r5:IA-13(2)"])
    def test_reads_every_spelling_of_an_enhancement(self, written: str) -> None:
        assert [each[:2] for each in found(written)] == [("nist-800-53r5", "IA-13(2)")]

    @pytest.mark.parametrize("written", ["NHI-02", "NHI2", "NHI02", "NHI2:2025", "owasp-nhi-2025:NHI2:2025"])
    def test_takes_another_notation_for_the_same_item(self, written: str) -> None:
        assert ("owasp-nhi-2025", "NHI2:2025") in [each[:2] for each in found(written)]

    def test_says_what_became_of_a_superseded_subcategory(self) -> None:
        """PR.AC-1 is CSF 1.1; in 2.0 it is part of PR.AA-01 and PR.AA-05."""
        assert found("PR.AC-1") == [
            ("nist-csf-2.0", "PR.AA-01", "superseded"),
            ("nist-csf-2.0", "PR.AA-05", "superseded"),
        ]

    def test_moves_a_misattributed_control_to_its_framework(self) -> None:
        """SP 800-207 has no control ids; SC-23 is SP 800-53."""
        assert found("nist-800-207:SC-23") == [("nist-800-53r5", "SC-23", "misattributed")]
        assert all(each.note for each in resolve(PACK.frameworks, "nist-800-207:SC-23"))

    def test_finds_nothing_for_an_unknown_name(self) -> None:
        assert found("XX-99") == []
