"""What an issuer is asked for, over real TLS."""

from __future__ import annotations

import json

import pytest

from scanner.sources.exchange import Wanted
from tests.servers.issuers import JWKS, OAUTH, OPENID, Answer, LimitedIssuer, ordinary_issuer, refusing_issuer
from tests.servers.lab import Lab
from tests.sources.web.gathering import gather


class TestDocuments:
    def test_that_are_named_at_a_place_that_is_built_wrong_are_asked_there_as_well(self, lab: Lab) -> None:
        """RFC 8414 §5: some servers append the path of OAuth's document, which §3.1 inserts."""
        issuer = ordinary_issuer(lab, path="/tenant")
        wrong = issuer.issuer + OAUTH
        wanted = Wanted(issuer=issuer.issuer, source="named", is_declared=False, document_url=wrong)
        asked = [(each.role, each.url) for each in gather(lab, wanted).kept]
        assert asked[2] == ("oauth-authorization-server", wrong)
        assert ("jwks", wrong) not in asked

    def test_are_both_well_known_ones_and_the_keys(self, lab: Lab) -> None:
        issuer = ordinary_issuer(lab)
        gathered = gather(lab, issuer.issuer)
        assert [request.target for request in issuer.requests] == [OPENID, OAUTH, JWKS]
        assert [each.role for each in gathered.kept] == ["openid-configuration", "oauth-authorization-server", "jwks"]
        assert all(each.has_document for each in gathered.kept)
        assert gathered.visits[0].exchanges == tuple(gathered.kept)

    def test_come_over_one_connection(self, lab: Lab) -> None:
        issuer = ordinary_issuer(lab)
        first, second, third = gather(lab, issuer.issuer).kept
        assert {request.connection for request in issuer.requests} == {1}
        assert first.tls_ms is not None
        assert (second.dns_ms, second.connect_ms, second.tls_ms) == (None, None, None)
        assert second.tls == first.tls
        assert (third.address, third.resolved) == ("127.0.0.1", ("127.0.0.1",))

    def test_of_an_issuer_with_a_path_lie_behind_and_before_it(self, lab: Lab) -> None:
        """OpenID Connect Discovery §4.1 appends, RFC 8414 §3.1 inserts; both leave out a terminating slash."""
        issuer = ordinary_issuer(lab, path="/tenants/one")
        gathered = gather(lab, issuer.issuer + "/")
        assert [request.target for request in issuer.requests] == [
            "/tenants/one" + OPENID,
            OAUTH + "/tenants/one",
            "/tenants/one" + JWKS,
        ]
        assert gathered.kept[0].issuer == issuer.issuer + "/"

    def test_are_recorded_as_they_came(self, lab: Lab) -> None:
        issuer = ordinary_issuer(lab)
        issuer.change(JWKS, headers=(("Content-Type", "application/jwk-set+json"), ("X-Odd", "é")))
        keys = gather(lab, issuer.issuer).only("jwks")
        assert keys.status == 200
        assert keys.http_version == "HTTP/1.1"
        assert keys.headers[:2] == (("content-type", "application/jwk-set+json"), ("x-odd", "é"))
        assert keys.body == issuer.answers[JWKS].body
        assert keys.wire_size == len(issuer.answers[JWKS].body)

    def test_show_the_tls_they_came_over(self, lab: Lab) -> None:
        issuer = ordinary_issuer(lab)
        tls = gather(lab, issuer.issuer).only("jwks").tls
        assert tls is not None
        assert (tls.version, tls.alpn, tls.problem) == ("TLSv1.3", "http/1.1", None)
        assert tls.certificate is not None
        assert b"good.test" in tls.certificate


