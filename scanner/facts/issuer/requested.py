"""Facts that compare an issuer's metadata with the request for it. For metadata in files the request is not known."""

from __future__ import annotations

from scanner.facts.fact import ABSENT, Absent, Fact, Unknown, fact, readable
from scanner.facts.issuer.values import text, value
from scanner.hosts.urls import web_host_of
from scanner.redaction.text import cut, redact
from scanner.sources.web.well_known import well_known_urls
from scanner.subjects.model import Issuer

_AROUND = 40  # how many characters of a difference a message shows


@fact("issuer.was_asked", spec="RFC 8414 §3")
def was_asked(issuer: Issuer) -> bool:
    """Whether the metadata was fetched, so that the requested identifier is known."""
    return issuer.fetched is not None


@fact("issuer.is_asked_declared", spec="RFC 8414 §3.3")
def is_asked_declared(issuer: Issuer) -> bool:
    """Whether the inventory or a consumer's configuration states the requested identifier. False where the scanner derived it
    from a URL.
    """
    return issuer.fetched is not None and issuer.fetched.wanted.is_declared


@fact("issuer.asked", spec="RFC 8414 §3.3")
def asked(issuer: Issuer) -> str | Absent | Unknown:
    """The issuer identifier that the metadata was requested for."""
    return ABSENT if issuer.fetched is None else readable(cut(issuer.fetched.wanted.issuer, 200))


@fact("issuer.asked_difference", spec="RFC 8414 §3.3; OpenID Connect Discovery 1.0 §4.3")
def asked_difference(issuer: Issuer) -> str | Absent | Unknown:
    """How `issuer` differs from the requested identifier, in words; empty where the two are equal. `a slash at the end` has its
    own words: clients drop the slash when they build the well-known URL.
    """
    found = text(issuer, "issuer")
    return ABSENT if issuer.fetched is None or not found else readable(describe_difference(issuer.fetched.wanted.issuer, found))


@fact("issuer.is_declared_alias")
def is_declared_alias(issuer: Issuer) -> bool:
    """Whether the inventory gives `issuer` as another identifier of the requested deployment."""
    found = text(issuer, "issuer")
    return found in issuer.identifiers and issuer.fetched is not None and found != issuer.fetched.wanted.issuer


@fact("issuer.has_expected_jwks_uri")
def has_expected_jwks_uri(issuer: Issuer) -> bool:
    """Whether the inventory says where the issuer's keys are expected."""
    return issuer.fetched is not None and issuer.fetched.wanted.jwks_uri is not None


@fact("issuer.expected_jwks_uri")
def expected_jwks_uri(issuer: Issuer) -> str | Absent | Unknown:
    """Where the inventory expects the issuer's keys."""
    expected = issuer.fetched.wanted.jwks_uri if issuer.fetched is not None else None
    return ABSENT if expected is None else readable(cut(expected, 300))


@fact("issuer.jwks_uri", spec="RFC 8414 §2")
def jwks_uri(issuer: Issuer) -> str | Absent | Unknown:
    """The `jwks_uri` as written."""
    found = text(issuer, "jwks_uri")
    return readable(cut(found, 300)) if found else ABSENT


@fact("issuer.is_named_by_document", spec="RFC 8414 §3.1")
def is_named_by_document(issuer: Issuer) -> bool:
    """Whether the user named the URL of the document itself, rather than the issuer's identifier."""
    return issuer.fetched is not None and issuer.fetched.wanted.document_url == issuer.fetched.first.url


@fact("issuer.document_url", spec="RFC 8414 §3.1")
def document_url(issuer: Issuer) -> str | Absent | Unknown:
    """The URL that the metadata came from."""
    return ABSENT if issuer.fetched is None else readable(cut(issuer.fetched.first.url, 300))


@fact("issuer.well_known_url", spec="RFC 8414 §3.1; OpenID Connect Discovery 1.0 §4.1")
def well_known_url(issuer: Issuer) -> str | Absent | Unknown:
    """The URL where clients that know `issuer` look for this document. OpenID Connect appends the well-known path; RFC 8414
    inserts it between host and path.
    """
    found = text(issuer, "issuer")
    if issuer.fetched is None or not found:
        return ABSENT
    urls = dict(well_known_urls(found))
    return readable(cut(urls[issuer.fetched.role], 300)) if issuer.fetched.role in urls else ABSENT


@fact("issuer.has_mirrored_host")
def has_mirrored_host(issuer: Issuer) -> bool:
    """Whether the metadata is a file in a mirror of a site: a folder with the name of a host that contains `.well-known`."""
    return bool(issuer.mirrored_host)


@fact("issuer.mirrored_host")
def mirrored_host(issuer: Issuer) -> str | Absent:
    """The host that this folder is named after, in lower case."""
    return issuer.mirrored_host or ABSENT


@fact("issuer.identifier_host", spec="RFC 8414 §2")
def identifier_host(issuer: Issuer) -> str | Unknown:
    """The host of `issuer` in lower case, without port; empty where it is not a web URL."""
    return readable(web_host_of(value(issuer, "issuer")))


@fact("issuer.has_mirrored_path", spec="RFC 8414 §3.1, §3.3; OpenID Connect Discovery 1.0 §4.1")
def has_mirrored_path(issuer: Issuer) -> bool:
    """Whether the path of `issuer` is that of the place in the mirror; a slash at the end counts as none."""
    return path_of(value(issuer, "issuer")) == issuer.mirrored_path


@fact("issuer.mirrored_identifier", spec="RFC 8414 §3.1")
def mirrored_identifier(issuer: Issuer) -> str | Absent | Unknown:
    """The identifier from whose well-known place a mirrored file comes, as far as the folders tell it."""
    if not issuer.mirrored_host:
        return ABSENT
    return readable(cut("/".join(filter(None, (f"https://{issuer.mirrored_host}", issuer.mirrored_path))), 200))


def path_of(url: object) -> str:
    """The path of a URL as a mirror names it: without slashes around it, and without the ending of a JSON file."""
    rest = url.partition("://")[2] if isinstance(url, str) else ""
    return rest.partition("?")[0].partition("/")[2].strip("/").removesuffix(".json")


def describe_difference(asked: str, found: str) -> str:
    """How two identifiers differ, in words."""
    if asked == found:
        return ""
    if asked.removesuffix("/") == found.removesuffix("/"):
        return "a slash at the end"
    if asked.lower() == found.lower():
        return "upper and lower case"
    at = next((at for at, (old, new) in enumerate(zip(asked, found, strict=False)) if old != new), min(len(asked), len(found)))
    if redact(found) is not found or redact(asked) is not asked:
        return f"from character {at + 1} on; one of them holds a private value"
    return f"from character {at + 1} on it has `{_shorten(found[at:])}` instead of `{_shorten(asked[at:])}`"


def _shorten(rest: str) -> str:
    return rest if len(rest) <= _AROUND else rest[:_AROUND] + "…"


FACTS: tuple[Fact, ...] = (
    was_asked,
    is_asked_declared,
    asked,
    asked_difference,
    is_declared_alias,
    has_expected_jwks_uri,
    expected_jwks_uri,
    jwks_uri,
    is_named_by_document,
    document_url,
    well_known_url,
    has_mirrored_host,
    mirrored_host,
    identifier_host,
    has_mirrored_path,
    mirrored_identifier,
)
