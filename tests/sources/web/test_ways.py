"""Ways to a server: proxies, client certificates, authorities, and how many connections a host is given."""

from __future__ import annotations

import ssl
import threading
from pathlib import Path

import pytest

from scanner.sources.exchange import Exchange, Failure, Wanted
from scanner.sources.web.document_request import DocumentRequest
from scanner.sources.web.fetch import fetch
from scanner.sources.web.network import Network
from scanner.sources.web.session import Session
from tests.servers.authority import Authority
from tests.servers.conversation import Conversation
from tests.servers.issuers import JWKS, ordinary_issuer
from tests.servers.lab import Lab
from tests.servers.proxy import tunnel
from tests.sources.web.gathering import gather, unchanged


class TestProxy:
    def test_tunnels_to_the_issuer(self, lab: Lab) -> None:
        issuer = ordinary_issuer(lab)
        proxy = tunnel(lab)
        lab.asked.clear()
        keys = gather(lab, issuer.issuer, settings=lab.settings(proxy=f"http://127.0.0.1:{proxy.port}")).only("jwks")
        assert (keys.status, keys.is_through_proxy, keys.address, keys.resolved) == (200, True, None, ())
        assert keys.tls is not None
        assert [(request.method, request.target) for request in proxy.requests] == [
            ("CONNECT", f"good.test:{issuer.issuer.rpartition(':')[2]}")
        ]
        assert lab.asked == ["good.test"], "the proxy's own look-up"

    def test_gets_its_credentials_and_nobody_else_does(self, lab: Lab) -> None:
        issuer = ordinary_issuer(lab)
        proxy = tunnel(lab)
        gathered = gather(lab, issuer.issuer, settings=lab.settings(proxy=f"http://joe:a%40b@127.0.0.1:{proxy.port}"))
        assert proxy.requests[0].headers["proxy-authorization"] == "Basic am9lOmFAYg=="
        assert not any("authorization" in name for request in issuer.requests for name in request.headers)
        assert "a%40b" not in repr(gathered)

    def test_that_refuses_is_told_from_an_issuer_that_does(self, lab: Lab) -> None:
        issuer = ordinary_issuer(lab)
        proxy = tunnel(lab, status=407)
        gathered = gather(lab, issuer.issuer, settings=lab.settings(proxy=f"http://127.0.0.1:{proxy.port}"))
        assert {each.failure for each in gathered.kept} == {gathered.kept[0].failure}
        assert gathered.kept[0].failure is not None
        assert gathered.kept[0].failure.sort == "proxy"
        assert gathered.kept[0].failure.because == "the proxy refuses the tunnel with status 407"

    def test_is_asked_for_plain_http_in_its_own_name(self, lab: Lab) -> None:
        """RFC 9112 §3.2.2: a proxy is sent the whole URL."""

        def forwarding(talk: Conversation) -> None:
            while (request := talk.request()) is not None:
                talk.answer(200, (), request.target.encode())

        lab.addresses["clear.test"] = ()
        proxy = lab.serve("proxy", forwarding, is_tls=False)
        url = "http://clear.test/keys"
        settings = lab.settings(proxy=f"http://127.0.0.1:{proxy.port}")
        keys = gather(lab, Wanted(issuer=url, jwks_uri=url), settings=settings).only("jwks")
        assert keys.body == url.encode()

    def test_is_not_asked_for_an_address_that_is_refused(self, lab: Lab) -> None:
        proxy = tunnel(lab)
        url = "https://10.0.0.1/keys"
        settings = lab.settings(proxy=f"http://127.0.0.1:{proxy.port}")
        keys = gather(lab, Wanted(issuer=url, jwks_uri=url), settings=settings).only("jwks")
        assert keys.failure is not None
        assert keys.failure.sort == "address-refused"
        assert proxy.connections == 0


