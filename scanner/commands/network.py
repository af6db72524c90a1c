"""Shared by `scan` and `collect`: which issuers to contact, with which settings, and the redacted results."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from scanner.config.check_inventory import COLLECT
from scanner.config.model import CollectSettings, Config
from scanner.errors import UsageError
from scanner.record import changed
from scanner.sources.bundle.files import digest_of
from scanner.sources.exchange import Exchange, FindCollected, FindPrevious, Visit, Wanted
from scanner.sources.web.destination import Destination, destination_of
from scanner.sources.web.header_redaction import strip_userinfo
from scanner.sources.web.hosts import BadUrl
from scanner.sources.web.well_known import issuer_of_document

_OPTIONS = {
    "concurrency": "concurrency",
    "repeat": "repeat",
    "timeout": "total_s",
    "ca_bundle": "ca_bundle",
    "proxy": "proxy",
    "client_certificate": "client_certificate",
    "client_key": "client_key",
    "dns_server": "dns_server",
}


def issuer_from_target(target: str) -> Wanted:
    """The issuer that the user named, directly or by its document's URL (OpenID Connect Discovery §4.1, RFC 8414 §3.1)."""
    scheme, _, rest = target.partition("://")
    if scheme.lower() not in ("https", "http", "spiffe") or not rest.strip("/"):
        raise UsageError(
            what=f"`{target}` is not an issuer or URL that can be fetched",
            remedy="Write an issuer, or the URL of a document, that begins with https://.",
        )
    if scheme.lower() == "spiffe":
        raise UsageError(
            what=f"`{target}` does not state the URL of its bundle",
            remedy="List the trust domain in `issuers:` of .jwksgov.yaml with `kind: spiffe` and the bundle's `jwks_uri`.",
        )
    try:
        destination_of(target)
    except BadUrl as error:
        raise UsageError(
            what=f"`{strip_userinfo(target)}` cannot be fetched: {error.because}",
            remedy="Write the URL as the issuer publishes it: https://, one host name, no password.",
        ) from None
    issuer = issuer_of_document(target)
    document = target if issuer is not None else None
    return Wanted(issuer=issuer or target, source="named", is_declared=False, document_url=document)


def no_issuer_error() -> UsageError:
    """The error that there is no issuer to contact."""
    return UsageError(
        what="there is no issuer to contact",
        remedy="List issuers in `issuers:` of .jwksgov.yaml (`jwksgov init` writes a first one), name one, or add --follow.",
    )


def settings_of(arguments: argparse.Namespace, config: Config) -> CollectSettings:
    """The `collect` settings of the configuration, overridden by options of the command line."""
    given = {member: getattr(arguments, option) for option, member in _OPTIONS.items()}
    settings = changed(config.collect, **{member: value for member, value in given.items() if value is not None})
    for option in ("concurrency", "repeat", "timeout"):
        value, sense = given[_OPTIONS[option]], COLLECT[_OPTIONS[option]]
        if value is not None and not sense.least <= value <= sense.most:
            raise UsageError(
                what=f"--{option} cannot be {value}",
                remedy=f"Write a whole number from {sense.least} to {sense.most}: {sense.because}.",
            )
    if (settings.client_certificate is None) != (settings.client_key is None):
        raise UsageError(
            what="a client certificate needs its key, and a key its certificate",
            remedy="Give --client-cert and --client-key together, in PEM.",
        )
    for path in (settings.ca_bundle, settings.client_certificate, settings.client_key):
        if path is not None and not os.path.isfile(path):
            raise UsageError(what=f"there is no file `{path}`", remedy="Name a PEM file that exists.")
    wants_dns = settings.dns or arguments.dns or arguments.dns_server is not None
    return changed(settings, allow_private=[*settings.allow_private, *arguments.allow_private], dns=wants_dns)


def settings_for_bundle(settings: CollectSettings) -> dict[str, Any]:
    """The settings as they are recorded in a bundle: no paths, no credentials, files by their digests."""
    proxy = _proxy(settings.proxy)
    return {
        "allow_private": sorted(settings.allow_private),
        "ca_bundle_sha256": digest_of(settings.ca_bundle) if settings.ca_bundle is not None else None,
        "proxy": proxy.origin if proxy else None,
        "has_client_certificate": settings.client_certificate is not None,
        **{
            name: getattr(settings, name)
            for name in ("concurrency", "per_host", "repeat", "retries", "connect_s", "read_s", "total_s", "max_octets")
        },
        "dns": settings.dns,
        "dns_server": settings.dns_server if settings.dns else None,
    }


def _proxy(url: str | None) -> Destination | None:
    try:
        return destination_of(strip_userinfo(url)) if url is not None else None
    except BadUrl as error:
        raise UsageError(
            what=f"the proxy cannot be used: {error.because}", remedy="Write it as http://proxy.example.com:3128."
        ) from None


def collect_issuers(
    wanted: Sequence[Wanted],
    settings: CollectSettings,
    *,
    is_quiet: bool,
    keep: Callable[[Exchange], None] | None = None,
    find_collected: FindCollected | None = None,
    find_previous: FindPrevious | None = None,
) -> Iterator[Visit]:
    """Visit the issuers; yields each visit when it is finished, and shows progress on a terminal."""
    from scanner.commands.progress import ProgressBar
    from scanner.redaction.body import redact_private
    from scanner.sources.web.collection import collect

    found: Iterable[Visit] = collect(
        wanted,
        settings,
        redact=redact_private,
        keep=keep or _discard,
        find_collected=find_collected,
        find_previous=find_previous,
    )
    with ProgressBar(len(wanted), quiet=is_quiet) as progress:
        for visit in found:
            progress.advance(visit)
            yield visit


def _discard(_: Exchange) -> None:
    """A scan stores nothing except its report."""
