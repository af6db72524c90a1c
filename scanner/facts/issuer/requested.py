"""Facts that compare an issuer's metadata with the request for it. For metadata in files the request is not known."""

from __future__ import annotations

from scanner.facts.fact import ABSENT, Absent, Fact, Unknown, fact, readable
from scanner.facts.issuer.values import text, value
from scanner.hosts.spelling import is_other_spelling, list_differences
from scanner.hosts.urls import web_host_of
from scanner.redaction.text import cut, redact
from scanner.sources.web.well_known import other_places, well_known_urls
from scanner.subjects.model import Issuer

_AROUND = 40  # how many characters of a difference a message shows


@fact("issuer.was_asked", spec="RFC 8414 §3")
def was_asked(issuer: Issuer) -> bool:
    """Whether the metadata was fetched as that of an issuer, so that the requested identifier is known. Documents of other
    kinds, as of a protected resource, are fetched by their own URL.
    """
    return issuer.fetched is not None and issuer.metadata.kind in ("openid-provider", "authorization-server")


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
    """How `issuer` differs from the requested identifier, in words; empty where the two are equal."""
    found = text(issuer, "issuer")
    return ABSENT if issuer.fetched is None or not found else readable(describe_difference(issuer.fetched.wanted.issuer, found))


@fact("issuer.is_asked_spelling", spec="RFC 3986 §6.2")
def is_asked_spelling(issuer: Issuer) -> bool:
    """Whether `issuer` is the requested identifier in this or another spelling: with another slash at the end, letter case,
    port, scheme or percent-encoding. False where the request is not known.
    """
    found = text(issuer, "issuer") or ""
    asked_for = issuer.fetched.wanted.issuer if issuer.fetched is not None else ""
    return bool(found) and (found == asked_for or is_other_spelling(asked_for, found))


@fact("issuer.is_document_of_both", spec="RFC 8414 §3.1; OpenID Connect Discovery 1.0 §4.1")
def is_document_of_both(issuer: Issuer) -> bool:
    """Whether only the URL of the document was named, and it is that of `issuer` as well as of the requested identifier: a
    slash at the end is dropped when the URL is built.
    """
    found = text(issuer, "issuer") or ""
    wanted = issuer.fetched.wanted if issuer.fetched is not None else None
    return wanted is not None and wanted.document_url is not None and _has_same_urls(wanted.issuer, found)


@fact("issuer.has_stated_spelling", spec="RFC 8414 §3.3")
def has_stated_spelling(issuer: Issuer) -> bool:
    """Whether the inventory, or the consumer whose issuer was fetched, states an identifier of which `issuer` is a spelling."""
    return bool(_list_stated(issuer))


@fact("issuer.other_spellings", spec="RFC 8414 §3.3; OpenID Connect Discovery 1.0 §4.3")
def other_spellings(issuer: Issuer) -> list[str] | Unknown:
    """The identifiers of the inventory and of consumers that name this issuer, and are not its `issuer` letter by letter; each
    with what differs, in words. Those that the inventory has in both spellings are left out.
    """
    found = text(issuer, "issuer") or ""
    known = issuer.spellings if found in issuer.spellings else ()
    shown = []
    for each in _list_stated(issuer):
        if each != found and each not in known:
            name = readable(cut(each, 200))
            if isinstance(name, Unknown):
                return name
            shown.append(f"{name} ({' and '.join(list_differences(each, found))})")
    return shown


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


@fact("issuer.is_at_other_place", spec="RFC 8414 §5")
def is_at_other_place(issuer: Issuer) -> bool:
    """Whether the metadata came from a place where no client looks for it: its path is built by the rule of the other document.
    The scanner asks there where the issuer has no document at its own places.
    """
    if issuer.fetched is None:
        return False
    return any(url == issuer.fetched.first.url for _, url in other_places(issuer.fetched.wanted.issuer))


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
    if is_other_spelling(asked, found):
        return " and ".join(list_differences(asked, found))
    at = next((at for at, (old, new) in enumerate(zip(asked, found, strict=False)) if old != new), min(len(asked), len(found)))
    if redact(found) is not found or redact(asked) is not asked:
        return f"from character {at + 1} on; one of them holds a private value"
    return f"from character {at + 1} on it has `{_shorten(found[at:])}` instead of `{_shorten(asked[at:])}`"


def _shorten(rest: str) -> str:
    return rest if len(rest) <= _AROUND else rest[:_AROUND] + "…"


def _list_stated(issuer: Issuer) -> list[str]:
    """Every stated identifier of which `issuer` is a spelling."""
    found = text(issuer, "issuer") or ""
    stated = list(issuer.spellings)
    if issuer.fetched is not None:
        wanted = issuer.fetched.wanted
        stated += [*([wanted.issuer] if wanted.is_declared else []), *wanted.also_stated]
    return [each for each in dict.fromkeys(stated) if found and (each == found or is_other_spelling(each, found))]


def _has_same_urls(one: str, other: str) -> bool:
    return well_known_urls(one) == well_known_urls(other)


FACTS: tuple[Fact, ...] = (
    was_asked,
    is_asked_declared,
    asked,
    asked_difference,
    is_asked_spelling,
    is_document_of_both,
    has_stated_spelling,
    other_spellings,
    is_declared_alias,
    has_expected_jwks_uri,
    expected_jwks_uri,
    jwks_uri,
    is_named_by_document,
    is_at_other_place,
    document_url,
    well_known_url,
    has_mirrored_host,
    mirrored_host,
    identifier_host,
    has_mirrored_path,
    mirrored_identifier,
)
