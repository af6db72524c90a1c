"""Strings in strings: a tree whose every position is the outer file's."""

from __future__ import annotations

import base64
import json

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scanner.files.inside import Insides
from scanner.files.read import read
from scanner.files.tree import Format, Mapping, Node, Parsed, Scalar, Unparsed, to_plain
from tests.files.trees import at, shown

JWKS = "https://idp.example.com/jwks"


def outer(text: str, format_: Format = "yaml") -> tuple[Node, Insides]:
    parsed = read(text.encode(), format_)
    assert isinstance(parsed, Parsed), parsed
    return parsed.documents[0], Insides(parsed.text)


def inner(insides: Insides, scalar: Scalar, format_: Format) -> Node:
    found = insides.read(scalar, format_)
    assert isinstance(found, Parsed), found
    return found.documents[0]


class TestBlockScalar:
    TEXT = (
        "data:\n  config.yaml: |\n    # how we sign in\n    oidc:\n      issuer: https://idp.example.com\n\n"
        "      clientID: 'web'\n  other: 1\n"
    )

    def test_of_yaml_keeps_line_and_column(self) -> None:
        node, insides = outer(self.TEXT)
        issuer = at(inner(insides, at(node, "data", "config.yaml"), "yaml"), "oidc", "issuer")
        assert (issuer.line, issuer.column, issuer.text) == (5, 15, "https://idp.example.com")

    def test_keeps_the_place_of_keys_and_ends(self) -> None:
        node, insides = outer(self.TEXT)
        tree = inner(insides, at(node, "data", "config.yaml"), "yaml")
        assert isinstance(tree, Mapping)
        oidc = tree.entries[0]
        assert (oidc.key.line, oidc.key.column, oidc.value.end_line) == (4, 5, 7)

    def test_of_properties_and_json(self) -> None:
        text = f'a: |-\n  x=1\n  jwks = {JWKS}\nb: |2\n    {{"jwks":\n     "{JWKS}"}}\n'
        node, insides = outer(text)
        assert shown(text, at(inner(insides, at(node, "a"), "properties"), "jwks")) == JWKS
        assert shown(text, at(inner(insides, at(node, "b"), "json"), "jwks")).startswith(f'"{JWKS}"')

    def test_with_a_template_loses_its_indentation_and_keeps_its_actions(self) -> None:
        text = (
            "data:\n  config: |\n    {{- if .Values.on }}\n    issuer: {{ .Values.issuer }}\n    x:\n      y: 1\n"
            "    {{- end }}\n  z: {{ .Values.z }}\n"
        )
        node, insides = outer(text)
        tree = inner(insides, at(node, "data", "config"), "yaml")
        issuer = at(tree, "issuer")
        assert (issuer.text, issuer.line, issuer.column, issuer.is_masked) == ("{{ .Values.issuer }}", 4, 13, True)
        assert at(tree, "x", "y").line == 6

    def test_holds_waivers_at_the_outer_lines(self) -> None:
        node, insides = outer("a: |\n  # jwksgov: ignore[r] why\n  issuer: x\n  y: z\nb: 1\n")
        found = insides.read(at(node, "a"), "yaml")
        assert isinstance(found, Parsed)
        (waiver,) = found.waivers
        assert (waiver.line, waiver.first_line, waiver.last_line) == (2, 3, 3)

    def test_that_cannot_be_read_says_where_in_the_outer_file(self) -> None:
        node, insides = outer("a: |\n  x: [\n  y\n")
        found = insides.read(at(node, "a"), "json")
        assert isinstance(found, Unparsed)
        assert found.line == 2


class TestQuotedStrings:
    def test_of_json_in_single_and_double_quotes(self) -> None:
        one = f"""a: '{{"jwk_url": "{JWKS}", "name": "it''s"}}'\n"""
        node, insides = outer(one)
        assert shown(one, at(inner(insides, at(node, "a"), "json"), "jwk_url")).startswith(f'"{JWKS}"')
        two = f'a: "{{\\"x\\": \\"\\u00e9\\\\n\\", \\"jwk_url\\": \\"{JWKS}\\"}}"\n'
        node, insides = outer(two)
        assert shown(two, at(inner(insides, at(node, "a"), "json"), "jwk_url")).startswith(f'\\"{JWKS}\\"')

    def test_over_several_lines_have_the_line_of_the_value(self) -> None:
        text = f'a: \'{{ "type": "RS256", "jwk_url":\n    "{JWKS}",\n\n    "issuer":\n    "https://idp" }}\'\n'
        node, insides = outer(text)
        tree = inner(insides, at(node, "a"), "json")
        assert (at(tree, "jwk_url").line, at(tree, "jwk_url").column) == (2, 5)
        assert (at(tree, "issuer").line, at(tree, "issuer").column) == (5, 5)

    def test_twice_escaped(self) -> None:
        text = json.dumps({"a": json.dumps({"b": json.dumps({"jwks": JWKS, "quote": '"\\'})})})
        node, insides = outer(text, "json")
        middle = inner(insides, at(node, "a"), "json")
        tree = inner(insides, at(middle, "b"), "json")
        assert shown(text, at(tree, "jwks")).lstrip("\\").startswith(f'"{JWKS}')

    def test_of_a_plain_scalar(self) -> None:
        text = f"a: x=1&jwks={JWKS}\n"
        node, insides = outer(text)
        assert shown(text, at(inner(insides, at(node, "a"), "properties"), "x")).startswith("1&jwks")


