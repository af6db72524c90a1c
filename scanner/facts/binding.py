"""Facts about a binding: one place where a consumer trusts keys."""

from __future__ import annotations

import re
from collections.abc import Callable

from scanner.evidence.model import Binding, Setting
from scanner.facts.fact import ABSENT, Absent, Fact, Unknown, fact, readable

# something the author left to fill in; example hosts and localhost are none
_PLACEHOLDER = re.compile(
    r"\b(?i:your)[-_][A-Za-z]|\b(?i:change|replace|patch)[-_]?(?i:me)\b"
    r"|\b(?:YOUR|REPLACE|PATCH|CHANGE|INSERT|FILL|TODO|FIXME)[-_ ]?[A-Z_]*\b|<[A-Za-z][^<>]*>"
    r"|(?<![$\w{])\{[A-Za-z_][\w-]*\}|\bX{4,}\b|\b1{6,}\b"
)
_HMAC = frozenset({"HS256", "HS384", "HS512"})
_CLUSTER = (".svc", ".local", ".internal", ".cluster", ".lan", ".localdomain")
_URL_FIELDS = ("issuer", "jwks_uri", "discovery_url")


@fact("binding.label")
def label(binding: Binding) -> str:
    """What people call the binding: its platform, and the issuer or key location it names."""
    for name in ("issuer", "jwks_uri", "discovery_url", "key_file"):
        value = binding.settings[name].value
        if isinstance(value, str) and not isinstance(readable(value), Unknown):
            return f"{binding.platform} for {value[:120]}"
    return binding.platform


@fact("binding.is_issuer_pinned", spec="RFC 8725 §3.8")
def is_issuer_pinned(binding: Binding) -> bool:
    """Whether the token's `iss` is held against a value: one is written (as a template too), or the platform always
    takes it from discovery.
    """
    return _is_written(binding, "issuer") or _is_default_true(binding, "checks_issuer")


@fact("binding.is_audience_restricted", spec="RFC 8725 §3.9")
def is_audience_restricted(binding: Binding) -> bool:
    """Whether the token's `aud` is held against a value: one is written, or the platform always checks it."""
    return _is_written(binding, "audiences") or _is_default_true(binding, "checks_audience")


@fact("binding.is_issuer_check_off")
def is_issuer_check_off(binding: Binding) -> bool:
    """Whether the configuration switches the check of `iss` off in so many words."""
    return _says(binding, "checks_issuer") is False


@fact("binding.is_audience_check_off")
def is_audience_check_off(binding: Binding) -> bool:
    """Whether the configuration switches the check of `aud` off in so many words."""
    return _says(binding, "checks_audience") is False


@fact("binding.algorithms", spec="RFC 8725 §3.1")
def algorithms(binding: Binding) -> list[str] | Unknown:
    """The signature algorithms that the configuration accepts; empty where it leaves them to the platform."""
    return _algorithms(binding)


@fact("binding.accepts_hmac", spec="RFC 7518 §3.2")
def accepts_hmac(binding: Binding) -> bool | Unknown:
    """Whether an HMAC algorithm is among the accepted ones."""
    return _any_algorithm(binding, lambda name: name.upper() in _HMAC)


@fact("binding.accepts_asymmetric", spec="RFC 7518 §3.1")
def accepts_asymmetric(binding: Binding) -> bool | Unknown:
    """Whether an asymmetric algorithm is among the accepted ones."""
    return _any_algorithm(binding, lambda name: name.upper() not in _HMAC and name.lower() != "none")


@fact("binding.accepts_none", spec="RFC 8725 §3.2")
def accepts_none(binding: Binding) -> bool | Unknown:
    """Whether `none` is among the accepted algorithms, in whatever case."""
    return _any_algorithm(binding, lambda name: name.lower() == "none")


@fact("binding.embedded_keys")
def embedded_keys(binding: Binding) -> int | Unknown:
    """How many keys are written into the configuration itself."""
    value = binding.settings["inline_keys"].value
    if binding.settings["inline_keys"].state == "unresolved":
        return Unknown("the keys are a template")
    return value if isinstance(value, int) else 0


@fact("binding.has_secret")
def has_secret(binding: Binding) -> bool:
    """Whether a symmetric secret or a private key is written into the configuration."""
    return binding.has_symmetric_secret


@fact("binding.has_key_file")
def has_key_file(binding: Binding) -> bool:
    """Whether the keys come from a file or a mounted resource."""
    return _is_written(binding, "key_file")


@fact("binding.key_file")
def key_file(binding: Binding) -> str | Absent | Unknown:
    """The file or resource that the keys come from, as written."""
    value = binding.settings["key_file"].value
    return readable(value) if isinstance(value, str) else ABSENT


@fact("binding.fails_open")
def fails_open(binding: Binding) -> bool | Unknown:
    """Whether a request with a missing or invalid token is let through."""
    return _effective(binding, "fails_open")


@fact("binding.is_tls_verification_off")
def is_tls_verification_off(binding: Binding) -> bool | Unknown:
    """Whether the configuration switches off the check of the server's certificate or name."""
    if binding.settings["verifies_tls"].state == "unresolved":
        return Unknown("the TLS setting is a template")
    return _says(binding, "verifies_tls") is False


@fact("binding.placeholders")
def placeholders(binding: Binding) -> list[str]:
    """The settings in which the author left something to fill in (`YOUR_…`, `REPLACE_ME`, `<tenant>`)."""
    return [name for name in (*_URL_FIELDS, "audiences", "key_file") if _has_placeholder(binding.settings[name])]


