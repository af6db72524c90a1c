"""What the DNS says of a host, as facts: each is unknown for its own reason."""

from __future__ import annotations

import pytest

from scanner.evidence.model import Fetched
from scanner.facts.endpoint.dns import (
    FACTS,
    caa,
    caa_at,
    cnames,
    has_caa,
    is_dnssec_authenticated,
    is_issuance_restricted,
    is_name_dangling,
)
from scanner.facts.fact import ABSENT, Unknown
from scanner.sources.exchange import Dns, Exchange, Wanted
from scanner.subjects.model import Endpoint

ISSUER = "https://issuer.example.com"


def endpoint(dns: Dns | None) -> Endpoint:
    first = Exchange(issuer=ISSUER, role="jwks", url=f"{ISSUER}/jwks.json", started="2026-06-01T00:00:00Z", dns=dns)
    return Endpoint(Fetched(Wanted(issuer=ISSUER), "jwks", (first,)))


class TestWhatIsNotKnown:
    def test_is_all_of_it_where_nobody_was_asked(self) -> None:
        asked, *rest = FACTS
        assert asked.ask(endpoint(None)) is False
        assert {fact.ask(endpoint(None)) for fact in rest} == {Unknown("the DNS was not asked")}

    def test_is_told_with_the_reason(self) -> None:
        failed = endpoint(Dns(because="the resolver answered SERVFAIL"))
        found = {each.ask(failed) for each in (is_name_dangling, has_caa, caa, caa_at, is_dnssec_authenticated)}
        assert found == {Unknown("the resolver answered SERVFAIL")}

    def test_is_dnssec_alone_where_the_server_does_not_validate(self) -> None:
        """Also where the CAA records are not known, which has another reason."""
        found = endpoint(Dns(is_dangling=False, because="the resolver did not answer in time"))
        assert is_dnssec_authenticated.ask(found) == Unknown("the DNS server that was asked does not validate")
        assert has_caa.ask(found) == Unknown("the resolver did not answer in time")
        assert is_name_dangling.ask(found) is False

    def test_has_a_reason_though_the_bundle_gives_none(self) -> None:
        assert has_caa.ask(endpoint(Dns())) == Unknown("the DNS server gave no answer")


class TestAuthorities:
    def test_are_at_no_name_where_there_are_none(self) -> None:
        found = endpoint(Dns(is_dangling=False, caa=()))
        assert (has_caa.ask(found), caa_at.ask(found)) == (False, ABSENT)

    @pytest.mark.parametrize(
        ("record", "is_restricted"),
        [
            ('0 issue "ca.example.net"', True),
            ('0 issue ";"', True),
            ('128 IsSuE "ca.example.net"', True),
            ('0 issuewild ";"', False),
            ('0 iodef "issue"', False),
            ("0 issue", False),
            ("issue", False),
            ("", False),
        ],
    )
    def test_are_restricted_by_the_tag_issue(self, record: str, is_restricted: bool) -> None:
        """RFC 8659 §4.1: tags are compared without case."""
        assert is_issuance_restricted.ask(endpoint(Dns(caa=(record,)))) is is_restricted


class TestAliases:
    def test_are_shown_whole(self) -> None:
        """Somebody must find and remove them."""
        name = "a-load-balancer-with-a-very-long-name-1234567890.eu-central-1.elb.example.net"
        assert cnames.ask(endpoint(Dns(cnames=(name,)))) == [name]
