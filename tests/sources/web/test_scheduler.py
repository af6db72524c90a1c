"""Whose turn it is."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.sources.exchange import Failure, Wanted
from scanner.sources.web.circuit_breaker import CircuitBreaker
from scanner.sources.web.scheduler import HostScheduler


def wanted(*issuers: str) -> Iterator[Wanted]:
    return (Wanted(issuer=f"https://{issuer}") for issuer in issuers)


def taken(scheduler: HostScheduler) -> list[str]:
    """Who is in flight now, in order."""
    found = []
    while (each := scheduler.next_issuer()) is not None:
        found.append(each.issuer.removeprefix("https://"))
    return found


class TestHostScheduler:
    def test_go_by_order(self) -> None:
        assert taken(HostScheduler(wanted("a", "b", "c"), per_host=1)) == ["a", "b", "c"]

    def test_pass_over_a_host_that_is_busy(self) -> None:
        scheduler = HostScheduler(wanted("big/1", "big/2", "big/3", "BIG:8443/4", "small"), per_host=2)
        assert taken(scheduler) == ["big/1", "big/2", "small"]

    def test_come_back_to_it(self) -> None:
        scheduler = HostScheduler(wanted("big/1", "big/2", "big/3", "small"), per_host=1)
        assert taken(scheduler) == ["big/1", "small"]
        scheduler.mark_done(Wanted(issuer="https://small"))
        assert taken(scheduler) == []
        scheduler.mark_done(Wanted(issuer="https://big/1"))
        assert taken(scheduler) == ["big/2"]
        scheduler.mark_done(Wanted(issuer="https://big/2"))
        assert taken(scheduler) == ["big/3"]

    def test_go_by_the_host_of_the_keys_for_a_trust_domain(self) -> None:
        domains = (Wanted(issuer=f"spiffe://td{n}", jwks_uri="https://spire/keys", kind="spiffe") for n in range(3))
        assert len(taken(HostScheduler(domains, per_host=2))) == 2

    def test_leave_those_beyond_sight_where_they_are(self) -> None:
        """Ten thousand tenants of one host are not all taken into memory."""
        coming = wanted(*(f"big/{number}" for number in range(10_000)))
        assert len(taken(HostScheduler(coming, per_host=2))) == 2
        assert len(list(coming)) > 7000

    def test_of_what_is_no_url_are_taken_alike(self) -> None:
        assert len(taken(HostScheduler(iter([Wanted(issuer="https://[")] * 3), per_host=2))) == 2


class TestCircuitBreaker:
    def test_after_six_documents_in_a_row_a_server_is_left_alone(self) -> None:
        breaker = CircuitBreaker()
        for _ in range(6):
            assert breaker.failure_if_open("https://gone.test") is None
            breaker.record_outcome("https://gone.test", Failure("timeout", "…"))
        failure = breaker.failure_if_open("https://gone.test")
        assert failure is not None
        assert "did not answer 6 times in a row" in failure.because
        assert breaker.failure_if_open("https://other.test") is None

    def test_a_closed_port_stays_one(self) -> None:
        """Every tenant of a host has its keys asked for without TLS; that nobody listens there is the good answer."""
        breaker = CircuitBreaker()
        for _ in range(7):
            breaker.record_outcome("http://many.test", Failure("connect", "…"))
        failure = breaker.failure_if_open("http://many.test")
        assert failure is not None
        assert failure.sort == "connect"

    def test_any_answer_ends_it(self) -> None:
        breaker = CircuitBreaker()
        for outcome in (*[Failure("connect", "…")] * 5, Failure("status", "…"), *[Failure("connect", "…")] * 5, None):
            breaker.record_outcome("https://odd.test", outcome)
        breaker.record_outcome("https://odd.test", Failure("connect", "…"))
        assert breaker.failure_if_open("https://odd.test") is None
