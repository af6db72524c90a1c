"""The records of a name: where its aliases lead, and who may issue certificates for it. All of it is what strangers wrote."""

from __future__ import annotations

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from scanner.record import record
from scanner.sources.names.resolvers import StubResolver
from scanner.sources.web.deadline import Deadline
from scanner.sources.web.failures import FetchError

_MOST_ALIASES = 16
_MOST_PARENTS = 16
_MOST_RECORDS = 16
_LONGEST = 255


@record
class Aliases:
    """The names that a name leads to, one after the other; whether the last of them does not exist; whether every answer was
    marked as authenticated.
    """

    names: tuple[str, ...]
    is_dangling: bool
    is_authenticated: bool


@record
class _Resolution:
    """A name, the aliases that it leads to, and the answer about the last of them."""

    chain: list[dns.name.Name]
    answer: dns.message.Message
    is_authenticated: bool

    def records(self, kind: dns.rdatatype.RdataType) -> dns.rrset.RRset | None:
        """The records of this kind that the last name has."""
        return _rrset(self.answer, self.chain[-1], kind)


def aliases_of(host: dns.name.Name, resolver: StubResolver, deadline: Deadline) -> Aliases:
    """Follow the aliases of `host`. Stopped where nobody can tell where they lead, or there is no such name."""
    found = _resolve(host, dns.rdatatype.A, resolver, deadline)
    # RFC 6604 §3: the code is about the last name of the chain
    is_dangling = found.answer.rcode() == dns.rcode.NXDOMAIN
    if is_dangling and len(found.chain) == 1:
        raise FetchError("dns", "the name does not exist")
    return Aliases(tuple(_to_text(name) for name in found.chain[1:]), is_dangling, found.is_authenticated)


def caa_records_of(host: dns.name.Name, resolver: StubResolver, deadline: Deadline) -> tuple[tuple[str, ...], str | None]:
    """The relevant CAA records of `host` as text, and the name that has them: the first that has any, from the host up to below
    the root (RFC 8659 §3). Nothing and None where no name has.
    """
    name = host
    for _ in range(_MOST_PARENTS):
        found = _resolve(name, dns.rdatatype.CAA, resolver, deadline).records(dns.rdatatype.CAA)
        if found is not None:
            return tuple(sorted(_shorten(each.to_text()) for each in found)[:_MOST_RECORDS]), _to_text(name)
        name = name.parent()  # of an alias, too, it is the name's own parents that count
        if name == dns.name.root:
            return (), None
    raise FetchError("dns", f"the name has more than {_MOST_PARENTS} labels")


def _resolve(name: dns.name.Name, kind: dns.rdatatype.RdataType, resolver: StubResolver, deadline: Deadline) -> _Resolution:
    """Ask for records of a name. A resolver follows aliases itself; where the server is none, we go on where its zone ends."""
    chain, is_authenticated = [name], True
    while True:
        answer = resolver.query(chain[-1], kind, deadline)
        is_authenticated = is_authenticated and bool(answer.flags & dns.flags.AD)
        followed = _follow_aliases(answer, chain)
        found = _Resolution(followed, answer, is_authenticated)
        if followed == chain or answer.rcode() == dns.rcode.NXDOMAIN or found.records(kind) is not None:
            return found
        chain = followed


def _follow_aliases(answer: dns.message.Message, chain: list[dns.name.Name]) -> list[dns.name.Name]:
    """The chain with what the answer adds to it."""
    followed = list(chain)
    while (found := _rrset(answer, followed[-1], dns.rdatatype.CNAME)) is not None:
        target = found[0].target
        if target in followed:
            raise FetchError("dns", "the aliases go in a circle")
        if len(followed) > _MOST_ALIASES:
            raise FetchError("dns", f"there are more than {_MOST_ALIASES} aliases, one after the other")
        followed.append(target)
    return followed


def _rrset(answer: dns.message.Message, name: dns.name.Name, kind: dns.rdatatype.RdataType) -> dns.rrset.RRset | None:
    return answer.get_rrset(dns.message.ANSWER, name, dns.rdataclass.IN, kind)


def _to_text(name: dns.name.Name) -> str:
    """ASCII, what is no letter spelled out (RFC 1035 §5.1), no dot at the end."""
    return _shorten(name.to_text(omit_final_dot=True).lower())


def _shorten(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
