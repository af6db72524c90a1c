"""Issuers whose documents, names or manners are hostile: they harm themselves only."""

from __future__ import annotations

import contextlib
import itertools
import json
import socket
import sys
import threading

import pytest

from scanner.sources.exchange import Wanted
from scanner.sources.web.failures import BUSY
from tests.servers.collecting import is_complete, keys_of, outcome, visited
from tests.servers.conversation import Conversation
from tests.servers.hostile.behaviour import JWK_SET, before_tls
from tests.servers.issuers import OAUTH, OPENID, OrdinaryIssuer, ordinary_issuer
from tests.servers.lab import Behaviour, Lab
from tests.sources.web.gathering import gather


def _once(issuer: OrdinaryIssuer) -> Behaviour:
    """Answers one request of a connection and closes it."""

    def behaviour(talk: Conversation) -> None:
        _answer_one(issuer, talk)

    return behaviour


def _at_the_second(issuer: OrdinaryIssuer) -> Behaviour:
    """Answers one request of a connection, reads another and closes it."""

    def behaviour(talk: Conversation) -> None:
        _answer_one(issuer, talk)
        talk.request()

    return behaviour


def _answer_one(issuer: OrdinaryIssuer, talk: Conversation) -> None:
    request = talk.request()
    if request is not None:
        found = issuer.answers[request.target]
        talk.answer(found.status, found.headers, found.body)


class TestConnections:
    def test_one_connection_serves_an_issuer(self, lab: Lab) -> None:
        good = ordinary_issuer(lab)
        assert is_complete(visited(lab, Wanted(issuer=good.issuer))[0])
        assert {request.connection for request in good.requests} == {1}

    def test_a_connection_that_was_closed_in_between_is_made_anew(self, lab: Lab) -> None:
        """RFC 9112 §9.3.1: a server may close a kept connection at any time, without a word."""
        good = ordinary_issuer(lab)
        assert good.server is not None
        good.server.behaviour = _once(good)
        (visit,) = visited(lab, Wanted(issuer=good.issuer))
        assert is_complete(visit)
        assert {each.attempts for each in visit.exchanges} == {1}
        assert {request.connection for request in good.requests} == {1, 2, 3}

    def test_a_connection_that_is_closed_at_the_second_request_is_made_anew(self, lab: Lab) -> None:
        """The server reads the request, and closes: nothing says whether it had closed before."""
        good = ordinary_issuer(lab)
        assert good.server is not None
        good.server.behaviour = _at_the_second(good)
        assert is_complete(visited(lab, Wanted(issuer=good.issuer))[0])

    def test_what_comes_after_an_answer_is_not_taken_for_the_next_one(self, lab: Lab) -> None:
        """Octets that a server sends ahead would otherwise answer a request that it has not seen.

        They leave together with the answer: sent apart, they may arrive after the next request and then count as its answer.
        """
        odd = ordinary_issuer(lab, "odd")
        forged = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged"

        def behaviour(talk: Conversation) -> None:
            while (request := talk.request()) is not None:
                found = odd.answers[request.target]
                talk.answer(found.status, found.headers, found.body, ahead=forged)

        assert odd.server is not None
        odd.server.behaviour = behaviour
        (visit,) = visited(lab, Wanted(issuer=odd.issuer))
        assert b"forged" not in [each.body for each in visit.exchanges]


class TestMetadata:
    @pytest.mark.parametrize(
        "jwks_uri",
        [
            "file:///etc/passwd",
            "https://169.254.169.254/latest/meta-data/iam/",
            "https://10.0.0.1/jwks.json",
            "https://localhost/jwks.json",
            "http://127.0.0.1/jwks.json",
            "ldap://example.com/x",
            "https://user:secret@example.com/",
            "https://\ud800.example.com/",
            "https://example.com/\ud800",
            "https://example.com/" + "a" * 500_000,
            "https://exa mple.com/\r\nX-Forged: yes",
            "\x00",
            "no url",
        ],
        ids=range(13),
    )
    def test_a_jwks_uri_that_must_not_be_asked_is_a_failure_that_can_be_written_down(self, lab: Lab, jwks_uri: str) -> None:
        odd = ordinary_issuer(lab, "odd", jwks_uri=jwks_uri)
        (visit,) = visited(lab, Wanted(issuer=odd.issuer))
        keys = keys_of(visit)
        assert outcome(keys) in ("bad-url", "address-refused")
        assert len(json.dumps(keys.url, ensure_ascii=False).encode()) < 20_000
        assert "secret" not in keys.url

    @pytest.mark.parametrize("jwks_uri", ["", " ", None, 1, True, [], ["https://a.example/"], {"https://a.example/": 1}])
    def test_a_jwks_uri_that_is_no_text_is_none(self, lab: Lab, jwks_uri: object) -> None:
        odd = ordinary_issuer(lab, "odd")
        for target in (OPENID, OAUTH):
            odd.change(target, body=json.dumps({"issuer": odd.issuer, "jwks_uri": jwks_uri}).encode())
        (visit,) = visited(lab, Wanted(issuer=odd.issuer))
        assert {outcome(each) for each in visit.exchanges} <= {"200", "bad-url"}

    @pytest.mark.parametrize(
        "body",
        [
            b'{"a":' * 100_000,
            b"[" * 100_000 + b"]" * 100_000,
            b'{"jwks_uri": ' + b"1" * 10_000 + b"}",
            b'{"jwks_uri": 1e400}',
            b"\xff\xfe{\x00}\x00",
            b"\xef\xbb\xbf{}",
            b'"jwks_uri"',
            b"",
            bytes(range(256)),
        ],
        ids=range(9),
    )
    def test_metadata_that_is_none_is_kept_as_it_came(self, lab: Lab, body: bytes) -> None:
        odd = ordinary_issuer(lab, "odd")
        for target in (OPENID, OAUTH):
            odd.change(target, body=body)
        (visit,) = visited(lab, Wanted(issuer=odd.issuer))
        assert [each.body for each in visit.exchanges] == [body, body]

    def test_issuers_that_name_each_other_s_keys_are_asked_once_each(self, lab: Lab) -> None:
        """Metadata leads to keys, and keys lead nowhere."""
        first, second = ordinary_issuer(lab, "first"), ordinary_issuer(lab, "second")
        for one, other in itertools.permutations((first, second)):
            metadata = json.dumps({"issuer": one.issuer, "jwks_uri": other.issuer + OPENID}).encode()
            one.change(OPENID, body=metadata)
            one.change(OAUTH, body=metadata)
        visits = visited(lab, Wanted(issuer=first.issuer), Wanted(issuer=second.issuer))
        assert [len(visit.exchanges) for visit in visits] == [3, 3]


