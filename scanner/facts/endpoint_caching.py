"""Facts about how long an answer may be used again (RFC 9111)."""

from __future__ import annotations

from collections.abc import Callable

from scanner.facts.cache_control import CacheControl, freshness_lifetime, read_cache_control, stale_seconds
from scanner.facts.endpoint_values import answer_of, headers_of, is_answered, same_client, started_at
from scanner.facts.fact import ABSENT, Absent, Fact, Unknown, fact
from scanner.facts.http_values import date_seconds, delta_seconds
from scanner.sources.exchange import Exchange
from scanner.subjects.model import Endpoint


def control_of(exchange: Exchange) -> CacheControl:
    """Its Cache-Control."""
    return read_cache_control(exchange.header("cache-control"))


def freshness_of(exchange: Exchange, *, is_shared: bool = False) -> int | None:
    """For how many seconds the answer may be used, None where the server does not say."""
    return freshness_lifetime(headers_of(exchange), received=started_at(exchange), is_shared=is_shared)


@fact("endpoint.is_caching_stated", spec="RFC 9111 §5.2, §5.3")
def is_caching_stated(endpoint: Endpoint) -> bool | Unknown:
    """Whether the answer has Cache-Control or Expires."""
    answer = answer_of(endpoint)
    return answer if isinstance(answer, Unknown) else any(answer.header(name) for name in ("cache-control", "expires"))


@fact("endpoint.caching_refused_by", spec="RFC 9111 §5.2.2.4, §5.2.2.5")
def caching_refused_by(endpoint: Endpoint) -> list[str] | Unknown:
    """Which of `no-store` and `no-cache` the answer has; `no-cache` for single fields does not count."""
    answer = answer_of(endpoint)
    return answer if isinstance(answer, Unknown) else control_of(answer).refuses()


@fact("endpoint.has_freshness_s", spec="RFC 9111 §4.2.1")
def has_freshness_s(endpoint: Endpoint) -> bool | Unknown:
    """Whether the server says for how long the answer may be used."""
    found = freshness_s.ask(endpoint)
    return found if isinstance(found, Unknown) else found is not ABSENT


@fact("endpoint.freshness_s", spec="RFC 9111 §4.2.1")
def freshness_s(endpoint: Endpoint) -> int | Absent | Unknown:
    """For how many seconds a client may use the answer without asking again: its max-age, else Expires; 0 where it must not.
    Of several fetches the longest, since some servers count the time down.
    """
    return _longest(endpoint, lambda exchange: freshness_of(exchange))


@fact("endpoint.shared_freshness_s", spec="RFC 9111 §5.2.2.10")
def shared_freshness_s(endpoint: Endpoint) -> int | Absent | Unknown:
    """The same for a cache that many clients share, which listens to s-maxage first."""
    return _longest(endpoint, lambda exchange: freshness_of(exchange, is_shared=True))


@fact("endpoint.stale_s", spec="RFC 5861 §3, §4")
def stale_s(endpoint: Endpoint) -> int | Unknown:
    """For how many seconds more an answer may be used once it is stale: the longer of stale-while-revalidate and
    stale-if-error.
    """
    found = _longest(endpoint, lambda exchange: stale_seconds(control_of(exchange)))
    return 0 if isinstance(found, Absent) else found


@fact("endpoint.has_age_s", spec="RFC 9111 §5.1")
def has_age_s(endpoint: Endpoint) -> bool | Unknown:
    """Whether the answer came from a cache that says how old it is."""
    found = age_s.ask(endpoint)
    return found if isinstance(found, Unknown) else found is not ABSENT


@fact("endpoint.age_s", spec="RFC 9111 §5.1")
def age_s(endpoint: Endpoint) -> int | Absent | Unknown:
    """How many seconds the answer had been in a cache on the way when it came."""
    answer = answer_of(endpoint)
    if isinstance(answer, Unknown):
        return answer
    written = answer.header("age")
    age = delta_seconds(written[0].strip()) if written else None
    return ABSENT if age is None else age


