"""What a report tells of an endpoint: what was asked, what came, over which connection."""

from __future__ import annotations

from typing import Any

from scanner.clock import Clock
from scanner.subjects.model import Endpoint


def endpoint_row(endpoint: Endpoint) -> dict[str, Any]:
    """The row of one endpoint, as plain JSON values. The certificate is that of the first exchange."""
    fetched = endpoint.fetched
    first = fetched.first
    return {
        "url": first.url,
        "role": fetched.role,
        "issuer": fetched.wanted.issuer,
        "asked_by": fetched.wanted.source,
        "owner": endpoint.note.owner if endpoint.note is not None else None,
        "environment": endpoint.note.environment if endpoint.note is not None else None,
        "fetched": first.started,
        "exchanges": len(fetched.exchanges),
        "status": first.status,
        "failure": first.failure.sort if first.failure is not None else None,
        "because": fetched.because or None,
        "is_reached": not fetched.because,
        "redirects": [hop.location for hop in first.hops],
        "address": first.address,
        "is_through_proxy": first.is_through_proxy,
        "sha256": first.sha256,
        "total_ms": first.total_ms,
        **_tls(endpoint),
    }


def _tls(endpoint: Endpoint) -> dict[str, Any]:
    tls = endpoint.fetched.first.tls
    row: dict[str, Any] = {
        "tls_version": tls.version if tls is not None else None,
        "tls_cipher": tls.cipher if tls is not None else None,
        "tls_names": [],
        "tls_not_before": None,
        "tls_not_after": None,
    }
    if tls is None or tls.certificate is None:
        return row
    from scanner.evidence.keys.certificates import read_leaf
    from scanner.evidence.model import Unread

    leaf = read_leaf(tls.certificate)
    if isinstance(leaf, Unread):
        return row
    certificate, names = leaf
    dates = {"tls_not_before": certificate.starts, "tls_not_after": certificate.ends}
    return row | {"tls_names": list(names)} | {name: Clock(moment).stamp() for name, moment in dates.items()}