class TestKeys:
    def test_are_asked_for_once_where_both_documents_name_them(self, lab: Lab) -> None:
        assert len(gather(lab, ordinary_issuer(lab).issuer).all("jwks")) == 1

    def test_are_asked_for_at_both_places_where_the_documents_differ(self, lab: Lab) -> None:
        issuer = ordinary_issuer(lab)
        other = json.dumps({"issuer": issuer.issuer, "jwks_uri": issuer.issuer + "/other"}).encode()
        issuer.change(OAUTH, body=other)
        keys = gather(lab, issuer.issuer).all("jwks")
        assert [(each.url, each.number) for each in keys] == [
            (issuer.issuer + JWKS, 0),
            (issuer.issuer + "/other", 1),
        ]

    def test_are_asked_for_where_the_inventory_expects_them_if_no_metadata_says(self, lab: Lab) -> None:
        issuer = ordinary_issuer(lab)
        issuer.answers = {"/keys": Answer(b'{"keys": []}')}
        keys = gather(lab, Wanted(issuer=issuer.issuer, jwks_uri=issuer.issuer + "/keys")).only("jwks")
        assert keys.has_document

    def test_of_an_unknown_issuer_are_asked_for_alone(self, lab: Lab) -> None:
        """A consumer that trusts a JWK Set by its URL names no issuer."""
        issuer = ordinary_issuer(lab)
        url = issuer.issuer + JWKS
        gathered = gather(lab, Wanted(issuer=url, jwks_uri=url, source="followed", is_declared=False))
        assert [each.url for each in gathered.kept] == [url]

    def test_of_a_trust_domain_are_its_bundle(self, lab: Lab) -> None:
        """A SPIFFE trust domain has no well-known documents (SPIFFE Trust Domain and Bundle §5)."""
        issuer = ordinary_issuer(lab)
        wanted = Wanted(issuer="spiffe://example.com", jwks_uri=issuer.issuer + JWKS, kind="spiffe")
        assert [each.role for each in gather(lab, wanted).kept] == ["spiffe-bundle"]

    def test_are_never_guessed_of_an_issuer_that_the_inventory_declares(self, lab: Lab) -> None:
        issuer = ordinary_issuer(lab)
        issuer.answers.clear()
        gathered = gather(lab, Wanted(issuer=issuer.issuer, source="named"))
        assert [each.role for each in gathered.kept] == ["openid-configuration", "oauth-authorization-server"]

    def test_are_behind_a_named_url_that_is_no_issuer(self, lab: Lab) -> None:
        issuer = ordinary_issuer(lab)
        url = issuer.issuer + JWKS
        gathered = gather(lab, Wanted(issuer=url, source="named", is_declared=False))
        assert [each.status for each in gathered.kept] == [404, 404, 200]
        assert gathered.only("jwks").url == url

    def test_are_not_looked_for_in_metadata_that_is_no_metadata(self, lab: Lab) -> None:
        issuer = ordinary_issuer(lab)
        for target, body in ((OPENID, b"[" * 100_000), (OAUTH, b'{"jwks_uri": 5}')):
            issuer.change(target, body=body)
        assert gather(lab, issuer.issuer).all("jwks") == []


class TestRepeats:
    def test_show_new_connections_another_client_and_no_tls(self, lab: Lab) -> None:
        issuer = ordinary_issuer(lab)
        plain = lab.serve("good", issuer, is_tls=False)
        gathered = gather(lab, issuer.issuer, settings=lab.settings(repeat=3), plain_port=plain.port)
        assert [(each.purpose, each.number) for each in gathered.kept[3:]] == [
            ("first", 0),
            ("again", 0),
            ("again", 1),
            *(("other-client", number) for number in range(4)),
            ("plain-http", 0),
        ]
        assert [request.connection for request in issuer.requests] == [1, 1, 1, 1, 2, 3, 1, 1, 1, 1]
        assert gathered.kept[-1].url == f"http://good.test:{plain.port}{JWKS}"
        assert gathered.kept[-1].tls is None

    def test_as_other_clients_send_other_headers(self, lab: Lab) -> None:
        issuer = ordinary_issuer(lab)
        gathered = gather(lab, issuer.issuer, settings=lab.settings(repeat=2), plain_port=1)
        ours, *others = (request.headers for request in issuer.requests[-5:])
        assert ours["user-agent"].startswith("jwksgov/")
        assert [(each["user-agent"].partition("/")[0], each.get("accept")) for each in others] == [
            ("Java-http-client", "*/*"),
            ("Python-urllib", None),
            ("node", "application/json"),
            ("Go-http-client", None),
        ]
        told = [each.client for each in gathered.kept if each.role == "jwks" and each.purpose == "other-client"]
        assert told[1:3] == ["Python-urllib/3.13", "node, Accept: application/json"]

    def test_as_another_client_are_one_where_only_configuration_names_the_issuer(self, lab: Lab) -> None:
        """A pull request may name any issuer: it gets few requests for it."""
        issuer = ordinary_issuer(lab)
        wanted = Wanted(issuer=issuer.issuer, source="followed")
        gathered = gather(lab, wanted, settings=lab.settings(repeat=2), plain_port=1)
        assert [each.role for each in gathered.kept if each.purpose == "other-client"] == ["jwks"]

    def test_end_where_the_server_asks_for_a_pause(self, lab: Lab) -> None:
        answer = ordinary_issuer(lab).answers[JWKS]
        limited = LimitedIssuer({JWKS: answer}, answer, allowed=3)
        server = lab.serve("limited", limited)
        wanted = Wanted(issuer=server.url(""), jwks_uri=server.url(JWKS))
        gathered = gather(lab, wanted, settings=lab.settings(repeat=2), plain_port=1)
        asked = [(each.status, each.failure is None) for each in gathered.kept if each.purpose == "other-client"]
        assert asked == [(200, True), (429, False)]