class TestBase64:
    def test_is_read_at_the_strings_own_place(self) -> None:
        written = base64.urlsafe_b64encode(json.dumps({"keys": [{"kty": "RSA"}]}).encode()).decode().rstrip("=")
        node, insides = outer(f"x: 1\nsource: {written}\n")
        text = insides.base64(at(node, "source"))
        assert text is not None
        kty = at(inner(insides, text, "json"), "keys", 0, "kty")
        assert (kty.line, kty.column, kty.text) == (2, 9, "RSA")

    @pytest.mark.parametrize(
        "text", ["short", "two words of some length", "https://idp.example.com/x", "AAAAAAAAAAAAAAAA/////w=="]
    )
    def test_of_other_text_is_none(self, text: str) -> None:
        node, insides = outer(f"x: '{text}'\n")
        found = insides.base64(at(node, "x"))
        assert found is None or found.text.isprintable() is False


class TestHostileStrings:
    def test_are_read_once_however_often_they_are_asked_for(self) -> None:
        node, insides = outer("a: |\n  b: 1\n")
        assert insides.read(at(node, "a"), "yaml") is insides.read(at(node, "a"), "yaml")

    def test_may_not_hold_more_than_a_few_files(self) -> None:
        node, _ = outer("a: abcde\n")
        insides = Insides("a: abcde\n", most=10)
        answers = [insides.read(at(node, "a"), format_) for format_ in ("yaml", "properties", "json")]
        assert answers[-1] == Unparsed("the file's strings are too large together", 1, 4)

    @given(st.text(max_size=80), st.sampled_from(["yaml", "json", "properties"]), st.booleans())
    @settings(max_examples=300, deadline=None)
    def test_any_text_in_any_style_gives_trees_or_a_reason(self, text: str, format_: Format, is_flow: bool) -> None:
        document = yaml.safe_dump({"a": text, "b": 1}, default_style='"' if is_flow else "|", allow_unicode=True)
        parsed = read(document.encode("utf-8", "replace"), "yaml")
        if isinstance(parsed, Parsed) and isinstance(parsed.documents[0], Mapping):
            value = parsed.documents[0].get("a")
            if isinstance(value, Scalar):
                assert isinstance(Insides(parsed.text).read(value, format_), Parsed | Unparsed)


WORDS = st.text(alphabet="abc-_. é\"'\\\n\t{:#😀", min_size=1, max_size=14)
DATA = st.dictionaries(st.text(alphabet="abcdef", min_size=1, max_size=5), st.lists(WORDS, min_size=1, max_size=3), max_size=4)


class TestPositions:
    @given(DATA, st.sampled_from(['"', "'", "|", ">"]), st.sampled_from([None, 1, 3]))
    @settings(max_examples=300, deadline=None)
    def test_of_json_inside_yaml_point_at_the_value(self, data: dict[str, list[str]], style: str, indent: int | None) -> None:
        """Whatever the style of the string, the inner value begins where the position says."""
        written = json.dumps(data, ensure_ascii=False, indent=indent)
        text = yaml.dump({"k": {"a": written}}, default_style=style, allow_unicode=True, width=30)
        # PyYAML folds some texts so that no reader gets them back
        assume(yaml.safe_load(text) == {"k": {"a": written}})
        node, insides = outer(text)
        assert at(node, "k", "a").text == written
        tree = inner(insides, at(node, "k", "a"), "json")
        assert to_plain(tree) == data
        for name in data:
            for index in range(len(data[name])):
                scalar = at(tree, name, index)
                begin = shown(text, scalar)
                assert begin.lstrip("\\").startswith('"'), begin
                first = json.dumps(scalar.text, ensure_ascii=False)[1:2]
                rest = begin.lstrip("\\")[1:]
                if first not in "\\' \"" and rest:
                    assert rest.startswith((first, "\\")), (first, rest)
