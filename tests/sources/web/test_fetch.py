"""One document: asked for again where that helps, revalidated, redirected, and never more told than may be."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from scanner.record import changed
from scanner.redaction.body import redact_private
from scanner.sources.exchange import Exchange, Wanted
from tests.servers.conversation import Conversation
from tests.servers.issuers import JWKS, OPENID, ordinary_issuer
from tests.servers.lab import Behaviour, Lab
from tests.sources.web.gathering import gather


def answering(*answers: tuple[int, tuple[tuple[str, str], ...], bytes]) -> Behaviour:
    """Each request gets the next answer, whichever connection it comes over; the last one again and again."""
    left = list(answers)

    def behaviour(talk: Conversation) -> None:
        while talk.request() is not None:
            talk.answer(*(left.pop(0) if len(left) > 1 else left[0]))

    return behaviour


def keys_at(lab: Lab, url: str, **more: Any) -> Exchange:
    """The one document at a URL, as keys."""
    return gather(lab, Wanted(issuer=url, jwks_uri=url), **more).only("jwks")


AT_ONCE = (("Retry-After", "0"),)
GOOD = (200, (), b'{"keys": []}')


class TestAttempts:
    def test_go_on_after_an_overloaded_server(self, lab: Lab) -> None:
        server = lab.serve("busy", answering((503, AT_ONCE, b"later"), (429, AT_ONCE, b""), GOOD))
        keys = keys_at(lab, server.url(JWKS), settings=lab.settings(retries=2))
        assert (keys.status, keys.attempts, keys.failure, keys.body) == (200, 3, None, GOOD[2])
        assert server.connections == 1

    def test_end_with_the_last_answer_on_record(self, lab: Lab) -> None:
        server = lab.serve("busy", answering((503, AT_ONCE, b"later")))
        keys = keys_at(lab, server.url(JWKS), settings=lab.settings(retries=1))
        assert keys.failure is not None
        assert (keys.failure.sort, keys.status, keys.attempts, keys.body) == ("status", 503, 2, b"later")
        assert not keys.has_document

    def test_wait_as_long_as_the_server_asks(self, lab: Lab) -> None:
        later = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
        server = lab.serve("busy", answering((503, (("Retry-After", later),), b""), GOOD))
        keys = keys_at(lab, server.url(JWKS), settings=lab.settings(retries=1))
        assert keys.attempts == 1, "an hour is not left, so nobody waits"

    def test_go_on_after_a_connection_that_broke_off(self, lab: Lab) -> None:
        talks = iter(range(3))

        def behaviour(talk: Conversation) -> None:
            talk.request()
            if next(talks):
                talk.answer(*GOOD)

        server = lab.serve("odd", behaviour)
        keys = keys_at(lab, server.url(JWKS), settings=lab.settings(retries=1))
        assert (keys.status, keys.attempts) == (200, 2)

    def test_are_not_made_where_nothing_would_change(self, lab: Lab) -> None:
        server = lab.serve("odd", answering((404, (), b"")))
        assert keys_at(lab, server.url(JWKS), settings=lab.settings(retries=2)).attempts == 1

    def test_do_not_count_a_kept_connection_that_the_server_closed(self, lab: Lab) -> None:
        def once(talk: Conversation) -> None:
            talk.request()
            talk.answer(200, (("Connection", "keep-alive"),), b"{}")

        server = lab.serve("odd", once)
        gathered = gather(lab, server.url(""))
        assert [each.attempts for each in gathered.kept] == [1, 1]
        assert server.connections == 2


class TestRevalidation:
    def test_takes_the_earlier_body_when_the_server_says_304(self, lab: Lab) -> None:
        issuer = ordinary_issuer(lab)
        issuer.change(JWKS, headers=(("ETag", '"one"'), ("Last-Modified", "Wed, 01 Jul 2026 00:00:00 GMT"), ("Age", "5")))
        before = gather(lab, issuer.issuer).only("jwks")
        issuer.change(JWKS, status=304, body=b"", headers=(("ETag", '"one"'), ("Age", "7")))
        keys = gather(lab, issuer.issuer, find_previous=lambda url: before if url == before.url else None).only("jwks")
        asked = issuer.requests[-1].headers
        assert asked["if-none-match"] == '"one"'
        assert asked["if-modified-since"] == "Wed, 01 Jul 2026 00:00:00 GMT"
        assert (keys.status, keys.is_revalidated, keys.has_document) == (304, True, True)
        assert (keys.body, keys.sha256) == (before.body, before.sha256)
        assert keys.header("age") == ("7",), "RFC 9111 §3.2: what came with the 304 replaces what is stored"
        assert keys.header("last-modified") == ("Wed, 01 Jul 2026 00:00:00 GMT",)

    def test_is_no_matter_when_the_document_changed(self, lab: Lab) -> None:
        issuer = ordinary_issuer(lab)
        issuer.change(JWKS, headers=(("ETag", '"one"'),))
        before = gather(lab, issuer.issuer).only("jwks")
        issuer.change(JWKS, body=b'{"keys": []}')
        keys = gather(lab, issuer.issuer, find_previous=lambda url: before if url == before.url else None).only("jwks")
        assert (keys.status, keys.is_revalidated, keys.body) == (200, False, b'{"keys": []}')

    def test_is_not_asked_for_without_validators(self, lab: Lab) -> None:
        issuer = ordinary_issuer(lab)
        before = gather(lab, issuer.issuer)
        gather(lab, issuer.issuer, find_previous=lambda url: next((each for each in before.kept if each.url == url), None))
        assert not any(name.startswith("if-") for request in issuer.requests for name in request.headers)

    def test_cleans_the_earlier_body_once_more(self, lab: Lab) -> None:
        """A version before may have known fewer forms of private keys."""
        issuer = ordinary_issuer(lab)
        issuer.change(JWKS, headers=(("ETag", '"one"'),))
        earlier = gather(lab, issuer.issuer).only("jwks")
        earlier = changed(earlier, body=b'{"keys": [{"kty": "oct", "k": "AAAAAAAAAAAAAAAA"}]}')
        issuer.change(JWKS, status=304, body=b"", headers=(("ETag", '"one"'),))
        keys = gather(lab, issuer.issuer, redact=redact_private, find_previous=lambda _: earlier).only("jwks")
        assert keys.body == b'{"keys": [{"kty": "oct", "k": "****************"}]}'
        assert (keys.removed, keys.sha256) == (("keys[0].k",), hashlib.sha256(keys.body).hexdigest())

    def test_does_not_believe_a_304_that_nobody_asked_for(self, lab: Lab) -> None:
        keys = keys_at(lab, lab.serve("odd", answering((304, (), b""))).url(JWKS))
        assert (keys.status, keys.body, keys.has_document) == (304, None, False)


class TestRedirects:
    def test_are_followed_one_by_one_and_recorded(self, lab: Lab) -> None:
        target = lab.serve("keys", answering(GOOD))
        there = lab.serve("there", answering((307, (("Location", target.url("/real")),), b"moved")))
        here = lab.serve("here", answering((301, (("Location", "/on"),), b""), (302, (("Location", there.url("/x")),), b"")))
        keys = keys_at(lab, here.url(JWKS))
        assert [(hop.url, hop.status, hop.location) for hop in keys.hops] == [
            (here.url(JWKS), 301, here.url("/on")),
            (here.url("/on"), 302, there.url("/x")),
            (there.url("/x"), 307, target.url("/real")),
        ]
        assert (keys.url, keys.final_url, keys.status) == (here.url(JWKS), target.url("/real"), 200)
        assert keys.tls is not None
        assert b"keys.test" in (keys.tls.certificate or b"")

    @pytest.mark.parametrize(
        ("location", "because"),
        [
            ("http://here.test/keys", "the redirect leads from https to http"),
            ("ftp://here.test/keys", "the redirect has no URL that may be requested"),
            (JWKS, "the redirects form a loop"),
        ],
    )
    def test_are_not_followed_everywhere(self, lab: Lab, location: str, because: str) -> None:
        here = lab.serve("here", answering((302, (("Location", location),), b"")))
        failure = keys_at(lab, here.url(JWKS)).failure
        assert failure is not None
        assert (failure.sort, failure.because) == ("redirect", because)

    def test_of_plain_http_are_looked_at_and_not_followed(self, lab: Lab) -> None:
        issuer = ordinary_issuer(lab)
        plain = lab.serve("good", answering((301, (("Location", issuer.issuer + JWKS),), b"")), is_tls=False)
        asked = len(gather(lab, issuer.issuer, settings=lab.settings(repeat=2), plain_port=plain.port).kept)
        gathered = gather(lab, issuer.issuer, settings=lab.settings(repeat=2), plain_port=plain.port)
        exchange = gathered.only("jwks", "plain-http")
        assert (exchange.status, exchange.hops, exchange.failure) == (301, (), None)
        assert exchange.header("location") == (issuer.issuer + JWKS,)
        assert len(issuer.requests) == 2 * (asked - 1)


class TestSecrets:
    def test_cookies_are_not_recorded(self, lab: Lab) -> None:
        server = lab.serve("odd", answering((200, (("Set-Cookie", "session=hunter2"), ("X-Other", "1")), b"{}")))
        keys = keys_at(lab, server.url(JWKS))
        assert keys.header("set-cookie") == ("",)
        assert keys.removed == ("set-cookie",)

    def test_private_keys_in_headers_are_not_recorded(self, lab: Lab) -> None:
        """A header holds no less than a body."""
        secret = "QnVuZGxlU2VjcmV0VmFsdWVBYmNkZWZn"
        headers = (("X-Key", f'{{"kty": "EC", "d": "{secret}"}}'), ("X-Half", f'{{"kty" "d": "{secret}'), ("X-Other", "1"))
        server = lab.serve("odd", answering((200, headers, b"{}")))
        keys = keys_at(lab, server.url(JWKS), redact=redact_private)
        assert keys.header("x-key") == (f'{{"kty": "EC", "d": "{"*" * len(secret)}"}}',)
        assert keys.header("x-half") == ("",)
        assert keys.header("x-other") == ("1",)
        assert keys.removed == ("x-key", "x-half")

    def test_credentials_in_urls_are_neither_sent_nor_recorded(self, lab: Lab) -> None:
        server = lab.serve("odd", answering((302, (("Location", "https://joe:hunter2@odd.test/x"),), b"")))
        keys = keys_at(lab, server.url(JWKS))
        assert "hunter2" not in repr(keys)
        url = server.url(JWKS).replace("https://", "https://joe:hunter2@")
        named = gather(lab, Wanted(issuer="https://odd.test", jwks_uri=url, kind="spiffe")).only("spiffe-bundle")
        assert named.failure is not None
        assert named.failure.sort == "bad-url"
        assert named.url == server.url(JWKS)
        assert [request for request in server.requests if "authorization" in request.headers] == []


class TestContent:
    @pytest.mark.parametrize(
        ("coding", "encoded"),
        [
            ("gzip", gzip.compress(GOOD[2], mtime=0)),
            ("GZIP, identity", gzip.compress(GOOD[2], mtime=0)),
            ("deflate", zlib.compress(GOOD[2])),
            ("deflate", zlib.compress(GOOD[2], wbits=-15)),
            ("deflate, gzip", gzip.compress(zlib.compress(GOOD[2]), mtime=0)),
        ],
        ids=["gzip", "another spelling", "deflate", "deflate without its frame", "both"],
    )
    def test_is_recorded_decoded(self, lab: Lab, coding: str, encoded: bytes) -> None:
        server = lab.serve("odd", answering((200, (("Content-Encoding", coding),), encoded)))
        keys = keys_at(lab, server.url(JWKS))
        assert keys.body == GOOD[2]
        assert keys.wire_size == len(encoded)

    def test_in_chunks_is_put_together(self, lab: Lab) -> None:
        def chunked(talk: Conversation) -> None:
            talk.request()
            talk.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")

        assert keys_at(lab, lab.serve("odd", chunked).url(JWKS)).body == b"{}"

    def test_may_be_as_long_as_the_settings_say(self, lab: Lab) -> None:
        server = lab.serve("long", answering((200, (), b" " * 900_000)))
        assert keys_at(lab, server.url(JWKS), settings=lab.settings(max_octets=900_000)).wire_size == 900_000
        failure = keys_at(lab, server.url(JWKS), settings=lab.settings(max_octets=899_999)).failure
        assert failure is not None
        assert failure.because == "the announced length of the content exceeds 899999 bytes"

    def test_longer_than_announced_is_no_start_of_the_next_answer(self, lab: Lab) -> None:
        def desynchronised(talk: Conversation) -> None:
            while talk.request() is not None:
                talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n5")

        gathered = gather(lab, lab.serve("odd", desynchronised).url(""))
        assert [each.failure.because for each in gathered.kept if each.failure is not None] == [
            "the server sent more data than the length of the response announces",
            "the server sent more data than the length of the response announces",
        ]

    def test_of_an_error_is_evidence_as_well(self, lab: Lab) -> None:
        server = lab.serve("odd", answering((403, (("Content-Type", "text/html"),), b"<h1>no</h1>")))
        keys = keys_at(lab, server.url(JWKS))
        assert (keys.status, keys.body, keys.failure, keys.has_document) == (403, b"<h1>no</h1>", None, False)


class TestPlainHttp:
    def test_is_asked_only_where_the_host_is_allowed_by_name(self, lab: Lab) -> None:
        issuer = ordinary_issuer(lab, "clear", is_tls=False)
        assert gather(lab, issuer.issuer).only("jwks").has_document
        refused = gather(lab, issuer.issuer, settings=lab.settings(allow_private=["other.test"]))
        assert {each.failure.sort for each in refused.kept if each.failure is not None} == {"bad-url"}

    def test_of_metadata_alone_does_not_make_keys_trusted(self, lab: Lab) -> None:
        plain = lab.serve("clear", answering(GOOD), is_tls=False)
        issuer = ordinary_issuer(lab, jwks_uri=plain.url(JWKS))
        keys = gather(lab, issuer.issuer, settings=lab.settings(allow_private=["good.test"])).only("jwks")
        assert keys.failure is not None
        assert keys.failure.sort == "bad-url"
        assert issuer.answers[OPENID].body.count(b"http://clear.test") == 1
