"""Where the JSON reader says that a fault stands."""

from __future__ import annotations

from scanner.files.json_reader import read_json


class TestFaultPlaces:
    def test_nan_stands_where_it_begins(self) -> None:
        """Found while telling people where to look: it was told behind the word."""
        _, (fault,) = read_json('{"x": NaN}')
        assert (fault.kind, fault.line, fault.column) == ("not-a-number", 1, 7)
