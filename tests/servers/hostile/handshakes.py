"""Servers that are not who they should be, or speak TLS as nobody should."""

from __future__ import annotations

import ssl
import warnings
from collections.abc import Callable
from typing import Any

from tests.servers.authority import Authority
from tests.servers.conversation import Conversation
from tests.servers.hostile.behaviour import JWK_SET, Hostile, answer_well, before_tls, ok, showing
from tests.servers.issuers import JWKS
from tests.servers.lab import Lab

_NAME = "hostile.test"


def _no_newer_than(version: ssl.TLSVersion) -> Callable[[Lab], str]:
    def serve(lab: Lab) -> str:
        context = lab.authority.issue(_NAME).server_context()
        # OpenSSL serves these only below its usual level
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = version
        return lab.serve("hostile", answer_well, context=context).url(JWKS)

    return serve


def _with_ciphers(ciphers: str, **how: Any) -> Callable[[Lab], str]:
    """What a server of long ago offers, over TLS 1.2 at most."""

    def serve(lab: Lab) -> str:
        certificate = lab.authority.issue(_NAME, **how)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_ciphers(ciphers)
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        certificate.load_into(context)
        return lab.serve("hostile", answer_well, context=context).url(JWKS)

    return serve


def _with_tickets(lab: Lab) -> str:
    context = lab.authority.issue(_NAME).server_context()
    context.num_tickets = 1000
    return lab.serve("hostile", answer_well, context=context).url(JWKS)


def _wanting_a_client_certificate(lab: Lab) -> str:
    context = lab.authority.issue(_NAME).server_context()
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(cadata=lab.authority.pem.decode())
    return lab.serve("hostile", answer_well, context=context).url(JWKS)


def _saying(*parts: bytes) -> Callable[[Lab], str]:
    """Octets in answer to the client's first words, and then the end of the connection."""

    def behaviour(talk: Conversation) -> None:
        talk.socket.recv(4096)
        talk.send(*parts)

    return before_tls(behaviour)


def _reset(talk: Conversation) -> None:
    talk.socket.recv(4096)
    talk.reset()


def _of(*names: str, **how: Any) -> Callable[[Lab], str]:
    return showing(lambda lab: lab.authority.issue(*names, **how))


_ALERT = b"\x15\x03\x03\x00\x02\x02\x28"
_RECORD = b"\x16\x03\x03\x40\x00" + b"\x0b\xff\xff\xff" * 4096

HANDSHAKES = (
    Hostile("shows a certificate that has run out", "tls-certificate", _of(_NAME, valid_from_days=-9, valid_for_days=7)),
    Hostile("shows a certificate of tomorrow", "tls-certificate", _of(_NAME, valid_from_days=1)),
    Hostile("shows a certificate for another name", "tls-certificate", _of("other.test")),
    Hostile("shows a certificate for its address only", "tls-certificate", _of("127.0.0.1")),
    Hostile("shows a certificate that it signed itself", "tls-certificate", _of(_NAME, is_self_signed=True)),
    Hostile(
        "shows a certificate of an unknown authority", "tls-certificate", showing(lambda _: Authority("somebody").issue(_NAME))
    ),
    Hostile("speaks TLS 1.0 only", "tls-version", _no_newer_than(ssl.TLSVersion.TLSv1)),
    Hostile("speaks TLS 1.1 only", "tls-version", _no_newer_than(ssl.TLSVersion.TLSv1_1)),
    Hostile("shows a certificate with a key of 1024 bits", "tls-certificate", _with_ciphers("ALL:@SECLEVEL=0", rsa_bits=1024)),
    Hostile("offers static RSA with SHA-1 only", "tls", _with_ciphers("AES128-SHA:@SECLEVEL=0", rsa_bits=2048)),
    Hostile("offers no encryption", "tls", _with_ciphers("eNULL:@SECLEVEL=0", rsa_bits=2048)),
    Hostile("offers no certificate", "tls", _with_ciphers("aNULL:@SECLEVEL=0")),
    Hostile("wants a client certificate", "tls", _wanting_a_client_certificate),
    Hostile("speaks plain HTTP where TLS belongs", "tls", _saying(ok(), JWK_SET)),
    Hostile("ends the handshake with an alert", "tls", _saying(_ALERT)),
    Hostile("answers the handshake with noise", "tls", _saying(bytes(range(255, 0, -1)) * 64)),
    Hostile("closes in the handshake", "closed", _saying()),
    Hostile("resets in the handshake", "closed", before_tls(_reset)),
    Hostile("sends handshake records without end", "tls", before_tls(lambda talk: talk.flood(_RECORD))),
    Hostile("sends a thousand session tickets", "200", _with_tickets, {"connect_s": 5, "read_s": 5, "total_s": 10}),
)
