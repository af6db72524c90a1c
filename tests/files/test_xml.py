"""XML, also where it is not well-formed."""

from __future__ import annotations

from scanner.files.read import read
from scanner.files.tree import Unparsed, to_plain
from tests.files.trees import at, shown, tree

POLICY = """\
<policies>
  <inbound>
    <when condition="@(context.Request.Method.Equals("patch") && a < b)">
      <validate-jwt header-name="Authorization" clock-skew='5'>
        <openid-config url="https://idp.example.com/{{tenant}}" />
        <audiences><!-- <audience>old</audience> --><audience>api</audience><audience> b&amp;c </audience></audiences>
        <value>@{ if (x < y && s == "</value>") { return "<z>"; } }</value>
      </validate-jwt>
    </when>
    <base />
  </inbound>
</policies>
"""


class TestXml:
    def test_is_attributes_text_and_elements(self) -> None:
        node = tree(POLICY, "xml")
        assert to_plain(node) == {
            "policies": {
                "inbound": {
                    "when": {
                        "@condition": '@(context.Request.Method.Equals("patch") && a < b)',
                        "validate-jwt": {
                            "@header-name": "Authorization",
                            "@clock-skew": "5",
                            "openid-config": {"@url": "https://idp.example.com/{{tenant}}"},
                            "audiences": {"audience": ["api", "b&c"]},
                            "value": '@{ if (x < y && s == "</value>") { return "<z>"; } }',
                        },
                    },
                    "base": None,
                }
            }
        }

    def test_knows_its_places(self) -> None:
        node = tree(POLICY, "xml")
        jwt = ("policies", "inbound", "when", "validate-jwt")
        assert shown(POLICY, at(node, *jwt, "openid-config", "@url")).startswith('"https://idp.example.com')
        assert shown(POLICY, at(node, *jwt, "audiences", "audience", 1)).startswith("b&amp;c")

    def test_takes_local_names_and_text_beside_attributes(self) -> None:
        text = '<a:x xmlns:a="urn:a"><a:Value ref="r"> t <![CDATA[<u>]]></a:Value></a:x>'
        assert to_plain(tree(text, "xml")) == {"x": {"@a": "urn:a", "Value": {"@ref": "r", "#text": "t <u>"}}}

    def test_expands_the_entities_of_the_file_and_opens_no_other(self) -> None:
        text = (
            '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
            "<x y='&b;'>&f;&#65;&lt;</x>"
        )
        assert to_plain(tree(text, "xml")) == {"x": {"@y": "aaaaaaaa", "#text": "&f;A<"}}

    def test_a_document_type_may_have_its_own_marks_in_texts(self) -> None:
        text = '<!DOCTYPE x [<!-- " --><!ENTITY a "]>\'"><!ELEMENT x (y)>]><x>&a;</x>'
        assert to_plain(tree(text, "xml")) == {"x": "]>'"}

    def test_entities_that_grow_without_measure_are_refused(self) -> None:
        declared = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 200}">' for n in range(1, 4))
        found = read(f'<!DOCTYPE x [<!ENTITY e0 "{"a" * 4000}">{declared}]><x>{"&e3;" * 100}</x>'.encode(), "xml")
        assert isinstance(found, Unparsed)
        assert found.because == "its entities repeat too much text"

    def test_survives_quotes_inside_attributes_and_elements_left_open(self) -> None:
        text = '<a><b c="x"y"z" d="e"><f>1</a><g h=i j/>'
        assert to_plain(tree(text, "xml")) == {
            "a": {"b": {"@c": 'x"y"z', "@d": "e", "f": "1"}},
            "g": {"@h": "i", "@j": ""},
        }

    def test_without_an_element_is_refused(self) -> None:
        assert isinstance(read(b"a < b <!-- <x/> -->", "xml"), Unparsed)
