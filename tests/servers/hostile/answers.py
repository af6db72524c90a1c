"""Servers that answer in good HTTP with something that is no JWK Set, or not now."""

from __future__ import annotations

import codecs
from collections.abc import Callable

from tests.servers.conversation import Conversation
from tests.servers.hostile.behaviour import JSON, JWK_SET, Hostile, answering, over_tls
from tests.servers.lab import Lab

_HTML = ("Content-Type", "text/html; charset=utf-8")
_FAR_AWAY = ("Retry-After", "86400")


def _with(status: int, body: bytes, *headers: tuple[str, str]) -> Callable[[Lab], str]:
    return answering(lambda talk: talk.answer(status, headers, body))


def _busy_once(talk: Conversation) -> None:
    for status in (503, 200, 200):
        if talk.request() is None:
            return
        talk.answer(status, (JSON,), JWK_SET if status == 200 else b"")


ANSWERS = (
    Hostile("answers with HTML and 200", "200", _with(200, b"<!doctype html><title>Log in</title>", _HTML)),
    Hostile("answers as a firewall", "403", _with(403, b"<h1>Request blocked</h1>", _HTML, ("Server", "wall"))),
    Hostile("asks for a password", "401", _with(401, b"", ("WWW-Authenticate", 'Basic realm="keys"'))),
    Hostile("sends cookies", "200", _with(200, JWK_SET, JSON, *[("Set-Cookie", f"c{i}=secret; Path=/") for i in range(50)])),
    Hostile("answers with 429 and asks to come back tomorrow", "status", _with(429, b"", _FAR_AWAY), {"retries": 2}),
    Hostile("answers with 429 and a date that is none", "status", _with(429, b"", ("Retry-After", "soon")), {"retries": 1}),
    Hostile("answers with 503 for ever", "status", _with(503, b"", ("Retry-After", "-5")), {"retries": 2}),
    Hostile("answers with 503 once", "200", over_tls(_busy_once), {"retries": 1}),
    Hostile("answers with 304 to no condition", "304", _with(304, b"")),
    Hostile("answers with 204", "204", answering(lambda talk: talk.send(b"HTTP/1.1 204 No Content\r\n\r\n"))),
    Hostile("answers with 206", "206", _with(206, JWK_SET[:20], JSON, ("Content-Range", "bytes 0-19/500"))),
    Hostile("answers in UTF-16", "200", _with(200, JWK_SET.decode().encode("utf-16"), JSON)),
    Hostile("answers with a byte order mark", "200", _with(200, codecs.BOM_UTF8 + JWK_SET, JSON)),
    Hostile("answers with nesting of 100,000 levels", "200", _with(200, b"[" * 100_000 + b"]" * 100_000, JSON)),
    Hostile("answers with octets that are no text", "200", _with(200, bytes(range(256)) * 100, JSON)),
    Hostile("answers with nothing", "200", _with(200, b"", JSON)),
)
