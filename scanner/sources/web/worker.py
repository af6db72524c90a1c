"""Visits one issuer from the first to the last document, as part of a collection."""

from __future__ import annotations

import threading
from collections.abc import Callable

from scanner.clock import stamp_now
from scanner.errors import fault_and_place
from scanner.record import changed
from scanner.sources.exchange import Dns, Exchange, Failure, FindCollected, FindPrevious, Visit, Wanted
from scanner.sources.web.destination import destination_of
from scanner.sources.web.document_request import DocumentRequest
from scanner.sources.web.fetch import fetch
from scanner.sources.web.header_redaction import Redact, redact_url
from scanner.sources.web.hosts import BadUrl
from scanner.sources.web.issuer_documents import RepeatSettings, fetch_documents
from scanner.sources.web.network import Network
from scanner.sources.web.session import Session

# host name → its DNS records; a failed lookup gives a reason, not an exception
DnsLookup = Callable[[str], Dns]


class Worker:
    """Visits issuers. Many threads may use one worker at the same time."""

    def __init__(
        self,
        network: Network,
        repeats: RepeatSettings,
        *,
        redact: Redact,
        find_collected: FindCollected | None,
        find_previous: FindPrevious | None,
        dns_lookup: DnsLookup | None = None,
    ) -> None:
        self._network = network
        self._repeats = repeats
        self._redact = redact
        self._find_collected = find_collected
        self._find_previous = find_previous
        self._dns_lookup = dns_lookup
        self._lock = threading.Lock()

    def visit_issuer(self, wanted: Wanted, report: Callable[[Exchange], None]) -> Visit:
        """Fetch all documents of an issuer. `report` is called with each new Exchange when it is finished. After the collection
        is stopped, no further document is requested.
        """
        session = Session(self._network)
        looked_up: set[str] = set()

        def fetch_once(request: DocumentRequest) -> Exchange:
            collected = self._find_collected_exchange(request)
            if collected is not None:
                looked_up.update(_hosts_of(collected) if collected.dns is not None else ())
                return collected
            exchange = self._add_dns(self._fetch_or_report_fault(session, request), looked_up)
            report(exchange)
            return exchange

        exchanges = []
        try:
            for exchange in fetch_documents(wanted, fetch_once, self._repeats):
                exchanges.append(exchange)
                if self._network.stop.is_set():
                    break
        finally:
            session.close()
        return Visit(wanted, tuple(exchanges))

    def stop(self) -> None:
        """Stop before the next document."""
        self._network.close()

    def _fetch_or_report_fault(self, session: Session, request: DocumentRequest) -> Exchange:
        """An error in our own code must not end the whole collection: it is recorded as the failure of this document."""
        try:
            return fetch(session, request, redact=self._redact, earlier=self._find_earlier(request))
        except Exception as error:
            failure = Failure("protocol", f"a fault of jwksgov, please report it: {fault_and_place(error)}")
            return Exchange(
                issuer=request.issuer,
                role=request.role,
                url=redact_url(request.url),
                started=stamp_now(),
                purpose=request.purpose,
                number=request.number,
                client=request.client.in_words if request.client is not None else "",
                failure=failure,
            )

    def _add_dns(self, exchange: Exchange, looked_up: set[str]) -> Exchange:
        """Add the DNS records of the host, unless an earlier exchange of the visit has them."""
        if self._dns_lookup is None or exchange.purpose != "first" or self._network.stop.is_set():
            return exchange
        for host in _hosts_of(exchange) - looked_up:
            looked_up.add(host)
            exchange = changed(exchange, dns=self._dns_lookup(host))
        return exchange

    def _find_collected_exchange(self, request: DocumentRequest) -> Exchange | None:
        if self._find_collected is None:
            return None
        with self._lock:
            return self._find_collected(request.issuer, request.role, request.purpose, request.number, request.url)

    def _find_earlier(self, request: DocumentRequest) -> Exchange | None:
        """The exchange to revalidate. Only the first request is conditional: repeats must show what the server sends now."""
        if self._find_previous is None or request.purpose != "first":
            return None
        with self._lock:
            earlier = self._find_previous(request.url)
        return earlier if earlier is not None and earlier.has_document else None


def _hosts_of(exchange: Exchange) -> set[str]:
    """The host of the requested URL. Empty for an address, which has no DNS names."""
    try:
        destination = destination_of(exchange.url)
    except BadUrl:
        return set()
    return set() if destination.is_address else {destination.host}
