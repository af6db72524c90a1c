"""Findings about what issuers serve: whose they are, what waives them, and how two nights compare."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scanner.cli import main
from tests.servers.issuers import JWKS, OrdinaryIssuer, ordinary_issuer
from tests.servers.lab import Lab


class Nights:
    """Two issuers of an inventory, collected and judged night by night."""

    def __init__(self, lab: Lab) -> None:
        self.login, self.shop = (ordinary_issuer(lab, "127.0.0.1") for _ in range(2))
        self._collect = {"allow_private": ["127.0.0.1"], "ca_bundle": str(lab.settings().ca_bundle), "total_s": 5, "retries": 0}

    def configure(self, **more: Any) -> None:
        """Write the inventory: each issuer with an owner and environment of its own."""
        issuers = [
            {"issuer": self.login.issuer, "owner": "identity", "environment": "production"},
            {"issuer": self.shop.issuer, "owner": "storefront", "environment": "staging"},
        ]
        Path(".jwksgov.yaml").write_text(json.dumps({"issuers": issuers, "collect": self._collect} | more))

    def waive(self, rule: str, **subject: str) -> None:
        """Accept what a rule finds; nothing else is waived."""
        entry = {"rule": rule, "subject": subject, "reason": "A laboratory.", "owner": "lab", "expires": "2099-01-01"}
        Path("waivers.yaml").write_text(json.dumps({"waivers": [entry]}))

    def collect(self, name: str) -> str:
        assert main(["collect", "-q", "-o", name]) == 0
        return name


@pytest.fixture
def nights(lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Nights:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    made = Nights(lab)
    made.configure()
    return made


def judged(*arguments: str) -> dict[str, Any]:
    main(["scan", *arguments, "-q", "-o", "report.json"])
    found: dict[str, Any] = json.loads(Path("report.json").read_text())
    return found


def of(report: dict[str, Any], issuer: OrdinaryIssuer) -> list[dict[str, Any]]:
    """The findings at an issuer's URLs."""
    return [each for each in report["findings"] if each["location"]["path"].startswith(f"{issuer.issuer}/")]


def waived(report: dict[str, Any]) -> set[str]:
    return {each["location"]["path"] for each in report["findings"] if each["waived"]}


class TestOwners:
    def test_are_the_inventory_s(self, nights: Nights) -> None:
        """Every finding at an issuer's URLs: of its metadata, its keys and its endpoints."""
        found = judged("--online")
        for issuer, known in ((nights.login, ("identity", "production")), (nights.shop, ("storefront", "staging"))):
            kinds = {each["subject"]["kind"] for each in of(found, issuer)}
            assert {"issuer", "key", "key_set", "endpoint"} <= kinds
            assert {(each["owner"], each["environment"]) for each in of(found, issuer)} == {known}

    def test_of_files_do_not_reach_urls(self, nights: Nights) -> None:
        nights.configure(consumers=[{"folder": ".", "owner": "platform"}], paths=[{"path": "*", "owner": "everybody"}])
        assert {each["owner"] for each in of(judged("--online"), nights.login)} == {"identity"}

    def test_may_be_given_by_a_url_s_path_where_the_inventory_has_none(self, nights: Nights) -> None:
        note = {"path": f"{nights.login.issuer}/**", "owner": "identity"}
        nights.configure(issuers=[{"issuer": nights.login.issuer}], paths=[note])
        assert {each["owner"] for each in of(judged("--online"), nights.login)} == {"identity"}


class TestWaivers:
    def test_of_an_issuer_cover_its_keys_and_endpoints(self, nights: Nights) -> None:
        for rule in ("key-published-as-example", "validator-missing", "one-signing-key"):
            nights.waive(rule, issuer=nights.login.issuer)
            assert waived(judged("--online")) == {f"{nights.login.issuer}{JWKS}"}

    def test_may_name_a_url_s_path(self, nights: Nights) -> None:
        nights.waive("validator-missing", path=f"{nights.login.issuer}/*")
        assert waived(judged("--online")) == {f"{nights.login.issuer}{JWKS}"}

    @pytest.mark.parametrize("member", ["issuer", "path"])
    def test_are_unused_only_where_the_issuers_were_asked(self, member: str, nights: Nights) -> None:
        """A scan of files says nothing about what they accept elsewhere, nor does one that reached half of the issuers."""
        nights.waive("tls-version-old", **{member: f"{nights.login.issuer}{'/*' if member == 'path' else ''}"})
        assert "waiver-unused" not in {each["rule"] for each in judged(".")["findings"]}
        assert "waiver-unused" in {each["rule"] for each in judged(".", "--online")["findings"]}
        nights.login.change(JWKS, status=503)
        assert "waiver-unused" not in {each["rule"] for each in judged(".", "--online")["findings"]}


