"""The DNS of a collection's hosts: each asked about once, whatever that brings never an error."""

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
from scanner.sources.names.records import aliases_of, authorities_of
from scanner.sources.names.resolvers import Resolvers, servers_of
from scanner.sources.web.deadline import Deadline
from scanner.sources.web.failures import Stopped

# for one host with everything: its document is there already, and the issuer's next waits
_SECONDS = 10
_MOST_KEPT = 10_000


class Lookups:
    """Answers for hosts, from any thread. `stop` ends the asking."""

    def __init__(self, settings: CollectSettings, stop: threading.Event) -> None:
        self._resolvers = Resolvers(servers_of(settings.dns_server), settings.connect_s, stop)
        self._kept: dict[str, Future[Dns]] = {}
        self._lock = threading.Lock()
        self._validating: bool | Stopped | None = None
        self._probing = threading.Lock()

    def of(self, host: str) -> Dns:
        """What the DNS says of a canonical host name; what is not known is None, with the reason. Two threads that want the
        same wait for one answer. Of a collection that meets more names than are kept the oldest are forgotten.
        """
        with self._lock:
            kept = self._kept.get(host)
            if kept is None:
                mine = self._kept[host] = Future()
                if len(self._kept) > _MOST_KEPT:
                    del self._kept[next(iter(self._kept))]
        if kept is not None:
            return kept.result()
        try:
            mine.set_result(self._asked(host))
        except Exception as error:  # shown as a fault of ours, like one in fetching; the document is there all the same
            mine.set_result(Dns(because=f"a fault of jwksgov, please report it: {fault_and_place(error)}"))
        return mine.result()

    def _asked(self, host: str) -> Dns:
        deadline = Deadline(_SECONDS)
        name = dns.name.from_text(host)
        try:
            validates = self._validates()
            aliases = aliases_of(name, self._resolvers, deadline)
        except Stopped as stopped:
            return Dns(because=stopped.failure.because)
        said = Dns(
            cnames=aliases.names,
            is_dangling=aliases.is_dangling,
            is_authenticated=aliases.is_authenticated if validates else None,
        )
        try:
            caa, caa_at = authorities_of(name, self._resolvers, deadline)
        except Stopped as stopped:
            return changed(said, because=stopped.failure.because)
        return changed(said, caa=caa, caa_at=caa_at)

    def _validates(self) -> bool:
        """Whether the resolver marks the root's own records as authenticated: they are signed, so one that validates does
        (RFC 4035 §3.2.3). Asked once. Stopped where nobody answers even that: then no host is asked about.
        """
        with self._probing:
            if self._validating is None:
                self._validating = self._probed()
        if isinstance(self._validating, Stopped):
            raise Stopped(self._validating.failure.sort, self._validating.failure.because)
        return self._validating

    def _probed(self) -> bool | Stopped:
        try:
            answer = self._resolvers.ask(dns.name.root, dns.rdatatype.SOA, Deadline(_SECONDS))
        except Stopped as stopped:
            # a server of some zones only answers about the root with REFUSED
            return stopped if stopped.failure.sort in ("timeout", "connect") else False
        return bool(answer.flags & dns.flags.AD)
