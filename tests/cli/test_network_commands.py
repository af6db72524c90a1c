"""`scan https://…`, `collect`, `scan BUNDLE`: what a user types, against real servers on loopback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from scanner.cli import main
from tests.servers.issuers import JWKS, OPENID, OrdinaryIssuer, ordinary_issuer
from tests.servers.lab import Lab
from tests.sources.bundle.signing_keys import private_pem, public_pem, put

ALLOWED = ["--allow-private", "127.0.0.1", "--timeout", "5"]


@pytest.fixture
def issuer(lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OrdinaryIssuer:
    """An issuer at an address of loopback, which has no other name; the working directory is empty."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return ordinary_issuer(lab, "127.0.0.1")


def network(lab: Lab) -> list[str]:
    """The options with which the laboratory can be reached."""
    return [*ALLOWED, "--ca-bundle", str(lab.settings().ca_bundle)]


def report(path: str = "report.json") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
    return found


class TestScanningAUrl:
    def test_judges_metadata_keys_and_endpoints(self, lab: Lab, issuer: OrdinaryIssuer) -> None:
        code = main(["scan", issuer.issuer, "-q", "-o", "report.json", *network(lab)])
        found = report()
        assert code in (0, 1)
        assert {table: len(found["subjects"][table]) for table in ("keys", "key_sets", "issuers", "endpoints")} == {
            "keys": 1, "key_sets": 1, "issuers": 1, "endpoints": 3,
        }  # fmt: skip
        assert found["summary"]["issuers_asked"] == 1
        assert found["summary"]["issuers_unreached"] == 0
        assert found["run"]["online"] is True

    def test_takes_a_key_set_s_own_url(self, lab: Lab, issuer: OrdinaryIssuer) -> None:
        main(["scan", f"{issuer.issuer}{JWKS}", "-q", "-o", "report.json", *network(lab)])
        found = report()
        assert len(found["subjects"]["keys"]) == 1
        assert found["summary"]["issuers_unreached"] == 0

    def test_takes_a_well_known_document_s_own_url(self, lab: Lab, issuer: OrdinaryIssuer) -> None:
        main(["scan", f"{issuer.issuer}{OPENID}", "-q", "-o", "report.json", *network(lab)])
        assert report()["subjects"]["endpoints"][0]["issuer"] == issuer.issuer

    def test_refuses_loopback_unless_it_is_allowed_by_name(
        self, issuer: OrdinaryIssuer, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A target that the user named and that is not reached: exit code 3, everything undetermined."""
        assert main(["scan", issuer.issuer, "-q", "-o", "report.json", "--timeout", "5", "--fail-on", "high"]) == 3
        found = report()
        assert issuer.requests == []
        assert found["subjects"]["endpoints"][0]["failure"] == "address-refused"
        letters = {letter for kind in ("issuer", "key_set") for each in found["results"][kind]["patterns"] for letter in each}
        assert letters == {"u", "-"}

    def test_is_refused_where_it_is_no_url_of_the_web(self, issuer: OrdinaryIssuer, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["scan", "ftp://issuer.example.com"]) == 2
        assert "begins with https://" in capsys.readouterr().err


class TestScanningOnline:
    def test_contacts_the_inventory_and_follows_consumers(self, lab: Lab, issuer: OrdinaryIssuer) -> None:
        other = ordinary_issuer(lab, "127.0.0.1")
        Path(".jwksgov.yaml").write_text(f"issuers:\n  - {{issuer: '{issuer.issuer}', owner: identity}}\n")
        Path("policy.yaml").write_text(
            f"kind: RequestAuthentication\nspec:\n  jwtRules:\n  - {{issuer: '{other.issuer}', audiences: [shop]}}\n"
        )
        main(["scan", "-q", "--online", "--follow", "-o", "report.json", *network(lab)])
        asked = {row["issuer"]: (row["asked_by"], row["owner"]) for row in report()["subjects"]["endpoints"]}
        assert asked == {issuer.issuer: ("inventory", "identity"), other.issuer: ("followed", None)}

    def test_contacts_nobody_without_being_asked(self, issuer: OrdinaryIssuer) -> None:
        Path(".jwksgov.yaml").write_text(f"issuers:\n  - {{issuer: '{issuer.issuer}'}}\n")
        main(["scan", "-q"])
        assert issuer.server is not None
        assert issuer.server.connections == 0

    def test_says_so_where_there_is_nobody_to_contact(self, issuer: OrdinaryIssuer, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["scan", "--online"]) == 2
        assert "issuers:" in capsys.readouterr().err


class TestCollecting:
    @pytest.mark.parametrize("bundle", ["evidence", "evidence.zip"])
    def test_gives_a_bundle_that_is_judged_alike_each_time(self, bundle: str, lab: Lab, issuer: OrdinaryIssuer) -> None:
        """Byte-identical JSON, SARIF and HTML, at the time of the collection."""
        assert main(["collect", issuer.issuer, "-q", "-o", bundle, *network(lab)]) == 0
        outputs = ["report.json", "report.sarif", "report.html"]
        judged = []
        for _ in range(2):
            main(["scan", bundle, "-q", *(word for each in outputs for word in ("-o", each))])
            judged.append([Path(each).read_bytes() for each in outputs])
        assert judged[0] == judged[1]
        found = report()
        assert len(found["subjects"]["keys"]) == 1
        assert found["run"]["online"] is False
        assert [(each["path"], each["state"]) for each in found["run"]["bundles"]] == [(bundle, "complete")]
        assert found["run"]["clock"] == found["run"]["bundles"][0]["finished"]

    def test_says_what_was_not_reached(self, lab: Lab, issuer: OrdinaryIssuer, capsys: pytest.CaptureFixture[str]) -> None:
        """Of an issuer that was named the exit code tells; of one of the inventory it does not: that is evidence, too."""
        gone = "https://127.0.0.1:1"
        assert main(["collect", issuer.issuer, gone, "-o", "named", *network(lab)]) == 3
        assert f"not reached: {gone}" in capsys.readouterr().out
        Path(".jwksgov.yaml").write_text(f"issuers: [{{issuer: '{gone}'}}, {{issuer: '{issuer.issuer}'}}]\nfail_on: none\n")
        assert main(["collect", "-o", "listed", *network(lab)]) == 0
        assert main(["scan", "listed", "-q"]) == 0
        assert main(["scan", "listed", "-q", "--fail-on-undetermined"]) == 3

    def test_says_which_consumers_it_could_not_read(
        self, lab: Lab, issuer: OrdinaryIssuer, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """The issuers that they trust are not followed: nothing that is skipped stays unsaid."""
        Path("broken.yaml").write_text("kind: RequestAuthentication\nspec: {jwtRules: [\n")
        assert main(["collect", issuer.issuer, "--follow", "-o", "b.zip", *network(lab)]) == 0
        told = capsys.readouterr().err
        assert "warning: not read, so the issuers that it trusts are not followed: broken.yaml: " in told

    def test_asks_only_for_what_changed_since_a_bundle(self, lab: Lab, issuer: OrdinaryIssuer) -> None:
        """RFC 9110 §13.1.2; the new bundle is whole without the old one."""
        issuer.change(JWKS, headers=(("Content-Type", "application/json"), ("ETag", '"1"')))
        main(["collect", issuer.issuer, "-q", "-o", "first", *network(lab), "--repeat", "1"])
        issuer.change(JWKS, status=304, body=b"", headers=(("ETag", '"1"'),))
        main(["collect", issuer.issuer, "-q", "-o", "second", "--previous", "first", *network(lab), "--repeat", "1"])
        assert any(request.headers.get("if-none-match") == '"1"' for request in issuer.requests)
        main(["scan", "second", "-q", "-o", "report.json"])
        assert len(report()["subjects"]["keys"]) == 1

    @pytest.mark.parametrize("bundle", ["evidence", "evidence.zip"])
    def test_signs_a_bundle(self, bundle: str, lab: Lab, issuer: OrdinaryIssuer) -> None:
        put(Path("private.pem"), private_pem("Ed25519"))
        put(Path("public.pem"), public_pem("Ed25519"))
        assert main(["collect", issuer.issuer, "-q", "-o", bundle, "--sign", "private.pem", *network(lab)]) == 0
        assert main(["bundle", "verify", bundle, "--key", "public.pem"]) == 0

    def test_refuses_a_key_that_cannot_sign_before_anything_is_fetched(self, lab: Lab, issuer: OrdinaryIssuer) -> None:
        put(Path("public.pem"), public_pem("Ed25519"))
        assert main(["collect", issuer.issuer, "-q", "-o", "evidence", "--sign", "public.pem", *network(lab)]) == 2
        assert issuer.requests == []
        assert not Path("evidence").exists()

    def test_never_overwrites_a_bundle(self, lab: Lab, issuer: OrdinaryIssuer, capsys: pytest.CaptureFixture[str]) -> None:
        main(["collect", issuer.issuer, "-q", "-o", "evidence", *network(lab)])
        assert main(["collect", issuer.issuer, "-q", "-o", "evidence", *network(lab)]) == 2

    def test_leaves_a_bundle_that_can_be_used_and_resumed_when_a_scheduler_stops_it(
        self, lab: Lab, issuer: OrdinaryIssuer
    ) -> None:
        slow = lab.serve("127.0.0.1", lambda talk: talk.wait())
        words = ["collect", issuer.issuer, slow.url("/"), "-q", "-o", "evidence", *network(lab), "--timeout", "60"]
        root = Path(__file__).parents[2]
        running = subprocess.Popen([sys.executable, "-m", "scanner", *words], env=os.environ | {"PYTHONPATH": str(root)})
        until = time.monotonic() + 30
        while time.monotonic() < until and len(issuer.requests) < 4:
            time.sleep(0.05)
        time.sleep(0.3)
        running.send_signal(signal.SIGTERM)
        assert running.wait(30) == 130
        main(["scan", "evidence", "-q", "-o", "report.json"])
        found = report()
        assert found["run"]["bundles"][0]["state"] == "interrupted"
        assert len(found["subjects"]["keys"]) == 1
        slow.close()
        before = len(issuer.requests)
        assert main([*words, "--resume"]) == 3
        assert len(issuer.requests) == before


class TestUrlsThatAreNotAsked:
    @pytest.mark.parametrize("command", [["scan"], ["collect", "-o", "bundle"]])
    @pytest.mark.parametrize(
        "url",
        ["https://user:secret@login.example.com/", "https://0x7f.1/", "https://[::1/", "https://a b.example/", "https://x:0/"],
    )
    def test_are_wrong_usage_before_anything_is_done(
        self, command: list[str], url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A password in a URL would end up in bundles and reports: it is not even repeated."""
        monkeypatch.chdir(tmp_path)
        assert main([*command, url]) == 2
        said = capsys.readouterr().err
        assert "cannot be fetched" in said
        assert "secret" not in said
        assert not Path("bundle").exists()

    @pytest.mark.parametrize("proxy", ["http://[", "socks5://proxy.example.com", "proxy.example.com:3128"])
    def test_a_proxy_that_is_none_is_wrong_usage(
        self, proxy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.chdir(tmp_path)
        assert main(["collect", "https://login.example.com", "-o", "bundle", "--proxy", proxy]) == 2
        assert "the proxy cannot be used" in capsys.readouterr().err
