"""Facts about the fleet as a whole: how strong its keys are, and on how many hosts they stand."""

from __future__ import annotations

from collections import Counter

from scanner.facts.fact import ABSENT, Absent, Fact, fact
from scanner.facts.fleet.keys import keys_of
from scanner.facts.lists.purposes import is_usable, security_bits
from scanner.hosts.urls import web_host_of
from scanner.redaction.text import cut
from scanner.subjects.environments import is_test, twin_name
from scanner.subjects.model import Fleet, PublishedMetadata

_MOST_SHOWN = 12


@fact("fleet.key_count")
def key_count(fleet: Fleet) -> int:
    """How many usable public keys were found."""
    return sum(is_usable(key) for _, key in keys_of(fleet))


@fact("fleet.keys_below_128_bits", spec="SP 800-57 Part 1 §5.6.1.1")
def keys_below_128_bits(fleet: Fleet) -> int:
    """How many of these keys have less than 128 bits of security; most are RSA keys below 3072 bits."""
    return sum(is_usable(key) and security_bits(key) < 128 for _, key in keys_of(fleet))


@fact("fleet.post_quantum_keys", spec="FIPS 204; FIPS 205")
def post_quantum_keys(fleet: Fleet) -> int:
    """How many of these keys are for an algorithm that a quantum computer does not break."""
    return sum(is_usable(key) and key.texts.get("kty") == "AKP" for _, key in keys_of(fleet))


def _list_hosts(fleet: Fleet) -> Counter[str]:
    return Counter(host for each in fleet.metadata if (host := web_host_of(each.text("jwks_uri"))))


@fact("fleet.issuer_count")
def issuer_count(fleet: Fleet) -> int:
    """How many metadata documents name a URL of keys."""
    return _list_hosts(fleet).total()


@fact("fleet.issuers_on_busiest_host")
def issuers_on_busiest_host(fleet: Fleet) -> int:
    """How many issuers have their keys on the host with most issuers."""
    return max(_list_hosts(fleet).values(), default=0)


@fact("fleet.busiest_host")
def busiest_host(fleet: Fleet) -> str | Absent:
    """The host with the keys of most issuers."""
    most = _list_hosts(fleet).most_common(1)
    return most[0][0] if most and most[0][0].isprintable() else ABSENT


_POLICIES = (
    "id_token_signing_alg_values_supported", "code_challenge_methods_supported", "token_endpoint_auth_methods_supported",
    "grant_types_supported", "response_types_supported",
)  # fmt: skip


@fact("fleet.twins_that_differ", spec="RFC 8414 §2")
def twins_that_differ(fleet: Fleet) -> list[str]:
    """The test issuers that offer other algorithms, grants or authentication methods than their production issuer. The
    identifiers of the two differ only by words for environments.
    """
    productive = {
        twin_name(issuer): each for each in fleet.metadata if (issuer := each.text("issuer") or "") and not is_test(issuer)
    }
    found = []
    for each in fleet.metadata:
        issuer = each.text("issuer") or ""
        twin = productive.get(twin_name(issuer)) if is_test(issuer) else None
        if twin is not None and any(_describe_offers(each, name) != _describe_offers(twin, name) for name in _POLICIES):
            found.append(cut(issuer, 200))
    return [issuer for issuer in found if issuer.isprintable()][:_MOST_SHOWN]


def _describe_offers(metadata: PublishedMetadata, name: str) -> set[str]:
    found = metadata.members.get(name)
    return {item for item in found if isinstance(item, str)} if isinstance(found, list) else set()


FACTS: tuple[Fact, ...] = (
    key_count,
    keys_below_128_bits,
    post_quantum_keys,
    issuer_count,
    issuers_on_busiest_host,
    busiest_host,
    twins_that_differ,
)
