"""Looks up the DNS records of a collection's hosts. Each host is queried once; a failure is a result, not an exception."""

from __future__ import annotations

import threading
from concurrent.futures import Future

import dns.flags
import dns.name
import dns.rdatatype

from scanner.config.model import CollectSettings
from scanner.errors import fault_and_place
from scanner.record import changed
from scanner.sources.exchange import Dns
from scanner.sources.names.records import aliases_of, caa_records_of
from scanner.sources.names.resolvers import StubResolver, servers_of
from scanner.sources.web.deadline import Deadline
from scanner.sources.web.failures import FetchError

# for all queries about one host: meanwhile the next document of the issuer waits
_SECONDS = 10
_MAX_KEPT = 10_000


class DnsLookups:
    """Looks up hosts, from any thread. `stop` ends all queries."""

    def __init__(self, settings: CollectSettings, stop: threading.Event) -> None:
        self._resolver = StubResolver(servers_of(settings.dns_server), settings.connect_s, stop)
        self._answers: dict[str, Future[Dns]] = {}
        self._lock = threading.Lock()
        self._validating: bool | FetchError | None = None
        self._probing = threading.Lock()

    def look_up(self, host: str) -> Dns:
        """The DNS records of a canonical host name; unknown values are None, with the reason. Threads that need the same host
        wait for one lookup. If there are more hosts than the cache holds, the oldest are removed.
        """
        with self._lock:
            pending = self._answers.get(host)
            if pending is None:
                mine = self._answers[host] = Future()
                if len(self._answers) > _MAX_KEPT:
                    del self._answers[next(iter(self._answers))]
        if pending is not None:
            return pending.result()
        try:
            mine.set_result(self._query_host(host))
        except Exception as error:  # reported as an error in our own code, as in fetching; the document is not affected
            mine.set_result(Dns(because=f"a fault of jwksgov, please report it: {fault_and_place(error)}"))
        return mine.result()

    def _query_host(self, host: str) -> Dns:
        deadline = Deadline(_SECONDS)
        name = dns.name.from_text(host)
        try:
            validates = self._validates()
            aliases = aliases_of(name, self._resolver, deadline)
        except FetchError as error:
            return Dns(because=error.failure.because)
        found = Dns(
            cnames=aliases.names,
            is_dangling=aliases.is_dangling,
            is_authenticated=aliases.is_authenticated if validates else None,
        )
        try:
            caa, caa_at = caa_records_of(name, self._resolver, deadline)
        except FetchError as error:
            return changed(found, because=error.failure.because)
        return changed(found, caa=caa, caa_at=caa_at)

    def _validates(self) -> bool:
        """Whether the resolver marks the root's own records as authenticated: they are signed, so one that validates does
        (RFC 4035 §3.2.3). Queried once. FetchError if no server answers: then no host is queried.
        """
        with self._probing:
            if self._validating is None:
                self._validating = self._probe_validation()
        if isinstance(self._validating, FetchError):
            raise FetchError(self._validating.failure.sort, self._validating.failure.because)
        return self._validating

    def _probe_validation(self) -> bool | FetchError:
        try:
            answer = self._resolver.query(dns.name.root, dns.rdatatype.SOA, Deadline(_SECONDS))
        except FetchError as error:
            # a server for only some zones answers REFUSED for the root
            return error if error.failure.sort in ("timeout", "connect") else False
        return bool(answer.flags & dns.flags.AD)
