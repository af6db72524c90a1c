"""Bicep becomes the ARM template that it stands for."""

from __future__ import annotations

import pytest

from scanner.files.read import read
from scanner.files.tree import Mapping, Node, Parsed, Scalar, Sequence, Unparsed, to_plain
from tests.files.trees import tree


def _resources(text: str) -> list[object]:
    plain = to_plain(tree(text, "bicep"))
    assert isinstance(plain, dict)
    found = plain["resources"]
    assert isinstance(found, list)
    return found


def _value(text: str) -> Node:
    """The value of the variable `x`."""
    node = tree(text, "bicep")
    assert isinstance(node, Mapping)
    variables = node.get("variables")
    assert isinstance(variables, Mapping)
    found = variables.get("x")
    assert found is not None
    return found


class TestShape:
    def test_a_resource_has_its_type_and_its_members(self) -> None:
        text = "resource a 'Microsoft.X/y@2024-01-01' = {\n  name: 'n'\n  properties: { b: true, c: 3 }\n}\n"
        assert _resources(text) == [
            {"type": "Microsoft.X/y", "apiVersion": "2024-01-01", "name": "n", "properties": {"b": True, "c": 3}}
        ]

    def test_a_nested_resource_has_its_whole_type(self) -> None:
        text = "resource a 'M.X/y@1' = {\n  name: 'n'\n  @batchSize(1)\n  resource b 'z@2' = {\n    name: 'm'\n  }\n}\n"
        assert _resources(text) == [
            {"type": "M.X/y", "apiVersion": "1", "name": "n",
             "resources": [{"type": "M.X/y/z", "apiVersion": "2", "name": "m"}]}
        ]  # fmt: skip

    def test_a_nested_resource_of_microsoft_graph_names_its_whole_type_itself(self) -> None:
        text = "resource a 'M.G/a@v1.0' = {\n  resource b 'M.G/a/b@v1.0' = {\n    name: 'm'\n  }\n}\n"
        assert _resources(text) == [
            {"type": "M.G/a", "apiVersion": "v1.0", "resources": [{"type": "M.G/a/b", "apiVersion": "v1.0", "name": "m"}]}
        ]

    @pytest.mark.parametrize("body", ["if (on) {\n name: 'n'\n}", "[for x in xs: {\n name: 'n'\n}]",
                                      "[\n  for (x, i) in xs: if (x.on) {\n name: 'n'\n}\n]"])  # fmt: skip
    def test_a_condition_and_an_unknown_loop_leave_the_body(self, body: str) -> None:
        """Whether and how often it is deployed is not known, and what it says is."""
        assert _resources(f"resource a 'M.X/y@1' = {body}\n") == [{"type": "M.X/y", "apiVersion": "1", "name": "n"}]

    def test_a_loop_over_a_known_list_makes_each(self) -> None:
        given = "param xs array = [\n  {n: 'a'}\n  {n: 'b'}\n]\n"
        text = f"{given}resource a 'M.X/y@1' = [for (x, i) in xs: {{\n name: '${{x.n}}${{i}}'\n}}]\n"
        assert [value.text for value in _names(text)] == ["${x.n}${i}", "${x.n}${i}"]
        assert [value.value for value in _names(text)] == ["a0", "b1"]

    def test_a_module_has_its_source_and_parameters(self) -> None:
        plain = to_plain(tree("module m 'br/public:a:1' = {\n params: { b: 'c' }\n}\n", "bicep"))
        assert isinstance(plain, dict)
        assert plain["modules"] == [{"source": "br/public:a:1", "params": {"b": "c"}}]

    def test_a_file_of_parameters_gives_values(self) -> None:
        plain = to_plain(tree("using './main.bicep'\nparam a = 'b'\n", "bicep"))
        assert isinstance(plain, dict)
        assert plain["parameters"] == {"a": {"value": "b"}}


