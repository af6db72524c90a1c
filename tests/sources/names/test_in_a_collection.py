"""The DNS beside a collection: told once for each host of an issuer, and never in the way of the documents."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scanner.cli import main
from scanner.config.model import CollectSettings
from scanner.sources.bundle.reader import BundleReader
from scanner.sources.exchange import Dns, Exchange, Wanted
from tests.servers.issuers import OAUTH, OPENID, Answer, ordinary_issuer
from tests.servers.lab import Lab
from tests.servers.name_server import NameServer, Records
from tests.sources.web.gathering import gather

GOOD: Records = {"good.test": {"A": ["127.0.0.1"], "CAA": ['0 issue "ca.example.net"']}}
KNOWN = Dns(is_dangling=False, caa=('0 issue "ca.example.net"',), caa_at="good.test", is_authenticated=True)


def asking(lab: Lab, server: NameServer, **changed: object) -> CollectSettings:
    return lab.settings(dns=True, dns_server=server.address, **changed)


class TestTheFirstDocumentOfAHost:
    def test_tells_what_the_dns_says_of_it(self, lab: Lab) -> None:
        issuer = ordinary_issuer(lab, "good")
        with NameServer(GOOD) as server:
            kept = gather(lab, issuer.issuer, settings=asking(lab, server, repeat=2), plain_port=1).kept
        assert [(each.role, each.purpose) for each in kept if each.dns is not None] == [("openid-configuration", "first")]
        assert kept[0].dns == KNOWN

    def test_tells_of_the_keys_own_host_too(self, lab: Lab) -> None:
        keys = ordinary_issuer(lab, "keys")
        issuer = ordinary_issuer(lab, "good", jwks_uri=f"{keys.issuer}/jwks.json")
        with NameServer({**GOOD, "keys.test": {}}) as server:
            kept = gather(lab, issuer.issuer, settings=asking(lab, server)).kept
        assert [each.dns is not None for each in kept] == [True, False, True]

    def test_tells_it_of_a_host_that_cannot_be_reached(self, lab: Lab) -> None:
        """An alias that dangles is such a host."""
        with NameServer({"lost.test": {"CNAME": ["gone.example."]}}) as server:
            first = gather(lab, "https://lost.test", settings=asking(lab, server)).kept[0]
        assert first.failure is not None
        assert first.dns == Dns(cnames=("gone.example",), is_dangling=True, caa=(), is_authenticated=True)

    def test_says_nothing_of_an_address(self, lab: Lab) -> None:
        issuer = ordinary_issuer(lab, "127.0.0.1")
        with NameServer() as server:
            kept = gather(lab, issuer.issuer, settings=asking(lab, server)).kept
        assert {each.dns for each in kept} == {None}
        assert server.asked == []

    def test_says_nothing_unless_the_user_wants_it(self, lab: Lab) -> None:
        with NameServer(GOOD) as server:
            kept = gather(lab, ordinary_issuer(lab, "good").issuer, settings=lab.settings(dns_server=server.address)).kept
        assert ({each.dns for each in kept}, server.asked) == ({None}, [])

    def test_tells_it_though_the_server_is_an_issuer_s_own_mischief(self, lab: Lab) -> None:
        """A `jwks_uri` without any host that could be asked about."""
        issuer = ordinary_issuer(lab, "good")
        bad = Answer(b'{"issuer": "' + issuer.issuer.encode() + b'", "jwks_uri": "https://[::1"}')
        issuer.answers = {OPENID: bad, OAUTH: bad}
        with NameServer(GOOD) as server:
            kept = gather(lab, issuer.issuer, settings=asking(lab, server)).kept
        assert kept[-1].failure is not None
        assert [each.dns is None for each in kept] == [False, True, True]


class TestADeadServer:
    def test_costs_no_document(self, lab: Lab) -> None:
        issuers = [ordinary_issuer(lab, f"i{number}").issuer for number in range(5)]
        with NameServer(behaviours={".": lambda *_: None}) as server:
            gathered = gather(lab, *issuers, settings=asking(lab, server))
        assert all(each.has_document for each in gathered.kept)
        assert {each.dns for each in gathered.kept} == {None, Dns(because="the resolver did not answer in time")}


class TestResuming:
    def test_does_not_ask_again_about_a_host(self, lab: Lab) -> None:
        issuer = ordinary_issuer(lab, "good").issuer
        with NameServer(GOOD) as server:
            before = gather(lab, issuer, settings=asking(lab, server)).kept
            asked = len(server.asked)

            def known(issuer: str, role: str, purpose: str, number: int, url: str) -> Exchange | None:
                return next((each for each in before if each.role == role == "openid-configuration"), None)

            gathered = gather(lab, issuer, settings=asking(lab, server), known=known)
        assert len(server.asked) == asked
        assert [each.dns is not None for each in gathered.visits[0].exchanges] == [True, False, False]


class TestTheCommandLine:
    @pytest.fixture(autouse=True)
    def _alone(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / ".git").mkdir()
        monkeypatch.chdir(tmp_path)

    @pytest.fixture
    def name(self, monkeypatch: pytest.MonkeyPatch, lab: Lab) -> str:
        """An issuer by a name that leads to loopback."""
        monkeypatch.setattr("scanner.sources.web.network.system_addresses", lab.resolve)
        return ordinary_issuer(lab, "good").issuer

    def _network(self, lab: Lab) -> list[str]:
        return ["-q", "--allow-private", "good.test", "--timeout", "5", "--ca-bundle", str(lab.settings().ca_bundle)]

    def test_keeps_it_in_the_bundle_and_judges_it(self, name: str, lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
        with NameServer({"good.test": {"CNAME": ["gone.example."]}}) as server:
            assert main(["collect", name, "-o", "b", "--dns-server", server.address, *self._network(lab)]) == 0
        with BundleReader("b") as reader:
            (visit,) = reader.visits()
        assert visit.exchanges[0].dns == Dns(cnames=("gone.example",), is_dangling=True, caa=(), is_authenticated=True)
        main(["scan", "b"])
        assert "good.test is an alias that leads to a name which does not exist: gone.example." in capsys.readouterr().out

    def test_shows_nothing_that_a_terminal_or_browser_would_obey(
        self, name: str, lab: Lab, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A zone's owner writes the names and the records; a bundle's sender may write them as they like."""
        with NameServer({"good.test": {"CNAME": [r"\027[31m<script>.example."]}}) as server:
            main(["collect", name, "-o", "b", "--dns-server", server.address, *self._network(lab)])
        log = Path("b/exchanges.jsonl")
        log.write_bytes(log.read_bytes().replace(rb"\\027[31m", rb"\u001b[31m\u0000\u202e"))
        (Path("b") / "manifest.json").write_text(_unfinished(Path("b/manifest.json").read_text()))
        main(["scan", "b", "-o", "report.html", "-o", "report.md"])
        shown = capsys.readouterr().out
        assert r"\x1b[31m\u0000" in shown
        texts = [shown, *(Path(each).read_text(encoding="utf-8") for each in ("report.html", "report.md"))]
        assert not any(sign in text for text in texts for sign in ("\x1b", "\0", "\u202e"))
        assert "&lt;script&gt;.example" in texts[1]
        assert "<script>.example" not in texts[1]

    def test_is_hidden_from_readers_outside(self, name: str, lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
        with NameServer({"good.test": {"CNAME": ["gone.example."]}}) as server:
            main(["scan", name, "--redact", "--dns-server", server.address, *self._network(lab)[1:]])
        shown = capsys.readouterr().out
        assert "is an alias that leads to a name which does not exist" in shown
        assert "gone.example" not in shown
        assert "good.test" not in shown

    def test_takes_it_from_the_configuration(self, name: str, lab: Lab) -> None:
        with NameServer(GOOD) as server:
            Path(".jwksgov.yaml").write_text(f"collect: {{dns: true, dns_server: '{server.address}'}}\n")
            main(["collect", name, "-o", "b", *self._network(lab)])
        with BundleReader("b") as reader:
            (visit,) = reader.visits()
        assert visit.exchanges[0].dns == KNOWN

    def test_refuses_what_is_no_address(self, name: str, lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
        """Before anything is asked, and before a bundle is begun."""
        for command in (["collect", name, "-o", "b"], ["scan", name]):
            assert main([*command, "--dns-server", "resolver.example", *self._network(lab)]) == 2
            assert "`resolver.example` is no address of a DNS server" in capsys.readouterr().err
        assert not Path("b").exists()


def _unfinished(manifest: str) -> str:
    """A manifest that holds no digest of the log, so that the log may be anything."""
    members = json.loads(manifest)
    return json.dumps(members | {"state": "collecting", "exchanges": None, "finished": None})


def test_two_issuers_at_one_host_cost_one_look(lab: Lab) -> None:
    issuer = ordinary_issuer(lab, "good").issuer
    with NameServer(GOOD) as server:
        gathered = gather(
            lab, Wanted(issuer=f"{issuer}/a"), Wanted(issuer=f"{issuer}/b"), settings=asking(lab, server, retries=0)
        )
    assert [each.dns for visit in gathered.visits for each in visit.exchanges if each.dns is not None] == [KNOWN, KNOWN]
    assert server.asked.count(("good.test", "A")) == 1
