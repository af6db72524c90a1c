"""An issuer that is written in two ways: in the inventory, at a consumer, on the command line, in a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scanner.cli import main
from tests.servers.issuers import OAUTH, OPENID, OrdinaryIssuer, ordinary_issuer
from tests.servers.lab import Lab

RULES = {"issuer-not-the-declared-one", "issuer-spelt-otherwise", "issuer-not-as-typed", "issuer-not-at-its-url"}


@pytest.fixture
def issuer(lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OrdinaryIssuer:
    """An issuer whose metadata has a slash at the end of `issuer`."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    made = ordinary_issuer(lab, "127.0.0.1")
    for target in (OPENID, OAUTH):
        metadata = json.loads(made.answers[target].body)
        made.change(target, body=json.dumps(metadata | {"issuer": f"{made.issuer}/"}).encode())
    return made


def judged(lab: Lab, *arguments: str) -> list[tuple[str, str, str]]:
    """Rule, severity and message of the findings about identifiers."""
    network = ["--allow-private", "127.0.0.1", "--timeout", "5", "--repeat", "1", "--ca-bundle", str(lab.settings().ca_bundle)]
    main(["scan", *arguments, "-q", "-o", "report.json", *network])
    found: dict[str, Any] = json.loads(Path("report.json").read_text())
    failed = [each for each in found["findings"] if each["rule"] in RULES and each["result"] == "fail"]
    return [(each["rule"], each["severity"], each["message"]) for each in failed]


def declare(*issuers: str) -> None:
    Path(".jwksgov.yaml").write_text(json.dumps({"issuers": [{"issuer": each} for each in issuers]}))


def trust(issuer: str) -> None:
    """A consumer's configuration."""
    rule = {"issuer": issuer, "audiences": ["shop"]}
    policy = {"apiVersion": "security.istio.io/v1", "kind": "RequestAuthentication", "spec": {"jwtRules": [rule]}}
    Path("policy.json").write_text(json.dumps(policy))


class TestASlash:
    def test_is_a_remark_where_the_url_was_typed_by_hand(self, lab: Lab, issuer: OrdinaryIssuer) -> None:
        assert [each[:2] for each in judged(lab, issuer.issuer)] == [("issuer-not-as-typed", "info")]

    def test_is_nothing_where_it_was_typed(self, lab: Lab, issuer: OrdinaryIssuer) -> None:
        assert judged(lab, f"{issuer.issuer}/") == []

    def test_is_nothing_in_the_url_of_the_document(self, lab: Lab, issuer: OrdinaryIssuer) -> None:
        assert judged(lab, f"{issuer.issuer}{OPENID}") == []

    def test_is_a_finding_where_the_inventory_has_none(self, lab: Lab, issuer: OrdinaryIssuer) -> None:
        """OpenID Connect Discovery 1.0 §4.3: identical. Both texts are shown, and what differs."""
        declare(issuer.issuer)
        found = judged(lab, ".", "--online")
        told = f"The metadata says {issuer.issuer}/; the inventory or a consumer says {issuer.issuer} (a slash at the end)."
        assert found == [("issuer-spelt-otherwise", "medium", told)]

    def test_is_a_finding_of_an_inventory_that_is_judged_with_a_bundle(self, lab: Lab, issuer: OrdinaryIssuer) -> None:
        declare(issuer.issuer)
        network = ["--allow-private", "127.0.0.1", "--ca-bundle", str(lab.settings().ca_bundle), "--repeat", "1"]
        assert main(["collect", "-q", "-o", "evidence", *network]) == 0
        assert [each[0] for each in judged(lab, "evidence")] == ["issuer-spelt-otherwise"]

    def test_is_a_finding_where_a_consumer_has_none(self, lab: Lab, issuer: OrdinaryIssuer) -> None:
        trust(issuer.issuer)
        found = judged(lab, "policy.json", "--online", "--follow")
        assert [each[:2] for each in found] == [("issuer-spelt-otherwise", "medium")]

    @pytest.mark.parametrize(("declared", "trusted"), [("", "/"), ("/", "")])
    def test_is_a_finding_where_inventory_and_consumer_differ(
        self, declared: str, trusted: str, lab: Lab, issuer: OrdinaryIssuer
    ) -> None:
        """The documents of both are at the same URLs, which are judged once."""
        declare(issuer.issuer + declared)
        trust(issuer.issuer + trusted)
        found = judged(lab, ".", "--online", "--follow")
        told = f"The metadata says {issuer.issuer}/; the inventory or a consumer says {issuer.issuer} (a slash at the end)."
        assert [each[2] for each in found] == [told]

    def test_is_no_finding_where_the_inventory_states_both(self, lab: Lab, issuer: OrdinaryIssuer) -> None:
        Path(".jwksgov.yaml").write_text(json.dumps({"issuers": [{"issuer": issuer.issuer, "aliases": [f"{issuer.issuer}/"]}]}))
        assert judged(lab, ".", "--online") == []

    def test_is_a_finding_in_a_file_where_the_inventory_has_none(self, lab: Lab, issuer: OrdinaryIssuer) -> None:
        Path("openid-configuration.json").write_bytes(issuer.answers[OPENID].body)
        assert judged(lab, ".") == []
        declare(issuer.issuer)
        assert [each[:2] for each in judged(lab, ".")] == [("issuer-spelt-otherwise", "medium")]
        declare(f"{issuer.issuer}/")
        assert judged(lab, ".") == []


class TestAnotherIssuer:
    def test_stays_critical(self, lab: Lab, issuer: OrdinaryIssuer) -> None:
        metadata = json.loads(issuer.answers[OPENID].body)
        for target in (OPENID, OAUTH):
            issuer.change(target, body=json.dumps(metadata | {"issuer": "https://login.example.net"}).encode())
        declare(issuer.issuer)
        assert [each[:2] for each in judged(lab, ".", "--online")] == [("issuer-not-the-declared-one", "critical")]
