"""Directives of nginx, Apache, Caddy and HAProxy."""

from __future__ import annotations

from scanner.files.tree import to_plain
from tests.files.trees import at, shown, tree

NGINX = """\
# c
http { server {
  listen 80; # d
  set $x "a;b";
  location /api/ { auth_jwt "api" token=$cookie_t; proxy_pass http://${up}/; }
  location = /_jwks {
    internal;
    proxy_pass https://idp.example.com/keys;
  }
} }
"""


class TestNginx:
    def test_repeats_are_siblings_and_arguments_a_member(self) -> None:
        assert to_plain(tree(NGINX, "nginx")) == {
            "http": {
                "server": {
                    "listen": "80",
                    "set": '$x "a;b"',
                    "location": [
                        {"#args": "/api/", "auth_jwt": '"api" token=$cookie_t', "proxy_pass": "http://${up}/"},
                        {"#args": "= /_jwks", "internal": None, "proxy_pass": "https://idp.example.com/keys"},
                    ],
                }
            }
        }

    def test_know_their_places(self) -> None:
        node = tree(NGINX, "nginx")
        keys = at(node, "http", "server", "location", 1, "proxy_pass")
        assert (keys.line, shown(NGINX, keys)) == (8, "https://idp.example.com/keys;")


class TestLines:
    def test_of_apache(self) -> None:
        text = (
            'OIDCProviderMetadataURL https://idp.example.com/x\n<VirtualHost *:80>\n  <Location "/api">\n'
            "    AuthType auth-openidc\n    Require claim \\\n      aud:x\n  </Location>\n</VirtualHost>\n"
        )
        assert to_plain(tree(text, "directives")) == {
            "OIDCProviderMetadataURL": "https://idp.example.com/x",
            "VirtualHost": {
                "#args": "*:80",
                "Location": {"#args": "/api", "AuthType": "auth-openidc", "Require": "claim \\\n      aud:x"},
            },
        }

    def test_of_caddy(self) -> None:
        text = (
            "{\n  admin off\n}\napi.example.com {\n  jwtauth {\n    jwk_url https://idp.example.com/k # c\n"
            "    sign_key {$KEY}\n  }\n}\n"
        )
        assert to_plain(tree(text, "directives")) == {
            "": {"admin": "off"},
            "api.example.com": {"jwtauth": {"jwk_url": "https://idp.example.com/k", "sign_key": "{$KEY}"}},
        }

    def test_of_haproxy(self) -> None:
        text = (
            "global\n  log stdout\nfrontend fe\n  bind *:80\n  http-request deny unless { var(txn.iss) -m str https://idp/ }\n"
            "backend be\n  server s 192.0.2.1:80\n"
        )
        assert to_plain(tree(text, "directives")) == {
            "global": {"log": "stdout"},
            "frontend": {"#args": "fe", "bind": "*:80", "http-request": "deny unless { var(txn.iss) -m str https://idp/ }"},
            "backend": {"#args": "be", "server": "s 192.0.2.1:80"},
        }

    def test_closing_what_is_not_open_changes_nothing(self) -> None:
        assert to_plain(tree("}\na b\n</X>\n", "directives")) == {"a": "b"}
