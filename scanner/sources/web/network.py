"""The network as a collection uses it: names to addresses, addresses checked, the checked address dialled, TLS, proxies.

One Network serves all issuers of a collection: its TLS context, its resolver and its slots are shared.
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
from scanner.sources.web.circuit_breaker import Silence
from scanner.sources.web.connection import Connection, Trail, milliseconds_since
from scanner.sources.web.connection_limit import Slots
from scanner.sources.web.deadline import Deadline
from scanner.sources.web.destination import Destination
from scanner.sources.web.failures import Stopped
from scanner.sources.web.hosts import BadUrl
from scanner.sources.web.proxy import Proxy
from scanner.sources.web.resolving import Lookups, Resolver, system_addresses
from scanner.sources.web.stream import Stream


class Network:
    """How every issuer is reached. `stop` ends all waiting; the files in `settings` are paths that can be opened."""

    def __init__(self, settings: CollectSettings, *, resolver: Resolver | None = None) -> None:
        self.settings = settings
        self.allowed = _allowed(settings.allow_private)
        self.stop = threading.Event()
        self.silence = Silence()
        self.slots = Slots(settings.per_host, self.stop)
        self._lookups = Lookups(resolver or system_addresses)
        self._trust = tls.Trust(settings)
        self._proxy = Proxy(settings.proxy) if settings.proxy is not None else None

    def connect(self, url: Destination, deadline: Deadline, trail: Trail) -> Connection:
        """A new connection for `url`; Stopped where there is none, `trail` then tells how far it came."""
        because = host_refusal(url.host, self.allowed)
        if because is not None:
            raise Stopped("address-refused", because)
        if self._proxy is not None:
            return self._connect_through(self._proxy, url, deadline, trail)
        raw = self._dial(url, deadline, trail)
        return self._finish(raw, url, deadline, trail)

    def close(self) -> None:
        """End all waiting, and be asked for nothing more."""
        self.stop.set()
        self._lookups.dismiss()

    def is_allowed(self, host: str) -> bool:
        """Whether `host` is allowed by name to be private."""
        return host in self.allowed

    def request_line(self, url: Destination) -> tuple[bytes, httpcore.URL]:
        """Method and target of a request: a proxy that forwards plain http is told the whole URL (RFC 9112 §3.2.2)."""
        is_forwarded = self._proxy is not None and url.scheme == "http"
        target = url.url if is_forwarded else url.target
        return b"GET", httpcore.URL(scheme=url.scheme, host=url.host, port=url.port, target=target)

    def _dial(self, url: Destination, deadline: Deadline, trail: Trail) -> socket.socket:
        """Resolve once, check every address, connect to one that was checked: a second look-up could tell another story."""
        begin = time.perf_counter()
        trail.resolved = self._lookups.addresses(url, deadline, self.settings.connect_s)
        trail.dns_ms = milliseconds_since(begin)
        for address in trail.resolved:
            because = refusal(address, url.host, self.allowed)
            if because is not None:
                raise Stopped("address-refused", because)
        begin = time.perf_counter()
        for number, address in enumerate(trail.resolved, start=1):
            trail.address = address
            try:
                return self._open(address, url.port, deadline)
            except Stopped:
                if number == len(trail.resolved) or deadline.left() <= 0:
                    raise
            finally:
                trail.connect_ms = milliseconds_since(begin)
        raise Stopped("dns", "the name has no address")

    def _open(self, address: str, port: int, deadline: Deadline) -> socket.socket:
        seconds = self.settings.connect_s
        try:
            return _connected(address, port, deadline.within(seconds))
        except TimeoutError:
            raise deadline.missed("connecting", seconds) from None
        except OSError:
            raise Stopped("connect", "nobody answers at that address and port") from None

    def _finish(self, raw: socket.socket, url: Destination, deadline: Deadline, trail: Trail) -> Connection:
        """The connection over a connected socket, with TLS where the URL says https."""
        connected = self._secured(raw, url, deadline, trail) if url.scheme == "https" else raw
        return Connection(url, Stream(connected, deadline, self.settings.read_s), trail)

    def _secured(self, raw: socket.socket, url: Destination, deadline: Deadline, trail: Trail) -> ssl.SSLSocket:
        begin = time.perf_counter()
        seconds = self.settings.connect_s
        try:
            connected = tls.handshake(raw, url.host, self._trust.context, deadline.within(seconds))
        except TimeoutError:
            raise deadline.missed("the TLS handshake", seconds) from None
        except OSError as error:
            if isinstance(error, ssl.SSLCertVerificationError):
                trail.tls = self._distrusted(url, deadline, trail, error.verify_message)
            raise tls.stopped_by(error) from None
        trail.tls_ms = milliseconds_since(begin)
        trail.tls = tls.shown(connected)
        return connected

    def _distrusted(self, url: Destination, deadline: Deadline, trail: Trail, problem: str) -> Tls:
        """Look at the certificate that does not verify, over a connection that nothing is sent on."""
        if trail.address is None:
            return Tls(problem=problem)
        try:
            seconds = deadline.within(self.settings.connect_s)
            raw = _connected(trail.address, url.port, seconds)
            with tls.handshake(raw, url.host, self._trust.unverified(), seconds) as connected:
                return tls.shown(connected, problem)
        except (OSError, Stopped):
            return Tls(problem=problem)

    def _connect_through(self, proxy: Proxy, url: Destination, deadline: Deadline, trail: Trail) -> Connection:
        """A connection through the proxy, which resolves the name: no address can be checked but one in the URL itself."""
        trail.is_through_proxy = True
        begin = time.perf_counter()
        raw = self._reach(proxy, deadline)
        trail.connect_ms = milliseconds_since(begin)
        if url.scheme == "https":
            proxy.tunnel(Connection(url, Stream(raw, deadline, self.settings.read_s), trail), url, deadline)
        return self._finish(raw, url, deadline, trail)

    def _reach(self, proxy: Proxy, deadline: Deadline) -> socket.socket:
        try:
            return socket.create_connection((proxy.host, proxy.port), deadline.within(self.settings.connect_s))
        except OSError:
            raise Stopped("proxy", "the proxy cannot be reached") from None


def _allowed(names: list[str]) -> frozenset[str]:
    try:
        return allowed_hosts(names)
    except BadUrl as error:
        raise UsageError(
            what=f"`collect.allow_private` names no host: {error.because}",
            remedy="Write a host name such as idp.example.com, or an address, without scheme and port.",
        ) from None


def _connected(address: str, port: int, seconds: float) -> socket.socket:
    """A TCP connection to a literal address: nothing is looked up."""
    raw = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    try:
        raw.settimeout(seconds)
        raw.connect((address, port))
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        raw.close()
        raise
    return raw
