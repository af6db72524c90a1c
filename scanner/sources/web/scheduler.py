"""Whose turn it is: issuers whose host has connections to spare go first, so that one slow host does not hold up the others."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from scanner.hosts.urls import host_of
from scanner.sources.exchange import Wanted

# how many issuers may stand aside while their host is busy: this many are in memory
_MOST_ASIDE = 2000


class Turns:
    """Gives issuers in their order, except that no host has more than `per_host` of them in flight; the others stand aside."""

    def __init__(self, wanted: Iterator[Wanted], per_host: int) -> None:
        self._coming = wanted
        self._per_host = per_host
        self._in_flight: dict[str, int] = {}
        self._aside: dict[str, deque[Wanted]] = {}
        self._ready: deque[Wanted] = deque()
        self._standing = 0

    def next(self) -> Wanted | None:
        """The next issuer, now in flight; None where there is none, or every host in sight is busy."""
        while self._ready or self._standing < _MOST_ASIDE:
            wanted = self._ready.popleft() if self._ready else next(self._coming, None)
            if wanted is None:
                return None
            host = _host(wanted)
            busy = self._in_flight.get(host, 0)
            if busy < self._per_host:
                self._in_flight[host] = busy + 1
                return wanted
            self._aside.setdefault(host, deque()).append(wanted)
            self._standing += 1
        return None

    def done(self, wanted: Wanted) -> None:
        """An issuer is visited: the next one of its host may follow."""
        host = _host(wanted)
        left = self._in_flight.pop(host, 1) - 1
        if left:
            self._in_flight[host] = left
        aside = self._aside.get(host)
        if aside:
            self._ready.append(aside.popleft())
            self._standing -= 1
            if not aside:
                del self._aside[host]


def _host(wanted: Wanted) -> str:
    """The host that an issuer's first request goes to, well enough to take turns by."""
    url = wanted.jwks_uri if wanted.jwks_uri is not None and wanted.issuer.startswith("spiffe:") else wanted.issuer
    return host_of(url)
