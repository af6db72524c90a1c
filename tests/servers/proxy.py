"""A proxy that tunnels (RFC 9110 §9.3.6) to the lab's servers by name."""

from __future__ import annotations

import socket
import threading

from tests.servers.conversation import Conversation
from tests.servers.lab import Behaviour, Lab, Server


def tunnel(lab: Lab, *, status: int = 200) -> Server:
    """A proxy without TLS that resolves names as the lab does; with another `status` it lets nobody through."""
    return lab.serve("proxy", _tunnelling(lab, status), is_tls=False)


def _tunnelling(lab: Lab, status: int) -> Behaviour:
    def behaviour(talk: Conversation) -> None:
        request = talk.request()
        if request is None:
            return
        if request.method != "CONNECT" or status != 200:
            talk.answer(status if status != 200 else 405)
            return
        host, _, port = request.target.rpartition(":")
        with socket.create_connection((lab.resolve(host.strip("[]"))[0], int(port))) as far:
            talk.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
            threading.Thread(target=_pump, args=(far, talk.socket), daemon=True).start()
            _pump(talk.socket, far)

    return behaviour


def _pump(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # either side has left
