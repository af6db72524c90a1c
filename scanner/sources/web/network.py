"""Makes connections for a collection: resolves names, checks the addresses, connects to a checked address, TLS, proxies.

One Network serves all issuers of a collection; they share its TLS context, resolver, connection limit and circuit breaker.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time

import httpcore

from scanner.config.model import CollectSettings
from scanner.errors import UsageError
from scanner.sources.exchange import Tls
from scanner.sources.web import tls
from scanner.sources.web.addresses import allowed_hosts, host_refusal, refusal
from scanner.sources.web.circuit_breaker import CircuitBreaker
from scanner.sources.web.connection import Connection, ConnectionDetails, milliseconds_since
from scanner.sources.web.connection_limit import ConnectionLimit
from scanner.sources.web.deadline import Deadline
from scanner.sources.web.destination import Destination
from scanner.sources.web.failures import FetchError
from scanner.sources.web.hosts import BadUrl
from scanner.sources.web.proxy import Proxy
from scanner.sources.web.resolving import AddressResolver, Resolver, system_addresses
from scanner.sources.web.stream import Stream


class Network:
    """Connects to issuers. `stop` ends all waiting. The files in `settings` are paths that can be opened."""

    def __init__(self, settings: CollectSettings, *, resolver: Resolver | None = None) -> None:
        self.settings = settings
        self.allowed = _allowed(settings.allow_private)
        self.stop = threading.Event()
        self.circuit_breaker = CircuitBreaker()
        self.connection_limit = ConnectionLimit(settings.per_host, self.stop)
        self._resolver = AddressResolver(resolver or system_addresses)
        self._tls_contexts = tls.TlsContexts(settings)
        self._proxy = Proxy(settings.proxy) if settings.proxy is not None else None

    def connect(self, url: Destination, deadline: Deadline, details: ConnectionDetails) -> Connection:
        """A new connection for `url`. FetchError if there is none; `details` then shows which steps succeeded."""
        because = host_refusal(url.host, self.allowed)
        if because is not None:
            raise FetchError("address-refused", because)
        if self._proxy is not None:
            return self._connect_through(self._proxy, url, deadline, details)
        raw = self._dial(url, deadline, details)
        return self._finish_connection(raw, url, deadline, details)

    def close(self) -> None:
        """End all waiting; no more connections are made."""
        self.stop.set()
        self._resolver.shutdown()

    def is_allowed(self, host: str) -> bool:
        """Whether the configuration allows `host` to have private addresses."""
        return host in self.allowed

    def request_line(self, url: Destination) -> tuple[bytes, httpcore.URL]:
        """Method and target of a request: a proxy that forwards plain http needs the whole URL (RFC 9112 §3.2.2)."""
        is_forwarded = self._proxy is not None and url.scheme == "http"
        target = url.url if is_forwarded else url.target
        return b"GET", httpcore.URL(scheme=url.scheme, host=url.host, port=url.port, target=target)

    def _dial(self, url: Destination, deadline: Deadline, details: ConnectionDetails) -> socket.socket:
        """Resolve once, check every address, connect to a checked one: a second lookup could give other addresses."""
        begin = time.perf_counter()
        details.resolved = self._resolver.resolve(url, deadline, self.settings.connect_s)
        details.dns_ms = milliseconds_since(begin)
        for address in details.resolved:
            because = refusal(address, url.host, self.allowed)
            if because is not None:
                raise FetchError("address-refused", because)
        begin = time.perf_counter()
        for number, address in enumerate(details.resolved, start=1):
            details.address = address
            try:
                return self._open(address, url.port, deadline)
            except FetchError:
                if number == len(details.resolved) or deadline.remaining() <= 0:
                    raise
            finally:
                details.connect_ms = milliseconds_since(begin)
        raise FetchError("dns", "the name has no address")

    def _open(self, address: str, port: int, deadline: Deadline) -> socket.socket:
        seconds = self.settings.connect_s
        try:
            return _connect_to(address, port, deadline.limit(seconds))
        except TimeoutError:
            raise deadline.timeout_error("connecting", seconds) from None
        except OSError:
            raise FetchError("connect", "nothing accepts connections at that address and port") from None

    def _finish_connection(
        self, raw: socket.socket, url: Destination, deadline: Deadline, details: ConnectionDetails
    ) -> Connection:
        """The connection over a connected socket, with TLS if the URL is https."""
        connected = self._start_tls(raw, url, deadline, details) if url.scheme == "https" else raw
        return Connection(url, Stream(connected, deadline, self.settings.read_s), details)

    def _start_tls(self, raw: socket.socket, url: Destination, deadline: Deadline, details: ConnectionDetails) -> ssl.SSLSocket:
        begin = time.perf_counter()
        seconds = self.settings.connect_s
        try:
            connected = tls.handshake(raw, url.host, self._tls_contexts.context, deadline.limit(seconds))
        except TimeoutError:
            raise deadline.timeout_error("the TLS handshake", seconds) from None
        except OSError as error:
            if isinstance(error, ssl.SSLCertVerificationError):
                details.tls = self._inspect_untrusted(url, deadline, details, error.verify_message)
            raise tls.handshake_error(error) from None
        details.tls_ms = milliseconds_since(begin)
        details.tls = tls.describe(connected)
        return connected

    def _inspect_untrusted(self, url: Destination, deadline: Deadline, details: ConnectionDetails, problem: str) -> Tls:
        """Fetch the certificate that does not verify. Nothing else is sent over this connection."""
        if details.address is None:
            return Tls(problem=problem)
        try:
            seconds = deadline.limit(self.settings.connect_s)
            raw = _connect_to(details.address, url.port, seconds)
            with tls.handshake(raw, url.host, self._tls_contexts.unverified(), seconds) as connected:
                return tls.describe(connected, problem)
        except (OSError, FetchError):
            return Tls(problem=problem)

    def _connect_through(self, proxy: Proxy, url: Destination, deadline: Deadline, details: ConnectionDetails) -> Connection:
        """A connection through the proxy. The proxy resolves the name, so only an address in the URL itself can be checked."""
        details.is_through_proxy = True
        begin = time.perf_counter()
        raw = self._connect_to_proxy(proxy, deadline)
        details.connect_ms = milliseconds_since(begin)
        if url.scheme == "https":
            proxy.tunnel(Connection(url, Stream(raw, deadline, self.settings.read_s), details), url, deadline)
        return self._finish_connection(raw, url, deadline, details)

    def _connect_to_proxy(self, proxy: Proxy, deadline: Deadline) -> socket.socket:
        try:
            return socket.create_connection((proxy.host, proxy.port), deadline.limit(self.settings.connect_s))
        except OSError:
            raise FetchError("proxy", "the proxy cannot be reached") from None


def _allowed(names: list[str]) -> frozenset[str]:
    try:
        return allowed_hosts(names)
    except BadUrl as error:
        raise UsageError(
            what=f"`collect.allow_private` contains something that is not a host: {error.because}",
            remedy="Write a host name such as idp.example.com, or an address, without scheme and port.",
        ) from None


def _connect_to(address: str, port: int, seconds: float) -> socket.socket:
    """A TCP connection to a literal address, without any lookup."""
    raw = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    try:
        raw.settimeout(seconds)
        raw.connect((address, port))
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        raw.close()
        raise
    return raw
