"""Servers whose heads are too much, or no HTTP."""

from __future__ import annotations

from tests.servers.conversation import head
from tests.servers.hostile.behaviour import JWK_SET, Hostile, flooding, ok, saying

_LENGTH = ("Content-Length", str(len(JWK_SET)))
_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" + bytes(18)


def _field(octets: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nX-Odd: " % len(JWK_SET) + octets + b"\r\n\r\n" + JWK_SET


HEADS = (
    Hostile(
        "sends headers without end",
        "too-large",
        flooding(b"HTTP/1.1 200 OK\r\n", b"X-More: and more\r\n" * 500),
    ),
    Hostile(
        "sends one header line without end",
        "too-large",
        flooding(b"HTTP/1.1 200 OK\r\nX-More: ", b"and more" * 2000),
    ),
    Hostile(
        "sends a status line without end",
        "too-large",
        flooding(b"HTTP/1.1 200 ", b"and more" * 2000),
    ),
    Hostile("sends a thousand headers", "too-large", saying(ok(*[(f"X-{i}", "1") for i in range(1000)], _LENGTH), JWK_SET)),
    Hostile("sends a header of 60 KiB", "200", saying(ok(("X-Long", "x" * 60_000), _LENGTH), JWK_SET)),
    Hostile("sends a header of 100 KiB", "too-large", saying(ok(("X-Long", "x" * 100_000), _LENGTH), JWK_SET)),
    Hostile("sends NUL in a header", "protocol", saying(_field(b"a\x00b"))),
    Hostile("sends a bare carriage return in a header", "protocol", saying(_field(b"a\rX-Forged: yes"))),
    Hostile("sends an escape sequence in a header", "200", saying(_field(b"\x1b[2J\x1b]0;owned\x07"))),
    Hostile("sends a header that is not ASCII", "200", saying(_field("größe ‮ \U0001f511".encode()))),
    Hostile("folds a header over lines", "200", saying(_field(b"a\r\n b\r\n c"))),
    Hostile("sends a header without a colon", "protocol", saying(b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n", JWK_SET)),
    Hostile("sends a header without a name", "protocol", saying(b"HTTP/1.1 200 OK\r\n: value\r\n\r\n", JWK_SET)),
    Hostile("sends a blank before the colon", "protocol", saying(b"HTTP/1.1 200 OK\r\nX-Odd : 1\r\n\r\n", JWK_SET)),
    Hostile("speaks HTTP/0.9", "protocol", saying(JWK_SET)),
    Hostile("speaks HTTP/3.7", "200", saying(b"HTTP/3.7 200 OK\r\n\r\n", JWK_SET)),
    Hostile("sends a status that is no number", "protocol", saying(b"HTTP/1.1 two OK\r\n\r\n", JWK_SET)),
    Hostile("sends the status 99", "protocol", saying(b"HTTP/1.1 99 Low\r\n\r\n", JWK_SET)),
    Hostile("sends the status 1000", "protocol", saying(b"HTTP/1.1 1000 High\r\n\r\n", JWK_SET)),
    Hostile("sends the status 777", "status", saying(head(777, (_LENGTH,)), JWK_SET)),
    Hostile("switches protocols", "protocol", saying(b"HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\n\r\n", _PREFACE)),
    Hostile("answers with a preface of HTTP/2", "protocol", saying(_PREFACE)),
    Hostile("answers with noise", "protocol", saying(bytes(range(256)) * 16)),
    Hostile("answers with a banner of SSH", "protocol", saying(b"SSH-2.0-OpenSSH_9.9\r\n")),
)
