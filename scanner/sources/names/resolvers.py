"""The DNS servers to query, and a stub resolver: over UDP, over TCP if the answer was truncated, with some repetitions."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdatatype
import dns.resolver

from scanner.config.dns_server import dns_server_of
from scanner.errors import UsageError
from scanner.sources.web.deadline import Deadline
from scanner.sources.web.failures import FetchError

_ROUNDS = 2
_MAX_SERVERS = 3  # as the system's own resolver does (resolv.conf(5), MAXNS)
_ROOM = 1232  # bytes that are not fragmented on any network: https://www.dnsflagday.net/2020/
# the name exists, or it does not (RFC 1035 §4.1.1); other codes say nothing about the name
_ANSWERS = (dns.rcode.NOERROR, dns.rcode.NXDOMAIN)

Server = tuple[str, int]


def servers_of(written: str | None) -> tuple[Server, ...]:
    """The DNS server that the user names, else the servers of the system. UsageError if there is none."""
    if written is not None:
        named = dns_server_of(written)
        if named is None:
            raise UsageError(
                what=f"`{written}` is not the address of a DNS server",
                remedy="Write an address, with a port where it is not 53: 9.9.9.9, 127.0.0.1:5353 or [2001:db8::53]:5353.",
            )
        return (named,)
    try:
        found = dns.resolver.Resolver().nameservers
    except (dns.resolver.NoResolverConfiguration, OSError):
        found = []
    servers = tuple(server for each in found if (server := dns_server_of(str(each))) is not None)
    if not servers:
        raise UsageError(
            what="this system has no DNS server that could be queried", remedy="Name one with --dns-server, or omit --dns."
        )
    return servers[:_MAX_SERVERS]


class StubResolver:
    """Queries `servers` in turn, each query for at most `seconds`. `stop` ends all queries."""

    def __init__(self, servers: Sequence[Server], seconds: float, stop: threading.Event) -> None:
        self._servers = servers
        self._seconds = seconds
        self._stop = stop

    def query(self, name: dns.name.Name, kind: dns.rdatatype.RdataType, deadline: Deadline) -> dns.message.Message:
        """An answer about the name: it has such records, has none, or does not exist. FetchError if no server gives one in
        time.
        """
        failure = FetchError("dns", "no resolver was queried")
        for _ in range(_ROUNDS):
            for server in self._servers:
                if self._stop.is_set():
                    raise FetchError("dns", "the collection ended before the query")
                seconds = deadline.limit(self._seconds)
                try:
                    return self._query_server(name, kind, server, Deadline(seconds))
                except FetchError as error:
                    failure = error
        raise failure

    def _query_server(
        self, name: dns.name.Name, kind: dns.rdatatype.RdataType, server: Server, deadline: Deadline
    ) -> dns.message.Message:
        try:
            answer = self._send_query(name, kind, server, deadline)
        except dns.exception.Timeout:
            raise FetchError("timeout", "the resolver did not answer in time") from None
        except (OSError, EOFError):
            raise FetchError("connect", "the resolver cannot be reached") from None
        except dns.exception.DNSException:  # truncated, for another question, or not a DNS message
            raise FetchError("protocol", "the resolver sent something that is not an answer to the question") from None
        if answer.rcode() not in _ANSWERS:
            raise FetchError("dns", f"the resolver answered {dns.rcode.to_text(answer.rcode())}")
        return answer

    @staticmethod
    def _send_query(
        name: dns.name.Name, kind: dns.rdatatype.RdataType, server: Server, deadline: Deadline
    ) -> dns.message.Message:
        # RFC 6840 §5.7: AD in a question asks for AD in the answer, without the signatures themselves
        question = dns.message.make_query(name, kind, flags=dns.flags.RD | dns.flags.AD, use_edns=0, payload=_ROOM)
        address, port = server
        try:
            return dns.query.udp(
                question, address, deadline.remaining(), port, ignore_unexpected=True, raise_on_truncation=True
            )
        except dns.message.Truncated:
            return dns.query.tcp(question, address, max(deadline.remaining(), 0.001), port)
