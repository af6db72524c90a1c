"""Facts about the TLS of the connection that gave the answer, or that failed."""

from __future__ import annotations

from datetime import datetime

from scanner.evidence.keys.certificates import Certificate, read_leaf
from scanner.evidence.model import Jwk, Octets, Unread
from scanner.facts.endpoint.sets import first_set
from scanner.facts.fact import ABSENT, Absent, Fact, Unknown, fact, readable
from scanner.facts.key.members import shorten_names
from scanner.hosts.reach import reach_of
from scanner.hosts.urls import scheme_of, web_host_of
from scanner.memo import Memo
from scanner.redaction.text import cut
from scanner.subjects.model import Endpoint

# OpenSSL's words for an unknown authority; an expired certificate or one for another name is a different fault
_UNKNOWN_AUTHORITY = ("self-signed certificate", "self signed certificate", "issuer certificate", "first certificate")
_NO_TLS_IN_COMMON = "a version before TLSv1.2"


@fact("endpoint.has_tls", spec="RFC 9110 §4.2.2")
def has_tls(endpoint: Endpoint) -> bool:
    """Whether the document comes over https, also after redirects."""
    return scheme_of(endpoint.fetched.first.final_url) == "https"


@fact("endpoint.tls_version", spec="RFC 9325 §3.1.1")
def tls_version(endpoint: Endpoint) -> str | Absent | Unknown:
    """The negotiated version of TLS: `TLSv1.3` or `TLSv1.2`; `a version before TLSv1.2` where the server offers only older
    ones.
    """
    first = endpoint.fetched.first
    if not has_tls.ask(endpoint):
        return ABSENT
    if first.failure is not None and first.failure.sort == "tls-version":
        return _NO_TLS_IN_COMMON
    if first.tls is not None and first.tls.version:
        return readable(first.tls.version)
    return _explain_no_handshake(endpoint)


@fact("endpoint.tls_cipher", spec="RFC 9325 §4.2")
def tls_cipher(endpoint: Endpoint) -> str | Absent | Unknown:
    """The cipher suite that the server chose, as OpenSSL names it."""
    first = endpoint.fetched.first
    if not has_tls.ask(endpoint):
        return ABSENT
    return readable(first.tls.cipher) if first.tls is not None and first.tls.cipher else _explain_no_handshake(endpoint)


@fact("endpoint.certificate_fault", spec="RFC 9525 §6; RFC 5280 §6")
def certificate_fault(endpoint: Endpoint) -> str | Absent | Unknown:
    """Why the server's certificate does not verify, in OpenSSL's words; empty where it does. In a private network an unknown
    authority is unknown, not a fault: it may be a private one.
    """
    first = endpoint.fetched.first
    if not has_tls.ask(endpoint):
        return ABSENT
    problem = first.tls.problem if first.tls is not None else None
    if problem is None and first.failure is not None and first.failure.sort == "tls-certificate":
        problem = first.failure.because
    if problem is not None:
        if _is_private(endpoint) and any(words in problem for words in _UNKNOWN_AUTHORITY):
            return Unknown("the certificate's authority is not known here: name it under collect.ca_bundle")
        return readable(cut(problem, 200).rstrip("."))
    if first.tls is not None and first.tls.version:
        return ""
    return _explain_no_handshake(endpoint)


@fact("endpoint.has_certificate", spec="RFC 8446 §4.4.2")
def has_certificate(endpoint: Endpoint) -> bool | Unknown:
    """Whether the scanner got the server's certificate and can parse it."""
    if not has_tls.ask(endpoint):
        return False
    leaf = _leaf(endpoint)
    return leaf if isinstance(leaf, Unknown) else True


@fact("endpoint.certificate_days_left", spec="RFC 5280 §4.1.2.5")
def certificate_days_left(endpoint: Endpoint, at: datetime) -> int | Absent | Unknown:
    """Days until the server's certificate expires; negative after that."""
    if not has_tls.ask(endpoint):
        return ABSENT
    leaf = _leaf(endpoint)
    return leaf if isinstance(leaf, Unknown) else (leaf.ends - at).days


@fact("endpoint.keys_shared_with_tls", spec="RFC 7517 §4; NIST SP 800-57 Part 1 §5.2")
def keys_shared_with_tls(endpoint: Endpoint) -> list[str] | Unknown:
    """The published keys that are also the key of the server's TLS certificate, compared as numbers."""
    keys = first_set(endpoint)
    if isinstance(keys, Unknown):
        return keys
    leaf = _leaf(endpoint)
    if isinstance(leaf, Unknown):
        return leaf
    return shorten_names(key.label for key in keys.keys if _is_key_of(leaf, key))


def _is_key_of(certificate: Certificate, key: Jwk) -> bool:
    if certificate.public_key is None or key.texts.get("kty") != certificate.public_key[0]:
        return False
    for name, value in certificate.public_key[1].items():
        found = key.octets.get(name)
        if not isinstance(found, Octets) or value not in (found.data, int.from_bytes(found.data, "big")):
            return False
    return True


def _find_leaf(endpoint: Endpoint) -> Certificate | Unknown:
    tls = endpoint.fetched.first.tls
    if tls is None or tls.certificate is None:
        return _explain_no_handshake(endpoint)
    found = read_leaf(tls.certificate)
    return Unknown(f"the server's certificate {found.because}") if isinstance(found, Unread) else found[0]


_leaf = Memo(_find_leaf)


def _is_private(endpoint: Endpoint) -> bool:
    first = endpoint.fetched.first
    addresses = [each for each in (first.address, *first.resolved) if each is not None]
    return any(reach_of(each) != "public" for each in (web_host_of(first.final_url), *addresses))


def _explain_no_handshake(endpoint: Endpoint) -> Unknown:
    return Unknown(endpoint.fetched.because or "nothing is known of the TLS of the connection")


FACTS: tuple[Fact, ...] = (
    has_tls,
    tls_version,
    tls_cipher,
    certificate_fault,
    has_certificate,
    certificate_days_left,
    keys_shared_with_tls,
)
