"""The list of published example keys agrees with the documents it was made from."""

from __future__ import annotations

import runpy
from pathlib import Path

from scanner.facts.lists.published_keys import source_of

TESTS = Path(__file__).parent.parent


class TestPublishedKeys:
    def test_list_is_what_the_script_makes(self) -> None:
        made = runpy.run_path(str(TESTS / "make_published_keys.py"))["made"]()
        assert TESTS.parent.joinpath("scanner/facts/lists/published_keys.txt").read_text(encoding="utf-8") == made

    def test_thumbprints_are_those_that_the_standards_print(self) -> None:
        """RFC 7638 §3.1 and RFC 8037 §A.3 state the thumbprints of their keys."""
        assert source_of("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs") == "RFC 7517 §A.1, RFC 7638 §3.1"
        assert source_of("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k") == "RFC 8037 §A.2"
        assert source_of(None) is None
