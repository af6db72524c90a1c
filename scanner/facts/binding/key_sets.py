"""Facts about whose keys verify the tokens of a binding, and how they come."""

from __future__ import annotations

from scanner.evidence.model import Binding
from scanner.facts.binding.settings import (
    accepted_algorithms,
    either,
    host_scope,
    is_http,
    is_never_compared,
    is_present,
    is_written,
    unknown_for,
)
from scanner.facts.binding.spelling import place_of_kind
from scanner.facts.fact import Fact, Unknown, fact

_HMAC = frozenset({"HS256", "HS384", "HS512"})
# the settings that name an address to fetch from, beside the issuer itself
_FETCHED = ("jwks_uri", "discovery_url")


@fact("binding.key_set_tenancy", spec="RFC 8725 §3.8")
def key_set_tenancy(binding: Binding) -> str | Unknown:
    """Whose tokens the keys verify: `shared` where one key set signs for many tenants or customers of a public issuer
    (`policies/issuers/`), `own` where each tenant has keys of its own, or where the keys are written into the configuration or
    a file, or come from the consumer's own machine; else `unknown`. Open where a template gives the issuer, and the platform
    takes nothing but the way to the keys from it.
    """
    if binding.key_set_owner is not None:
        return binding.key_set_owner.keys
    if has_given_keys(binding) or _is_own_machine(binding):
        return "own"
    issuer = binding.settings["issuer"]
    is_way = not has_key_address(binding) and is_never_compared(binding, "issuer_check")
    return unknown_for("issuer", issuer) if is_way and issuer.state == "unresolved" else "unknown"


@fact("binding.key_set_family")
def key_set_family(binding: Binding) -> str:
    """The name of the public issuer whose keys the binding fetches; empty where the policies know none."""
    return binding.key_set_owner.name if binding.key_set_owner is not None else ""


@fact("binding.key_set_tenant")
def key_set_tenant(binding: Binding) -> str:
    """What a tenant of that public issuer is, in a noun; empty where the policies know none."""
    return binding.key_set_owner.tenant if binding.key_set_owner is not None else ""


@fact("binding.is_verified_by_secret", spec="RFC 7518 §3.2")
def is_verified_by_secret(binding: Binding) -> bool | Unknown:
    """Whether the tokens are verified with a secret of the consumer's own, so that only whoever holds it can sign: one is
    written into the configuration, or HMAC alone is accepted and no keys are fetched.
    """
    if binding.has_symmetric_secret:
        return True
    if has_key_address(binding):
        return False
    found = accepted_algorithms(binding)
    if isinstance(found, Unknown):
        return found
    return bool(found) and all(name.upper() in _HMAC for name in found)


@fact("binding.fetches_with_tls", spec="RFC 8414 §6.1")
def fetches_with_tls(binding: Binding) -> bool:
    """Whether the consumer fetches keys or metadata from an https URL, or from one whose scheme is not known. An http URL has
    no certificate, and keys that are given are not fetched.
    """
    fetched = _list_fetched(binding)
    if not fetched:
        return not has_given_keys(binding)
    return any(is_http(binding, name) is not True for name in fetched)


@fact("binding.fetch_host_scope")
def fetch_host_scope(binding: Binding) -> str:
    """Where clients can reach the host from that the consumer fetches keys or metadata from with TLS: `loopback`, `cluster`,
    `public`, `template` where the host is not known, `unknown` where none is written. Of several the widest counts.
    """
    found = {host_scope(binding.settings[name]) for name in _list_fetched(binding) if is_http(binding, name) is not True}
    for scope in ("public", "template", "cluster", "loopback"):
        if scope in found and not any(isinstance(each, Unknown) for each in found):
            return scope
    return "unknown"


@fact("binding.is_trust_anchor", spec="OpenID Federation 1.0 §1.2")
def is_trust_anchor(binding: Binding) -> bool:
    """Whether the binding names a trust anchor of OpenID Federation, whose keys belong into the configuration."""
    return binding.role == "trust_anchor"


@fact("binding.is_trust_anchor_pinned", spec="OpenID Federation 1.0 §4")
def is_trust_anchor_pinned(binding: Binding) -> bool | Unknown:
    """Whether the keys of a trust anchor are given, in the configuration or a file, rather than taken from its own document."""
    return either(is_present(binding, "inline_keys"), is_present(binding, "key_file"))


def _is_own_machine(binding: Binding) -> bool:
    """Whether all that is fetched lies on loopback addresses, where no other company's issuer is."""
    fetched = _list_fetched(binding)
    return bool(fetched) and all(host_scope(binding.settings[name]) == "loopback" for name in fetched)


def has_key_address(binding: Binding) -> bool:
    """Whether a URL is written from which keys are fetched."""
    return any(is_written(binding, name) for name in _FETCHED)


def has_given_keys(binding: Binding) -> bool:
    """Whether the keys are given and not fetched: written into the configuration, in a file, or those of a service that issues
    the tokens itself.
    """
    if binding.role == "own_token":
        return True
    if has_key_address(binding):
        return place_of_kind(binding, "inline") is not None or place_of_kind(binding, "local") is not None
    return any(is_written(binding, name) for name in ("inline_keys", "key_file"))


def _list_fetched(binding: Binding) -> list[str]:
    """The settings whose address is fetched: that of the keys or of the metadata, else the issuer, which leads to them."""
    if has_given_keys(binding):
        return []
    written = [name for name in _FETCHED if is_written(binding, name)]
    return written or [name for name in ("issuer",) if is_written(binding, name)]


FACTS: tuple[Fact, ...] = (
    key_set_tenancy,
    key_set_family,
    key_set_tenant,
    is_verified_by_secret,
    fetches_with_tls,
    fetch_host_scope,
    is_trust_anchor,
    is_trust_anchor_pinned,
)
