"""A nightly run, from the inventory to the metrics, against real servers on loopback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from scanner.cli import main
from tests.servers.issuers import OrdinaryIssuer, ordinary_issuer
from tests.servers.lab import Lab

SHARED_KEY_RULES = ("key-shared-within-owner", "key-shared-across-owners")


class Estate:
    """Three issuers on ports of their own, and one that nobody answers for."""

    def __init__(self, lab: Lab) -> None:
        self.roots = lab.settings().ca_bundle
        self.login, self.sso, self.old = (ordinary_issuer(lab, "127.0.0.1") for _ in range(3))
        self.gone = "https://127.0.0.1:1"

    def inventory(self, *, aliases: list[str], others: list[str]) -> None:
        """Write the configuration: the login issuer with its aliases, a retired one, one that is gone, and others."""
        issuers: list[dict[str, Any]] = [
            {"issuer": self.login.issuer, "owner": "identity", "aliases": aliases},
            {"issuer": self.old.issuer, "state": "retired"},
            {"issuer": self.gone, "owner": "nobody"},
            *({"issuer": each} for each in others),
        ]
        collect = {"allow_private": ["127.0.0.1"], "ca_bundle": str(self.roots), "total_s": 5, "retries": 0}
        Path(".jwksgov.yaml").write_text(json.dumps({"fail_on": "none", "issuers": issuers, "collect": collect}))


@pytest.fixture
def estate(lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Estate:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return Estate(lab)


def night(name: str = "evidence.zip") -> dict[str, float]:
    """Both commands as schedulers call them; the metrics without labels but a host's."""
    assert main(["collect", "--quiet", "--output", name]) == 0
    assert main(["scan", name, "--quiet", "--output", "report.json", "--metrics", "jwksgov.prom"]) == 0
    families = text_string_to_metric_families(Path("jwksgov.prom").read_text())  # type: ignore[no-untyped-call]
    return {each.name: each.value for family in families for each in family.samples if set(each.labels) <= {"host"}}


def failed() -> set[str]:
    return {each["rule"] for each in json.loads(Path("report.json").read_text())["findings"] if each["result"] == "fail"}


def asked(issuer: OrdinaryIssuer) -> bool:
    return bool(issuer.requests)


class TestANight:
    def test_contacts_issuers_and_aliases_and_no_retired_one(self, estate: Estate) -> None:
        estate.inventory(aliases=[estate.sso.issuer], others=[])
        night()
        assert [asked(each) for each in (estate.login, estate.sso, estate.old)] == [True, True, False]

    def test_tells_in_its_log_only_who_is_missing(self, estate: Estate, capsys: pytest.CaptureFixture[str]) -> None:
        estate.inventory(aliases=[], others=[])
        assert main(["collect", "--quiet", "--output", "evidence.zip"]) == 0
        captured = capsys.readouterr()
        (line,) = (captured.out + captured.err).splitlines()
        assert line.startswith(f"not reached: {estate.gone}: ")

    def test_counts_in_its_metrics(self, estate: Estate) -> None:
        estate.inventory(aliases=[estate.sso.issuer], others=[])
        told = night()
        assert [told[f"jwksgov_issuers_{name}"] for name in ("wanted", "reached", "unreached")] == [3, 2, 1]
        assert 0 <= told["jwksgov_evidence_oldest_age_seconds"] < 60
        assert told["jwksgov_tls_hosts"] == 2
        assert told["jwksgov_tls_certificate_remaining_seconds"] > 3600
        assert told["jwksgov_exit_code"] == 0

    def test_finds_shared_keys_unless_the_inventory_calls_it_one_issuer(self, estate: Estate) -> None:
        """Both publish the same key: two issuers must not, an issuer and its alias do."""
        estate.inventory(aliases=[], others=[estate.sso.issuer])
        night("first.zip")
        assert failed() & set(SHARED_KEY_RULES)
        estate.inventory(aliases=[estate.sso.issuer], others=[])
        night("second.zip")
        assert not failed() & set(SHARED_KEY_RULES)
