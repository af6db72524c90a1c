"""An issuer as it should be: both well-known documents, and a JWK Set."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from tests.servers.conversation import Conversation, Request
from tests.servers.lab import Lab, Server

OPENID = "/.well-known/openid-configuration"
OAUTH = "/.well-known/oauth-authorization-server"
JWKS = "/jwks.json"

# RFC 7517 §A.1, the public half only
PUBLISHED_KEY = {
    "kty": "EC",
    "crv": "P-256",
    "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
    "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
    "use": "sig",
    "alg": "ES256",
    "kid": "current",
}


@dataclass(frozen=True)
class Answer:
    """What is answered to one target."""

    body: bytes
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"), ("Cache-Control", "public, max-age=3600"))


@dataclass
class OrdinaryIssuer:
    """Answers `answers` by target, everything else with 404, over kept connections. Tests may change `answers` at any time."""

    issuer: str = ""
    answers: dict[str, Answer] = field(default_factory=dict)
    server: Server | None = None

    def __call__(self, talk: Conversation) -> None:
        while (request := talk.request()) is not None:
            found = self.answers.get(request.target, Answer(b"", 404, ()))
            talk.answer(found.status, found.headers, found.body)

    @property
    def requests(self) -> list[Request]:
        """The requests that came."""
        return self.server.requests if self.server else []

    def change(self, target: str, **changed: Any) -> None:
        """Answer a target differently from now on: `body`, `status`, `headers`."""
        self.answers[target] = replace(self.answers[target], **changed)


@dataclass
class RefusingIssuer(OrdinaryIssuer):
    """Like an ordinary issuer, but answers what `refuses` chooses with `status`."""

    refuses: Callable[[Request], bool] = bool
    status: int = 403

    def __call__(self, talk: Conversation) -> None:
        while (request := talk.request()) is not None:
            found = self.answers.get(request.target, Answer(b"", 404, ()))
            found = Answer(b"refused", self.status, ()) if self.refuses(request) else found
            talk.answer(found.status, found.headers, found.body)


@dataclass
class LimitedIssuer:
    """Answers `limited` so many times, and then asks for a pause (RFC 6585 §4)."""

    answers: dict[str, Answer]
    limited: Answer
    allowed: int

    def __call__(self, talk: Conversation) -> None:
        while (request := talk.request()) is not None:
            found = self.answers.get(request.target, Answer(b"", 404, ()))
            if found is self.limited:
                self.allowed -= 1
            found = Answer(b"", 429, ()) if self.allowed < 0 and found is self.limited else found
            talk.answer(found.status, found.headers, found.body)


def refusing_issuer(
    lab: Lab, refuses: Callable[[Request], bool], *targets: str, name: str = "refusing", status: int = 403
) -> RefusingIssuer:
    """An issuer that refuses the requests that `refuses` chooses, for all of its documents or for `targets`."""
    made = ordinary_issuer(lab, name)
    refusing = RefusingIssuer(
        issuer=made.issuer,
        answers=made.answers,
        server=made.server,
        refuses=lambda request: (not targets or request.target in targets) and refuses(request),
        status=status,
    )
    assert made.server is not None
    made.server.behaviour = refusing
    return refusing


def ordinary_issuer(
    lab: Lab, name: str = "good", *, path: str = "", jwks_uri: str | None = None, **serving: Any
) -> OrdinaryIssuer:
    """An issuer called `https://NAME.test:PORT` + `path`. `jwks_uri` may be elsewhere; `serving` is for `Lab.serve`."""
    made = OrdinaryIssuer()
    made.server = lab.serve(name, made, **serving)
    made.issuer = made.server.url(path)
    metadata = json.dumps(
        {
            "issuer": made.issuer,
            "jwks_uri": jwks_uri or made.server.url(path + JWKS),
            "authorization_endpoint": made.server.url(path + "/authorize"),
            "token_endpoint": made.server.url(path + "/token"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256", "RS256"],
        }
    ).encode()
    made.answers = {
        path + OPENID: Answer(metadata),
        OAUTH + path: Answer(metadata),
        path + JWKS: Answer(json.dumps({"keys": [PUBLISHED_KEY]}).encode()),
    }
    return made
