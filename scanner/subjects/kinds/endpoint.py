"""An endpoint: a URL of an issuer's documents: the request, the answer, the connection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scanner.clock import Clock
from scanner.evidence.model import Evidence
from scanner.record import record
from scanner.subjects.identifiers import SubjectIds
from scanner.subjects.model import Endpoint, Subject


@record(slots=True, kw_only=True)
class EndpointRow:
    """`asked_by`: why the issuer was contacted. `sha256` is the digest of the body as it came. The certificate and the other
    values of a connection are those of the first exchange. Times are RFC 3339.
    """

    id: str
    path: str
    line: int | None
    column: int | None
    url: str
    role: str
    issuer: str
    asked_by: str
    owner: str | None
    environment: str | None
    fetched: str
    exchanges: int
    status: int | None
    failure: str | None
    because: str | None
    is_reached: bool
    redirects: tuple[str | None, ...]
    address: str | None
    is_through_proxy: bool
    sha256: str | None
    total_ms: float | None
    tls_version: str | None = None
    tls_cipher: str | None = None
    tls_names: tuple[str, ...] = ()
    tls_not_before: str | None = None
    tls_not_after: str | None = None


Row = EndpointRow


def subjects_of(evidence: Evidence, ids: SubjectIds) -> Iterator[Subject]:
    """The endpoint that the document came from, or did not come from."""
    assert evidence.fetched is not None
    yield ids.subject("endpoint", evidence.fetched.role, Endpoint(evidence.fetched), None, {})


def make_row(subject: Subject) -> EndpointRow:
    """The endpoint as a report lists it."""
    endpoint: Endpoint = subject.about
    fetched = endpoint.fetched
    first, place = fetched.first, subject.ref.place
    return EndpointRow(
        id=subject.ref.id,
        path=place.path,
        line=place.line,
        column=place.column,
        url=first.url,
        role=fetched.role,
        issuer=fetched.wanted.issuer,
        asked_by=fetched.wanted.source,
        owner=endpoint.note.owner if endpoint.note is not None else None,
        environment=endpoint.note.environment if endpoint.note is not None else None,
        fetched=first.started,
        exchanges=len(fetched.exchanges),
        status=first.status,
        failure=first.failure.sort if first.failure is not None else None,
        because=fetched.because or None,
        is_reached=not fetched.because,
        redirects=tuple(hop.location for hop in first.hops),
        address=first.address,
        is_through_proxy=first.is_through_proxy,
        sha256=first.sha256,
        total_ms=first.total_ms,
        **_describe_tls(endpoint),
    )


def _describe_tls(endpoint: Endpoint) -> dict[str, Any]:
    tls = endpoint.fetched.first.tls
    if tls is None:
        return {}
    found: dict[str, Any] = {"tls_version": tls.version, "tls_cipher": tls.cipher}
    if tls.certificate is None:
        return found
    from scanner.evidence.keys.certificates import read_leaf
    from scanner.evidence.model import Unread

    leaf = read_leaf(tls.certificate)
    if isinstance(leaf, Unread):
        return found
    certificate, names = leaf
    dates = {"tls_not_before": certificate.starts, "tls_not_after": certificate.ends}
    return found | {"tls_names": tuple(names)} | {name: Clock(moment).stamp() for name, moment in dates.items()}


def identify(subject: Subject) -> tuple[str, ...]:
    """The kind of document and the issuer for which it was fetched."""
    fetched = subject.about.fetched
    return fetched.role, fetched.wanted.issuer
