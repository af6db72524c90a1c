"""Spellings that hide a name from a search of bytes: which are found, and that ordinary text has no sign of one."""

from __future__ import annotations

import base64

import pytest

from scanner.evidence.read_document import DocumentReader
from scanner.evidence.respelling import spell_out
from scanner.findings.document_log import DocumentLog
from scanner.pack.shipped import shipped_pack
from scanner.sources.document import Document


class TestSpellOut:
    @pytest.mark.parametrize(
        "text",
        [
            r'"\u006awt"', r'"\x6awt"', r'"\U0000006Awt"', r"\\\\u006awt", r'"\u{6a}wt"', "$'\\152wt'", "j\\\n wt", r"\jwt.a=b",
            "--'jw't", '--j"w"t', r"--j\wt", "a&#106;wt", "&#x6A;wt", "j<!-- x -->wt", "j<![CDATA[w]]>t", "j<?x?>wt",
            '<!DOCTYPE a [<!ENTITY x "jw">]><a>&x;t</a>', "kind: Secret\na: " + base64.b64encode(b"its name: jwt, a").decode(),
        ],
    )  # fmt: skip
    def test_undoes_what_a_parser_undoes(self, text: str) -> None:
        found = spell_out(text.encode())
        assert found is not None
        assert b"jwt" in found.text

    @pytest.mark.parametrize("text", ["a: !!binary and0", "a: !<tag:yaml.org,2002:binary> x", "%TAG ! x:\n", "a: !!b%69nary x"])
    def test_leaves_tags_to_the_parser(self, text: str) -> None:
        found = spell_out(text.encode())
        assert found is not None
        assert found.needs_tree

    @pytest.mark.parametrize(
        "text",
        [
            r'{"a": "\u003cb\u003e \u0026 \n \"x\" C:\\t"}', r"pattern: ^[a-z]\d+\.\w*$", "a: !Ref b", "args: ['--a', \"--b\"]",
            "<a><!-- b --><c>&#10;&lt;</c></a>", "run: |\n  a \\\n    --b c\n", "kind: Deployment\nvalue: don't",
        ],
    )  # fmt: skip
    def test_ordinary_text_is_not_searched_twice(self, text: str) -> None:
        assert spell_out(text.encode()) is None


class TestANamedFile:
    @pytest.mark.parametrize(
        ("text", "is_missing"),
        [
            ("kind: RequestAuthentication\napiVersion: security.istio.io/v1\nspec: {jwtRules: [{issuer: a}\n", True),
            ("a: [1, 2\nb: {x\n", False),
        ],
    )
    def test_that_cannot_be_parsed_is_a_missing_target_where_it_may_hold_a_binding(self, text: str, is_missing: bool) -> None:
        evidence = DocumentReader(shipped_pack(examples=False).platforms).read(Document("a.yaml", text.encode(), is_named=True))
        log = DocumentLog()
        if evidence is not None:
            log.document(evidence)
        assert log.is_target_missing is is_missing
