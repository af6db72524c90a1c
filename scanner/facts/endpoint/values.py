"""Helpers of the facts about endpoints: the answer to look at, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from scanner.facts.fact import Unknown
from scanner.sources.exchange import Exchange
from scanner.subjects.model import Endpoint


def answer_of(endpoint: Endpoint) -> Exchange | Unknown:
    """The exchange that gave the document, valid or not; else the reason why none came."""
    first = endpoint.fetched.first
    return first if is_answered(first) else Unknown(endpoint.fetched.because or "the document did not come")


def is_answered(exchange: Exchange) -> bool:
    """Whether the server answered with a document."""
    return exchange.failure is None and (exchange.status == 200 or exchange.is_revalidated)


def same_client(endpoint: Endpoint) -> Iterator[tuple[int, Exchange]]:
    """The fetches with the same request as the first, each with its number among all."""
    for at, exchange in enumerate(endpoint.fetched.exchanges):
        if exchange.purpose in ("first", "again"):
            yield at, exchange


def headers_of(exchange: Exchange) -> dict[str, list[str]]:
    """The headers by their names, each with its lines in order."""
    found: dict[str, list[str]] = {}
    for name, value in exchange.headers:
        found.setdefault(name, []).append(value)
    return found


def started_at(exchange: Exchange) -> float:
    """When the exchange began, in seconds since 1970."""
    return datetime.fromisoformat(exchange.started).timestamp()
