"""The page on paths shows paths that are read."""

from __future__ import annotations

import re
from pathlib import Path

from scanner.evidence.bindings.paths.named_readers import NAMES
from scanner.evidence.bindings.paths.selectors import compile_path
from scanner.pack.durations import WORDS

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "platform-paths.md").read_text(encoding="utf-8")


def first_cells(page: str) -> list[str]:
    """The code in the first column of every table."""
    rows = [re.split(r"(?<!\\)\|", line)[1] for line in page.splitlines() if line.startswith("| `")]
    return [code.replace("\\|", "|") for row in rows for code in re.findall(r"`([^`]+)`", row)]


def test_every_move_and_filter_is_a_path() -> None:
    found = first_cells(PAGE)
    assert len(found) > 12
    for each in found:
        compile_path(each)


def test_every_reader_is_named() -> None:
    assert {f"#{name}" for name in NAMES} <= set(first_cells(PAGE))


def test_the_page_on_platforms_names_every_word_for_a_duration() -> None:
    page = (DOCS / "writing-platforms.md").read_text(encoding="utf-8")
    [row] = [line for line in page.splitlines() if line.startswith("| names that end in `_s`")]
    assert set(WORDS) <= set(re.findall(r"`([\w-]+)`", row))
