"""Collecting from the lab's servers as a user would, with an eye on what came of it."""

from __future__ import annotations

from typing import Any

from scanner.sources.exchange import Exchange, Visit, Wanted
from scanner.sources.web.collection import collect
from tests.servers.issuers import ordinary_issuer
from tests.servers.lab import Lab


def visited(lab: Lab, *wanted: Wanted, **settings: Any) -> list[Visit]:
    """A collection of these, in their order."""
    kept: list[Exchange] = []
    visits = {
        visit.wanted.issuer: visit
        for visit in collect(wanted, lab.settings(**settings), redact=_as_it_is, keep=kept.append, resolver=lab.resolve)
    }
    # each is handed over as it finishes, and once
    assert sorted(map(id, kept)) == sorted(id(each) for visit in visits.values() for each in visit.exchanges)
    return [visits[each.issuer] for each in wanted]


def keys_through_metadata(lab: Lab, jwks_uri: str, **settings: Any) -> Exchange:
    """What comes of asking for the keys of an ordinary issuer whose metadata names this `jwks_uri`."""
    front = ordinary_issuer(lab, "front", jwks_uri=jwks_uri)
    (visit,) = visited(lab, Wanted(issuer=front.issuer), **settings)
    return keys_of(visit)


def keys_of(visit: Visit) -> Exchange:
    """The first request for the keys."""
    return next(each for each in visit.exchanges if each.role == "jwks" and each.purpose == "first")


def outcome(exchange: Exchange) -> str:
    """The sort of the failure, or the status that was recorded."""
    return exchange.failure.sort if exchange.failure is not None else str(exchange.status)


def is_complete(visit: Visit) -> bool:
    """Whether both well-known documents and the keys are there."""
    return {each.role for each in visit.exchanges if each.has_document} >= {
        "openid-configuration",
        "oauth-authorization-server",
        "jwks",
    }


def _as_it_is(body: bytes) -> tuple[bytes, tuple[str, ...]]:
    return body, ()
