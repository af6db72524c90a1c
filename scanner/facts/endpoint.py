"""Facts about a URL that an issuer's documents were fetched from."""

from __future__ import annotations

from scanner.facts.fact import Fact, Unknown, fact, readable
from scanner.subjects.model import Endpoint


@fact("endpoint.url")
def url(endpoint: Endpoint) -> str:
    """The URL that was asked."""
    found = readable(endpoint.fetched.first.url[:300])
    return found if isinstance(found, str) else "a URL that cannot be shown"


@fact("endpoint.is_reached", spec="RFC 9110 §15.3.1")
def is_reached(endpoint: Endpoint) -> bool | Unknown:
    """Whether the document came: status 200 and a body that was kept. One vantage point tells of an outage only where the
    server itself says that there is no such document, or not for everybody (401, 404, 410).
    """
    fetched = endpoint.fetched
    if fetched.first.failure is None and (fetched.first.status in (401, 404, 410) or not fetched.because):
        return not fetched.because
    return Unknown(fetched.because)


FACTS: tuple[Fact, ...] = (url, is_reached)
