"""The check catalogue and the rules that name its rows."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from scanner.cli import main
from scanner.pack.check_catalogue import coverage, read_check_catalogue
from scanner.pack.shipped import shipped_pack

PACK = shipped_pack(examples=True)


class TestTheCheckCatalogue:
    def test_has_each_row_once_under_an_id_of_its_group(self) -> None:
        ids = [row.id for row in read_check_catalogue()]
        assert [name for name, count in Counter(ids).items() if count > 1] == []
        assert all(re.fullmatch(r"(KEY|SET|EP|ISS|ROT|CON|FLT)-\d{3}", name) for name in ids)

    def test_has_every_row_that_a_rule_names(self) -> None:
        known = {row.id for row in read_check_catalogue()}
        assert {code for rule in PACK.rules.values() for code in rule.codes} <= known

    def test_leaves_no_row_that_a_rule_covers(self) -> None:
        """A reason for having no rule goes when the rule comes."""
        assert [each.row.id for each in coverage(PACK) if each.rules and each.row.left] == []

    def test_leaves_rows_about_keys_only_with_a_reason(self) -> None:
        """Algorithms within a profile (KEY-092) are the profiles' own matter."""
        assert [each.row.id for each in coverage(PACK) if each.state == "open" and each.row.id.startswith("KEY-")] in (
            [],
            ["KEY-092"],
        )


class TestListCodes:
    def test_prints_rows_rules_and_counts(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["policy", "list", "--codes"]) == 0
        printed = capsys.readouterr().out
        assert re.search(r"KEY-061 +covered +point lies on its curve +point-off-curve\n", printed)
        assert re.search(r"KEY-127 +left +certificate is not revoked +needs a look-up", printed)
        assert re.search(r"GROUP +COVERED +LEFT +OPEN +ROWS\nKEY +\d+ ", printed)
