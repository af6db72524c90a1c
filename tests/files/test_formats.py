"""Which format a file has."""

from __future__ import annotations

import pytest

from scanner.files.formats import format_of, may_hold


@pytest.mark.parametrize(
    ("path", "data", "expected"),
    [
        ("a/b.yaml", b"", "yaml"),
        ("x.YML", b"", "yaml"),
        ("x.yaml.tmpl", b"", "yaml"),
        ("x.json.j2", b"", "json"),
        ("x.tpl", b"kind: A\n", "yaml"),
        ("x.tpl", b'{{- define "a" -}}\nkind: A\n', "yaml"),
        ("jwks", b' {"keys": []}', "json"),
        ("application.properties", b"", "properties"),
        ("main.tf", b"", "hcl"),
        ("config.tf.tftpl", b"", "hcl"),
        ("policy.xml", b"", "xml"),
        ("grafana.ini", b"", "ini"),
        (".env", b"", "env"),
        ("deploy/.env.production", b"", "env"),
        ("prod.env", b"", "env"),
        ("kube-apiserver.service", b"", "ini"),
        ("run.sh", b"", "flags"),
        ("Caddyfile", b"", "directives"),
        ("nginx.conf", b"# c\nserver {\n  listen 80;\n}\n", "nginx"),
        ("httpd.conf", b"ServerName x\n<VirtualHost *:80>\n</VirtualHost>\n", "directives"),
        ("haproxy.cfg", b"global\n  log stdout\n", "directives"),
        ("mime.conf", b"AddType text/x .x\n", "directives"),
        ("rabbitmq.conf", b"# c\nauth_oauth2.issuer = https://idp.example.com\n", "ini"),
        ("oauth2_proxy.cfg", b'oidc_issuer_url = "x"\n', "ini"),
        ("upstream.conf.template", b"upstream x { server a; }\n", "nginx"),
        ("rabbitmq.config", b"%% c\n[{rabbit, []}].\n", "erlang"),
        ("advanced.config", b"[\n  %% c\n  {rabbit, []}].\n", "erlang"),
        ("web.config", b'<?xml version="1.0"?>\n<configuration/>', "xml"),
        ("packages.config", b"<packages/>", "xml"),
        ("jaas.conf", b'K { x.OAuthBearerLoginModule required a="b"; };', "jaas"),
        ("server.conf", b'server {\n  trust_domain = "example.com"\n}\n', "hcl"),
        ("nats.conf", b"jsonish: {\n a: b }\n", "directives"),
        ("mongod.conf", b"net:\n  port: 1\n", "yaml"),
        ("x.cfg", b"[a]\nb = c\n", "ini"),
        ("README.md", b"a: b", None),
        ("LICENSE", b"Apache License", None),
        ("photo.png", b"a: b", None),
    ],
)
def test_goes_by_name_and_then_by_a_look(path: str, data: bytes, expected: str | None) -> None:
    assert format_of(path, data) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (".env.local", True),
        ("Caddyfile", True),
        ("a.tf", True),
        ("a.conf.j2", True),
        ("a.md", False),
        ("a.py", True),
        ("a.go", False),
    ],
)
def test_a_folder_opens_what_may_be_ours(name: str, expected: bool) -> None:
    assert may_hold(name) is expected
