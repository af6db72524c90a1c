"""The inventory of `.jwksgov.yaml`: read whole, and refused with place and remedy where nobody could be visited by it."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from scanner.commands.schemas import schema
from scanner.config.load import load_config
from scanner.config.model import Config, by_identifier
from scanner.errors import ConfigError
from scanner.files.read import read
from scanner.files.tree import Parsed, to_plain

FULL = """\
issuers:
  - issuer: https://login.example.com
    kind: login
    owner: identity
    jwks_uri: https://keys.example.com/jwks
    environment: production
    party: own
    aliases: [https://sso.example.com]
    state: migrating
    rotation: {every_days: 90, overlap_hours: 48}
  - {issuer: "spiffe://example.org", jwks_uri: "https://spire.example.org:8443/"}
  - {issuer: "http://localhost:8080/realms/test"}
consumers:
  - {folder: clusters/prod, environment: production, owner: platform}
collect:
  allow_private: [localhost, "10.1.2.3", "fd00::1"]
  ca_bundle: pki/roots.pem
  client_certificate: pki/client.pem
  client_key: pki/client-key.pem
  proxy: http://proxy.example.com:3128
  concurrency: 16
"""


def loaded(folder: Path, text: str) -> Config:
    (folder / ".jwksgov.yaml").write_text(text)
    return load_config(folder / ".jwksgov.yaml")


class TestReading:
    def test_gives_every_member(self, tmp_path: Path) -> None:
        config = loaded(tmp_path, FULL)
        login = config.issuers[0]
        assert (login.owner, login.party, login.state, login.environment) == ("identity", "own", "migrating", "production")
        assert login.rotation is not None
        assert (login.rotation.every_days, login.rotation.overlap_hours) == (90, 48)
        assert config.consumers[0].folder == "clusters/prod"
        assert (config.collect.concurrency, config.collect.per_host) == (16, 2)

    def test_names_files_so_that_they_can_be_opened(self, tmp_path: Path) -> None:
        """They are written relative to the file, wherever the command runs."""
        collect = loaded(tmp_path, FULL).collect
        assert collect.ca_bundle == str(tmp_path / "pki" / "roots.pem")
        assert collect.client_key == str(tmp_path / "pki" / "client-key.pem")

    def test_gives_an_alias_the_note_of_its_issuer(self, tmp_path: Path) -> None:
        notes = by_identifier(loaded(tmp_path, FULL).issuers)
        assert notes["https://sso.example.com"] is notes["https://login.example.com"]

    def test_follows_the_schema(self, tmp_path: Path) -> None:
        parsed = read(FULL.encode(), "yaml", templates=False)
        assert isinstance(parsed, Parsed)
        written = json.loads(json.dumps(to_plain(parsed.documents[0])))
        validator = jsonschema.Draft202012Validator(schema("config"))
        assert list(validator.iter_errors(written)) == []
        written["issuers"][0]["places"] = {}
        assert list(validator.iter_errors(written))


class TestRefusing:
    @pytest.mark.parametrize(
        ("text", "what", "line", "hint"),
        [
            ("issuers:\n- issuer: login.example.com\n", "`login.example.com` is no issuer", 2, "https URL"),
            ("issuers:\n- issuer: http://login.example.com\n", "is no issuer", 2, "allow_private"),
            ("issuers:\n- issuer: https://u:p@login.example.com\n", "is no issuer", 2, "without user"),
            ("issuers:\n- issuer: https://login.example.com?tenant=a\n", "is no issuer", 2, "query"),
            ("issuers:\n- issuer: https://login.example.com:99999\n", "is no issuer", 2, "https URL"),
            ("issuers:\n- issuer: 'https://login.example.com/{tenant}'\n", "is no issuer", 2, "https URL"),
            ("issuers:\n- issuer: https://\n", "is no issuer", 2, "https URL"),
            ("issuers:\n- issuer: spiffe://example.org/ns/a\n  jwks_uri: https://a.example\n", "is no issuer", 2, "domain"),
            ("issuers:\n- issuer: spiffe://example.org\n", "does not say where its bundle", 2, "`jwks_uri`"),
            ("issuers:\n- issuer: https://a.example\n  aliases:\n  - b.example\n", "`b.example` is no issuer", 4, "iss"),
            ("issuers:\n- issuer: https://a.example\n  jwks_uri: keys\n", "`keys` is no URL of keys", 3, "https"),
            (
                "issuers:\n- issuer: https://a.example\n- issuer: https://a.example\n",
                "in the inventory already",
                3,
                "one entry",
            ),
            (
                "issuers:\n- issuer: https://a.example\n- {issuer: https://b.example, aliases: [https://a.example]}\n",
                "`https://a.example` is in the inventory already",
                3,
                "aliases",
            ),
            ("issuers:\n- {issuer: https://a.example, rotation: {every_days: 0}}\n", "`every_days` cannot be 0", 2, "from 1"),
            ("issuers:\n- {issuer: https://a.example, state: retierd}\n", "`state` cannot be `retierd`", 2, "`retired`"),
            ("issuers:\n- {issuer: https://a.example, jwks_url: x}\n", "unknown member `jwks_url`", 2, "`jwks_uri`"),
            ("consumers:\n- folder: ../other\n", "`../other` is not below", 2, "relative"),
            ("consumers:\n- folder: a/../../b\n", "is not below", 2, "relative"),
            ("consumers:\n- folder: /etc\n", "`/etc` is not below", 2, "relative"),
            ("consumers:\n- folder: a\n- folder: ./a/\n", "stands twice", 3, "Keep one"),
            ("collect:\n  concurrency: 100000\n", "`concurrency` cannot be 100000", 2, "from 1 to 1024"),
            ("collect:\n  total_s: 0\n", "`total_s` cannot be 0", 2, "from 1"),
            ("collect:\n  retries: -1\n", "`retries` cannot be -1", 2, "from 0"),
            ("collect:\n  max_octets: 0\n", "`max_octets` cannot be 0", 2, "1024"),
            ("collect:\n  client_certificate: c.pem\n", "`client_certificate` without `client_key`", 2, "`client_key`"),
            ("collect:\n  client_key: c.pem\n", "`client_key` without `client_certificate`", 2, "`client_certificate`"),
            ("collect:\n  allow_private: ['*.example.com']\n", "`*.example.com` is no host", 2, "exact name"),
            ("collect:\n  allow_private: [10.0.0.0/8]\n", "`10.0.0.0/8` is no host", 2, "range"),
            ("collect:\n  allow_private: ['https://a.example']\n", "is no host", 2, "without scheme"),
            ("collect:\n  proxy: proxy.example.com:3128\n", "no URL of a proxy", 2, "http://"),
            ("collect:\n  dns_server: dns.example\n", "`dns.example` is no address of a DNS server", 2, "9.9.9.9"),
        ],
    )
    def test_names_place_and_remedy(self, tmp_path: Path, text: str, what: str, line: int, hint: str) -> None:
        with pytest.raises(ConfigError) as caught:
            loaded(tmp_path, text)
        assert what in caught.value.what
        assert hint in caught.value.remedy
        assert caught.value.where is not None
        assert caught.value.where.line == line

    def test_never_shows_the_credentials_of_a_proxy(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError) as caught:
            loaded(tmp_path, "collect:\n  proxy: ftp://user:secret@proxy.example.com\n")
        assert "secret" not in str(caught.value)

    def test_lets_a_retired_trust_domain_be_without_a_bundle(self, tmp_path: Path) -> None:
        assert loaded(tmp_path, "issuers:\n- {issuer: spiffe://example.org, state: retired}\n").issuers[0].state == "retired"
