"""What a hostile behaviour is, and the usual ways to serve one."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.servers.authority import Certificate
from tests.servers.conversation import Conversation, head
from tests.servers.issuers import JWKS, PUBLISHED_KEY
from tests.servers.lab import Behaviour, Lab

JSON = ("Content-Type", "application/json")
JWK_SET = json.dumps({"keys": [PUBLISHED_KEY]}).encode()


@dataclass(frozen=True)
class Hostile:
    """A server that does not behave. `name` continues "a server that …", `outcome` is what the exchange says: the sort of its
    failure, or the status of an answer that was recorded. `serve` starts it and gives the URL of its JWK Set.
    """

    name: str
    outcome: str
    serve: Callable[[Lab], str]
    settings: dict[str, Any] = field(default_factory=dict)


def over_tls(behaviour: Behaviour) -> Callable[[Lab], str]:
    """A behaviour after a good handshake."""
    return lambda lab: lab.serve("hostile", behaviour).url(JWKS)


def answering(behaviour: Behaviour) -> Callable[[Lab], str]:
    """A behaviour after a good handshake and a request, for each request of the connection."""

    def converse(talk: Conversation) -> None:
        while talk.request() is not None:
            behaviour(talk)

    return over_tls(converse)


def saying(*parts: bytes) -> Callable[[Lab], str]:
    """Octets in answer to a request, and then the end of the connection."""

    def converse(talk: Conversation) -> None:
        if talk.request() is not None:
            talk.send(*parts)

    return over_tls(converse)


def flooding(start: bytes, chunk: bytes) -> Callable[[Lab], str]:
    """In answer to a request a start, and then the same octets until the client has left."""

    def converse(talk: Conversation) -> None:
        talk.send(start)
        talk.flood(chunk)

    return answering(converse)


def dripping(start: bytes, rest: bytes, every_s: float = 0.05) -> Callable[[Lab], str]:
    """In answer to a request a start, and then octet after octet; at the end of them nothing more."""

    def converse(talk: Conversation) -> None:
        talk.send(start)
        talk.drip(rest, every_s)
        talk.wait()

    return answering(converse)


def before_tls(behaviour: Behaviour) -> Callable[[Lab], str]:
    """A behaviour instead of a handshake, where the client expects TLS."""
    return lambda lab: lab.serve("hostile", behaviour, is_tls=False).url(JWKS).replace("http:", "https:", 1)


def showing(certificate: Callable[[Lab], Certificate]) -> Callable[[Lab], str]:
    """An ordinary answer behind another certificate."""
    return lambda lab: lab.serve("hostile", answer_well, certificate=certificate(lab)).url(JWKS)


def answer_well(talk: Conversation) -> None:
    """The behaviour of a server that behaves."""
    while talk.request() is not None:
        talk.answer(200, (JSON,), JWK_SET)


def ok(*headers: tuple[str, str]) -> bytes:
    """The head of an answer with 200."""
    return head(200, (JSON, *headers))
