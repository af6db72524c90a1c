"""Whether and how an endpoint answered, and what one vantage point can know."""

from __future__ import annotations

import pytest

from scanner.evidence.model import Fetched
from scanner.facts.endpoint.headers import hsts_s
from scanner.facts.endpoint.response import (
    answer_ms,
    error_freshness_s,
    has_retry_after,
    is_cut_short,
    is_encoding_broken,
    is_redirect_refused,
    is_served,
    is_too_large,
)
from scanner.facts.endpoint.tls import certificate_fault, tls_version
from scanner.facts.fact import ABSENT, Unknown
from scanner.sources.exchange import Exchange, Failure, FailureSort, Purpose, Tls, Wanted
from scanner.subjects.model import Endpoint

ISSUER = "https://issuer.example.com"
OPEN = Unknown("why nobody knows")


def exchange(purpose: Purpose = "first", **members: object) -> Exchange:
    members = {"status": 200, "body": b"{}", "url": f"{ISSUER}/jwks.json"} | members
    return Exchange(issuer=ISSUER, role="jwks", started="2026-06-01T00:00:00Z", purpose=purpose, **members)  # type: ignore[arg-type]


def endpoint(*exchanges: Exchange) -> Endpoint:
    return Endpoint(Fetched(Wanted(issuer=ISSUER), "jwks", exchanges, because=OPEN.because))


def failed(sort: FailureSort, **members: object) -> Endpoint:
    return endpoint(exchange("first", **{"body": None, "status": None, "failure": Failure(sort, OPEN.because)} | members))


class TestADocument:
    @pytest.mark.parametrize("status", [201, 204, 206, 299, 401, 404, 410])
    def test_is_not_served_where_the_server_says_so(self, status: int) -> None:
        assert is_served.ask(endpoint(exchange(status=status))) is False

    @pytest.mark.parametrize("status", [300, 304, 400, 403, 405, 407, 429, 451, 500, 503])
    def test_may_be_served_to_others_whatever_we_are_told(self, status: int) -> None:
        """A firewall's refusal and an outage from one vantage point are neither a pass nor a fail."""
        assert is_served.ask(endpoint(exchange(status=status))) == OPEN

    def test_that_has_not_changed_is_served(self) -> None:
        """RFC 9110 §15.4.5: the earlier body stands for the answer."""
        assert is_served.ask(endpoint(exchange(status=304, is_revalidated=True))) is True

    @pytest.mark.parametrize("sort", ["dns", "connect", "timeout", "tls-certificate", "status", "closed"])
    def test_that_did_not_come_is_not_known(self, sort: FailureSort) -> None:
        assert is_served.ask(failed(sort)) == OPEN


class TestAFailure:
    def test_that_is_the_answer_is_known(self) -> None:
        assert is_too_large.ask(failed("too-large")) is True
        assert is_encoding_broken.ask(failed("encoding", status=200)) is True
        assert is_redirect_refused.ask(failed("redirect", status=302)) is True

    def test_of_another_sort_leaves_it_open(self) -> None:
        for fact in (is_too_large, is_encoding_broken, is_redirect_refused, is_cut_short):
            assert fact.ask(failed("timeout")) == OPEN

    def test_with_an_errors_status_was_an_answer_of_ordinary_size(self) -> None:
        assert is_too_large.ask(failed("status", status=503)) is False
        assert is_too_large.ask(endpoint(exchange(status=404))) is False

    def test_in_the_middle_of_an_answer_counts_when_it_comes_again(self) -> None:
        assert is_cut_short.ask(failed("closed", status=200, attempts=2)) is True
        assert is_cut_short.ask(failed("closed", status=200, attempts=1)) == OPEN
        assert is_cut_short.ask(failed("closed", attempts=3)) == OPEN
        assert is_cut_short.ask(endpoint(exchange())) is False


class TestTime:
    def test_is_that_of_the_middle_fetch(self) -> None:
        times = [exchange("first", total_ms=3000.0), exchange("again", total_ms=90.4), exchange("again", total_ms=110.0)]
        assert answer_ms.ask(endpoint(*times)) == 110

    def test_of_fetches_with_a_connection_of_their_own_counts_alone(self) -> None:
        """The first request for keys often goes over the connection that brought the metadata; no consumer's does."""
        kept, own = exchange("first", total_ms=5.0), exchange("again", total_ms=250.0, connect_ms=80.0)
        assert answer_ms.ask(endpoint(kept, own)) == 250

    def test_of_other_clients_and_of_failures_does_not_count(self) -> None:
        late = exchange("other-client", total_ms=9000.0, connect_ms=1.0)
        lost = exchange("again", total_ms=9000.0, connect_ms=1.0, failure=Failure("timeout", "late"))
        assert answer_ms.ask(endpoint(exchange(total_ms=20.0), late, lost)) == 20


class TestErrors:
    def test_say_how_long_shared_caches_keep_them(self) -> None:
        lasting = exchange(status=503, headers=(("cache-control", "max-age=0, s-maxage=600"),))
        assert error_freshness_s.ask(endpoint(lasting)) == 600

    def test_are_not_what_a_document_says(self) -> None:
        assert error_freshness_s.ask(endpoint(exchange(headers=(("cache-control", "max-age=60"),)))) is ABSENT

    def test_with_429_say_when_to_come_back_every_time(self) -> None:
        """RFC 9110 §10.2.3: seconds or a date."""
        told = exchange(status=429, headers=(("retry-after", "120"),))
        dated = exchange("again", status=429, headers=(("retry-after", "Mon, 01 Jun 2026 00:01:00 GMT"),))
        assert has_retry_after.ask(endpoint(told, dated)) is True
        assert has_retry_after.ask(endpoint(told, exchange("again", status=429))) is False


class TestStrictTransportSecurity:
    POLICY = (("strict-transport-security", "max-age=60"), ("strict-transport-security", "max-age=0"))

    def test_is_that_of_the_first_header_of_any_answer(self) -> None:
        """RFC 6797 §8.1: only the first header field counts; errors carry it, too."""
        assert hsts_s.ask(endpoint(exchange(status=404, headers=self.POLICY))) == 60

    def test_does_not_count_over_http(self) -> None:
        plain = exchange(url="http://issuer.example.com/jwks.json", headers=self.POLICY)
        assert hsts_s.ask(endpoint(plain)) == 0

    def test_is_not_known_without_an_answer(self) -> None:
        assert hsts_s.ask(failed("timeout", status=200, headers=self.POLICY)) == OPEN


class TestTls:
    def test_is_not_known_where_there_was_no_handshake(self) -> None:
        assert tls_version.ask(failed("connect")) == OPEN
        assert certificate_fault.ask(failed("connect")) == OPEN

    def test_is_absent_over_http(self) -> None:
        plain = endpoint(exchange(url="http://issuer.example.com/jwks.json"))
        assert (tls_version.ask(plain), certificate_fault.ask(plain)) == (ABSENT, ABSENT)

    def test_with_an_unknown_authority_is_a_fault_in_public_alone(self) -> None:
        shown = Tls(problem="unable to get local issuer certificate")
        public = failed("tls-certificate", tls=shown, address="203.0.113.7")
        private = failed("tls-certificate", tls=shown, address="10.0.0.7")
        assert certificate_fault.ask(public) == "unable to get local issuer certificate"
        assert isinstance(certificate_fault.ask(private), Unknown)

    def test_that_is_over_is_a_fault_everywhere(self) -> None:
        shown = Tls(problem="certificate has expired.")
        assert certificate_fault.ask(failed("tls-certificate", tls=shown, address="10.0.0.7")) == "certificate has expired"
