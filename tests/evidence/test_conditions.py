"""A setting that a condition of a template may leave out is not certainly there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.evidence.bindings.values.conditions import Block, find_blocks
from scanner.evidence.read_document import DocumentReader
from scanner.pack.shipped import shipped_pack
from scanner.sources.document import Document

RULE = """\
kind: RequestAuthentication
spec:
  jwtRules:
  - issuer: https://login.example.com
    jwksUri: https://login.example.com/jwks.json
"""


def is_conditional(text: str) -> bool:
    found = DocumentReader(shipped_pack(examples=False).platforms).read(Document("a.yaml", text.encode()))
    assert found is not None
    return any(binding.settings["audiences"].is_conditional for binding in found.bindings)


class TestASetting:
    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("{{- if .Values.aud }}", "{{- end }}"),
            ("{{ with .x }}", "{{ end }}"),
            ("{% if aud %}", "{% endif %}"),
            ("{%- for a in b %}", "{%- endfor %}"),
            ("{{ if .a }}\n    fromParams: [t]\n    {{ else }}", "{{ end }}"),
        ],
    )
    def test_in_a_block_of_its_own_may_be_left_out(self, before: str, after: str) -> None:
        assert is_conditional(f"{RULE}    {before}\n    audiences: [shop]\n    {after}\n")

    def test_in_each_branch_is_always_there(self) -> None:
        inside = "    {{ if .a }}\n    audiences: [shop]\n    {{ else }}\n    audiences:\n    - other\n    {{ end }}\n"
        assert not is_conditional(RULE + inside)

    def test_in_the_block_of_its_whole_binding_is_there_with_it(self) -> None:
        assert not is_conditional(f"{{{{ if .on }}}}\n{RULE}    audiences: [shop]\n{{{{ end }}}}\n")

    def test_beside_other_blocks_is_there(self) -> None:
        assert not is_conditional(f"{RULE}    audiences: [shop]\n    {{{{ if .x }}}}\n    fromParams: [t]\n    {{{{ end }}}}\n")


class TestBlocks:
    def test_nest(self) -> None:
        text = "{{ if a }}\n{{ with b }}\n{{ end }}\n{{ else }}\n{{ end }}\n"
        assert find_blocks(text) == [Block(2, 3, 1), Block(1, 5, 2)]

    def test_without_an_end_are_none(self) -> None:
        assert find_blocks("{{ if a }}\n{{ else }}\n") == []

    @given(st.lists(st.sampled_from(["{{ if a }}", "{{ else }}", "{{- end }}", "{% for x %}", "{% endfor %}", "\n", "x"])))
    def test_lie_in_their_text(self, parts: list[str]) -> None:
        text = "".join(parts)
        for block in find_blocks(text):
            assert 1 <= block.first_line <= block.last_line <= text.count("\n") + 1
            assert block.branches >= 1
