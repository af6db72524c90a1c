"""Facts about the DNS records of an endpoint's host, where the user switched DNS checks on. They are reported once, at the
first document of each host.
"""

from __future__ import annotations

from scanner.facts.fact import ABSENT, Absent, Fact, Unknown, fact, readable
from scanner.facts.key.members import shorten_names
from scanner.sources.exchange import Dns
from scanner.subjects.model import Endpoint

_LONGEST = 255  # a reader who is to remove an alias needs the whole name
_NOT_ASKED = Unknown("the DNS was not asked")
_NO_VALIDATION = Unknown("the DNS server that was asked does not validate")


@fact("endpoint.was_dns_asked", spec="RFC 1034 §5")
def was_dns_asked(endpoint: Endpoint) -> bool:
    """Whether the DNS was asked about the host at this endpoint: if the user wants it, once for each host of an issuer."""
    return endpoint.fetched.first.dns is not None


@fact("endpoint.cnames", spec="RFC 1034 §3.6.2")
def cnames(endpoint: Endpoint) -> list[str] | Unknown:
    """The names that the host is an alias of, one after the other."""
    dns = endpoint.fetched.first.dns
    return _NOT_ASKED if dns is None else shorten_names(dns.cnames, _LONGEST)


@fact("endpoint.is_name_dangling", spec="RFC 1034 §3.6.2")
def is_name_dangling(endpoint: Endpoint) -> bool | Unknown:
    """Whether the host is an alias that leads to a name which does not exist."""
    dns = endpoint.fetched.first.dns
    if dns is None:
        return _NOT_ASKED
    return _explain_unknown(dns) if dns.is_dangling is None else dns.is_dangling


@fact("endpoint.has_caa", spec="RFC 8659 §3")
def has_caa(endpoint: Endpoint) -> bool | Unknown:
    """Whether CAA records apply to the host: its own, or those of the nearest parent domain that has some."""
    records = _list_records(endpoint)
    return records if isinstance(records, Unknown) else bool(records)


@fact("endpoint.caa", spec="RFC 8659 §4")
def caa(endpoint: Endpoint) -> list[str] | Unknown:
    """The CAA records that apply to the host, in the form of zone files."""
    records = _list_records(endpoint)
    return records if isinstance(records, Unknown) else shorten_names(records, _LONGEST)


@fact("endpoint.caa_at", spec="RFC 8659 §3")
def caa_at(endpoint: Endpoint) -> str | Absent | Unknown:
    """The domain name of the CAA records that apply to the host."""
    records = _list_records(endpoint)
    if isinstance(records, Unknown):
        return records
    dns = endpoint.fetched.first.dns
    return readable(dns.caa_at) if dns is not None and dns.caa_at is not None else ABSENT


@fact("endpoint.is_issuance_restricted", spec="RFC 8659 §4.2")
def is_issuance_restricted(endpoint: Endpoint) -> bool | Unknown:
    """Whether one of the CAA records that apply to the host has the tag `issue`. Without it every certification authority may
    issue certificates.
    """
    records = _list_records(endpoint)
    return records if isinstance(records, Unknown) else any(_read_tag(record) == "issue" for record in records)


@fact("endpoint.is_dnssec_authenticated", spec="RFC 4035 §3.2.3")
def is_dnssec_authenticated(endpoint: Endpoint) -> bool | Unknown:
    """Whether the DNS server marked its answer about the host as validated by DNSSEC."""
    dns = endpoint.fetched.first.dns
    if dns is None:
        return _NOT_ASKED
    if dns.is_authenticated is None:
        # where resolving the aliases failed, validation is not known
        return _explain_unknown(dns) if dns.is_dangling is None else _NO_VALIDATION
    return dns.is_authenticated


def _list_records(endpoint: Endpoint) -> tuple[str, ...] | Unknown:
    dns = endpoint.fetched.first.dns
    if dns is None:
        return _NOT_ASKED
    return _explain_unknown(dns) if dns.caa is None else dns.caa


def _explain_unknown(dns: Dns) -> Unknown:
    return Unknown(dns.because or "the DNS server gave no answer")


def _read_tag(record: str) -> str:
    """The tag of `flags tag "value"`; tags are compared without case (RFC 8659 §4.1)."""
    return record.split(" ", 2)[1].lower() if record.count(" ") > 1 else ""


FACTS: tuple[Fact, ...] = (
    was_dns_asked,
    cnames,
    is_name_dangling,
    has_caa,
    caa,
    caa_at,
    is_issuance_restricted,
    is_dnssec_authenticated,
)
