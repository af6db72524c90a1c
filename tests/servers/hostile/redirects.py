"""Servers that send us elsewhere: in circles, inside, or to where nobody should go."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from tests.servers.conversation import Conversation
from tests.servers.hostile.behaviour import Hostile, answer_well, answering, over_tls
from tests.servers.issuers import JWKS
from tests.servers.lab import Lab


def _to(location: str, status: int = 302) -> Callable[[Lab], str]:
    return answering(lambda talk: talk.answer(status, (("Location", location),)))


def _in_a_circle(talk: Conversation) -> None:
    while (request := talk.request()) is not None:
        talk.answer(302, (("Location", "/b" if request.target == "/a" else "/a"),))


def _three_hundred_times(talk: Conversation) -> None:
    for number in itertools.count():
        if talk.request() is None:
            return
        talk.answer(302 if number < 300 else 200, (("Location", f"/{number}"),))


def _to_http(lab: Lab) -> str:
    return _to(lab.serve("plain", answer_well, is_tls=False).url(JWKS))(lab)


def _to_a_name(*addresses: str) -> Callable[[Lab], str]:
    def serve(lab: Lab) -> str:
        port = lab.serve("127.0.0.1", answer_well).port
        lab.strangers["inside.test"] = addresses
        return _to(f"https://inside.test:{port}{JWKS}")(lab)

    return serve


REDIRECTS = (
    Hostile("redirects to itself", "redirect", _to(JWKS)),
    Hostile("redirects in a circle", "redirect", over_tls(_in_a_circle)),
    Hostile("redirects 300 times", "redirect", over_tls(_three_hundred_times)),
    Hostile("redirects to http", "redirect", _to_http),
    Hostile("redirects to a file", "redirect", _to("file:///etc/passwd")),
    Hostile("redirects to a script", "redirect", _to("javascript:alert(1)")),
    Hostile("redirects to the metadata of a cloud", "address-refused", _to("https://169.254.169.254/latest/meta-data/")),
    Hostile("redirects to a private address", "address-refused", _to("https://10.0.0.1/jwks.json")),
    Hostile("redirects to loopback in another spelling", "redirect", _to("https://0x7f.1/jwks.json")),
    Hostile("redirects to a name that leads inside", "address-refused", _to_a_name("127.0.0.1")),
    Hostile("redirects to a name that leads outside and inside", "address-refused", _to_a_name("192.0.1.1", "127.0.0.1")),
    Hostile("redirects with a password", "redirect", _to("https://user:secret@hostile.test/")),
    Hostile("redirects to a name that nobody has", "dns", _to("https://nowhere.test/jwks.json")),
    Hostile("redirects to nowhere", "redirect", answering(lambda talk: talk.answer(302))),
    Hostile("redirects with an empty location", "redirect", _to("")),
    Hostile("redirects to a location of 20,000 characters", "redirect", _to("https://hostile.test/" + "a" * 20_000)),
    Hostile("redirects to what cannot be read", "redirect", _to("https://[::1/")),
    Hostile(
        "gives two locations", "redirect", answering(lambda talk: talk.answer(302, (("Location", "/a"), ("Location", "/b"))))
    ),
    Hostile("answers with 300 and choices", "300", answering(lambda talk: talk.answer(300))),
)