@fact("endpoint.has_expires_difference_s", spec="RFC 9111 §5.3")
def has_expires_difference_s(endpoint: Endpoint) -> bool | Unknown:
    """Whether the answer has both max-age and an Expires that is still to come."""
    found = expires_difference_s.ask(endpoint)
    return found if isinstance(found, Unknown) else found is not ABSENT


@fact("endpoint.expires_difference_s", spec="RFC 9111 §5.3")
def expires_difference_s(endpoint: Endpoint) -> int | Absent | Unknown:
    """By how many seconds Expires is off what max-age says. An Expires in the past is left out: it only keeps caches from
    before HTTP/1.1 from using the answer.
    """
    answer = answer_of(endpoint)
    if isinstance(answer, Unknown):
        return answer
    dates = [date_seconds(written[0]) for name in ("expires", "date") if (written := answer.header(name))]
    max_age = control_of(answer).seconds("max-age")
    if max_age is None or len(dates) != 2 or dates[0] is None or dates[1] is None or dates[0] <= dates[1]:
        return ABSENT
    return abs(int(dates[0] - dates[1]) - max_age)


@fact("endpoint.has_clock_difference_s", spec="RFC 9110 §6.6.1")
def has_clock_difference_s(endpoint: Endpoint) -> bool | Unknown:
    """Whether the answer has a Date that can be read."""
    found = clock_difference_s.ask(endpoint)
    return found if isinstance(found, Unknown) else found is not ABSENT


@fact("endpoint.clock_difference_s", spec="RFC 9110 §6.6.1")
def clock_difference_s(endpoint: Endpoint) -> int | Absent | Unknown:
    """By how many seconds Date, with the time in caches added, is off our own clock."""
    answer = answer_of(endpoint)
    if isinstance(answer, Unknown):
        return answer
    written = answer.header("date")
    date = date_seconds(written[0]) if written else None
    if date is None:
        return ABSENT
    age = age_s.ask(endpoint)
    return abs(int(date + (age if isinstance(age, int) else 0) - started_at(answer)))


@fact("endpoint.has_validator", spec="RFC 9110 §8.8")
def has_validator(endpoint: Endpoint) -> bool | Unknown:
    """Whether the answer has an ETag or Last-Modified, so that a client can ask whether anything changed."""
    answer = answer_of(endpoint)
    return answer if isinstance(answer, Unknown) else any(answer.header(name) for name in ("etag", "last-modified"))


@fact("endpoint.has_overlap_hours")
def has_overlap_hours(endpoint: Endpoint) -> bool:
    """Whether the inventory says for how long an old key stays published."""
    return overlap_hours.ask(endpoint) is not ABSENT


@fact("endpoint.overlap_hours")
def overlap_hours(endpoint: Endpoint) -> int | Absent:
    """For how many hours an old key stays published after the last signature with it, by the inventory."""
    rotation = endpoint.note.rotation if endpoint.note is not None else None
    return rotation.overlap_hours if rotation is not None and rotation.overlap_hours is not None else ABSENT


def _longest(endpoint: Endpoint, seconds: Callable[[Exchange], int | None]) -> int | Absent | Unknown:
    answer = answer_of(endpoint)
    if isinstance(answer, Unknown):
        return answer
    found = [seconds(exchange) for _, exchange in same_client(endpoint) if is_answered(exchange)]
    return max((each for each in found if each is not None), default=ABSENT)


FACTS: tuple[Fact, ...] = (
    is_caching_stated,
    caching_refused_by,
    has_freshness_s,
    freshness_s,
    shared_freshness_s,
    stale_s,
    has_age_s,
    age_s,
    has_expires_difference_s,
    expires_difference_s,
    has_clock_difference_s,
    clock_difference_s,
    has_validator,
    has_overlap_hours,
    overlap_hours,
)
