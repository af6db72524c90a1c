"""Exchanges and bundles for tests: made up, and the same each time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from scanner.record import changed
from scanner.sources.bundle.format import CollectionRequest
from scanner.sources.bundle.writer import create
from scanner.sources.exchange import Dns, Exchange, Failure, Hop, Purpose, Role, Tls, Wanted

STARTED = "2026-11-01T10:00:00.000Z"
FINISHED = "2026-11-01T11:00:00.000Z"


def issuer_of(number: int) -> str:
    return f"https://login-{number}.example.com"


def asked(issuers: int = 3, **changes: object) -> CollectionRequest:
    """What a collection of this many issuers is asked for."""
    wanted = tuple(Wanted(issuer=issuer_of(number)) for number in range(issuers))
    made = CollectionRequest(
        version="1.2.3",
        started=STARTED,
        wanted=wanted,
        settings={"repeat": 2, "allow_private": []},
        config_path=".jwksgov.yaml",
        config_sha256="c" * 64,
    )
    return changed(made, **changes)


def exchange(
    number: int = 0, *, role: Role = "jwks", purpose: Purpose = "first", body: bytes | None = b"{}", at: str = STARTED
) -> Exchange:
    """A document of issuer `number`, with something in nearly every field."""
    url = f"{issuer_of(number)}/{role}"
    return Exchange(
        issuer=issuer_of(number),
        role=role,
        url=url,
        started=at,
        purpose=purpose,
        hops=(Hop(url, 302, f"{url}/new", "192.0.2.7"),),
        status=200,
        http_version="HTTP/1.1",
        headers=(("content-type", "application/json"), ("etag", f'"{number}"'), ("x-said", "é\u2028\n\ud800")),
        body=body,
        sha256=hashlib.sha256(body).hexdigest() if body is not None else None,
        removed=("keys[0].d",),
        wire_size=17,
        address="192.0.2.7",
        resolved=("192.0.2.7", "2001:db8::7"),
        tls=Tls(
            version="TLSv1.3", cipher="TLS_AES_256_GCM_SHA384", alpn="http/1.1", certificate=b"0\x82" + bytes([number % 256])
        ),
        dns=Dns(
            cnames=("a.example.net",),
            is_dangling=False,
            caa=('0 issue "ca.example.net"', r'0 iodef "\027"') if number % 2 else (),
            caa_at="example.com" if number % 2 else None,
            because="" if number % 2 else "é\u2028\n\ud800",
        ),
        dns_ms=0.25,
        total_ms=12.5,
    )


def failure(number: int = 0) -> Exchange:
    """An issuer that does not answer."""
    return Exchange(
        issuer=issuer_of(number),
        role="jwks",
        url=f"{issuer_of(number)}/jwks",
        started=STARTED,
        attempts=3,
        tls=Tls(problem="certificate has expired"),
        failure=Failure("tls-certificate", "the certificate does not verify"),
    )


def exchanges(issuers: int) -> list[Exchange]:
    """Two documents of each issuer, each with a body of its own."""
    return [
        exchange(number, role=role, body=f'{{"of": "{role} {number}"}}'.encode())
        for number in range(issuers)
        for role in ("openid-configuration", "jwks")
    ]


def write(target: Path | str, found: Iterable[Exchange], request: CollectionRequest | None = None) -> str:
    """A complete bundle of these exchanges."""
    with create(str(target), request or asked()) as writer:
        for each in found:
            writer.add(each)
        writer.finish(FINISHED)
    return str(target)
