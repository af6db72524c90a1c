"""What must hold for the inventory before anybody is contacted: identifiers that are URLs, each once, and numbers in reason."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Collection, Iterable

from scanner.config.dns_server import dns_server_of
from scanner.config.model import CollectSettings, ConfigFile, ConsumerEntry, IssuerEntry
from scanner.errors import ConfigError, Place
from scanner.hosts.urls import UrlParts, parts_of
from scanner.pack.model import Places
from scanner.patterns import lazy_pattern
from scanner.record import record

# RFC 3986 §2: what no URL holds. Letters beyond ASCII are left to IDNA
_NEVER_IN_A_URL = lazy_pattern(r"[\x00-\x20\x7f\"<>\\^`{|}]")
_TRUST_DOMAIN = lazy_pattern(r"spiffe://[a-z0-9._-]{1,255}")
_HOST = lazy_pattern(r"[^\s/*?#@:\[\]]+")
_HTTP = "http is for hosts under `collect: {allow_private: […]}`."


@record
class _Range:
    """The numbers that make sense, and why not more."""

    least: int
    most: int
    because: str


COLLECT = {
    "concurrency": _Range(1, 1024, "each takes a connection and a file"),
    "per_host": _Range(1, 64, "more looks like an attack to that host"),
    "repeat": _Range(1, 20, "replicas show themselves sooner"),
    "retries": _Range(0, 10, "a host that answers none of these is down"),
    "connect_s": _Range(1, 300, "a run must end"),
    "read_s": _Range(1, 600, "a run must end"),
    "total_s": _Range(1, 3600, "a run must end"),
    "max_octets": _Range(1024, 256 * 1024 * 1024, "a document is held in memory"),
}
_ROTATION = {
    "every_days": _Range(1, 3660, "leave it out where nothing is promised"),
    "overlap_hours": _Range(1, 87_840, "leave it out where nothing is promised"),
}


def check_inventory(file: ConfigFile) -> None:
    """Refuse what cannot be visited or read, with its place; ConfigError."""
    _check_collect(file.collect)
    hosts = {host.lower() for host in file.collect.allow_private}
    for entry in file.issuers:
        _check_issuer(entry, hosts)
    _check_once(file.issuers)
    _check_consumers(file.consumers)


def _check_issuer(entry: IssuerEntry, may_be_http: set[str]) -> None:
    for name, identifiers in (("issuer", (entry.issuer,)), ("aliases", tuple(entry.aliases))):
        for identifier in identifiers:
            if not (_is_trust_domain(identifier) or is_web_url(identifier, may_be_http, is_issuer=True)):
                raise _wrong(
                    entry.places,
                    name,
                    f"`{identifier}` is no issuer that can be visited",
                    "Write the identifier as tokens have it in `iss`: an https URL without user, query and fragment "
                    f"(RFC 8414 §2), or `spiffe://` and a trust domain. {_HTTP}",
                )
    if entry.jwks_uri is not None and not is_web_url(entry.jwks_uri, may_be_http, is_issuer=False):
        raise _wrong(
            entry.places,
            "jwks_uri",
            f"`{entry.jwks_uri}` is no URL of keys",
            f"Write an https URL. {_HTTP}",
        )
    if entry.jwks_uri is None and entry.state != "retired" and any(map(_is_trust_domain, entry.identifiers)):
        raise _wrong(
            entry.places,
            "issuer",
            "a trust domain does not say where its bundle is served",
            "Add `jwks_uri`, the https URL of its bundle endpoint, or `state: retired`.",
        )
    if entry.rotation is not None:
        _check_numbers(entry.rotation, entry.rotation.places, _ROTATION)


def _is_trust_domain(text: str) -> bool:
    """SPIFFE ID §2.1: a trust domain's own identifier has no path."""
    return _TRUST_DOMAIN.fullmatch(text) is not None


def is_web_url(text: str, may_be_http: Collection[str] = (), *, is_issuer: bool) -> bool:
    """Whether this is an https URL (http for some hosts) without a user; an issuer has no query and no fragment either."""
    parts = _parts(text)
    if parts is None or parts.has_user or "#" in text or (is_issuer and "?" in text):
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.host in may_be_http)


def _parts(text: str) -> UrlParts | None:
    """The parts of a URL with a host; None for everything else."""
    if _NEVER_IN_A_URL.search(text):
        return None
    parts = parts_of(text)
    is_port_possible = not parts.written_port or bool(parts.port)
    return parts if parts.host and is_port_possible else None


def _check_once(entries: Iterable[IssuerEntry]) -> None:
    seen: set[str] = set()
    for entry in entries:
        for name, identifiers in (("issuer", (entry.issuer,)), ("aliases", tuple(entry.aliases))):
            for identifier in identifiers:
                if identifier in seen:
                    raise _wrong(
                        entry.places,
                        name,
                        f"`{identifier}` is in the inventory already",
                        "Keep one entry for each issuer, with every other identifier of the deployment under its `aliases`.",
                    )
                seen.add(identifier)


def _check_consumers(entries: Iterable[ConsumerEntry]) -> None:
    seen: set[str] = set()
    for entry in entries:
        folder = os.path.normpath(entry.folder)
        if os.path.isabs(folder) or folder.split(os.sep)[0] == os.pardir:
            raise _wrong(
                entry.places,
                "folder",
                f"`{entry.folder}` is not below this file's folder",
                "Write a folder relative to this file, and put the file above all that it describes.",
            )
        if folder in seen:
            raise _wrong(entry.places, "folder", f"`{entry.folder}` stands twice", "Keep one of the two.")
        seen.add(folder)


def _check_collect(settings: CollectSettings) -> None:
    _check_numbers(settings, settings.places, COLLECT)
    for host in settings.allow_private:
        if not _is_host(host):
            raise _wrong(
                settings.places,
                "allow_private",
                f"`{host}` is no host",
                "Write each host by its exact name or address, without scheme, port, path, range or wildcard.",
            )
    for given, needed in (("client_certificate", "client_key"), ("client_key", "client_certificate")):
        if getattr(settings, given) is not None and getattr(settings, needed) is None:
            raise _wrong(settings.places, given, f"`{given}` without `{needed}`", f"Name the PEM file under `{needed}`, too.")
    if settings.dns_server is not None and dns_server_of(settings.dns_server) is None:
        raise _wrong(
            settings.places,
            "dns_server",
            f"`{settings.dns_server}` is no address of a DNS server",
            "Write an address, with a port where it is not 53: 9.9.9.9, 127.0.0.1:5353 or '[2001:db8::53]:5353'.",
        )
    if settings.proxy is not None:
        parts = _parts(settings.proxy)
        if parts is None or parts.scheme != "http":
            raise _wrong(settings.places, "proxy", "`proxy` is no URL of a proxy", "Write it as http://proxy.example.com:3128.")


def _is_host(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return _HOST.fullmatch(text) is not None
    return True


def _check_numbers(holder: object, places: Places, ranges: dict[str, _Range]) -> None:
    for name, allowed in ranges.items():
        number = getattr(holder, name)
        if number is not None and not allowed.least <= number <= allowed.most:
            raise _wrong(
                places,
                name,
                f"`{name}` cannot be {number}",
                f"Write a number from {allowed.least} to {allowed.most}: {allowed.because}.",
            )


def _wrong(places: Places, name: str, what: str, remedy: str) -> ConfigError:
    return ConfigError(what=what, where=places.of(name, Place(places.path)), remedy=remedy)
