"""TOML with positions."""

from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from scanner.files.read import read
from scanner.files.tree import Parsed, Unparsed, to_plain
from tests.files.trees import at, shown, tree

TEXT = """\
issuer = "https://idp.example.com" # é
[http.middlewares."a b".jwt]
b.c = ["q", 'w', true, 1_000, 1e3, 2020-01-01]
d = {e = "x\\u0041", f = {}}
[[provider]]
name = '''
é "one"'''
[provider.tls]
verify = false
[[provider]]
name = "two"
"""


class TestToml:
    def test_nests_tables_and_lists_arrays_of_tables(self) -> None:
        assert to_plain(tree(TEXT, "toml")) == {
            "issuer": "https://idp.example.com",
            "http": {
                "middlewares": {
                    "a b": {"jwt": {"b": {"c": ["q", "w", True, 1000, 1000.0, "2020-01-01"]}, "d": {"e": "xA", "f": {}}}}
                }
            },
            "provider": [{"name": 'é "one"', "tls": {"verify": False}}, {"name": "two"}],
        }

    def test_knows_its_places(self) -> None:
        node = tree(TEXT, "toml")
        assert shown(TEXT, at(node, "provider", 1, "name")) == '"two"'
        assert shown(TEXT, at(node, "http", "middlewares", "a b", "jwt", "b", "c", 1)).startswith("'w'")

    def test_says_where_it_cannot_be_read(self) -> None:
        found = read(b"a = 1\nb = = 2\n", "toml")
        assert isinstance(found, Unparsed)
        assert found.line == 2

    def test_keeps_repeated_keys_as_a_fault(self) -> None:
        found = read(b"a = 1\na = 2\n", "toml")
        assert isinstance(found, Parsed)
        assert [(fault.kind, fault.line, fault.column) for fault in found.faults] == [("duplicate-member", 2, 1)]

    def test_of_a_template_is_masked(self) -> None:
        text = '{{ if .on }}\na = {{ .a }}\n{{ end }}\n[x]\nb = "{{ .b }}"\n{% for i in j %}\nc = 3\n{% endfor %}\n'
        node = tree(text, "toml")
        assert to_plain(node) == {"a": "{{ .a }}", "x": {"b": "{{ .b }}", "c": 3}}
        assert at(node, "a").is_masked

    @given(
        st.dictionaries(
            st.from_regex(r"[a-z]{1,5}", fullmatch=True), st.text(alphabet="ab'é\"\\ \n\t#=[]{}😀", max_size=12), max_size=4
        )
    )
    def test_reads_strings_as_the_standard_library_does(self, data: dict[str, str]) -> None:
        import json

        text = "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in data.items())
        assert to_plain(tree(text, "toml")) == tomllib.loads(text)
