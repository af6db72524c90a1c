"""The part of a scan beside files: URLs, evidence bundles, and with --online the issuers of the inventory."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator

from scanner.clock import Clock, clock_at
from scanner.commands.network import collect_issuers, issuer_from_target, no_issuer_error, settings_of
from scanner.config.model import CollectSettings, Config
from scanner.errors import UsageError
from scanner.evidence.bindings.followed_issuers import Followed
from scanner.findings.model import BundleFile
from scanner.record import changed, record
from scanner.scan import ScanOptions
from scanner.sources.bundle.detection import has_other_files, is_bundle, is_bundle_remnant
from scanner.sources.bundle.reader import BundleReader
from scanner.sources.exchange import Visit, Wanted
from scanner.sources.inventory import apply_inventory, deduplicate, inventory_issuers
from scanner.sources.targets import is_url


@record
class NetworkScan:
    """The targets of a scan, sorted: `files`, the `readers` of open bundles, and `requested_issuers`, which are contacted
    independently of the files. `is_online`: whether any issuer may be contacted.
    """

    files: tuple[str, ...]
    readers: tuple[BundleReader, ...]
    requested_issuers: tuple[Wanted, ...]
    is_online: bool
    follows: bool
    settings: CollectSettings
    config: Config
    is_quiet: bool

    def close(self) -> None:
        """Close the bundles."""
        for reader in self.readers:
            reader.close()

    def clock(self) -> Clock:
        """The current time; for bundles without any contact to issuers, the time of the newest bundle."""
        if self.is_online or not self.readers:
            return clock_at(None)
        return Clock(max(reader.clock() for reader in self.readers))

    def options(self, options: ScanOptions, scope: tuple[str, ...]) -> ScanOptions:
        """Add the network part to the options of the scan; `scope` are the named targets."""
        return changed(
            options,
            scope=scope or options.targets,
            visits=self.visits,
            follows=self.follows,
            is_online=self.is_online,
            bundles=tuple(map(_bundle_file, self.readers)),
        )

    def visits(self, followed: Followed | None) -> Iterator[Visit]:
        """The visits of contacted issuers, then those in the bundles, the newest bundle first. `followed`: the issuers that
        consumers trust.
        """
        if self.is_online:
            yield from self._live(followed)
        for reader in sorted(self.readers, key=BundleReader.clock, reverse=True):
            yield from reader.visits()

    def _live(self, followed: Followed | None) -> Iterable[Visit]:
        trusted = followed.wanted(self.config.issuers) if followed is not None else ()
        issuers = deduplicate([*self.requested_issuers, *trusted])
        return collect_issuers(issuers, self.settings, is_quiet=self.is_quiet) if issuers else ()


def network_scan(arguments: argparse.Namespace, config: Config) -> NetworkScan:
    """Sort the targets. UsageError if --follow or --online has no meaning for them."""
    if arguments.follow and not arguments.online:
        raise UsageError(what="--follow contacts issuers, which needs --online", remedy="Add --online, or omit --follow.")
    urls = [target for target in arguments.targets if is_url(target)]
    bundles = [target for target in arguments.targets if target not in urls and _is_bundle(target)]
    inventory = inventory_issuers(config.issuers) if arguments.online else ()
    requested_issuers = deduplicate([*apply_inventory(map(issuer_from_target, urls), config.issuers), *inventory])
    if arguments.online and not requested_issuers and not arguments.follow:
        raise no_issuer_error()
    return NetworkScan(
        files=tuple(target for target in arguments.targets if target not in urls and target not in bundles),
        readers=tuple(map(BundleReader, bundles)),
        requested_issuers=requested_issuers,
        is_online=bool(urls) or bool(arguments.online),
        follows=bool(arguments.follow),
        settings=settings_of(arguments, config),
        config=config,
        is_quiet=arguments.quiet,
    )


def _is_bundle(target: str) -> bool:
    """Whether the target is judged as a bundle: one that was named, whole or not, and no tree into which one was put."""
    return (is_bundle(target) or is_bundle_remnant(target)) and not has_other_files(target)


def _bundle_file(reader: BundleReader) -> BundleFile:
    manifest = reader.manifest
    return BundleFile(
        path=reader.path.replace("\\", "/"),
        sha256=reader.manifest_sha256,
        started=manifest.request.started,
        finished=manifest.finished,
        state=manifest.state,
        version=manifest.request.version,
    )
