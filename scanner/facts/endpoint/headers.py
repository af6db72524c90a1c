"""Facts about the other headers of an answer."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.facts.endpoint.values import answer_of
from scanner.facts.fact import ABSENT, Absent, Fact, Unknown, fact, readable
from scanner.facts.http.cache_control import KNOWN, read_cache_control
from scanner.facts.http.fields import date_seconds, delta_seconds, hsts_seconds, list_items, media_type
from scanner.hosts.urls import parts_of, scheme_of
from scanner.redaction.text import cut
from scanner.sources.exchange import Exchange
from scanner.subjects.model import Endpoint

# fields that are not lists: a second line is a second value (RFC 9110 §5.3)
_SINGLE = ("content-type", "date", "age", "etag", "expires", "last-modified", "content-length", "strict-transport-security")
# the well-known names of documents that may be a signed JWT, and its media type
_SIGNED = {
    "/.well-known/openid-federation": "application/entity-statement+jwt",
    "/.well-known/openid-credential-issuer": "application/jwt",
}
_LOOKED_AT = (*_SINGLE, "cache-control", "vary", "x-content-type-options", "access-control-allow-origin")


@fact("endpoint.has_content_type", spec="RFC 9110 §8.3")
def has_content_type(endpoint: Endpoint) -> bool | Unknown:
    """Whether the answer has a valid media type."""
    found = content_type.ask(endpoint)
    return found if isinstance(found, Unknown) else found is not ABSENT


@fact("endpoint.content_type", spec="RFC 9110 §8.3.1")
def content_type(endpoint: Endpoint) -> str | Absent | Unknown:
    """The media type of the answer in lower case, without parameters."""
    answer = answer_of(endpoint)
    if isinstance(answer, Unknown):
        return answer
    written = answer.header("content-type")
    found = media_type(written[0]) if written else None
    return ABSENT if found is None else readable(cut(found, 100))


@fact("endpoint.is_type_of_document", spec="OpenID Federation 1.0 §9; OpenID for Verifiable Credential Issuance 1.0 §12.2.2")
def is_type_of_document(endpoint: Endpoint) -> bool | Unknown:
    """Whether the media type is the one of a document that is not JSON itself, but a JWT: an entity statement, or signed
    metadata of an issuer of credentials.
    """
    found = content_type.ask(endpoint)
    path = parts_of(endpoint.fetched.first.url).target
    return found if isinstance(found, Unknown) else any(name in path and found == kind for name, kind in _SIGNED.items())


@fact("endpoint.header_faults", spec="RFC 9110 §5.3, §5.5")
def header_faults(endpoint: Endpoint) -> list[str] | Unknown:
    """What is wrong with the values of headers, in words: a value that repeats the header's name, a single-valued header with
    two different values, a repeated directive, an invalid number or date.
    """
    answer = answer_of(endpoint)
    return (
        answer
        if isinstance(answer, Unknown)
        else [*_find_name_faults(answer), *_find_cache_faults(answer), *_find_value_faults(answer)]
    )


def _find_name_faults(answer: Exchange) -> Iterator[str]:
    for name in _LOOKED_AT:
        lines = answer.header(name)
        if any(line.lower().replace(" ", "").startswith(f"{name}:") for line in lines):
            yield f"{name} repeats its name"
        if name in _SINGLE and len({line.strip() for line in lines}) > 1:
            yield f"{name} is sent twice with different values"


def _find_cache_faults(answer: Exchange) -> Iterator[str]:
    control = read_cache_control(answer.header("cache-control"))
    for name in control.repeated:
        yield f"cache-control has {name if name in KNOWN else 'a directive'} twice"
    if control.malformed:
        yield "cache-control holds an invalid directive"
    for name in ("max-age", "s-maxage", "stale-while-revalidate", "stale-if-error"):
        if name in control.directives and delta_seconds(control.directives[name] or "") is None:
            yield f"{name} is not a number of seconds"


def _find_value_faults(answer: Exchange) -> Iterator[str]:
    for name in ("date", "last-modified"):
        if any(date_seconds(line) is None for line in answer.header(name)):
            yield f"{name} is not a date"
    if any(delta_seconds(line.strip()) is None for line in answer.header("age")):
        yield "age is not a number of seconds"


@fact("endpoint.is_sniffing_off", spec="WHATWG Fetch §3.6")
def is_sniffing_off(endpoint: Endpoint) -> bool | Unknown:
    """Whether X-Content-Type-Options tells browsers not to guess the media type."""
    answer = answer_of(endpoint)
    if isinstance(answer, Unknown):
        return answer
    return any(line.split(",")[0].strip().lower() == "nosniff" for line in answer.header("x-content-type-options")[:1])


@fact("endpoint.sets_cookie", spec="RFC 6265 §4.1")
def sets_cookie(endpoint: Endpoint) -> bool | Unknown:
    """Whether the answer sets a cookie."""
    answer = answer_of(endpoint)
    return answer if isinstance(answer, Unknown) else bool(answer.header("set-cookie"))


@fact("endpoint.varies_by_client", spec="RFC 9110 §12.5.5")
def varies_by_client(endpoint: Endpoint) -> list[str] | Unknown:
    """Which of `Cookie`, `Authorization`, `User-Agent` and `*` the header Vary names. With these, clients can hardly share a
    cached answer.
    """
    answer = answer_of(endpoint)
    if isinstance(answer, Unknown):
        return answer
    named = {item.lower() for item in list_items(", ".join(answer.header("vary")))}
    return [name for name in ("Cookie", "Authorization", "User-Agent", "*") if name.lower() in named]


@fact("endpoint.allows_any_origin_with_credentials", spec="WHATWG Fetch §3.3.5")
def allows_any_origin_with_credentials(endpoint: Endpoint) -> bool | Unknown:
    """Whether the answer allows every origin together with credentials, which browsers refuse."""
    answer = answer_of(endpoint)
    if isinstance(answer, Unknown):
        return answer
    origins, credentials = (answer.header(f"access-control-allow-{name}") for name in ("origin", "credentials"))
    return "*" in {line.strip() for line in origins} and "true" in {line.strip() for line in credentials}


@fact("endpoint.hsts_s", spec="RFC 6797 §6.1.1, §8.1")
def hsts_s(endpoint: Endpoint) -> int | Unknown:
    """For how many seconds browsers must use https only: the first Strict-Transport-Security counts; 0 where there is none, or
    where browsers must ignore it.
    """
    first = endpoint.fetched.first
    if first.failure is not None or first.status is None:  # any answer counts, also 404
        return Unknown(endpoint.fetched.because or "no server answered")
    written = first.header("strict-transport-security")
    # RFC 6797 §8.1: over http clients ignore the header
    return (hsts_seconds(written[0]) or 0) if written and scheme_of(first.final_url) == "https" else 0


FACTS: tuple[Fact, ...] = (
    has_content_type,
    content_type,
    is_type_of_document,
    header_faults,
    is_sniffing_off,
    sets_cookie,
    varies_by_client,
    allows_any_origin_with_credentials,
    hsts_s,
)
