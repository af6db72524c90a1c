"""Every construct of the table in `docs/units.md` gives what the table says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.forms.form import EXIT_CODES, scan_tree
from tests.units import (
    application_rows,
    aws_rows,
    compose_rows,
    dotnet_rows,
    helm_rows,
    kustomize_rows,
    namespaces_rows,
    terraform_rows,
    vault_rows,
    workloads_rows,
)
from tests.units.row import OutcomeRow, Row, answer_of, scan_row

ROWS: tuple[Row, ...] = (
    *helm_rows.ROWS,
    *dotnet_rows.ROWS,
    *compose_rows.ROWS,
    *terraform_rows.ROWS,
    *aws_rows.ROWS,
    *vault_rows.ROWS,
    *workloads_rows.ROWS,
)
OUTCOMES: tuple[OutcomeRow, ...] = (*kustomize_rows.ROWS, *application_rows.ROWS, *namespaces_rows.ROWS)
TREES = [(row, number) for row in OUTCOMES for number in range(len(row.trees))]
_ROW = re.compile(r"^\| (?!construct)([^|]+?) \| ([^|]+?) \|$", re.MULTILINE)
_TABLE = Path(__file__).parents[2] / "docs" / "units.md"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.construct)
def test_a_construct_gives_what_the_table_says(row: Row, tmp_path: Path) -> None:
    assert answer_of(scan_row(row, tmp_path)) == row.answer


@pytest.mark.parametrize(("row", "number"), [pytest.param(*each, id=f"{each[0].construct}-{each[1]}") for each in TREES])
def test_each_tree_of_a_construct_gives_its_outcome(row: OutcomeRow, number: int, tmp_path: Path) -> None:
    outcome, files = row.trees[number]
    assert scan_tree(files, tmp_path) == EXIT_CODES[outcome]


def test_the_table_has_the_constructs_that_are_tested() -> None:
    tested = [*((row.construct, row.answer) for row in ROWS), *((row.construct, row.answer) for row in OUTCOMES)]
    assert sorted(_ROW.findall(_TABLE.read_text())) == sorted(tested)
