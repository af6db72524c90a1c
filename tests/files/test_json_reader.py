"""Where the JSON reader says that a fault stands."""

from __future__ import annotations

from scanner.files.json_reader import read_json, read_json_stream
from scanner.files.read import read
from scanner.files.tree import Mapping, Parsed


class TestFaultPlaces:
    def test_nan_stands_where_it_begins(self) -> None:
        """Found while telling people where to look: it was told behind the word."""
        _, (fault,) = read_json('{"x": NaN}')
        assert (fault.kind, fault.line, fault.column) == ("not-a-number", 1, 7)


class TestAPartThatATemplateIncludes:
    def test_has_values_with_commas_between(self) -> None:
        nodes, faults = read_json_stream('{"a": 1},\n{"b": 2},\n')
        assert [node.names() for node in nodes if isinstance(node, Mapping)] == [("a",), ("b",)]
        assert [fault.kind for fault in faults] == ["trailing-content"]

    def test_may_include_members(self) -> None:
        """`{{ include "limits.tmpl" }},` stands for members that are in another file."""
        parsed = read(b'{"a": 1, {{ include "limits.tmpl" }}, "b": {{ .b }}},\n{"c": 3}', "json")
        assert isinstance(parsed, Parsed)
        first, second = parsed.documents
        assert isinstance(first, Mapping)
        assert isinstance(second, Mapping)
        assert first.get("b") is not None
        assert [entry.key.is_masked for entry in first.entries] == [False, True, False]
        assert second.names() == ("c",)
