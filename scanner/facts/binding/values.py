"""Facts about the values of a binding: hosts, patterns, durations."""

from __future__ import annotations

import re

from scanner.evidence.model import Binding, Setting
from scanner.facts.binding.settings import (
    has_pattern,
    is_never_compared,
    known_hosts,
    reading_of,
    text_of,
    unknown_for,
    unknown_of,
)
from scanner.facts.fact import ABSENT, Absent, Fact, Unknown, fact
from scanner.patterns import lazy_pattern

# files of repositories, pastes and shared drives: whoever can write there can change the keys. Forges themselves are issuers
_SHARED = frozenset({
    "raw.githubusercontent.com", "gist.githubusercontent.com", "gist.github.com", "raw.githack.com", "cdn.jsdelivr.net",
    "pastebin.com", "dl.dropboxusercontent.com", "drive.google.com",
})  # fmt: skip
_FORGES = frozenset({"github.com", "gitlab.com", "bitbucket.org", "codeberg.org"})
# Microsoft's issuers for every tenant
_ANY_TENANT = lazy_pattern(r"/(?:common|organizations|consumers|\{tenantid\})(?:/|$)", re.IGNORECASE)
_ENTRA = frozenset({"login.microsoftonline.com", "login.microsoftonline.us", "login.windows.net", "sts.windows.net"})


@fact("binding.has_issuer_pattern", spec="RFC 8725 §3.8")
def has_issuer_pattern(binding: Binding) -> bool | Unknown:
    """Whether the issuer is written as a pattern: a wildcard or a regular expression instead of the exact string."""
    return True if has_pattern(binding.settings["issuer"]) else _explain_unresolved(binding, "issuer") or False


@fact("binding.is_issuer_for_any_tenant")
def is_issuer_for_any_tenant(binding: Binding) -> bool | Unknown:
    """Whether the issuer or discovery URL is Microsoft's for every tenant (`common`, `organizations`). Keys of every tenant let
    in none beside an issuer of one.
    """
    names = "issuer", "discovery_url", "jwks_uri"
    if _is_of_one_tenant(binding):
        return False
    if any(_is_for_any_tenant(binding.settings[name]) for name in names):
        return True
    # a host that is known, and another one, has no such tenants
    open_ = [name for name in names if not (hosts := known_hosts(binding.settings[name])) or not _ENTRA.isdisjoint(hosts)]
    return _explain_unresolved(binding, *open_) or False


@fact("binding.is_jwks_uri_on_code_host")
def is_jwks_uri_on_code_host(binding: Binding) -> bool | Unknown:
    """Whether the host of the JWKS URL serves source code, pastes or shared files."""
    setting = binding.settings["jwks_uri"]
    hosts = known_hosts(setting)
    is_raw = "/raw/" in (text_of(setting) or "")
    if any(host in _SHARED or (host in _FORGES and is_raw) for host in hosts):
        return True
    return False if hosts and _FORGES.isdisjoint(hosts) else _explain_unresolved(binding, "jwks_uri") or False


@fact("binding.is_jwks_uri_elsewhere")
def is_jwks_uri_elsewhere(binding: Binding) -> bool | Unknown:
    """Whether issuer and JWKS URL name different hosts, for some client."""
    hosts = {name: known_hosts(binding.settings[name]) for name in ("issuer", "jwks_uri")}
    if all(hosts.values()):
        return len({*hosts["issuer"], *hosts["jwks_uri"]}) > 1
    if any(binding.settings[name].state not in ("set", "unresolved") for name in hosts):
        return False
    return _explain_unresolved(binding, *(name for name, known in hosts.items() if not known)) or False


@fact("binding.configured_cache_s")
def configured_cache_s(binding: Binding) -> int | Absent | Unknown:
    """For how many seconds the configuration keeps a fetched JWK Set."""
    return _seconds(binding, "cache_s")


@fact("binding.has_configured_cache_s")
def has_configured_cache_s(binding: Binding) -> bool:
    """Whether the configuration says for how long it keeps a fetched JWK Set."""
    return binding.settings["cache_s"].state in ("set", "unresolved")


@fact("binding.configured_skew_s", spec="RFC 7519 §4.1.4")
def configured_skew_s(binding: Binding) -> int | Absent | Unknown:
    """The clock skew in seconds that the configuration tolerates."""
    return _seconds(binding, "skew_s")


@fact("binding.has_configured_skew_s")
def has_configured_skew_s(binding: Binding) -> bool:
    """Whether the configuration sets the tolerated clock skew."""
    return binding.settings["skew_s"].state in ("set", "unresolved")


@fact("binding.has_foreign_issuer")
def has_foreign_issuer(binding: Binding) -> bool:
    """Whether the tokens come from an issuer at a URL, not from the service itself."""
    return any(
        reading_of(setting).kind == "web" or "://" in (text_of(setting) or "")
        for setting in (binding.settings[name] for name in ("issuer", "jwks_uri", "discovery_url"))
    )


def _is_for_any_tenant(setting: Setting) -> bool:
    return not _ENTRA.isdisjoint(known_hosts(setting)) and _ANY_TENANT.search(text_of(setting) or "") is not None


def _is_of_one_tenant(binding: Binding) -> bool:
    """Whether an issuer is written that is compared, and that is not the one of every tenant."""
    issuer = binding.settings["issuer"]
    is_exact = issuer.state == "set" and not has_pattern(issuer) and not _is_for_any_tenant(issuer)
    return is_exact and not is_never_compared(binding, "issuer_check") and binding.settings["checks_issuer"].value is not False


def _explain_unresolved(binding: Binding, *names: str) -> Unknown | None:
    """Why nothing can be said of these settings; None where each of them is known or left out."""
    open_ = [name for name in names if binding.settings[name].state == "unresolved"]
    return unknown_of(binding, open_) if open_ else None


def _seconds(binding: Binding, name: str) -> int | Absent | Unknown:
    setting = binding.settings[name]
    if setting.state == "unresolved":
        return unknown_for(name, setting)
    return setting.value if setting.state == "set" and isinstance(setting.value, int) else ABSENT


FACTS: tuple[Fact, ...] = (
    has_issuer_pattern,
    is_issuer_for_any_tenant,
    is_jwks_uri_on_code_host,
    is_jwks_uri_elsewhere,
    configured_cache_s,
    has_configured_cache_s,
    configured_skew_s,
    has_configured_skew_s,
    has_foreign_issuer,
)