class TestBaselines:
    def test_of_an_earlier_night_leave_what_is_new(self, nights: Nights) -> None:
        """Nothing changes by time alone; what is mended is gone, and the same fault elsewhere is new."""
        nosniff = (("Content-Type", "application/json"), ("X-Content-Type-Options", "nosniff"))
        nights.shop.change(JWKS, headers=nosniff)
        main(["scan", nights.collect("first"), "-q", "--write-baseline", "base.json"])
        again = judged(nights.collect("second"), "--baseline", "base.json")
        assert {each["baseline_state"] for each in again["findings"]} == {"unchanged"}
        nights.login.change(JWKS, headers=nosniff)
        nights.shop.change(JWKS, headers=(("Content-Type", "application/json"),))
        found = judged(nights.collect("third"), "--baseline", "base.json")
        sniffed = [each for each in found["findings"] if each["rule"] == "content-sniffing-allowed"]
        assert [(each["location"]["path"], each["baseline_state"]) for each in sniffed] == [
            (f"{nights.shop.issuer}{JWKS}", "new")
        ]
        gone = [each["location"]["path"] for each in found["absent"] if each["rule"] == "content-sniffing-allowed"]
        assert gone == [f"{nights.login.issuer}{JWKS}"]

    def test_call_nothing_gone_that_nobody_could_look_at(self, nights: Nights) -> None:
        main(["scan", nights.collect("first"), "-q", "--write-baseline", "base.json"])
        assert judged(".", "--baseline", "base.json")["absent"] == []
        nights.login.change(JWKS, status=503)
        found = judged(nights.collect("second"), "--baseline", "base.json")
        assert [each for each in found["absent"] if each["location"]["path"].startswith(nights.login.issuer)] == []


class TestSharedKeySets:
    def test_belong_to_each_issuer_that_names_them(self, nights: Nights, lab: Lab) -> None:
        """The set is fetched for one of them and judged once; the other's rules need it, too."""
        alias = ordinary_issuer(lab, "127.0.0.1", jwks_uri=f"{nights.login.issuer}{JWKS}")
        nights.configure(issuers=[{"issuer": nights.login.issuer, "aliases": [alias.issuer]}])
        found = judged("--online")
        assert [each for each in found["findings"] if each["result"] == "undetermined"] == []
        assert len(found["subjects"]["key_sets"]) == 1
        offered = [each for each in found["findings"] if each["rule"] == "algorithm-offered-without-key"]
        assert len(offered) == 2


class TestSeveralBundles:
    def test_of_one_estate_are_judged_by_the_newest(self, nights: Nights) -> None:
        nights.collect("a-newer")
        manifest = json.loads(Path("a-newer/manifest.json").read_text())
        nights.login.change(JWKS, headers=())
        nights.collect("older")
        early = (
            Path("older/manifest.json")
            .read_text()
            .replace(json.loads(Path("older/manifest.json").read_text())["finished"], "2020-01-01T00:00:00Z")
        )
        Path("older/manifest.json").write_text(early)
        found = judged("older", "a-newer")
        assert found["run"]["clock"] == manifest["finished"]
        assert found["summary"]["issuers_asked"] == 2
        assert "content-type-missing" not in {each["rule"] for each in found["findings"]}
        assert [each["message"] for each in found["notices"]] == [
            "2 issuers were collected more than once; the newest evidence of each is judged"
        ]


class TestABundleInAScannedFolder:
    def test_is_named_and_not_read_as_files(self, nights: Nights) -> None:
        """Its objects are key sets by their content; their issuer, headers and TLS are in other files of it."""
        nights.collect("evidence")
        Path("evidence/jwks.json").write_text('{"keys": []}')
        found = judged(".")
        assert [each["path"] for each in found["evidence"]] == ["evidence/jwks.json"]
        assert [(each["kind"], each["location"]["path"]) for each in found["notices"]] == [("bundle-inside", "evidence")]

    def test_gives_init_nothing_to_read_or_to_warn_of(self, nights: Nights, capsys: pytest.CaptureFixture[str]) -> None:
        nights.collect("evidence")
        Path(".jwksgov.yaml").unlink()
        assert main(["init", "--dry-run"]) == 0
        told = capsys.readouterr()
        assert told.err == ""
        assert nights.login.issuer not in told.out

    def test_is_not_told_of_when_it_is_judged(self, nights: Nights) -> None:
        nights.collect("evidence")
        found = judged(".", "./evidence")
        assert found["notices"] == []
        assert found["summary"]["issuers_asked"] == 2


class TestRedaction:
    def test_leaves_urls_where_they_were_fetched(self, nights: Nights) -> None:
        """Hosts have stand-ins, equal ones the same; an endpoint is no file, and an ordinary environment keeps its name."""
        main(["scan", "--online", "-q", "--redact", "-o", "report.json"])
        text = Path("report.json").read_text()
        assert nights.login.issuer not in text
        assert JWKS not in text
        found = json.loads(text)
        hosts = {each["location"]["path"].rpartition("/")[0] for each in found["findings"]}
        assert hosts == {"https://host-1.invalid", "https://host-2.invalid"}
        assert {each["environment"] for each in found["subjects"]["endpoints"]} == {"production", "staging"}


class TestTheConfiguration:
    def test_is_named_without_the_machine_s_folders(self, nights: Nights) -> None:
        """So that findings at URLs stand in it for a code-scanning service, and reports of two machines are alike."""
        nights.collect("evidence")
        assert judged("evidence")["run"]["config"]["path"] == ".jwksgov.yaml"
        main(["scan", "evidence", "-q", "--sarif-for", "github", "-o", "github.sarif"])
        results = json.loads(Path("github.sarif").read_text())["runs"][0]["results"]
        homes = {each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in results}
        assert homes == {".jwksgov.yaml"}

    def test_is_named_so_outside_of_a_repository_too(self, nights: Nights, tmp_path: Path) -> None:
        (tmp_path / ".git").rmdir()
        assert judged(nights.collect("evidence"))["run"]["config"]["path"] == ".jwksgov.yaml"
