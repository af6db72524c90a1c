"""The check catalogue and the rules that name its rows."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from scanner.cli import main
from scanner.errors import PolicyError
from scanner.pack.check_catalogue import CheckRow, Coverage, check_rows, coverage, read_check_catalogue
from scanner.pack.shipped import shipped_pack

PACK = shipped_pack(examples=True)
# how many rows of each group nobody has yet read again beside their rules. A number may only fall; the aim is none
UNCHECKED = {"KEY": 43, "SET": 3, "EP": 32, "ISS": 43, "ROT": 22, "CON": 58, "FLT": 14}


class TestTheCheckCatalogue:
    def test_has_each_row_once_under_an_id_of_its_group(self) -> None:
        ids = [row.id for row in read_check_catalogue()]
        assert [name for name, count in Counter(ids).items() if count > 1] == []
        assert all(re.fullmatch(r"(KEY|SET|EP|ISS|ROT|CON|FLT)-\d{3}", name) for name in ids)

    def test_has_every_row_that_a_rule_names(self) -> None:
        known = {row.id for row in read_check_catalogue()}
        assert {code for rule in PACK.rules.values() for code in rule.codes} <= known

    def test_says_of_each_row_what_its_rules_bear_out(self) -> None:
        check_rows(coverage(PACK))

    def test_counts_the_rows_that_nobody_has_read_again(self) -> None:
        unchecked = Counter(row.id.partition("-")[0] for row in read_check_catalogue() if row.checked is None)
        assert dict(unchecked) == {group: count for group, count in UNCHECKED.items() if count}

    def test_leaves_no_row_open_that_was_read_again(self) -> None:
        """A checked row is whole, covered in part with the rest said, or left with a reason."""
        assert [each.row.id for each in coverage(PACK) if each.row.checked and each.state == "open"] == []

    def test_leaves_rows_about_keys_only_with_a_reason(self) -> None:
        """Algorithms within a profile (KEY-092) are the profiles' own matter."""
        assert [each.row.id for each in coverage(PACK) if each.state == "open" and each.row.id.startswith("KEY-")] in (
            [],
            ["KEY-092"],
        )


class TestARowThatContradictsItsRules:
    @pytest.mark.parametrize(
        ("row", "rules", "what"),
        [
            (CheckRow(id="KEY-001", title="t", left="needs a laboratory"), ("a-rule",), "a reason for having none"),
            (CheckRow(id="KEY-001", title="t", part="Tokens are not read."), (), "has no rule"),
            (CheckRow(id="KEY-001", title="t", part="tokens"), ("a-rule",), "no full sentence"),
            (CheckRow(id="KEY-001", title="t", checked="20261201"), ("a-rule",), "no day"),
            (CheckRow(id="KEY-001", title="t", checked="2026-02-30"), ("a-rule",), "no day"),
        ],
    )
    def test_is_refused(self, row: CheckRow, rules: tuple[str, ...], what: str) -> None:
        with pytest.raises(PolicyError, match=what):
            check_rows([Coverage(row, rules)])

    def test_may_be_whole_in_part_or_left(self) -> None:
        whole = CheckRow(id="KEY-001", title="t", checked="2026-12-01")
        part = CheckRow(id="KEY-002", title="t", part="Tokens are not read.", checked="2026-12-01")
        left = CheckRow(id="KEY-003", title="t", left="needs tokens", checked="2026-12-01")
        found = [Coverage(whole, ("a-rule",)), Coverage(part, ("a-rule",)), Coverage(left, ())]
        check_rows(found)
        assert [each.state for each in found] == ["whole", "part", "left"]


class TestListCodes:
    def test_prints_rows_rules_and_counts(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["policy", "list", "--codes"]) == 0
        printed = capsys.readouterr().out
        assert re.search(r"KEY-061 +whole +\S+ +point lies on its curve +point-off-curve\n", printed)
        assert re.search(r"KEY-127 +left +\S+ +certificate is not revoked +needs a look-up", printed)
        assert re.search(r"GROUP +WHOLE +PART +LEFT +OPEN +CHECKED +ROWS\nKEY +\d+ ", printed)