@fact("binding.are_values_resolved")
def are_values_resolved(binding: Binding) -> bool | Unknown:
    """True where issuer, JWKS URL and discovery URL are all that they say; otherwise unknown, with what is open."""
    open_ = [name for name in _URL_FIELDS if binding.settings[name].state == "unresolved"]
    if not open_:
        return True
    return Unknown("; ".join(_open(name, binding.settings[name]) for name in open_))


@fact("binding.issuer_url_is_http", spec="OpenID Connect Discovery 1.0 §3")
def issuer_url_is_http(binding: Binding) -> bool | Unknown:
    """Whether issuer or discovery URL is an http URL; a template's literal scheme counts."""
    answers = [_is_http(binding, name) for name in ("issuer", "discovery_url")]
    return next((answer for answer in answers if answer is True), _first_unknown(answers))


@fact("binding.issuer_host_scope")
def issuer_host_scope(binding: Binding) -> str | Unknown:
    """Where the host of issuer or discovery URL can be reached from: loopback, cluster or public."""
    is_issuer = _is_http(binding, "issuer") is True
    return _scope(binding.settings["issuer" if is_issuer else "discovery_url"])


@fact("binding.jwks_uri_is_http", spec="OpenID Connect Discovery 1.0 §3")
def jwks_uri_is_http(binding: Binding) -> bool | Unknown:
    """Whether the JWKS URL is an http URL; a template's literal scheme counts."""
    return _is_http(binding, "jwks_uri")


@fact("binding.jwks_uri_host_scope")
def jwks_uri_host_scope(binding: Binding) -> str | Unknown:
    """Where the host of the JWKS URL can be reached from: loopback, cluster or public."""
    return _scope(binding.settings["jwks_uri"])


FACTS: tuple[Fact, ...] = (
    label,
    is_issuer_pinned,
    is_audience_restricted,
    is_issuer_check_off,
    is_audience_check_off,
    algorithms,
    accepts_hmac,
    accepts_asymmetric,
    accepts_none,
    embedded_keys,
    has_secret,
    has_key_file,
    key_file,
    fails_open,
    is_tls_verification_off,
    placeholders,
    are_values_resolved,
    issuer_url_is_http,
    issuer_host_scope,
    jwks_uri_is_http,
    jwks_uri_host_scope,
)


def _is_written(binding: Binding, name: str) -> bool:
    return binding.settings[name].state in ("set", "unresolved")


def _is_default_true(binding: Binding, name: str) -> bool:
    setting = binding.settings[name]
    return setting.state == "default" and setting.value is True


def _says(binding: Binding, name: str) -> object:
    setting = binding.settings[name]
    return setting.value if setting.state == "set" else None


def _effective(binding: Binding, name: str) -> bool | Unknown:
    setting = binding.settings[name]
    if isinstance(setting.value, bool):
        return setting.value
    if setting.state == "unresolved":
        return Unknown(f"{name} is a template")
    return Unknown(f"it is not known what {binding.platform} does where {name} is left out")


def _algorithms(binding: Binding) -> list[str] | Unknown:
    setting = binding.settings["algorithms"]
    if setting.state == "unresolved":
        return Unknown("the algorithms are a template")
    return [str(item) for item in setting.resolved] if isinstance(setting.resolved, list) else []


def _any_algorithm(binding: Binding, test: Callable[[str], bool]) -> bool | Unknown:
    found = _algorithms(binding)
    return found if isinstance(found, Unknown) else any(test(name) for name in found)


def _has_placeholder(setting: Setting) -> bool:
    value = setting.resolved if setting.state == "set" else None
    texts = value if isinstance(value, list) else [value]
    return any(isinstance(text, str) and _PLACEHOLDER.search(text) is not None for text in texts)


def _open(name: str, setting: Setting) -> str:
    written = setting.value if isinstance(setting.value, str) else "a template"
    return f"{name} is {written[:120]}, which this file does not resolve"


def _text(setting: Setting) -> str | None:
    value = setting.resolved if isinstance(setting.resolved, str) else setting.value
    return value.strip() if isinstance(value, str) else None


def _is_http(binding: Binding, name: str) -> bool | Unknown:
    setting = binding.settings[name]
    text = _text(setting)
    if text is not None and re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text):
        return text.lower().startswith("http://")
    return Unknown(_open(name, setting)) if setting.state == "unresolved" else False


def _first_unknown(answers: list[bool | Unknown]) -> bool | Unknown:
    return next((answer for answer in answers if isinstance(answer, Unknown)), False)


def _scope(setting: Setting) -> str | Unknown:
    """By the host's name alone: what resolves where is not ours to ask."""
    text = (_text(setting) or "").partition("://")[2]
    host = text.split("/", 1)[0].rpartition("@")[2]
    if not host or any(mark in host for mark in "{}$@"):
        return Unknown("the host is a template")
    host = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    host = host.lower().rstrip(".")
    if host == "localhost" or host.startswith("127.") or host in ("::1", "0.0.0.0") or host.endswith(".localhost"):  # noqa: S104
        return "loopback"
    is_private = re.match(r"10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.", host) is not None
    is_namespaced = re.fullmatch(r"[a-z0-9-]+\.[a-z0-9]+(-[a-z0-9]+)+", host) is not None
    if is_private or is_namespaced or "." not in host or host.endswith(_CLUSTER):
        return "cluster"
    return "public"
