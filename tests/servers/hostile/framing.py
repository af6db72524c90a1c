"""Servers whose messages do not end where they say, or nowhere (RFC 9112 §6, §7)."""

from __future__ import annotations

from tests.servers.conversation import Conversation
from tests.servers.hostile.behaviour import JWK_SET, Hostile, flooding, ok, over_tls, saying

_SIZE = len(JWK_SET)
_CHUNKED = ("Transfer-Encoding", "chunked")
_CHUNK = b"%x\r\n" % _SIZE + JWK_SET + b"\r\n"


def _length(value: object) -> tuple[str, str]:
    return ("Content-Length", str(value))


def _reset(talk: Conversation) -> None:
    if talk.request() is not None:
        talk.send(ok(_length(_SIZE)), JWK_SET[:20])
        talk.reset()


FRAMING = (
    Hostile("promises more than it sends", "closed", saying(ok(_length(_SIZE + 100)), JWK_SET)),
    Hostile("sends more than it promised", "protocol", saying(ok(_length(_SIZE)), JWK_SET, b"HTTP/1.1 200 OK\r\n\r\nforged")),
    Hostile("promises less than nothing", "protocol", saying(ok(_length(-1)), JWK_SET)),
    Hostile("promises a length that is no number", "protocol", saying(ok(_length("many")), JWK_SET)),
    Hostile("promises two lengths", "protocol", saying(ok(_length(_SIZE), _length(_SIZE - 1)), JWK_SET)),
    Hostile("promises one length twice", "200", saying(ok(_length(_SIZE), _length(_SIZE)), JWK_SET)),
    Hostile("promises more than there is in the world", "too-large", saying(ok(_length(10**18)), JWK_SET)),
    Hostile("promises a length of thirty digits", "protocol", saying(ok(_length("9" * 30)), JWK_SET)),
    Hostile("promises a length of 5,000 digits", "protocol", saying(ok(_length("9" * 5000)), JWK_SET)),
    Hostile("gives a length and chunks", "200", saying(ok(_length(3), _CHUNKED), _CHUNK, b"0\r\n\r\n")),
    Hostile(
        "sends an unknown transfer coding", "protocol", saying(ok(("Transfer-Encoding", "gzip, chunked")), _CHUNK, b"0\r\n\r\n")
    ),
    Hostile("sends chunks that are none", "protocol", saying(ok(_CHUNKED), b"zz\r\n", JWK_SET, b"\r\n0\r\n\r\n")),
    Hostile("sends a chunk longer than it says", "protocol", saying(ok(_CHUNKED), b"4\r\n", JWK_SET, b"\r\n0\r\n\r\n")),
    Hostile("sends a chunk of less than nothing", "protocol", saying(ok(_CHUNKED), b"-4\r\n", JWK_SET)),
    Hostile("sends a chunk of 2**80 octets", "protocol", saying(ok(_CHUNKED), b"1" + b"0" * 20 + b"\r\n", JWK_SET)),
    Hostile("ends before the last chunk", "closed", saying(ok(_CHUNKED), _CHUNK)),
    Hostile(
        "sends chunks without end",
        "too-large",
        flooding(ok(_CHUNKED), b"2000\r\n" + b"[" * 8192 + b"\r\n"),
    ),
    Hostile(
        "sends a chunk extension without end",
        "too-large",
        flooding(ok(_CHUNKED) + b"4;x=", b"and more" * 2000),
    ),
    Hostile(
        "sends an extension with each of endless small chunks",
        "too-large",
        flooding(ok(_CHUNKED), (b"1;" + b"x" * 4000 + b"\r\n[\r\n") * 4),
        {"total_s": 5},
    ),
    Hostile("sends trailers", "200", saying(ok(_CHUNKED), _CHUNK, b"0\r\nX-Late: yes\r\nCache-Control: no-store\r\n\r\n")),
    Hostile(
        "sends trailers without end",
        "too-large",
        flooding(ok(_CHUNKED) + _CHUNK + b"0\r\n", b"X-Late: and later\r\n" * 500),
    ),
    Hostile(
        "sends a body without end and without a length",
        "too-large",
        flooding(ok(), b"[" * 16384),
    ),
    Hostile("ends a body without a length by closing", "200", saying(ok(), JWK_SET)),
    Hostile("closes after the handshake", "closed", over_tls(lambda talk: None)),
    Hostile("closes at a request", "closed", saying(b"")),
    Hostile("closes in its status line", "closed", saying(b"HTTP/1.1 20")),
    Hostile("closes in its headers", "closed", saying(b"HTTP/1.1 200 OK\r\nContent-Ty")),
    Hostile("resets in a body", "closed", over_tls(_reset)),
)
