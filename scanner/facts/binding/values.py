"""Facts about the values of a binding: hosts, patterns, durations."""

from __future__ import annotations

import re

from scanner.evidence.model import Binding
from scanner.facts.binding.settings import is_pattern, known_hosts, reading_of, text_of
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
def has_issuer_pattern(binding: Binding) -> bool:
    """Whether the issuer is written as a pattern: a wildcard or a regular expression instead of the exact string."""
    return is_pattern(text_of(binding.settings["issuer"]) or "")


@fact("binding.is_issuer_for_any_tenant")
def is_issuer_for_any_tenant(binding: Binding) -> bool:
    """Whether the issuer or discovery URL is Microsoft's for every tenant (`common`, `organizations`)."""
    settings = [binding.settings[name] for name in ("issuer", "discovery_url", "jwks_uri")]
    return any(
        not _ENTRA.isdisjoint(known_hosts(each)) and _ANY_TENANT.search(text_of(each) or "") is not None for each in settings
    )


@fact("binding.is_jwks_uri_on_code_host")
def is_jwks_uri_on_code_host(binding: Binding) -> bool:
    """Whether the host of the JWKS URL serves source code, pastes or shared files."""
    setting = binding.settings["jwks_uri"]
    hosts = known_hosts(setting)
    is_raw = "/raw/" in (text_of(setting) or "")
    return any(host in _SHARED or (host in _FORGES and is_raw) for host in hosts)


@fact("binding.is_jwks_uri_elsewhere")
def is_jwks_uri_elsewhere(binding: Binding) -> bool:
    """Whether issuer and JWKS URL are both known and name different hosts, for some client."""
    issuer, jwks = (known_hosts(binding.settings[name]) for name in ("issuer", "jwks_uri"))
    return bool(issuer and jwks) and len({*issuer, *jwks}) > 1


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


def _seconds(binding: Binding, name: str) -> int | Absent | Unknown:
    setting = binding.settings[name]
    if setting.state == "unresolved":
        return Unknown(f"{name} is a template")
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
