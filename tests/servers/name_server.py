"""A DNS server on loopback, over UDP and TCP: a resolver that knows a few records, and whatever else a test wants it to do.

with NameServer({"issuer.test": {"CNAME": ["gone.example"]}}) as server:
    ... settings with dns=True, dns_server=server.address ...
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from typing import Self

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

_LOOPBACK = "127.0.0.1"
_MOST_ALIASES = 40

# name → type → records as zone files have them. A name with an empty mapping exists and has no records
Records = Mapping[str, Mapping[str, list[str]]]
# the question, whether it came over TCP → the octets that go out; None for silence
Behaviour = Callable[[dns.message.Message, bool], bytes | None]


class NameServer:
    """Answers from `records` and, about names that have one, by `behaviours`. `asked` are the questions that came. With
    `is_validating` it marks what it says of the root and of all names but `unsigned` as authenticated.
    """

    def __init__(
        self,
        records: Records | None = None,
        behaviours: Mapping[str, Behaviour] | None = None,
        *,
        is_validating: bool = True,
        unsigned: frozenset[str] = frozenset(),
    ) -> None:
        self.records = dict(records or {})
        self.behaviours = dict(behaviours or {})
        self.is_validating = is_validating
        self.unsigned = unsigned
        self.asked: list[tuple[str, str]] = []
        self._udp, self._tcp = _sockets()
        self.port: int = self._udp.getsockname()[1]
        for work in (self._serve_udp, self._serve_tcp):
            threading.Thread(target=work, daemon=True).start()

    @property
    def address(self) -> str:
        """As `dns_server` is written."""
        return f"{_LOOPBACK}:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for each in (self._udp, self._tcp):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def answer(self, question: dns.message.Message) -> dns.message.Message:
        """What a resolver says: the aliases that it followed, and the records of the last."""
        response = dns.message.make_response(question, recursion_available=True)
        asked = question.question[0]
        name = asked.name
        for _ in range(_MOST_ALIASES):
            found = self._at(name)
            texts = found.get(dns.rdatatype.to_text(asked.rdtype), [])
            if texts or "CNAME" not in found:
                break
            response.answer.append(dns.rrset.from_text(name, 60, "IN", "CNAME", found["CNAME"][0]))
            name = dns.name.from_text(found["CNAME"][0])
        if texts:
            response.answer.append(dns.rrset.from_text_list(name, 60, "IN", asked.rdtype, texts))
        if not self._exists(name):
            response.set_rcode(dns.rcode.NXDOMAIN)
        if self.is_validating and _plain(asked.name) not in self.unsigned:
            response.flags |= dns.flags.AD
        return response

    def _at(self, name: dns.name.Name) -> Mapping[str, list[str]]:
        return self.records.get(_plain(name), {})

    def _exists(self, name: dns.name.Name) -> bool:
        """A name above others exists, too (RFC 8020)."""
        return name == dns.name.root or any(
            dns.name.from_text(each).is_subdomain(name) for each in (*self.records, *self.behaviours)
        )

    def _reply(self, wire: bytes, *, is_tcp: bool) -> bytes | None:
        question = dns.message.from_wire(wire)
        name = _plain(question.question[0].name)
        self.asked.append((name, dns.rdatatype.to_text(question.question[0].rdtype)))
        behaviour = self.behaviours.get(name)
        if behaviour is not None:
            return behaviour(question, is_tcp)
        most = 65535 if is_tcp else question.payload
        return self.answer(question).to_wire(max_size=most, prefer_truncation=True)

    def _serve_udp(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                wire, client = self._udp.recvfrom(65535)
                if not wire:  # shut down
                    return
                reply = self._reply(wire, is_tcp=False)
                if reply is not None:
                    self._udp.sendto(reply, client)

    def _serve_tcp(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                client, _ = self._tcp.accept()
                threading.Thread(target=self._converse, args=(client,), daemon=True).start()

    def _converse(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError, struct.error):  # the client has left
            (size,) = struct.unpack("!H", client.recv(2, socket.MSG_WAITALL))
            reply = self._reply(client.recv(size, socket.MSG_WAITALL), is_tcp=True)
            if reply is not None:
                client.sendall(struct.pack("!H", len(reply)) + reply)


def _plain(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True).lower()


def _sockets() -> tuple[socket.socket, socket.socket]:
    """UDP and TCP at one port."""
    while True:
        tcp = socket.create_server((_LOOPBACK, 0))
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            udp.bind(tcp.getsockname())
        except OSError:  # somebody else's
            tcp.close()
            udp.close()
            continue
        return udp, tcp
