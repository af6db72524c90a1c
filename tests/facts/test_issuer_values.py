"""Metadata says whatever it likes, and reading it never fails."""

from __future__ import annotations

import pytest

from scanner.clock import clock_at
from scanner.evidence.model import IssuerMetadata, MetadataKind, Spot
from scanner.facts.issuer import FACTS
from scanner.facts.issuer.kind import kind
from scanner.subjects.model import Issuer

AT = clock_at("2026-06-01T00:00:00Z").now()
ODD: list[object] = [None, "", "x\0", 7, 1.5, True, [], [[]], [None], {}, {"a": {"jwks": []}}, "https://[", "a.b.c"]
NAMES = (
    "issuer", "jwks_uri", "authorization_endpoint", "mtls_endpoint_aliases", "response_types_supported", "signed_metadata",
    "scopes_supported", "jwks", "metadata", "exp", "iat", "authorization_servers", "resource", "iss",
)  # fmt: skip


def issuer(declared: str | None = None, kind: MetadataKind = "openid-provider", **members: object) -> Issuer:
    return Issuer(IssuerMetadata(kind, members, Spot(1, 1), {}), declared)


class TestAnyValue:
    @pytest.mark.parametrize("odd", ODD, ids=repr)
    def test_of_any_member_gets_an_answer_from_every_fact(self, odd: object) -> None:
        for one in ("openid-provider", "protected-resource", "federation-entity"):
            subject = Issuer(IssuerMetadata(one, dict.fromkeys(NAMES, odd), Spot(1, 1), {}))
            for fact in FACTS:
                assert (fact.ask(subject, at=AT) if fact.wants_time else fact.ask(subject)) is not None


class TestKind:
    def test_is_what_the_configuration_says_it_is(self) -> None:
        assert kind.ask(issuer("spiffe", authorization_endpoint="https://a.example.com/authorize")) == "spiffe"

    def test_of_a_server_without_browser_and_token_endpoint_is_workload(self) -> None:
        assert kind.ask(issuer(issuer="https://a.example.com")) == "workload"
        assert kind.ask(issuer(authorization_endpoint="urn:kubernetes:programmatic_authorization")) == "workload"
        assert kind.ask(issuer(token_endpoint="https://a.example.com/token")) == "service"