def _names(text: str) -> list[Scalar]:
    node = tree(text, "bicep")
    assert isinstance(node, Mapping)
    resources = node.get("resources")
    assert isinstance(resources, Sequence)
    found = [each.get("name") for each in resources.items if isinstance(each, Mapping)]
    return [each for each in found if isinstance(each, Scalar)]


class TestValues:
    def test_a_default_and_a_variable_are_filled_in(self) -> None:
        found = _value("param host string = 'login.example.com'\nvar base = 'https://${host}'\nvar x = '${base}/v2'\n")
        assert isinstance(found, Scalar)
        assert (found.text, found.value) == ("${base}/v2", "https://login.example.com/v2")

    def test_what_only_a_deployment_knows_stays_open(self) -> None:
        found = _value("param host string\nvar x = '${host}/v2'\n")
        assert isinstance(found, Scalar)
        assert found.value == "${host}/v2"

    @pytest.mark.parametrize("written", ["o.a", "o['a']", "o!.a", "o.?a", "(o.a)", "l[0].a", "l[0]!.a"])
    def test_a_step_selects_from_what_is_known(self, written: str) -> None:
        found = _value(f"var o = {{ a: 'v' }}\nvar l = [o]\nvar x = {written}\n")
        assert isinstance(found, Scalar)
        assert found.value == "v"

    @pytest.mark.parametrize(
        "written", ["f(a)", "c ? 'a' : 'b'", "c\n  ? 'a'\n  : 'b'", "a ?? 'b'", "loadTextContent('p.xml')", "!empty(a)", "x"]
    )
    def test_any_other_expression_is_a_text_of_itself(self, written: str) -> None:
        found = _value(f"var x = {written}\nvar y = 1\n")
        assert isinstance(found, Scalar)
        assert found.is_expression
        assert found.value == found.text == written

    def test_a_text_of_several_lines_is_as_written(self) -> None:
        found = _value("var x = '''\n<a b=\"'c'\">${d}</a>\n'''\n")
        assert isinstance(found, Scalar)
        assert found.text == "<a b=\"'c'\">${d}</a>\n"

    def test_escapes(self) -> None:
        found = _value(r"var x = 'a\'b\\\$\u{e9}\n'" + "\n")
        assert isinstance(found, Scalar)
        assert found.text == "a'b\\$é\n"

    def test_known_members_are_spread(self) -> None:
        assert to_plain(_value("var o = { a: 1 }\nvar x = {\n  ...o\n  b: 2\n}\n")) == {"a": 1, "b": 2}

    def test_commas_lines_and_comments_divide(self) -> None:
        text = "var x = [\n  1 // one\n  2, 3 /* three\n */\n  #disable-next-line no-x\n  4\n]\n"
        assert to_plain(_value(text)) == [1, 2, 3, 4]


class TestFaults:
    def test_an_unreadable_statement_leaves_the_others(self) -> None:
        found = read(b"var a = {\n  b 1\n}\nresource c 'M.X/y@1' = {\n  name: 'n'\n}\n", "bicep")
        assert isinstance(found, Parsed)
        assert [(fault.kind, fault.line, fault.first_line, fault.end_line) for fault in found.faults] == [
            ("unparsed-document", 2, 1, 3)
        ]
        assert '"name"' not in str(found.faults)

    def test_a_bracket_without_an_end_leaves_the_next_statement(self) -> None:
        found = read(b"var a = {\n  b: [\nvar x = 1\n", "bicep")
        assert isinstance(found, Parsed)
        assert len(found.faults) == 1

    def test_another_text_is_refused(self) -> None:
        assert isinstance(read(b"Dear reader,\n", "bicep"), Unparsed)

    def test_a_deep_text_is_refused(self) -> None:
        found = read(b"var x = " + b"[" * 100 + b"]" * 100, "bicep")
        assert isinstance(found, Unparsed)
        assert found.because == "it nests too deep"
