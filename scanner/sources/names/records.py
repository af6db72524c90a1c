"""DNS records of a name: its aliases, and who may issue certificates for it. The content of all records is untrusted."""

from __future__ import annotations

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from scanner.record import record
from scanner.redaction.text import cut
from scanner.sources.names.resolvers import StubResolver
from scanner.sources.web.deadline import Deadline
from scanner.sources.web.failures import FetchError

_MAX_ALIASES = 16
_MAX_PARENTS = 16
_MAX_RECORDS = 16
_LONGEST = 255


@record
class Aliases:
    """The aliases of a name, one after the other. `is_dangling`: the last of them does not exist. `is_authenticated`: every
    answer was marked as authenticated.
    """

    names: tuple[str, ...]
    is_dangling: bool
    is_authenticated: bool


@record
class _Resolution:
    """A name with its chain of aliases, and the answer for the last of them."""

    chain: list[dns.name.Name]
    answer: dns.message.Message
    is_authenticated: bool

    def records(self, kind: dns.rdatatype.RdataType) -> dns.rrset.RRset | None:
        """The records of this kind of the last name."""
        return _rrset(self.answer, self.chain[-1], kind)


def aliases_of(host: dns.name.Name, resolver: StubResolver, deadline: Deadline) -> Aliases:
    """Follow the aliases of `host`. FetchError if they cannot be resolved, or if the name does not exist."""
    found = _resolve(host, dns.rdatatype.A, resolver, deadline)
    # RFC 6604 §3: the code is about the last name of the chain
    is_dangling = found.answer.rcode() == dns.rcode.NXDOMAIN
    if is_dangling and len(found.chain) == 1:
        raise FetchError("dns", "the name does not exist")
    return Aliases(tuple(_to_text(name) for name in found.chain[1:]), is_dangling, found.is_authenticated)


def caa_records_of(host: dns.name.Name, resolver: StubResolver, deadline: Deadline) -> tuple[tuple[str, ...], str | None]:
    """The relevant CAA records of `host` as text, and the name that has them: the first with any, from the host up to the name
    below the root (RFC 8659 §3). Empty and None if no name has any.
    """
    name = host
    for _ in range(_MAX_PARENTS):
        found = _resolve(name, dns.rdatatype.CAA, resolver, deadline).records(dns.rdatatype.CAA)
        if found is not None:
            return tuple(sorted(_shorten(each.to_text()) for each in found)[:_MAX_RECORDS]), _to_text(name)
        name = name.parent()  # for an alias too, the parents of the name itself count
        if name == dns.name.root:
            return (), None
    raise FetchError("dns", f"the name has more than {_MAX_PARENTS} labels")


def _resolve(name: dns.name.Name, kind: dns.rdatatype.RdataType, resolver: StubResolver, deadline: Deadline) -> _Resolution:
    """Query records of a name. A recursive resolver follows aliases itself; for other servers we query the next alias."""
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
    """The chain, extended by the aliases in the answer."""
    followed = list(chain)
    while (found := _rrset(answer, followed[-1], dns.rdatatype.CNAME)) is not None:
        target = found[0].target
        if target in followed:
            raise FetchError("dns", "the aliases form a loop")
        if len(followed) > _MAX_ALIASES:
            raise FetchError("dns", f"there are more than {_MAX_ALIASES} aliases, one after the other")
        followed.append(target)
    return followed


def _rrset(answer: dns.message.Message, name: dns.name.Name, kind: dns.rdatatype.RdataType) -> dns.rrset.RRset | None:
    return answer.get_rrset(dns.message.ANSWER, name, dns.rdataclass.IN, kind)


def _to_text(name: dns.name.Name) -> str:
    """The name in ASCII, with escapes for special characters (RFC 1035 §5.1), without the dot at the end."""
    return _shorten(name.to_text(omit_final_dot=True).lower())


def _shorten(text: str) -> str:
    return cut(text, _LONGEST, end="…")
