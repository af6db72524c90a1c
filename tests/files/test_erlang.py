"""Erlang terms, as RabbitMQ is configured."""

from __future__ import annotations

from scanner.files.read import read
from scanner.files.tree import Unparsed, to_plain
from tests.files.trees import at, shown, tree

TEXT = """\
%% c
[
  {rabbit, [{auth_backends, [rabbit_auth_backend_oauth2, internal]}, verbose]},
  {'rabbitmq-x', [
    {issuer, "https://idp.example.com"}, % d
    {signing_keys, #{
      <<"key-1">> => {pem, <<"-----BEGIN
abc
-----END"/utf8>>},
      <<"k2">> => {map, #{<<"alg">> => <<"HS\\"256">>, <<"n">> => 5}}
    }},
    {enabled, true}, {none, undefined}, {odd, {1, 2, 3}}, {dir, ${DIR}}
  ]}
].
"""


class TestErlang:
    def test_pairs_are_mappings(self) -> None:
        assert to_plain(tree(TEXT, "erlang")) == {
            "rabbit": {"auth_backends": ["rabbit_auth_backend_oauth2", "internal"], "verbose": True},
            "rabbitmq-x": {
                "issuer": "https://idp.example.com",
                "signing_keys": {
                    "key-1": {"pem": "-----BEGIN\nabc\n-----END"},
                    "k2": {"map": {"alg": 'HS"256', "n": "5"}},
                },
                "enabled": True,
                "none": None,
                "odd": ["1", "2", "3"],
                "dir": "${DIR}",
            },
        }

    def test_knows_its_places(self) -> None:
        node = tree(TEXT, "erlang")
        pem = at(node, "rabbitmq-x", "signing_keys", "key-1", "pem")
        assert (pem.line, pem.end_line) == (7, 9)
        assert shown(TEXT, pem) == '"-----BEGIN'

    def test_says_where_it_is_none(self) -> None:
        found = read(b"[{a, b},\n  ?X].", "erlang")
        assert isinstance(found, Unparsed)
        assert (found.line, found.column) == (2, 3)
