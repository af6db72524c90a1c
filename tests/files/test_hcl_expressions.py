"""Expressions of HCL, evaluated as far as the file tells their values."""

from __future__ import annotations

import pytest

from scanner.files.tree import Mapping, Sequence, to_plain
from tests.files.trees import at, tree

_LOCALS = 'locals {\n  name = "b"\n  map = { a = "x", b = [1, 2] }\n}\nvariable "d" { default = "v" }\n'


class TestExpressions:
    @pytest.mark.parametrize(
        ("expression", "expected"),
        [
            ('("a")', "a"),
            ('join("-", ["a", local.name])', "a-b"),
            ('format("%s/%d%%", "a", 3)', "a/3%"),
            ('upper(trimspace(" a "))', "A"),
            ('replace("a.b", ".", "-")', "a-b"),
            ('base64decode("YQ==")', "a"),
            ('merge({ a = 1 }, { b = "x" })', {"a": 1, "b": "x"}),
            ('concat(["a"], ["b"])', ["a", "b"]),
            ("flatten([[1], [[2]]])", [1, 2]),
            ('[for each in ["a", "b"] : upper(each) if each != "a"]', ["B"]),
            ("{ for key, value in local.map : key => value }", {"a": "x", "b": [1, 2]}),
            ('true && !false ? ["a"] : ["b"]', ["a"]),
            ('local.name == "b" ? ["a"] : ["b"]', ["a"]),
            ('(("b" == local.name ? "x" : "y") == "x") && (!(false)) ? ["a"] : ["b"]', ["a"]),
            ("length(local.map.b) > 1 ? [1] : [2]", [1]),
            ("var.unknown ? [1] : [2]", [1, 2]),
            ('lookup({ a = "x" }, "z", "y")', "y"),
            ('yamldecode("a: [1]")', {"a": [1]}),
            ('jsondecode("[true]")', [True]),
            ("local.map.b[*]", [1, 2]),
        ],
    )
    def test_give_what_terraform_gives(self, expression: str, expected: object) -> None:
        node = tree(f"{_LOCALS}a = {expression}\n", "hcl")
        assert isinstance(node, Mapping)
        found = node.get("a")
        assert found is not None
        assert to_plain(found) == expected

    def test_that_are_names_keep_their_text_beside_the_value(self) -> None:
        """The name is what is shown; the value is for recognition."""
        node = tree(f"{_LOCALS}a = local.map.a\nb = var.d\nc = var.e\n", "hcl")
        assert [(at(node, name).text, at(node, name).value) for name in "abc"] == [
            ("local.map.a", "x"),
            ("var.d", "v"),
            ("var.e", "var.e"),
        ]

    def test_of_definitions_in_a_circle_are_not_known(self) -> None:
        node = tree("locals {\n  a = local.b\n  b = local.a\n}\nx = local.a\n", "hcl")
        assert at(node, "x").value == "local.a"

    def test_that_grow_without_end_are_not_known(self) -> None:
        lines = "\n".join(f'  a{number} = "${{local.a{number - 1}}}${{local.a{number - 1}}}"' for number in range(1, 40))
        node = tree(f'locals {{\n  a0 = "xxxxxxxx"\n{lines}\n}}\nx = join("", [local.a39])\n', "hcl")
        assert len(str(at(node, "x").value)) < 1_000_000

    def test_read_no_file(self) -> None:
        """A file by itself does not tell what lies around it; the module does."""
        node = tree('a = yamldecode(file("${path.module}/x.data"))\nb = file("/etc/passwd")\n', "hcl")
        assert to_plain(node) == {"a": 'yamldecode(file("${path.module}/x.data"))', "b": 'file("/etc/passwd")'}

    def test_in_a_dynamic_block_give_one_block_for_each_element(self) -> None:
        node = tree('dynamic "x" {\n  for_each = ["a", "b"]\n  content {\n    y = x.value\n  }\n}\n', "hcl")
        assert isinstance(node, Mapping)
        assert isinstance(blocks := node.get("x"), Sequence)
        assert to_plain(blocks) == [{"y": "a"}, {"y": "b"}]
