"""Servers on loopback behind names of their own: what a test of the network is made of.

    def test_something(lab: Lab) -> None:
        server = lab.serve("odd", lambda talk: talk.answer(200, body=b"{}"))
        ... fetch server.url("/jwks.json") with lab.settings() and resolver=lab.resolve ...

A behaviour is called once per connection, in a thread, after TLS, and may do anything to it. When it returns, the connection
is closed.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from scanner.config.model import CollectSettings
from tests.servers.authority import Authority, Certificate
from tests.servers.conversation import Conversation, Request

Behaviour = Callable[[Conversation], None]
# of a name, or what gives them each time they are asked for
Addresses = Sequence[str] | Callable[[], Sequence[str]]
_LOOPBACK = "127.0.0.1"


class Server:
    """A listening server. `requests` are the heads that `Conversation.request` has read; `connections` are counted."""

    def __init__(
        self, name: str, behaviour: Behaviour, context: ssl.SSLContext | None, address: str = _LOOPBACK, port: int = 0
    ) -> None:
        self.name = name
        self.connections = 0
        self.requests: list[Request] = []
        self.faults: list[BaseException] = []
        self.behaviour = behaviour
        self._context = context
        self._stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server((address, port), family=_family(address), backlog=256)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def url(self, target: str = "/") -> str:
        """The URL of something at this server."""
        host = f"[{self.name}]" if ":" in self.name else self.name
        return f"{'https' if self._context else 'http'}://{host}:{self.port}{target}"

    def close(self) -> None:
        """Listen no longer, and end every connection."""
        self._stopping.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for each in self._open:
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                accepted, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._converse, args=(accepted, self.connections), daemon=True).start()

    def _converse(self, accepted: socket.socket, number: int) -> None:
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        kept = accepted
        try:
            with self._lock:
                self._open.add(accepted)
            if self._context is not None:
                kept = self._context.wrap_socket(accepted, server_side=True, do_handshake_on_connect=False)
                with self._lock:
                    self._open = (self._open - {accepted}) | {kept}
                kept.do_handshake()
            self.behaviour(_Noting(kept, number, self._stopping, self.requests))
        except OSError:
            pass  # the client has left, or does not trust us: that is what many tests are about
        except Exception as fault:  # a fault of the test's own: `Lab.close` raises it
            self.faults.append(fault)
        finally:
            with self._lock:
                self._open.discard(kept)
            kept.close()


class _Noting(Conversation):
    def __init__(self, sock: socket.socket, connection: int, stopping: threading.Event, requests: list[Request]) -> None:
        super().__init__(sock, connection, stopping)
        self._requests = requests

    def request(self) -> Request | None:
        found = super().request()
        if found is not None:
            self._requests.append(found)
        return found


class Lab:
    """Servers, their names and their authority. `resolve` is the resolver to give to what is tested. Names in `addresses` are
    allowed to lead to loopback by `settings`; those in `strangers`, and all others where `stranger` is set, are not.
    """

    def __init__(self, folder: Path, authority: Authority) -> None:
        self.authority = authority
        self.addresses: dict[str, Addresses] = {}
        self.strangers: dict[str, Addresses] = {}
        self.stranger: Addresses | None = None
        self.asked: list[str] = []
        self.servers: list[Server] = []
        self._ca_bundle = folder / "authority.pem"
        self._ca_bundle.write_bytes(authority.pem)

    def serve(
        self,
        name: str,
        behaviour: Behaviour,
        *,
        certificate: Certificate | None = None,
        context: ssl.SSLContext | None = None,
        is_tls: bool = True,
        address: str = _LOOPBACK,
        port: int = 0,
    ) -> Server:
        """A server at `NAME.test`, or at a whole name or address, with a good certificate unless one is given."""
        host = name if "." in name or ":" in name else f"{name}.test"
        if is_tls and context is None:
            context = (certificate or self.authority.issue(host)).server_context()
        server = Server(host, behaviour, context if is_tls else None, address, port)
        self.servers.append(server)
        self.addresses.setdefault(host, (address,))
        return server

    def resolve(self, host: str) -> Sequence[str]:
        """The addresses of a name, as the lab has them."""
        self.asked.append(host)
        found = self.addresses.get(host) or self.strangers.get(host) or self.stranger
        if found is None:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return found() if callable(found) else found

    def settings(self, **changed: Any) -> CollectSettings:
        """Settings that trust the lab's authority and let the lab's names lead to loopback, with short times."""
        usual: dict[str, Any] = {
            "ca_bundle": str(self._ca_bundle),
            "allow_private": sorted(self.addresses),
            "connect_s": 1,
            "read_s": 1,
            "total_s": 2,
            "retries": 0,
            "repeat": 1,
        }
        return CollectSettings(**usual | changed)

    def close(self) -> None:
        """Close every server; raises what went wrong in a behaviour."""
        for server in self.servers:
            server.close()
        for server in self.servers:
            for fault in server.faults:
                raise fault


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET
