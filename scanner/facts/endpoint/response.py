"""Facts about whether and how an endpoint answered."""

from __future__ import annotations

from statistics import median_low

from scanner.evidence.issuers.fetched import is_page as begins_like_a_page
from scanner.facts.endpoint.caching import freshness_of
from scanner.facts.endpoint.values import answer_of, is_answered, same_client
from scanner.facts.fact import ABSENT, Absent, Fact, Unknown, fact
from scanner.facts.http.fields import date_seconds, delta_seconds
from scanner.facts.key.members import shorten_names
from scanner.hosts.reach import reach_of
from scanner.hosts.urls import origin_of, scheme_of, web_host_of
from scanner.sources.exchange import FailureSort
from scanner.subjects.model import Endpoint

# statuses about the document rather than about this client: the server wants credentials, or has no such document
_ABOUT_THE_DOCUMENT = (401, 404, 410)


@fact("endpoint.status", spec="RFC 9110 §15")
def status(endpoint: Endpoint) -> int | Unknown:
    """The status of the answer."""
    found = endpoint.fetched.first.status
    return Unknown(endpoint.fetched.because or "no server answered") if found is None else found


@fact("endpoint.is_missing", spec="RFC 9110 §15.5.5, §15.5.11")
def is_missing(endpoint: Endpoint) -> bool:
    """Whether the server says that there is no such document: 404 or 410."""
    return endpoint.fetched.first.status in (404, 410)


@fact("endpoint.is_issuer_without_metadata", spec="RFC 8414 §3; OpenID Connect Discovery 1.0 §4")
def is_issuer_without_metadata(endpoint: Endpoint) -> bool | Unknown:
    """Whether the server says that the issuer's well-known documents do not exist."""
    found = endpoint.fetched.has_no_metadata
    return Unknown(endpoint.fetched.because or "the issuer's metadata did not come") if found is None else found


@fact("endpoint.is_served", spec="RFC 9110 §15.3.1")
def is_served(endpoint: Endpoint) -> bool | Unknown:
    """Whether every client gets the document. False only where the server itself says that there is none, or not for all (401,
    404, 410, a success without content). Other failures may have their cause on the network, or concern this client only.
    """
    first = endpoint.fetched.first
    if is_answered(first):
        return True
    code = first.status or 0
    if first.failure is None and (code in _ABOUT_THE_DOCUMENT or 200 < code < 300):
        return False
    return Unknown(endpoint.fetched.because or "the document did not come")


@fact("endpoint.is_page", spec="RFC 8259 §2")
def is_page(endpoint: Endpoint) -> bool | Unknown:
    """Whether the server sent an HTML or XML page instead of the document."""
    answer = answer_of(endpoint)
    return answer if isinstance(answer, Unknown) else begins_like_a_page(answer.body or b"")


@fact("endpoint.is_metadata", spec="RFC 8414 §3.2; OpenID Connect Discovery 1.0 §4.2")
def is_metadata(endpoint: Endpoint) -> bool | Unknown:
    """Whether the server sent a JSON object in place of the metadata."""
    answer = answer_of(endpoint)
    if isinstance(answer, Unknown) or answer.body is None:
        return Unknown(endpoint.fetched.because or "the document did not come")
    return not endpoint.fetched.because


@fact("endpoint.is_cut_short", spec="RFC 9112 §8")
def is_cut_short(endpoint: Endpoint) -> bool | Unknown:
    """Whether the connection ended in the middle of the answer at each of several attempts, as with a Content-Length that is
    larger than the content.
    """
    first = endpoint.fetched.first
    if first.failure is not None and first.failure.sort == "closed" and first.status is not None and first.attempts > 1:
        return True
    return False if first.failure is None else Unknown(first.failure.because)


@fact("endpoint.is_too_large", spec="RFC 7517 §5")
def is_too_large(endpoint: Endpoint) -> bool | Unknown:
    """Whether the headers or the decompressed body exceed the limit."""
    return _has_failed(endpoint, "too-large")


@fact("endpoint.is_encoding_broken", spec="RFC 9110 §8.4")
def is_encoding_broken(endpoint: Endpoint) -> bool | Unknown:
    """Whether decoding the content as Content-Encoding says fails."""
    return _has_failed(endpoint, "encoding")


@fact("endpoint.answer_ms")
def answer_ms(endpoint: Endpoint) -> int | Unknown:
    """How many milliseconds the document took, from resolving the name to the last byte: the median of several fetches. Fetches
    over a new connection count alone where there are any, since consumers open one too.
    """
    answer = answer_of(endpoint)
    if isinstance(answer, Unknown):
        return answer
    timed = [each for _, each in same_client(endpoint) if is_answered(each) and each.total_ms is not None]
    alone = [each for each in timed if each.connect_ms is not None]
    found = [each.total_ms for each in alone or timed if each.total_ms is not None]
    return round(median_low(found)) if found else Unknown("the time was not taken")


@fact("endpoint.is_error", spec="RFC 9110 §15.5, §15.6")
def is_error(endpoint: Endpoint) -> bool:
    """Whether the answer is an error: a status of 400 or more."""
    return (endpoint.fetched.first.status or 0) >= 400


@fact("endpoint.has_error_freshness_s", spec="RFC 9111 §4.2.1")
def has_error_freshness_s(endpoint: Endpoint) -> bool:
    """Whether an error answer says for how long caches may reuse it."""
    return error_freshness_s.ask(endpoint) is not ABSENT


@fact("endpoint.error_freshness_s", spec="RFC 9111 §4.2.1")
def error_freshness_s(endpoint: Endpoint) -> int | Absent:
    """For how many seconds caches may reuse the error, as the answer says."""
    first = endpoint.fetched.first
    found = freshness_of(first, is_shared=True) if (first.status or 0) >= 400 else None
    return ABSENT if found is None else found


@fact("endpoint.is_rate_limited", spec="RFC 6585 §4")
def is_rate_limited(endpoint: Endpoint) -> bool:
    """Whether the server answered a request for the document with 429, Too Many Requests."""
    return any(each.status == 429 for each in endpoint.fetched.exchanges)


@fact("endpoint.has_retry_after", spec="RFC 9110 §10.2.3")
def has_retry_after(endpoint: Endpoint) -> bool:
    """Whether every answer with 429 says when to ask again, as seconds or as a date."""
    limited = [each for each in endpoint.fetched.exchanges if each.status == 429]
    written = [" ".join(each.header("retry-after")[:1]).strip() for each in limited]
    return all(delta_seconds(each) is not None or date_seconds(each) is not None for each in written)


@fact("endpoint.redirects", spec="RFC 9110 §15.4")
def redirects(endpoint: Endpoint) -> int:
    """How many redirects the server sent."""
    return len(endpoint.fetched.first.hops)


@fact("endpoint.is_redirect_refused", spec="RFC 9110 §15.4")
def is_redirect_refused(endpoint: Endpoint) -> bool | Unknown:
    """Whether the redirects form a loop, are too many, or lead to a place that a client should not follow to."""
    return _has_failed(endpoint, "redirect")


@fact("endpoint.leads_to_http", spec="RFC 9110 §17.2")
def leads_to_http(endpoint: Endpoint) -> bool:
    """Whether a redirect leads from https to http."""
    return any(scheme_of(old) == "https" and scheme_of(new) == "http" for old, new in _list_steps(endpoint))


@fact("endpoint.other_origins", spec="RFC 6454 §4")
def other_origins(endpoint: Endpoint) -> list[str]:
    """The hosts of other origins that redirects lead to; https and http of one host count as the same origin here."""
    start = endpoint.fetched.first.url
    found = [new for _, new in _list_steps(endpoint) if not _is_same_place(start, new)]
    return shorten_names(dict.fromkeys(web_host_of(each) or "a place without host" for each in found))


@fact("endpoint.leads_inside", spec="RFC 6890 §2.2; RFC 6761 §6")
def leads_inside(endpoint: Endpoint) -> bool:
    """Whether a redirect of a public host leads to a private, loopback or link-local host, by its name or address."""
    is_public = reach_of(web_host_of(endpoint.fetched.first.url)) == "public"
    return is_public and any(reach_of(web_host_of(new)) != "public" for _, new in _list_steps(endpoint) if web_host_of(new))


def _list_steps(endpoint: Endpoint) -> list[tuple[str, str]]:
    return [(hop.url, hop.location) for hop in endpoint.fetched.first.hops if hop.location is not None]


def _is_same_place(start: str, found: str) -> bool:
    old, new = origin_of(start), origin_of(found)
    return old.host == new.host and (old.port == new.port or {old.port, new.port} == {80, 443})


def _has_failed(endpoint: Endpoint, sort: FailureSort) -> bool | Unknown:
    """Whether the fetch failed in this way; Unknown where it failed earlier. An error status is an answer, too."""
    failure = endpoint.fetched.first.failure
    if failure is None or failure.sort == "status":
        return False
    return True if failure.sort == sort else Unknown(failure.because)


FACTS: tuple[Fact, ...] = (
    status,
    is_missing,
    is_issuer_without_metadata,
    is_served,
    is_page,
    is_metadata,
    is_cut_short,
    is_too_large,
    is_encoding_broken,
    answer_ms,
    is_error,
    has_error_freshness_s,
    error_freshness_s,
    is_rate_limited,
    has_retry_after,
    redirects,
    is_redirect_refused,
    leads_to_http,
    other_origins,
    leads_inside,
)
