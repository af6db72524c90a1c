"""The per-host scheduler: issuers of a busy host wait, so that one slow host does not delay the others."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from scanner.hosts.urls import host_of
from scanner.sources.exchange import Wanted

# the number of issuers that may wait for a busy host: they are in memory
_MAX_WAITING = 2000


class HostScheduler:
    """Gives issuers in their order, but at most `per_host` of one host at the same time; the others of that host wait."""

    def __init__(self, wanted: Iterator[Wanted], per_host: int) -> None:
        self._incoming = wanted
        self._per_host = per_host
        self._in_flight: dict[str, int] = {}
        self._waiting: dict[str, deque[Wanted]] = {}
        self._ready: deque[Wanted] = deque()
        self._waiting_count = 0

    def next_issuer(self) -> Wanted | None:
        """The next issuer, now in flight. None at the end, or if the hosts of all waiting issuers are busy."""
        while self._ready or self._waiting_count < _MAX_WAITING:
            wanted = self._ready.popleft() if self._ready else next(self._incoming, None)
            if wanted is None:
                return None
            host = _host(wanted)
            busy = self._in_flight.get(host, 0)
            if busy < self._per_host:
                self._in_flight[host] = busy + 1
                return wanted
            self._waiting.setdefault(host, deque()).append(wanted)
            self._waiting_count += 1
        return None

    def mark_done(self, wanted: Wanted) -> None:
        """Mark an issuer as visited: the next one of its host may start."""
        host = _host(wanted)
        left = self._in_flight.pop(host, 1) - 1
        if left:
            self._in_flight[host] = left
        waiting = self._waiting.get(host)
        if waiting:
            self._ready.append(waiting.popleft())
            self._waiting_count -= 1
            if not waiting:
                del self._waiting[host]


def _host(wanted: Wanted) -> str:
    """The host of an issuer's first request. An approximation is enough for scheduling."""
    url = wanted.jwks_uri if wanted.jwks_uri is not None and wanted.issuer.startswith("spiffe:") else wanted.issuer
    return host_of(url)
