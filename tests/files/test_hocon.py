"""HOCON, as EMQX and the programs of Lightbend's library are configured."""

from __future__ import annotations

from scanner.files.formats import format_of
from scanner.files.read import read
from scanner.files.tree import Unparsed, to_plain
from tests.files.trees import at, shown, tree

TEXT = """\
include "base.conf"
node.name = "emqx@127.0.0.1"   // a comment
authentication = [
  {
    mechanism = jwt, use_jwks = true   # both on one line
    endpoint = "https://idp.example.com/jwks.json"
    ssl { enable = true, verify = verify_none }
    ssl.server_name_indication : "idp.example.com"
    "quoted.name" = "a\\tb"
  }
  { mechanism = password_based
    timeout = 5s }
]
url = https://idp.example.com/jwks
secret = ${SECRET}
pem = \"\"\"-----BEGIN
\\n stays
-----END\"\"\"
"""


class TestHocon:
    def test_dotted_names_nest_and_objects_of_one_name_are_joined(self) -> None:
        assert to_plain(tree(TEXT, "hocon")) == {
            "node": {"name": "emqx@127.0.0.1"},
            "authentication": [
                {
                    "mechanism": "jwt",
                    "use_jwks": True,
                    "endpoint": "https://idp.example.com/jwks.json",
                    "ssl": {"enable": True, "verify": "verify_none", "server_name_indication": "idp.example.com"},
                    "quoted.name": "a\tb",
                },
                {"mechanism": "password_based", "timeout": "5s"},
            ],
            "url": "https://idp.example.com/jwks",
            "secret": "${SECRET}",
            "pem": "-----BEGIN\n\\n stays\n-----END",
        }

    def test_the_last_value_of_a_name_counts(self) -> None:
        assert to_plain(tree("a = 1\na.b = 2\na { c = 3 }\nd = {x = 1}\nd = null\n", "hocon")) == {
            "a": {"b": "2", "c": "3"},
            "d": None,
        }

    def test_an_object_may_have_braces_around_it(self) -> None:
        assert to_plain(tree('{"a": [1, 2], b = {}}', "hocon")) == {"a": ["1", "2"], "b": {}}

    def test_knows_its_places(self) -> None:
        node = tree(TEXT, "hocon")
        endpoint = at(node, "url")
        assert (endpoint.line, endpoint.column) == (14, 7)
        assert shown(TEXT, at(node, "node", "name")).startswith('"emqx@127.0.0.1"')
        assert (at(node, "pem").line, at(node, "pem").end_line) == (16, 18)

    def test_says_where_it_is_none(self) -> None:
        found = read(b"a = 1\nb c\n", "hocon")
        assert isinstance(found, Unparsed)
        assert (found.line, found.column) == (2, 3)

    def test_has_an_ending_of_its_own(self) -> None:
        assert format_of("cluster.hocon", b"a = 1") == "hocon"
