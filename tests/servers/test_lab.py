"""The lab itself: names, trust and ordinary answers, seen by the standard library's client."""

from __future__ import annotations

import socket
import ssl

import pytest

from tests.servers.issuers import JWKS, OAUTH, OPENID, ordinary_issuer
from tests.servers.lab import Lab, Server
from tests.servers.proxy import tunnel


def _ask(server: Server, target: str, sock: socket.socket, ca_bundle: str | None) -> bytes:
    context = ssl.create_default_context(cafile=ca_bundle)
    with context.wrap_socket(sock, server_hostname=server.name) as wrapped:
        wrapped.sendall(f"GET {target} HTTP/1.1\r\nHost: {server.name}\r\n\r\n".encode())
        return wrapped.recv(65536)


def _connected(lab: Lab, server: Server) -> socket.socket:
    return socket.create_connection((lab.resolve(server.name)[0], server.port), timeout=5)


class TestOrdinaryIssuer:
    @pytest.mark.parametrize("target", [OPENID, OAUTH, JWKS])
    def test_every_document_is_there_for_whoever_trusts_the_authority(self, lab: Lab, target: str) -> None:
        issuer = ordinary_issuer(lab)
        assert issuer.server is not None
        answer = _ask(issuer.server, target, _connected(lab, issuer.server), lab.settings().ca_bundle)
        assert answer.startswith(b"HTTP/1.1 200")
        assert [request.target for request in issuer.requests] == [target]

    def test_the_certificate_is_of_no_public_authority(self, lab: Lab) -> None:
        issuer = ordinary_issuer(lab)
        assert issuer.server is not None
        with pytest.raises(ssl.SSLCertVerificationError):
            _ask(issuer.server, JWKS, _connected(lab, issuer.server), None)

    def test_a_proxy_leads_to_it(self, lab: Lab) -> None:
        issuer = ordinary_issuer(lab)
        assert issuer.server is not None
        sock = _connected(lab, tunnel(lab))
        sock.sendall(f"CONNECT {issuer.server.name}:{issuer.server.port} HTTP/1.1\r\n\r\n".encode())
        assert sock.recv(4096).startswith(b"HTTP/1.1 200")
        assert _ask(issuer.server, JWKS, sock, lab.settings().ca_bundle).startswith(b"HTTP/1.1 200")


class TestNames:
    def test_a_name_may_lead_elsewhere_each_time(self, lab: Lab) -> None:
        addresses = iter([("192.0.2.1",), ("127.0.0.1",)])
        lab.addresses["odd.test"] = lambda: next(addresses)
        assert [lab.resolve("odd.test"), lab.resolve("odd.test")] == [("192.0.2.1",), ("127.0.0.1",)]

    def test_other_names_are_unknown(self, lab: Lab) -> None:
        with pytest.raises(socket.gaierror):
            lab.resolve("nowhere.test")
