"""The example source `fetched`: documents as they came over the network, as a visit. Its shape is checked before
(fetched_shape.py).

fetched:                                  # one document, or `documents: [ … ]`
  issuer: https://issuer.example.com      # these are the visit's, and may be left out
  source: inventory                       # inventory, named or followed
  is_declared: true
  jwks_uri: …   kind: …   document_url: …
  note: {rotation: {overlap_hours: 48}}   # what the inventory says of the issuer; null: it is in none
  role: jwks                              # jwks, spiffe-bundle, openid-configuration or oauth-authorization-server
  url: …                                  # where it was asked for; left out: the usual place of the role
  status: 200
  headers: {Cache-Control: max-age=300}   # or [[name, value], …] where one is sent twice
  jwks: {keys: [ … ]}                     # or `metadata: {…}`, or `body: text`
  hops: [{status: 302, location: …}]
  tls: {version: TLSv1.3, cipher: …, certificate: NAME, problem: …}    # the sample whose x5c holds the certificate; or null
  dns: {cnames: […], is_dangling: false, caa: ['0 issue "ca.example.net"'], caa_at: …, is_authenticated: true, because: …}
  failure: {sort: timeout, because: …}
  again: [{…}, …]   other_client: {…} or [{client: …}, …]   plain_http: {…}     # the same with these members changed
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from scanner.config.model import IssuerEntry, RotationPromise
from scanner.policy.fetched_shape import FetchedVisit
from scanner.record import changed, defaults_of, record
from scanner.sources.exchange import Dns, Exchange, Failure, Hop, Purpose, Role, Tls, Visit, Wanted

_ISSUER = "https://issuer.example.com"
_STARTED = "2026-06-01T00:00:00.000Z"
_ROUNDS = (("again", "again"), ("other_client", "other-client"), ("plain_http", "plain-http"))
_OF_THE_VISIT = frozenset(defaults_of(FetchedVisit))
_TLS = {"version": "TLSv1.3", "cipher": "TLS_AES_256_GCM_SHA384"}


class BadExample(ValueError):
    """The example is invalid; the text says why."""


@record
class FetchedExample:
    """A visit, and what the inventory says about its issuer: one note, or none."""

    visit: Visit
    notes: tuple[IssuerEntry, ...]


def read_fetched(
    value: object, expand: Callable[[object], object], sample: Callable[[str], Mapping[str, Any]]
) -> FetchedExample:
    """The visit that `value` describes. `expand` fills in samples of keys, `sample` gives one by its name."""
    if not isinstance(value, Mapping):
        raise BadExample("`fetched` is a mapping")
    issuer = str(value.get("issuer", _ISSUER))
    wanted = Wanted(
        issuer=issuer,
        jwks_uri=value.get("jwks_uri"),
        kind=value.get("kind"),
        source=value.get("source", "inventory"),
        is_declared=value.get("is_declared", True),
        document_url=value.get("document_url"),
        also_stated=tuple(value.get("also_stated", ())),
    )
    documents = value.get("documents")
    if documents is None:
        documents = [{name: member for name, member in value.items() if name not in _OF_THE_VISIT}]
    reader = _VisitReader(issuer, expand, sample)
    exchanges = tuple(exchange for document in documents for exchange in reader.exchanges(document))
    return FetchedExample(Visit(wanted, exchanges), tuple(_read_notes(issuer, value.get("note", {}))))


def _read_notes(issuer: str, written: Mapping[str, Any] | None) -> Iterator[IssuerEntry]:
    if written is not None:
        rotation = written.get("rotation")
        rest = {name: member for name, member in written.items() if name != "rotation"}
        yield IssuerEntry(issuer=issuer, rotation=RotationPromise(**rotation) if rotation else None, **rest)


class _VisitReader:
    def __init__(self, issuer: str, expand: Callable[[object], object], sample: Callable[[str], Mapping[str, Any]]) -> None:
        self.issuer = issuer
        self.expand = expand
        self.sample = sample

    def exchanges(self, document: Mapping[str, Any]) -> Iterator[Exchange]:
        """The first exchange of a document, then those to compare it with."""
        first = self.exchange(document)
        yield first
        for member, purpose in _ROUNDS:
            changes = document.get(member, [])
            for number, change in enumerate(changes if isinstance(changes, list) else [changes]):
                other = self.exchange({**_drop_body(document, change), **change})
                url = first.url.replace("https://", "http://", 1) if purpose == "plain-http" else first.url
                yield changed(other, purpose=cast("Purpose", purpose), number=number, url=change.get("url", url))

    def exchange(self, document: Mapping[str, Any]) -> Exchange:
        role: Role = document.get("role", "jwks")
        failure = document.get("failure")
        body = None if failure else self.body(document)
        return Exchange(
            issuer=self.issuer,
            role=role,
            url=document.get("url") or self.url(role),
            started=document.get("started", _STARTED),
            attempts=document.get("attempts", 1),
            hops=tuple(
                Hop(each.get("url", self.url(role)), each["status"], each.get("location")) for each in document.get("hops", ())
            ),
            status=document.get("status", None if failure else 200),
            http_version="HTTP/1.1",
            headers=_read_headers(document.get("headers") or ({} if failure else {"Content-Type": "application/json"})),
            body=body,
            sha256=hashlib.sha256(body).hexdigest() if body is not None else None,
            removed=tuple(document.get("removed", ())),
            wire_size=document.get("wire_size", len(body) if body is not None else None),
            address=document.get("address", "203.0.113.7"),
            resolved=tuple(document.get("resolved", ("203.0.113.7",))),
            is_through_proxy=document.get("is_through_proxy", False),
            is_revalidated=document.get("is_revalidated", False),
            tls=self.tls(document.get("tls", {})),
            dns=_read_dns(document.get("dns")),
            client=document.get("client", ""),
            first_byte_ms=document.get("first_byte_ms", 40.0),
            total_ms=document.get("total_ms", 50.0),
            failure=Failure(failure["sort"], failure["because"]) if failure else None,
        )

    def url(self, role: Role) -> str:
        return f"{self.issuer}/jwks.json" if role in ("jwks", "spiffe-bundle") else f"{self.issuer}/.well-known/{role}"

    def body(self, document: Mapping[str, Any]) -> bytes:
        if "body" in document:
            return str(document["body"]).encode()
        found = document.get("jwks", document.get("metadata", {"keys": []}))
        return json.dumps(self.expand(found)).encode()

    def tls(self, written: Mapping[str, Any] | None) -> Tls | None:
        if written is None:
            return None
        certificate = written.get("certificate")
        der = base64.b64decode(self.sample(certificate)["x5c"][0]) if certificate else None
        return Tls(**{**_TLS, **written, "certificate": der})


def _read_dns(written: Mapping[str, Any] | None) -> Dns | None:
    """The DNS records as given, with lists as tuples."""
    if written is None:
        return None
    return changed(Dns(), **{name: tuple(value) if isinstance(value, list) else value for name, value in written.items()})


def _drop_body(document: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """The members without a change: a changed body replaces the old one in any form."""
    bodies = {"jwks", "metadata", "body"}
    return {name: member for name, member in document.items() if not (name in bodies and bodies & set(change))}


def _read_headers(written: Mapping[str, Any] | list[list[str]]) -> tuple[tuple[str, str], ...]:
    pairs = written.items() if isinstance(written, Mapping) else written
    return tuple((str(name).lower(), str(value)) for name, value in pairs)
