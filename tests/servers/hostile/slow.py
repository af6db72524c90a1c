"""Servers that take their time: only the deadline ends these."""

from __future__ import annotations

import itertools

from tests.servers.conversation import Conversation
from tests.servers.hostile.behaviour import JWK_SET, Hostile, answering, before_tls, dripping, flooding, ok, over_tls

_NUMBERS = itertools.count()
# the first octets of a handshake record that announces 16 KiB
_RECORD = b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc"


def _redirect_slowly(talk: Conversation) -> None:
    talk.stopping.wait(0.4)
    talk.answer(302, (("Location", f"/{next(_NUMBERS)}"),))


SLOW = (
    Hostile("says nothing after the handshake", "timeout", over_tls(lambda talk: talk.wait())),
    Hostile("says nothing to a request", "timeout", dripping(b"", b"")),
    Hostile("never begins the handshake", "timeout", before_tls(lambda talk: talk.wait())),
    Hostile("never finishes the handshake", "timeout", before_tls(lambda talk: talk.drip(_RECORD + bytes(16372), 0.05))),
    Hostile("drips its status line", "timeout", dripping(b"", b"HTTP/1.1 200 " + b"O" * 4000)),
    Hostile("drips its headers", "timeout", dripping(b"", ok(*[("A", "b")] * 1000))),
    Hostile("drips its body", "timeout", dripping(ok(("Content-Length", "4000")), b"[" * 4000)),
    Hostile("drips chunks of one octet", "timeout", dripping(ok(("Transfer-Encoding", "chunked")), b"1\r\n[\r\n" * 1000, 0.02)),
    Hostile(
        "stops in the middle of a body", "timeout", dripping(ok(("Content-Length", str(len(JWK_SET)))) + JWK_SET[:50], b"")
    ),
    Hostile("redirects slowly", "timeout", answering(_redirect_slowly)),
    Hostile("sends 100 Continue for ever", "too-large", flooding(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100)),
    Hostile("sends 103 Early Hints now and then", "timeout", dripping(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 200, 0.01)),
)
