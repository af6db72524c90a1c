"""Sections 3, 4 and 5: how the evidence was collected, and the requests to issuers."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.findings.model import Report
from scanner.record import record
from scanner.renderers.html.words import count_nouns, join_words
from scanner.subjects.kinds.endpoint import EndpointRow as Endpoint

_ROLES = {
    "openid-configuration": "Provider Configuration",
    "oauth-authorization-server": "Authorization server metadata",
    "jwks": "JWK Set",
    "spiffe-bundle": "SPIFFE bundle",
}


@record
class EndpointLine:
    """One requested document of an issuer. `answer` is the status or the reason why there is none."""

    url: str
    document: str
    answer: str
    is_reached: bool
    tls: str
    certificate_ends: str
    fetched: str


@record
class IssuerLine:
    """One contacted issuer, with its documents."""

    issuer: str
    owner: str
    endpoints: tuple[EndpointLine, ...]


def issuers(report: Report) -> tuple[IssuerLine, ...]:
    """Every contacted issuer, in order."""
    found: dict[str, list[Endpoint]] = {}
    for row in report.rows("endpoint"):
        found.setdefault(row.issuer, []).append(row)
    return tuple(
        IssuerLine(issuer, next((row.owner for row in rows if row.owner), ""), tuple(map(_make_endpoint, rows)))
        for issuer, rows in sorted(found.items())
    )


def _make_endpoint(row: Endpoint) -> EndpointLine:
    redirects = len(row.redirects)
    after = f", after {count_nouns(redirects, 'redirect')}" if redirects else ""
    status = f"status {row.status}" if row.status else "no answer"
    return EndpointLine(
        url=row.url,
        document=_ROLES.get(row.role, row.role),
        answer=f"{status}{after}" if row.is_reached else row.because or "not known why",
        is_reached=row.is_reached,
        tls=row.tls_version or "none",
        certificate_ends=(row.tls_not_after or "")[:10],
        fetched=_to_the_second(row.fetched),
    )


def _to_the_second(moment: str) -> str:
    head, mark, _ = moment.partition(".")
    return f"{head}Z" if mark else moment


def method(report: Report) -> str:
    """How the evidence was obtained, in the terms of SP 800-53A."""
    asked = report.summary.issuers_asked
    if not asked:
        return "Files were read without contacting any server (SP 800-53A: examine)."
    files = "Files were read, and " if report.summary.files else ""
    how = "issuers were asked over the network" if report.run.online else "issuers' documents were taken from evidence bundles"
    who = f"{files}{how}: {count_nouns(asked, 'issuer')}"
    return (
        f"{who[0].upper()}{who[1:]} (SP 800-53A: examine and test). Nothing was sent to an issuer "
        "but anonymous requests for the documents that it publishes."
    )


def timing(report: Report) -> str:
    """The dates of the evidence."""
    bundles = [
        f"{each.path}, collected from {each.started} to {each.finished or 'an interruption'}" for each in report.run.bundles
    ]
    moments = "The report describes the files as they were when they were read, not a period."
    if not report.summary.issuers_asked:
        return moments
    source = f" Evidence bundles: {join_words(bundles)}." if bundles else ""
    return f"{moments[:-1]}; each document of an issuer is of the moment in section 5, seen from one place.{source}"


def bundle_digests(report: Report) -> Iterator[tuple[str, str, str]]:
    """Path, manifest digest and state of each judged bundle."""
    for each in report.run.bundles:
        yield each.path, each.sha256 or "withheld", each.state
