"""Every construct of the table in `docs/units.md` gives what the table says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.units.row import Row, answer_of, scan_row

ROWS: tuple[Row, ...] = ()
_ROW = re.compile(r"^\| ([^|]+?) \| (resolved|undetermined) \| [^|]+ \|$", re.MULTILINE)
_TABLE = Path(__file__).parents[2] / "docs" / "units.md"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.construct)
def test_a_construct_gives_what_the_table_says(row: Row, tmp_path: Path) -> None:
    assert answer_of(scan_row(row, tmp_path)) == row.answer


def test_the_table_has_the_constructs_that_are_tested() -> None:
    assert sorted(_ROW.findall(_TABLE.read_text())) == sorted((row.construct, row.answer) for row in ROWS)