class TestNames:
    def test_a_resolver_that_never_answers_stops_nobody(self, lab: Lab) -> None:
        good = ordinary_issuer(lab)
        stuck = threading.Event()
        lab.strangers["stuck.test"] = lambda: ("127.0.0.1",) if stuck.wait(60) else ()
        visits = visited(lab, Wanted(issuer="https://stuck.test/"), Wanted(issuer=good.issuer))
        stuck.set()
        assert {outcome(each) for each in visits[0].exchanges} == {"timeout"}
        assert is_complete(visits[1])

    def test_a_name_that_nobody_has_is_a_failure(self, lab: Lab) -> None:
        (visit,) = visited(lab, Wanted(issuer="https://nowhere.test/"))
        assert {outcome(each) for each in visit.exchanges} == {"dns"}

    @pytest.mark.skipif(sys.platform != "linux", reason="linux-only: others refuse what their queue has no room for")
    def test_a_port_where_nobody_accepts_is_a_failure_in_time(self, lab: Lab) -> None:
        """As behind a firewall that drops: the queue of the listener is full, so that nothing is answered."""
        with contextlib.ExitStack() as stack:
            full = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
            for _ in range(3):
                waiting = stack.enter_context(socket.socket())
                waiting.setblocking(False)
                waiting.connect_ex(full.getsockname())
            lab.addresses["full.test"] = ("127.0.0.1",)
            good = ordinary_issuer(lab)
            wanted = Wanted(issuer=f"https://full.test:{full.getsockname()[1]}")
            visits = visited(lab, wanted, Wanted(issuer=good.issuer))
        assert {outcome(each) for each in visits[0].exchanges} == {"timeout"}
        assert is_complete(visits[1])

    def test_the_next_address_is_tried_where_one_is_dead(self, lab: Lab) -> None:
        good = ordinary_issuer(lab)
        lab.addresses["good.test"] = ("127.0.0.2", "127.0.0.1")
        (visit,) = visited(lab, Wanted(issuer=good.issuer))
        assert is_complete(visit)
        assert {each.address for each in visit.exchanges} == {"127.0.0.1"}

    def test_a_port_where_nobody_listens_is_a_failure(self, lab: Lab) -> None:
        gone = ordinary_issuer(lab, "gone")
        assert gone.server is not None
        gone.server.close()
        (visit,) = visited(lab, Wanted(issuer=gone.issuer))
        assert {outcome(each) for each in visit.exchanges} == {"connect"}


class TestCrowds:
    def test_many_issuers_at_one_host_that_is_stuck_do_not_hold_up_the_others(self, lab: Lab) -> None:
        """The crowd comes first and is larger than the crew; whoever stands behind it is done before it is."""
        stuck = lab.serve("stuck", lambda talk: talk.wait(), is_tls=False)
        crowd = [Wanted(issuer=f"https://stuck.test:{stuck.port}/{number}") for number in range(12)]
        good = ordinary_issuer(lab)
        order = gather(lab, *crowd, good.issuer, settings=lab.settings(concurrency=4, total_s=1)).visits
        assert is_complete(order[0])
        assert len(order) == 13
        assert stuck.connections < 12, "a server that is silent again and again is left alone"

    def test_many_issuers_with_keys_at_one_host_that_is_stuck_end_in_time(self, lab: Lab) -> None:
        """Each at a host of its own, so that no turn can be told from their names."""
        stuck = before_tls(lambda talk: talk.wait())(lab)
        crowd = [ordinary_issuer(lab, f"tenant-{number}", jwks_uri=f"{stuck}?{number}").issuer for number in range(12)]
        good = ordinary_issuer(lab)
        order = gather(lab, *crowd, good.issuer, settings=lab.settings(concurrency=4, total_s=1)).visits
        assert [visit.wanted.issuer for visit in order if is_complete(visit)] == [good.issuer]
        assert len(order) == 13

    def test_issuers_with_keys_at_one_slow_host_do_not_wait_for_each_other_for_ever(self, lab: Lab) -> None:
        """It answers, one after the other, so that it is not silent; who waits longer than a document may take gives up."""

        def slow(talk: Conversation) -> None:
            while talk.request() is not None:
                talk.stopping.wait(0.8)
                talk.answer(200, (), JWK_SET)

        keys = lab.serve("slow", slow).url("/keys")
        crowd = [ordinary_issuer(lab, f"tenant-{number}", jwks_uri=f"{keys}?{number}").issuer for number in range(8)]
        gathered = gather(lab, *crowd, settings=lab.settings(concurrency=8, per_host=1, total_s=1))
        failures = [each.failure for each in gathered.all("jwks") if each.failure is not None]
        assert len(gathered.visits) == 8
        assert 0 < len(failures) < 8
        assert set(failures) == {BUSY}, "nobody says of the server that it did not answer"