class TestRefusals:
    def test_of_metadata_are_asked_for_as_other_clients_until_one_gets_it(self, lab: Lab) -> None:
        issuer = refusing_issuer(lab, lambda request: request.headers["user-agent"].startswith(("jwksgov", "Java")), OPENID)
        gathered = gather(lab, issuer.issuer, settings=lab.settings(repeat=2), plain_port=1)
        asked = [(each.purpose, each.status) for each in gathered.kept if each.role == "openid-configuration"]
        assert asked == [("first", 403), ("other-client", 403), ("other-client", 200)]
        assert gathered.only("jwks").has_document

    def test_that_are_about_the_document_are_asked_once(self, lab: Lab) -> None:
        issuer = ordinary_issuer(lab)
        issuer.answers.clear()
        gathered = gather(lab, Wanted(issuer=issuer.issuer), settings=lab.settings(repeat=2), plain_port=1)
        assert [each.purpose for each in gathered.kept] == ["first", "first"]


class TestMetadataAtTheOtherPlace:
    @pytest.mark.parametrize("place", ["/tenant" + OAUTH, OPENID + "/tenant"])
    def test_is_found_where_it_is_at_none_of_its_own(self, place: str, lab: Lab) -> None:
        """RFC 8414 §5: some servers follow the rule of the other document."""
        issuer = ordinary_issuer(lab, path="/tenant")
        metadata = issuer.answers.pop("/tenant" + OPENID)
        issuer.answers.pop(OAUTH + "/tenant")
        issuer.answers[place] = metadata
        gathered = gather(lab, Wanted(issuer=issuer.issuer))
        assert [each.url for each in gathered.kept if each.has_document] == [
            issuer.issuer.removesuffix("/tenant") + place,
            issuer.issuer + JWKS,
        ]

    def test_is_not_asked_for_where_one_of_its_own_answers(self, lab: Lab) -> None:
        issuer = ordinary_issuer(lab, path="/tenant")
        issuer.answers.pop(OAUTH + "/tenant")
        assert len(gather(lab, issuer.issuer).kept) == 3

    def test_is_not_asked_for_of_a_server_that_is_silent(self, lab: Lab) -> None:
        assert len(gather(lab, Wanted(issuer="https://gone.test/tenant")).kept) == 2

    def test_is_not_asked_for_where_the_named_url_is_a_key_set(self, lab: Lab) -> None:
        issuer = ordinary_issuer(lab, path="/tenant")
        wanted = Wanted(issuer=issuer.issuer + JWKS, source="named", is_declared=False)
        assert [each.status for each in gather(lab, wanted).kept] == [404, 404, 200]

    def test_are_spared_where_nobody_answered(self, lab: Lab) -> None:
        wanted = Wanted(issuer="https://gone.test", jwks_uri="https://gone.test/keys")
        gathered = gather(lab, wanted, settings=lab.settings(repeat=3))
        assert {each.purpose for each in gathered.kept} == {"first"}
