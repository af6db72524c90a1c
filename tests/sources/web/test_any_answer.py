"""Whatever octets a server answers with, an Exchange comes of them that can be written down and read."""

from __future__ import annotations

import gzip
import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.evidence.issuers.fetched import evidence_of
from scanner.redaction.body import redact_private
from scanner.sources.bundle.lines import line_of
from scanner.sources.exchange import Visit, Wanted
from scanner.sources.web.document_request import DocumentRequest
from scanner.sources.web.fetch import fetch
from scanner.sources.web.network import Network
from scanner.sources.web.session import Session
from tests.servers.conversation import Conversation
from tests.servers.hostile.behaviour import JWK_SET
from tests.servers.lab import Lab

_PACKED = gzip.compress(JWK_SET, mtime=0)
# what answers are made of, whole and broken
_PIECES = (
    b"HTTP/1.1 200 OK\r\n",
    b"HTTP/1.1 302 Found\r\n",
    b"HTTP/1.1 304 Not Modified\r\n",
    b"HTTP/1.1 103 Early Hints\r\n\r\n",
    b"HTTP/1.0 200\r\n",
    b"HTTP/1.1 429 Wait\r\nRetry-After: 0\r\n",
    b"Content-Length: %d\r\n" % len(JWK_SET),
    b"Content-Length: 3\r\n",
    b"Content-Length: -1\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Content-Encoding: gzip\r\n",
    b"Content-Encoding: deflate, gzip\r\n",
    b"Location: /other\r\n",
    b"Location: https://10.0.0.1/\r\n",
    b"Location: //[::1\r\n",
    b"Set-Cookie: a=b\r\n",
    b"Cache-Control: max-age=99999999999999999999\r\n",
    b"ETag: x\r\nDate: never\r\n",
    b"X: \x1b[2J\xff\r\n",
    b"X: a\r\n folded\r\n",
    b"Connection: close\r\n",
    b"\r\n",
    b"%x;x=1\r\n" % len(JWK_SET) + JWK_SET + b"\r\n",
    b"0\r\nX-Late: 1\r\n\r\n",
    JWK_SET,
    _PACKED,
    _PACKED[:40],
    b"\0",
    b"\xef\xbb\xbf{}",
)


@given(st.lists(st.sampled_from(_PIECES) | st.binary(max_size=30), max_size=12).map(b"".join))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_answer_gives_an_exchange(lab: Lab, answer: bytes) -> None:
    """No answer is a fault of ours: it is a document, or a failure with a reason."""

    def behaviour(talk: Conversation) -> None:
        if talk.request() is not None:
            talk.send(answer)

    server = lab.serve("any", behaviour, is_tls=False)
    session = Session(Network(lab.settings(), resolver=lab.resolve))
    exchange = fetch(session, DocumentRequest(issuer=server.url(), role="jwks", url=server.url("/keys")), redact=redact_private)
    session.close()
    server.close()
    assert exchange.failure is not None or exchange.status is not None
    assert json.loads(line_of(exchange))["role"] == "jwks"
    assert list(evidence_of(Visit(Wanted(issuer=server.url()), (exchange,))))
