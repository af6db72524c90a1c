"""HCL in the shape of its JSON form, with true positions."""

from __future__ import annotations

from scanner.files.inside import Insides
from scanner.files.read import read
from scanner.files.tree import Mapping, Parsed, Sequence, Unparsed, to_plain
from tests.files.trees import at, shown, tree

AUTH = """\
resource "vault_jwt_auth_backend" "ci" {
  oidc_discovery_url = "https://idp.example.com"
  bound_issuer       = var.issuer # é
  default_lease      = -5
  tune { listing = true }
}

resource "vault_jwt_auth_backend_role" "a" {
  backend         = vault_jwt_auth_backend.ci.path
  bound_audiences = ["sigstore", local.other, null]
}
"""


class TestBlocks:
    def test_nest_by_type_and_labels(self) -> None:
        node = tree(AUTH, "hcl")
        assert to_plain(node) == {
            "resource": {
                "vault_jwt_auth_backend": {
                    "ci": {
                        "oidc_discovery_url": "https://idp.example.com",
                        "bound_issuer": "var.issuer",
                        "default_lease": -5,
                        "tune": {"listing": True},
                    }
                },
                "vault_jwt_auth_backend_role": {
                    "a": {
                        "backend": "vault_jwt_auth_backend.ci.path",
                        "bound_audiences": ["sigstore", "local.other", None],
                    }
                },
            }
        }

    def test_of_one_name_are_a_list(self) -> None:
        node = tree("x {\n  a = 1\n}\nx {\n  a = 2\n}\n", "hcl")
        assert to_plain(node) == {"x": [{"a": 1}, {"a": 2}]}

    def test_one_variable_of_a_container_is_a_list_as_two_are(self) -> None:
        node = tree('env {\n  name = "A"\n  value = "b"\n}\nx {\n  env {\n    name = "of another kind"\n  }\n}\n', "hcl")
        assert to_plain(node) == {"env": [{"name": "A", "value": "b"}], "x": {"env": {"name": "of another kind"}}}

    def test_that_are_dynamic_are_what_they_become(self) -> None:
        node = tree('dynamic "rule" {\n  for_each = var.r\n  content {\n    a = rule.value\n  }\n}\n', "hcl")
        assert to_plain(node) == {"rule": {"a": "rule.value"}}

    def test_know_their_places(self) -> None:
        node = tree(AUTH, "hcl")
        url = at(node, "resource", "vault_jwt_auth_backend", "ci", "oidc_discovery_url")
        assert (url.line, url.column) == (2, 24)
        assert shown(AUTH, at(node, "resource", "vault_jwt_auth_backend_role", "a", "bound_audiences", 0)).startswith(
            '"sigstore"'
        )

    def test_that_are_broken_do_not_hide_the_others(self) -> None:
        parsed = read(b'b {\n  y = "z"\n}\na = 1 1 1 {\n', "hcl")
        assert isinstance(parsed, Parsed)
        assert [(fault.kind, fault.line) for fault in parsed.faults] == [("unparsed-document", 4)]
        assert to_plain(parsed.documents[0]) == {"b": {"y": "z"}, "a": 1}

    def test_that_are_all_broken_are_refused_with_the_place(self) -> None:
        parsed = read(b"a {\n  x = = 1\n}\n", "hcl")
        assert isinstance(parsed, Unparsed)
        assert (parsed.line, parsed.column) == (2, 7)

    def test_below_a_waiver_end_where_they_end(self) -> None:
        parsed = read(b"# jwksgov: ignore[r] why\n" + AUTH.encode(), "hcl")
        assert isinstance(parsed, Parsed)
        (waiver,) = parsed.waivers
        assert (waiver.first_line, waiver.last_line) == (2, 7)

    def test_repeat_an_attribute_with_a_fault(self) -> None:
        parsed = read(b"a = 1\na = 2\n", "hcl")
        assert isinstance(parsed, Parsed)
        assert [(fault.kind, fault.line) for fault in parsed.faults] == [("duplicate-member", 2)]


class TestExpressions:
    def test_are_scalars_of_their_own_text(self) -> None:
        node = tree('a = var.x\nb = "${var.x}/y"\nc = cidrsubnet(local.a, 1, 2)\n', "hcl")
        assert [at(node, name).is_expression for name in "abc"] == [True, False, True]
        assert at(node, "b").text == "${var.x}/y"
        assert at(node, "c").text == "cidrsubnet(local.a, 1, 2)"

    def test_that_only_change_the_dress_are_what_they_enclose(self) -> None:
        node = tree('a = jsonencode({ "x" : "é", y = [1.5], (z) = "w" })\nb = toset(["q"])\n', "hcl")
        assert to_plain(node) == {"a": {"x": "é", "y": [1.5], "z": "w"}, "b": ["q"]}

    def test_resolve_escapes_and_keep_interpolation(self) -> None:
        node = tree('a = "x\\n\\u0041 ${f("q\\n")} y"\n', "hcl")
        assert at(node, "a").text == 'x\nA ${f("q\\n")} y'

    def test_beyond_ascii_do_not_move_what_follows(self) -> None:
        text = 'a = ["é😀", "b"]\n'
        assert shown(text, at(tree(text, "hcl"), "a", 1)).startswith('"b"]')


class TestHeredocs:
    def test_are_read_inside_with_true_places(self) -> None:
        text = (
            'data = {\n  "oidc.config" = <<-EOF\n    name: x\n    issuer: https://idp.example.com/${var.realm}\n'
            "    secret: a\\b\n  EOF\n}\n"
        )
        parsed = read(text.encode(), "hcl")
        assert isinstance(parsed, Parsed)
        config = at(parsed.documents[0], "data", "oidc.config")
        assert config.text == "name: x\nissuer: https://idp.example.com/${var.realm}\nsecret: a\\b\n"
        inner = Insides(parsed.text).read(config, "yaml")
        assert isinstance(inner, Parsed)
        issuer = at(inner.documents[0], "issuer")
        assert (issuer.line, issuer.column) == (4, 13)

    def test_keep_their_indentation_without_a_dash(self) -> None:
        assert at(tree("a = <<EOF\n  x\n   y\nEOF\n", "hcl"), "a").text == "  x\n   y\n"


class TestTemplates:
    def test_around_blocks_and_in_values_are_masked(self) -> None:
        text = '{{ if .on }}\na {\n  x = {{ .x }}\n  y = "{{ .y }}/z"\n  w = 1\n}\n{{ end }}\n'
        parsed = read(text.encode(), "hcl")
        assert isinstance(parsed, Parsed)
        a = parsed.documents[0]
        assert to_plain(a) == {"a": {"x": "{{ .x }}", "y": "{{ .y }}/z", "w": 1}}
        assert (at(a, "a", "x").is_masked, at(a, "a", "x").column) == (True, 7)


def test_types_of_the_tree_hold() -> None:
    node = tree("x {\n}\nx {\n}\n", "hcl")
    assert isinstance(node, Mapping)
    assert isinstance(node.get("x"), Sequence)