class TestTrust:
    def test_is_that_of_the_authorities_that_are_named(self, lab: Lab, tmp_path: Path) -> None:
        other = tmp_path / "other.pem"
        other.write_bytes(Authority("another authority").pem)
        issuer = ordinary_issuer(lab)
        refused = gather(lab, issuer.issuer, settings=lab.settings(ca_bundle=str(other))).kept[0]
        assert refused.failure is not None
        assert refused.failure.sort == "tls-certificate"
        assert refused.tls is not None
        assert refused.tls.problem == "unable to get local issuer certificate"
        assert b"good.test" in (refused.tls.certificate or b""), "looked at without being trusted"
        assert issuer.requests == [], "and nothing was sent"

    @pytest.mark.parametrize("is_shown", [True, False])
    def test_can_be_mutual(self, lab: Lab, authority: Authority, tmp_path: Path, is_shown: bool) -> None:
        client = authority.issue("scanner.test")
        pem, key = tmp_path / "client.pem", tmp_path / "client.key"
        pem.write_bytes(client.pem)
        key.write_bytes(client.key_pem)
        context = authority.issue("mutual.test").server_context()
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(cadata=authority.pem.decode())
        issuer = ordinary_issuer(lab, "mutual", context=context)
        shown = {"client_certificate": str(pem), "client_key": str(key)} if is_shown else {}
        gathered = gather(lab, issuer.issuer, settings=lab.settings(**shown))
        assert gathered.kept[0].has_document is is_shown

    def test_is_not_given_to_a_certificate_for_another_name(self, lab: Lab, authority: Authority) -> None:
        issuer = ordinary_issuer(lab, "one", certificate=authority.issue("two.test"))
        exchange = gather(lab, issuer.issuer).kept[0]
        assert exchange.failure is not None
        assert exchange.failure.sort == "tls-certificate"
        assert "not valid for 'one.test'" in exchange.failure.because


class TestConnections:
    def test_to_one_host_are_limited(self, lab: Lab) -> None:
        """Another issuer's keys on the same host wait until a connection is given up."""
        issuer = ordinary_issuer(lab)
        network = Network(lab.settings(per_host=1), resolver=lab.resolve)
        request = DocumentRequest(issuer=issuer.issuer, role="jwks", url=issuer.issuer + JWKS)
        holding, waiting = Session(network), Session(network)
        assert fetch(holding, request, redact=unchanged).status == 200
        found: list[Exchange] = []
        thread = threading.Thread(target=lambda: found.append(fetch(waiting, request, redact=unchanged)), daemon=True)
        thread.start()
        thread.join(timeout=0.3)
        assert found == []
        holding.close()
        thread.join(timeout=5)
        assert [each.status for each in found] == [200]
        waiting.close()

    def test_to_a_host_that_fell_silent_are_not_waited_for(self, lab: Lab) -> None:
        issuer = ordinary_issuer(lab)
        network = Network(lab.settings(per_host=1), resolver=lab.resolve)
        request = DocumentRequest(issuer=issuer.issuer, role="jwks", url=issuer.issuer + JWKS)
        assert network.connection_limit.try_acquire("good.test")
        found: list[Exchange] = []
        thread = threading.Thread(target=lambda: found.append(fetch(Session(network), request, redact=unchanged)), daemon=True)
        thread.start()
        thread.join(timeout=0.2)
        assert found == []
        for _ in range(6):
            network.circuit_breaker.record_outcome(issuer.issuer, Failure("timeout", "…"))
        network.connection_limit.release("good.test")
        thread.join(timeout=5)
        assert [each.failure.because for each in found if each.failure is not None] == [
            "the server did not answer 6 times in a row, so it was not asked again"
        ]
        assert issuer.requests == []

    def test_wait_for_each_other_without_holding_each_other_up(self, lab: Lab) -> None:
        """Two issuers each keep the host the other one needs: whoever waits gives up what it holds."""
        one, two = ordinary_issuer(lab, "one"), ordinary_issuer(lab, "two")
        for issuer, other in ((one, two), (two, one)):
            body = issuer.answers["/.well-known/openid-configuration"].body
            swapped = body.replace(f'"jwks_uri": "{issuer.issuer}'.encode(), f'"jwks_uri": "{other.issuer}'.encode())
            issuer.change("/.well-known/openid-configuration", body=swapped)
        gathered = gather(lab, one.issuer, two.issuer, settings=lab.settings(per_host=1, repeat=2), plain_port=1)
        assert [each for each in gathered.kept if each.failure is not None and each.purpose != "plain-http"] == []
        assert {each.url for each in gathered.all("jwks")} == {one.issuer + JWKS, two.issuer + JWKS}
