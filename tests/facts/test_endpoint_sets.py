"""Whether several fetches brought the same keys, whatever the spelling."""

from __future__ import annotations

from typing import Any

import pytest

from scanner.evidence.issuers.fetched import evidence_of
from scanner.examples.fetched_examples import read_fetched
from scanner.facts.endpoint.sets import agreement, client_agreement, fetches_apart_s, is_served_over_http, keys_not_always_there
from scanner.facts.fact import Unknown
from scanner.subjects.model import Endpoint

A = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "kid": "a"}
B = {
    "kty": "EC",
    "crv": "P-256",
    "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
    "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
    "kid": "b",
}
C = {"kty": "RSA", "n": "sXchxw", "e": "AQAB", "kid": "c"}
UNREADABLE = {"kty": "RSA", "n": "***", "e": "AQAB", "kid": "u"}
GONE = {"failure": {"sort": "timeout", "because": "nobody answered in time"}}


def fetched(*sets: list[Any] | dict[str, Any], **more: Any) -> Endpoint:
    """An endpoint that gave these key sets one after the other, or what a dictionary says."""
    rounds = [{"jwks": {"keys": each}} if isinstance(each, list) else each for each in sets]
    visit = read_fetched({**rounds[0], "again": rounds[1:], **more}, lambda value: value, lambda name: {}).visit
    [(evidence, _)] = evidence_of(visit)
    assert evidence.fetched is not None
    return Endpoint(evidence.fetched)


class TestAgreement:
    def test_is_about_keys_and_not_about_their_spelling(self) -> None:
        """RFC 7638 §3: a thumbprint has the required members alone. Order, labels and padded integers do not count."""
        padded = {**C, "n": "ALF3Icc", "alg": "RS256", "kid": "other"}  # the same number with a zero octet before it
        assert agreement.ask(fetched([A, C], [padded, {**A, "use": "sig"}])) == "same"

    @pytest.mark.parametrize(
        ("old", "new", "relation"),
        [
            ([A], [A, B], "contained"),
            ([A, B], [B], "contained"),
            ([A], [], "emptied"),
            ([A, B], [A, C], "overlapping"),
            ([A], [B], "disjoint"),
            ([], [], "same"),
        ],
    )
    def test_is_one_of_five(self, old: list[Any], new: list[Any], relation: str) -> None:
        assert agreement.ask(fetched(old, new)) == relation

    def test_is_the_worst_of_several(self) -> None:
        assert agreement.ask(fetched([A], [A], [A, B], [C])) == "disjoint"

    def test_compares_keys_that_cannot_be_read_by_what_they_say(self) -> None:
        assert agreement.ask(fetched([A, UNREADABLE], [A, UNREADABLE])) == "same"
        assert agreement.ask(fetched([A, UNREADABLE], [A, {**UNREADABLE, "kid": "v"}])) == "overlapping"

    def test_is_not_known_where_a_fetch_failed_and_the_others_agree(self) -> None:
        assert agreement.ask(fetched([A], [A], GONE)) == Unknown("another fetch gave no set: nobody answered in time")
        assert agreement.ask(fetched([A], [B], GONE)) == "disjoint"

    def test_is_not_known_of_one_fetch(self) -> None:
        assert isinstance(agreement.ask(fetched([A])), Unknown)

    def test_names_the_keys_that_come_and_go(self) -> None:
        assert keys_not_always_there.ask(fetched([A, B], [A, C], [A, B, C])) == ["b", "c"]

    def test_knows_how_far_apart_the_fetches_are(self) -> None:
        later = {"jwks": {"keys": [A]}, "started": "2026-06-01T00:00:09.500Z"}
        assert fetches_apart_s.ask(fetched([A], later)) == 9


class TestAnotherClient:
    def test_gets_the_same_or_not(self) -> None:
        assert client_agreement.ask(fetched([A], other_client={})) == "same"
        assert client_agreement.ask(fetched([A], other_client={"jwks": {"keys": [B]}})) == "disjoint"

    def test_that_gets_a_page_gets_another_document(self) -> None:
        assert client_agreement.ask(fetched([A], other_client={"body": "<html>"})) == "another document"

    def test_that_is_turned_away_leaves_it_open(self) -> None:
        assert client_agreement.ask(fetched([A], other_client={"status": 403, "body": "no"})) == Unknown(
            "another fetch gave no set: the server answered 403"
        )


class TestThePlaceWithoutTls:
    def test_serves_the_keys_where_one_of_them_is_the_same(self) -> None:
        assert is_served_over_http.ask(fetched([A, B], plain_http={"jwks": {"keys": [B, C]}})) is True
        assert is_served_over_http.ask(fetched([A], plain_http={"jwks": {"keys": [C]}})) is False

    def test_may_be_closed_or_lead_to_https(self) -> None:
        closed = {"failure": {"sort": "connect", "because": "nobody answers there"}}
        assert is_served_over_http.ask(fetched([A], plain_http=closed)) is False
        assert is_served_over_http.ask(fetched([A], plain_http={"status": 308, "body": ""})) is False

    def test_that_says_nothing_leaves_it_open(self) -> None:
        assert is_served_over_http.ask(fetched([A], plain_http=GONE)) == Unknown("nobody answered in time")
