"""One issuer visited from beginning to end, within a collection."""

from __future__ import annotations

import threading
from collections.abc import Callable

from scanner.clock import stamp_now
from scanner.errors import fault_and_place
from scanner.record import changed
from scanner.sources.exchange import Dns, Exchange, Failure, Purpose, Role, Visit, Wanted
from scanner.sources.web.ask import Ask
from scanner.sources.web.destination import destination_of
from scanner.sources.web.fetch import fetch
from scanner.sources.web.header_redaction import Clean, recordable_url
from scanner.sources.web.hosts import BadUrl
from scanner.sources.web.network import Network
from scanner.sources.web.session import Session
from scanner.sources.web.visit import Repeats, visit

# issuer, role, purpose, number, URL → what an interrupted collection has of it
Known = Callable[[str, Role, Purpose, int, str], Exchange | None]
# URL → what an earlier bundle has of it
Previous = Callable[[str], Exchange | None]
# a host name → what the DNS says of it, whatever happens
Names = Callable[[str], Dns]


class Worker:
    """Visits issuers; may be used by many threads at once."""

    def __init__(
        self,
        network: Network,
        repeats: Repeats,
        *,
        clean: Clean,
        known: Known | None,
        previous: Previous | None,
        names: Names | None = None,
    ) -> None:
        self._network = network
        self._repeats = repeats
        self._clean = clean
        self._known = known
        self._previous = previous
        self._names = names
        self._lock = threading.Lock()

    def visit(self, wanted: Wanted, report: Callable[[Exchange], None]) -> Visit:
        """Everything an issuer is asked for; `report` is called for each new Exchange as it is done. Once the collection is
        stopped nothing more is asked for.
        """
        session = Session(self._network)
        named: set[str] = set()

        def get(ask: Ask) -> Exchange:
            known = self._already(ask)
            if known is not None:
                named.update(_hosts_of(known) if known.dns is not None else ())
                return known
            exchange = self._with_dns(self._fetched(session, ask), named)
            report(exchange)
            return exchange

        exchanges = []
        try:
            for exchange in visit(wanted, get, self._repeats):
                exchanges.append(exchange)
                if self._network.stop.is_set():
                    break
        finally:
            session.close()
        return Visit(wanted, tuple(exchanges))

    def dismiss(self) -> None:
        """Stop at the next document."""
        self._network.close()

    def _fetched(self, session: Session, ask: Ask) -> Exchange:
        """A fault of ours that one server's answer brings out must not end the collection, and is not passed over either."""
        try:
            return fetch(session, ask, clean=self._clean, earlier=self._earlier(ask))
        except Exception as error:
            failure = Failure("protocol", f"a fault of jwksgov, please report it: {fault_and_place(error)}")
            return Exchange(
                issuer=ask.issuer,
                role=ask.role,
                url=recordable_url(ask.url),
                started=stamp_now(),
                purpose=ask.purpose,
                number=ask.number,
                failure=failure,
            )

    def _with_dns(self, exchange: Exchange, named: set[str]) -> Exchange:
        """The exchange with what the DNS says of its host, unless that was told before."""
        if self._names is None or exchange.purpose != "first" or self._network.stop.is_set():
            return exchange
        for host in _hosts_of(exchange) - named:
            named.add(host)
            exchange = changed(exchange, dns=self._names(host))
        return exchange

    def _already(self, ask: Ask) -> Exchange | None:
        if self._known is None:
            return None
        with self._lock:
            return self._known(ask.issuer, ask.role, ask.purpose, ask.number, ask.url)

    def _earlier(self, ask: Ask) -> Exchange | None:
        """What to revalidate: a first request for a document of an earlier bundle; repeats must show what is sent now."""
        if self._previous is None or ask.purpose != "first":
            return None
        with self._lock:
            earlier = self._previous(ask.url)
        return earlier if earlier is not None and earlier.has_document else None


def _hosts_of(exchange: Exchange) -> set[str]:
    """The host of the URL that was asked; none where that is an address, which has no records."""
    try:
        place = destination_of(exchange.url)
    except BadUrl:
        return set()
    return set() if place.is_address else {place.host}
