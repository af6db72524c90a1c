"""The DNS of a collection's hosts: each asked about once, whatever that brings never an error."""

from __future__ import annotations

import threading
from concurrent.futures import Future

import dns.flags
import dns.name
import dns.rdatatype

from scanner.config.inventory import CollectNote
from scanner.errors import fault_and_place
from scanner.record import changed
from scanner.sources.exchange import Dns
from scanner.sources.names.records import aliases_of, caa_records_of
from scanner.sources.names.resolvers import StubResolver, servers_of
from scanner.sources.web.deadline import Deadline
from scanner.sources.web.failures import FetchError

# for one host with everything: its document is there already, and the issuer's next waits
_SECONDS = 10
_MAX_KEPT = 10_000


class DnsLookups:
    """Answers for hosts, from any thread. `stop` ends the asking."""

    def __init__(self, settings: CollectNote, stop: threading.Event) -> None:
        self._resolver = StubResolver(servers_of(settings.dns_server), settings.connect_s, stop)
        self._answers: dict[str, Future[Dns]] = {}
        self._lock = threading.Lock()
        self._validating: bool | FetchError | None = None
        self._probing = threading.Lock()

    def look_up(self, host: str) -> Dns:
        """What the DNS says of a canonical host name; what is not known is None, with the reason. Two threads that want the
        same wait for one answer. Of a collection that meets more names than are kept the oldest are forgotten.
        """
        with self._lock:
            known = self._answers.get(host)
            if known is None:
                mine = self._answers[host] = Future()
                if len(self._answers) > _MAX_KEPT:
                    del self._answers[next(iter(self._answers))]
        if known is not None:
            return known.result()
        try:
            mine.set_result(self._query_host(host))
        except Exception as error:  # shown as a fault of ours, like one in fetching; the document is there all the same
            mine.set_result(Dns(because=f"a fault of jwksgov, please report it: {fault_and_place(error)}"))
        return mine.result()

    def _query_host(self, host: str) -> Dns:
        deadline = Deadline(_SECONDS)
        name = dns.name.from_text(host)
        try:
            validates = self._validates()
            aliases = aliases_of(name, self._resolver, deadline)
        except FetchError as stopped:
            return Dns(because=stopped.failure.because)
        found = Dns(
            cnames=aliases.names,
            is_dangling=aliases.is_dangling,
            is_authenticated=aliases.is_authenticated if validates else None,
        )
        try:
            caa, caa_at = caa_records_of(name, self._resolver, deadline)
        except FetchError as stopped:
            return changed(found, because=stopped.failure.because)
        return changed(found, caa=caa, caa_at=caa_at)

    def _validates(self) -> bool:
        """Whether the resolver marks the root's own records as authenticated: they are signed, so one that validates does
        (RFC 4035 §3.2.3). Asked once. Stopped where nobody answers even that: then no host is asked about.
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
        except FetchError as stopped:
            # a server of some zones only answers about the root with REFUSED
            return stopped if stopped.failure.sort in ("timeout", "connect") else False
        return bool(answer.flags & dns.flags.AD)
