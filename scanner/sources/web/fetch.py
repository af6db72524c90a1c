"""Fetches one document: makes attempts until there is a response, and records them in an Exchange."""

from __future__ import annotations

import hashlib
import time

from scanner.clock import moment_now, stamp_now
from scanner.record import changed
from scanner.sources.exchange import Exchange, Failure
from scanner.sources.web.attempt import Attempt, AttemptResult
from scanner.sources.web.backoff import delay
from scanner.sources.web.connection import milliseconds_since
from scanner.sources.web.deadline import Deadline
from scanner.sources.web.destination import Destination, destination_of
from scanner.sources.web.document_request import DocumentRequest
from scanner.sources.web.failures import is_transient
from scanner.sources.web.header_redaction import Redact, redact_headers, redact_url
from scanner.sources.web.hosts import BadUrl
from scanner.sources.web.revalidation import merge_headers
from scanner.sources.web.session import Session


def fetch(session: Session, request: DocumentRequest, *, redact: Redact, earlier: Exchange | None = None) -> Exchange:
    """Fetch a document within `total_s`; repeat the request if that may help. `earlier` is an Exchange of the same URL with its
    body: then the request is conditional, and the server may answer that the body is still current.
    """
    started, breaker = stamp_now(), session.network.circuit_breaker
    try:
        destination = destination_of(request.url)
    except BadUrl as error:
        return _record_unsent(request, Failure("bad-url", error.because), started)
    failure = breaker.failure_if_open(destination.origin)
    if failure is not None:
        return _record_unsent(request, failure, started)
    exchange = changed(_fetch_with_retries(session, request, destination, redact, earlier), started=started)
    breaker.record_outcome(destination.origin, exchange.failure)
    return exchange


def _record_unsent(request: DocumentRequest, failure: Failure, started: str) -> Exchange:
    return changed(
        _build_exchange(request, AttemptResult(failure=failure), lambda body: (body, ()), None), started=started, attempts=0
    )


def _fetch_with_retries(
    session: Session, request: DocumentRequest, destination: Destination, redact: Redact, earlier: Exchange | None
) -> Exchange:
    settings = session.network.settings
    deadline = Deadline(settings.total_s)
    attempts, max_attempts = 0, 1 if request.purpose == "plain-http" else 1 + settings.retries
    while True:
        attempts += 1
        begin = time.perf_counter()
        result = Attempt(session, request, destination, deadline, earlier).run()
        total_ms = milliseconds_since(begin)
        if result.failure is None and _is_overloaded(result.status):
            result.failure = Failure("status", "every attempt was answered with 429 or a server error")
        if result.failure is None or not is_transient(result.failure) or attempts == max_attempts:
            break
        if not _has_waited(session, deadline, result, attempts):
            break
    exchange = _build_exchange(request, result, redact, earlier if result.was_conditional and result.status == 304 else None)
    return changed(exchange, attempts=attempts, total_ms=total_ms)


def _is_overloaded(status: int | None) -> bool:
    return status is not None and (status == 429 or status >= 500)


def _has_waited(session: Session, deadline: Deadline, result: AttemptResult, attempts: int) -> bool:
    """Wait before another attempt. False if there is no time for one, or if the collection is ending."""
    retry_after = next(iter(result.header("retry-after")), None)
    seconds = delay(attempts, retry_after, moment_now())
    if seconds >= deadline.remaining():
        return False
    return not session.network.stop.wait(seconds)


def _build_exchange(request: DocumentRequest, result: AttemptResult, redact: Redact, revalidated: Exchange | None) -> Exchange:
    headers, removed = redact_headers(result.headers, redact)
    body, sha256 = None, None
    content = result.content if result.status != 304 else None
    if revalidated is not None:
        content = revalidated.body  # redact again: an earlier version may have stored it
        removed = (*revalidated.removed, *removed)
        headers = merge_headers(revalidated.headers, headers)
    if content is not None:
        body, redacted = redact(content)
        sha256 = hashlib.sha256(body).hexdigest() if body is not None else None
        removed = tuple(dict.fromkeys((*redacted, *removed)))
    details = result.details
    return Exchange(
        issuer=request.issuer,
        role=request.role,
        url=redact_url(request.url),
        started="",
        purpose=request.purpose,
        number=request.number,
        hops=tuple(result.hops),
        status=result.status,
        http_version=result.http_version,
        headers=headers,
        body=body,
        sha256=sha256,
        removed=removed,
        wire_size=result.wire_size,
        address=details.address,
        resolved=details.resolved,
        is_through_proxy=details.is_through_proxy,
        is_revalidated=revalidated is not None,
        tls=details.tls,
        client=request.client.in_words if request.client is not None else "",
        dns_ms=details.dns_ms,
        connect_ms=details.connect_ms,
        tls_ms=details.tls_ms,
        first_byte_ms=result.first_byte_ms,
        failure=result.failure,
    )
