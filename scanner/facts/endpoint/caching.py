"""Facts about how long clients may reuse an answer (RFC 9111)."""

from __future__ import annotations

from collections.abc import Iterable

from scanner.facts.endpoint.values import answer_of, headers_of, is_answered, same_client, started_at
from scanner.facts.fact import ABSENT, Absent, Fact, Unknown, fact
from scanner.facts.http.cache_control import CacheControl, freshness_lifetime, read_cache_control, stale_seconds
from scanner.facts.http.fields import date_seconds, delta_seconds
from scanner.memo import Memo
from scanner.record import record
from scanner.sources.exchange import Exchange
from scanner.subjects.model import Endpoint


@record
class _Times:
    """What the headers of the answers say, in seconds; None where a value is missing. The longest value of several fetches
    counts.
    """

    control: CacheControl
    freshness: int | None
    shared_freshness: int | None
    stale: int
    age: int | None
    expires_off: int | None
    clock_off: int | None


def freshness_of(exchange: Exchange, *, is_shared: bool = False) -> int | None:
    """For how many seconds clients may use the answer; None where the server does not say."""
    return freshness_lifetime(headers_of(exchange), received=started_at(exchange), is_shared=is_shared)


def _find_times(endpoint: Endpoint) -> _Times | Unknown:
    answer = answer_of(endpoint)
    if isinstance(answer, Unknown):
        return answer
    answers = [exchange for _, exchange in same_client(endpoint) if is_answered(exchange)]
    control = _read_control(answer)
    age = _read_age(answer)
    dates = [date_seconds(written[0]) if (written := answer.header(name)) else None for name in ("date", "expires")]
    return _Times(
        control=control,
        freshness=_find_longest(freshness_of(each) for each in answers),
        shared_freshness=_find_longest(freshness_of(each, is_shared=True) for each in answers),
        stale=_find_longest(stale_seconds(_read_control(each)) for each in answers) or 0,
        age=age,
        expires_off=_measure_expires_difference(control, *dates),
        clock_off=None if dates[0] is None else abs(int(dates[0] + (age or 0) - started_at(answer))),
    )


_times = Memo(_find_times)


def _read_control(exchange: Exchange) -> CacheControl:
    return read_cache_control(exchange.header("cache-control"))


def _find_longest(found: Iterable[int | None]) -> int | None:
    return max((each for each in found if each is not None), default=None)


def _read_age(answer: Exchange) -> int | None:
    written = answer.header("age")
    return delta_seconds(written[0].strip()) if written else None


def _measure_expires_difference(control: CacheControl, date: float | None, expires: float | None) -> int | None:
    max_age = control.seconds("max-age")
    if max_age is None or date is None or expires is None or expires <= date:
        return None
    return abs(int(expires - date) - max_age)


def _explain_absent(found: int | None) -> int | Absent:
    return ABSENT if found is None else found


@fact("endpoint.is_caching_stated", spec="RFC 9111 §5.2, §5.3")
def is_caching_stated(endpoint: Endpoint) -> bool | Unknown:
    """Whether the answer has Cache-Control or Expires."""
    answer = answer_of(endpoint)
    return answer if isinstance(answer, Unknown) else any(answer.header(name) for name in ("cache-control", "expires"))


@fact("endpoint.caching_refused_by", spec="RFC 9111 §5.2.2.4, §5.2.2.5")
def caching_refused_by(endpoint: Endpoint) -> list[str] | Unknown:
    """Which of `no-store` and `no-cache` the answer has; `no-cache` for single fields does not count."""
    times = _times(endpoint)
    return times if isinstance(times, Unknown) else times.control.refuses()


@fact("endpoint.has_freshness_s", spec="RFC 9111 §4.2.1")
def has_freshness_s(endpoint: Endpoint) -> bool | Unknown:
    """Whether the server says for how long clients may use the answer."""
    times = _times(endpoint)
    return times if isinstance(times, Unknown) else times.freshness is not None


@fact("endpoint.freshness_s", spec="RFC 9111 §4.2.1")
def freshness_s(endpoint: Endpoint) -> int | Absent | Unknown:
    """The freshness lifetime in seconds for a client of its own: max-age, else Expires; 0 where a client must not reuse the
    answer. The longest value of several fetches counts, since some servers count the time down.
    """
    times = _times(endpoint)
    return times if isinstance(times, Unknown) else _explain_absent(times.freshness)


@fact("endpoint.shared_freshness_s", spec="RFC 9111 §5.2.2.10")
def shared_freshness_s(endpoint: Endpoint) -> int | Absent | Unknown:
    """The freshness lifetime in seconds for a shared cache, which uses s-maxage first."""
    times = _times(endpoint)
    return times if isinstance(times, Unknown) else _explain_absent(times.shared_freshness)


@fact("endpoint.stale_s", spec="RFC 5861 §3, §4")
def stale_s(endpoint: Endpoint) -> int | Unknown:
    """For how many more seconds clients may use a stale answer: the longer of stale-while-revalidate and stale-if-error."""
    times = _times(endpoint)
    return times if isinstance(times, Unknown) else times.stale


@fact("endpoint.has_age_s", spec="RFC 9111 §5.1")
def has_age_s(endpoint: Endpoint) -> bool | Unknown:
    """Whether the answer has an `Age`, so that it came from a cache."""
    times = _times(endpoint)
    return times if isinstance(times, Unknown) else times.age is not None


@fact("endpoint.age_s", spec="RFC 9111 §5.1")
def age_s(endpoint: Endpoint) -> int | Absent | Unknown:
    """For how many seconds the answer had been in a cache when it came."""
    times = _times(endpoint)
    return times if isinstance(times, Unknown) else _explain_absent(times.age)


@fact("endpoint.has_expires_difference_s", spec="RFC 9111 §5.3")
def has_expires_difference_s(endpoint: Endpoint) -> bool | Unknown:
    """Whether the answer has both max-age and an Expires in the future."""
    times = _times(endpoint)
    return times if isinstance(times, Unknown) else times.expires_off is not None


@fact("endpoint.expires_difference_s", spec="RFC 9111 §5.3")
def expires_difference_s(endpoint: Endpoint) -> int | Absent | Unknown:
    """By how many seconds Expires and max-age differ. An Expires in the past does not count: it only stops caches from before
    HTTP/1.1.
    """
    times = _times(endpoint)
    return times if isinstance(times, Unknown) else _explain_absent(times.expires_off)


@fact("endpoint.has_clock_difference_s", spec="RFC 9110 §6.6.1")
def has_clock_difference_s(endpoint: Endpoint) -> bool | Unknown:
    """Whether the answer has a Date that can be read."""
    times = _times(endpoint)
    return times if isinstance(times, Unknown) else times.clock_off is not None


@fact("endpoint.clock_difference_s", spec="RFC 9110 §6.6.1")
def clock_difference_s(endpoint: Endpoint) -> int | Absent | Unknown:
    """By how many seconds Date, plus the time in caches, differs from the scanner's clock."""
    times = _times(endpoint)
    return times if isinstance(times, Unknown) else _explain_absent(times.clock_off)


@fact("endpoint.has_validator", spec="RFC 9110 §8.8")
def has_validator(endpoint: Endpoint) -> bool | Unknown:
    """Whether the answer has an ETag or Last-Modified, so that a client can ask whether the document changed."""
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
