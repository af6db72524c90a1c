"""Facts about the metadata of an issuer, and of other parties that publish such documents."""

from __future__ import annotations

from scanner.facts.fact import ABSENT, Absent, Fact, Unknown, fact, readable
from scanner.facts.issuer import capabilities as issuer_offers
from scanner.facts.issuer import endpoints as issuer_endpoints
from scanner.facts.issuer import kind as issuer_kind
from scanner.facts.issuer import members as issuer_members
from scanner.facts.issuer import other_documents as issuer_other_documents
from scanner.facts.issuer import requested as issuer_asked
from scanner.facts.issuer import signed as issuer_signed
from scanner.facts.issuer.values import is_left_open, text
from scanner.hosts.reach import reach_of
from scanner.hosts.reading import read_url
from scanner.redaction.text import cut
from scanner.subjects.model import Issuer


@fact("issuer.label", is_known_without_document=True)
def label(issuer: Issuer) -> str:
    """The name of the issuer in messages: its identifier, or words for the lack of one."""
    found = text(issuer, "issuer") or text(issuer, "resource") or text(issuer, "credential_issuer") or text(issuer, "iss")
    if found and not isinstance(readable(found), Unknown):
        return cut(found, 200)
    return "that names no issuer"


@fact("issuer.has_issuer", spec="RFC 8414 §2")
def has_issuer(issuer: Issuer) -> bool:
    """Whether `issuer` is a non-empty string."""
    return bool(text(issuer, "issuer"))


@fact("issuer.scheme", spec="RFC 8414 §2")
def scheme(issuer: Issuer) -> str | Absent | Unknown:
    """The URL scheme of `issuer` in lower case; empty where the identifier has none."""
    return _scheme(issuer, "issuer")


@fact("issuer.has_url_extras", spec="RFC 8414 §2")
def has_url_extras(issuer: Issuer) -> bool:
    """Whether `issuer` has a query, a fragment or user information, which an issuer identifier must not have."""
    found = text(issuer, "issuer") or ""
    authority = found.partition("://")[2].split("/", 1)[0]
    return any(mark in found for mark in "?#") or "@" in authority


@fact("issuer.has_jwks_uri", spec="RFC 8414 §2")
def has_jwks_uri(issuer: Issuer) -> bool:
    """Whether `jwks_uri` is a non-empty string."""
    return bool(text(issuer, "jwks_uri"))


@fact("issuer.jwks_uri_scheme", spec="RFC 8414 §2")
def jwks_uri_scheme(issuer: Issuer) -> str | Absent | Unknown:
    """The URL scheme of `jwks_uri` in lower case; empty for a relative reference."""
    return _scheme(issuer, "jwks_uri")


@fact("issuer.is_issuer_on_loopback", spec="RFC 6761 §6.3")
def is_issuer_on_loopback(issuer: Issuer) -> bool:
    """Whether the issuer identifier names a loopback address: the document belongs to one machine."""
    return _is_on_loopback(text(issuer, "issuer"))


@fact("issuer.is_jwks_uri_on_loopback", spec="RFC 6761 §6.3")
def is_jwks_uri_on_loopback(issuer: Issuer) -> bool:
    """Whether `jwks_uri` names a loopback address, and the issuer itself as well: no other machine could follow it."""
    return _is_on_loopback(text(issuer, "jwks_uri")) and _is_on_loopback(text(issuer, "issuer"))


FACTS: tuple[Fact, ...] = (
    label,
    has_issuer,
    scheme,
    has_url_extras,
    has_jwks_uri,
    jwks_uri_scheme,
    is_issuer_on_loopback,
    is_jwks_uri_on_loopback,
    *issuer_kind.FACTS,
    *issuer_endpoints.FACTS,
    *issuer_members.FACTS,
    *issuer_offers.FACTS,
    *issuer_signed.FACTS,
    *issuer_other_documents.FACTS,
    *issuer_asked.FACTS,
)


def _scheme(issuer: Issuer, name: str) -> str | Absent | Unknown:
    found = text(issuer, name)
    if not found:
        return ABSENT
    # a template in a file; a server that sends one has a fault
    if issuer.fetched is None and is_left_open(found):
        return Unknown(f"{name} begins with a template, which this file does not resolve")
    head, mark, _ = found.partition("://")
    return readable(head.lower()) if mark and head.isascii() and head.isalnum() else ""


def _is_on_loopback(found: str | None) -> bool:
    hosts = read_url(found or "").hosts
    return bool(hosts) and all(reach_of(host) == "loopback" for host in hosts)
