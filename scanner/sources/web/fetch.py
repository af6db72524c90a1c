"""One document fetched: attempts until there is an answer, and the Exchange that tells everything about them."""

from __future__ import annotations

import hashlib
import time

from scanner.clock import moment_now, stamp_now
from scanner.record import changed
from scanner.sources.exchange import Exchange, Failure
from scanner.sources.web.ask import Ask
from scanner.sources.web.attempt import Answer, Attempt
from scanner.sources.web.backoff import delay
from scanner.sources.web.connection import milliseconds_since
from scanner.sources.web.deadline import Deadline
from scanner.sources.web.destination import Destination, destination_of
from scanner.sources.web.failures import may_pass
from scanner.sources.web.header_redaction import Clean, recordable, recordable_url
from scanner.sources.web.hosts import BadUrl
from scanner.sources.web.revalidation import merged
from scanner.sources.web.session import Session


def fetch(session: Session, ask: Ask, *, clean: Clean, earlier: Exchange | None = None) -> Exchange:
    """Ask for a document, again if that may help, within `total_s`. `earlier` is an Exchange of the same URL with its body:
    the server is asked whether that still stands.
    """
    started, silence = stamp_now(), session.network.silence
    try:
        place = destination_of(ask.url)
    except BadUrl as error:
        return _not_asked(ask, Failure("bad-url", error.because), started)
    failure = silence.failure(place.origin)
    if failure is not None:
        return _not_asked(ask, failure, started)
    exchange = changed(_asked(session, ask, place, clean, earlier), started=started)
    silence.note(place.origin, exchange.failure)
    return exchange


def _not_asked(ask: Ask, failure: Failure, started: str) -> Exchange:
    return changed(_exchange(ask, Answer(failure=failure), lambda body: (body, ()), None), started=started, attempts=0)


def _asked(session: Session, ask: Ask, place: Destination, clean: Clean, earlier: Exchange | None) -> Exchange:
    settings = session.network.settings
    deadline = Deadline(settings.total_s)
    attempts, most = 0, 1 if ask.purpose == "plain-http" else 1 + settings.retries
    while True:
        attempts += 1
        begin = time.perf_counter()
        answer = Attempt(session, ask, place, deadline, earlier).answer()
        total_ms = milliseconds_since(begin)
        if answer.failure is None and _is_overloaded(answer.status):
            answer.failure = Failure("status", "every attempt was answered with 429 or a server error")
        if answer.failure is None or not may_pass(answer.failure) or attempts == most:
            break
        if not _has_waited(session, deadline, answer, attempts):
            break
    exchange = _exchange(ask, answer, clean, earlier if answer.was_conditional and answer.status == 304 else None)
    return changed(exchange, attempts=attempts, total_ms=total_ms)


def _is_overloaded(status: int | None) -> bool:
    return status is not None and (status == 429 or status >= 500)


def _has_waited(session: Session, deadline: Deadline, answer: Answer, attempts: int) -> bool:
    """Wait before another attempt; False where no time is left for one, or the collection is ending."""
    retry_after = next(iter(answer.header("retry-after")), None)
    seconds = delay(attempts, retry_after, moment_now())
    if seconds >= deadline.left():
        return False
    return not session.network.stop.wait(seconds)


def _exchange(ask: Ask, answer: Answer, clean: Clean, revalidated: Exchange | None) -> Exchange:
    headers, removed = recordable(answer.headers, clean)
    body, sha256 = None, None
    content = answer.content if answer.status != 304 else None
    if revalidated is not None:
        content = revalidated.body  # once more: what kept it may have been an earlier version
        removed = (*revalidated.removed, *removed)
        headers = merged(revalidated.headers, headers)
    if content is not None:
        body, taken = clean(content)
        sha256 = hashlib.sha256(body).hexdigest() if body is not None else None
        removed = tuple(dict.fromkeys((*taken, *removed)))
    trail = answer.trail
    return Exchange(
        issuer=ask.issuer,
        role=ask.role,
        url=recordable_url(ask.url),
        started="",
        purpose=ask.purpose,
        number=ask.number,
        hops=tuple(answer.hops),
        status=answer.status,
        http_version=answer.http_version,
        headers=headers,
        body=body,
        sha256=sha256,
        removed=removed,
        wire_size=answer.wire_size,
        address=trail.address,
        resolved=trail.resolved,
        is_through_proxy=trail.is_through_proxy,
        is_revalidated=revalidated is not None,
        tls=trail.tls,
        dns_ms=trail.dns_ms,
        connect_ms=trail.connect_ms,
        tls_ms=trail.tls_ms,
        first_byte_ms=answer.first_byte_ms,
        failure=answer.failure,
    )
