"""What a scan judges beside files: URLs, evidence bundles, and with --online the inventory."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator

from scanner.clock import Clock, clock_at
from scanner.commands.network import named, nobody, settings_of, visits
from scanner.config.model import CollectSettings, Config
from scanner.errors import UsageError
from scanner.evidence.bindings.followed_issuers import Followed
from scanner.findings.model import BundleFile
from scanner.record import changed, record
from scanner.scan import ScanOptions
from scanner.sources.bundle.look import is_bundle, is_left_of_bundle
from scanner.sources.bundle.reader import BundleReader
from scanner.sources.exchange import Visit, Wanted
from scanner.sources.inventory import as_declared, distinct, wanted
from scanner.sources.targets import is_url


@record
class NetworkScan:
    """The targets of a scan by what they are: `files`, bundles that are open, and `asked`, the issuers that are contacted
    whatever the files say. `is_online`: whether anybody is contacted at all.
    """

    files: tuple[str, ...]
    readers: tuple[BundleReader, ...]
    asked: tuple[Wanted, ...]
    is_online: bool
    followed: Followed | None
    settings: CollectSettings
    config: Config
    is_quiet: bool

    def close(self) -> None:
        """Close the bundles."""
        for reader in self.readers:
            reader.close()

    def clock(self) -> Clock:
        """Now; where bundles are judged and nobody is contacted, the time of the newest."""
        if self.is_online or not self.readers:
            return clock_at(None)
        return Clock(max(reader.clock() for reader in self.readers))

    def options(self, options: ScanOptions, scope: tuple[str, ...]) -> ScanOptions:
        """The scan's options with all this; `scope` is what was named."""
        return changed(
            options,
            scope=scope or options.targets,
            visits=self.visits,
            followed=self.followed,
            is_online=self.is_online,
            bundles=tuple(map(_told, self.readers)),
        )

    def visits(self) -> Iterator[Visit]:
        """What issuers give now, then what the bundles hold, the newest first."""
        if self.is_online:
            yield from self._live()
        for reader in sorted(self.readers, key=BundleReader.clock, reverse=True):
            yield from reader.visits()

    def _live(self) -> Iterable[Visit]:
        followed = self.followed.wanted(self.config.issuers) if self.followed is not None else ()
        issuers = distinct([*self.asked, *followed])
        return visits(issuers, self.settings, is_quiet=self.is_quiet) if issuers else ()


def network_scan(arguments: argparse.Namespace, config: Config) -> NetworkScan:
    """Sort the targets. UsageError where --follow or --online cannot mean anything."""
    if arguments.follow and not arguments.online:
        raise UsageError(what="--follow contacts issuers", remedy="Add --online, which permits it.")
    urls = [target for target in arguments.targets if is_url(target)]
    bundles = [
        target for target in arguments.targets if target not in urls and (is_bundle(target) or is_left_of_bundle(target))
    ]
    inventory = wanted(config.issuers) if arguments.online else ()
    asked = distinct([*as_declared(map(named, urls), config.issuers), *inventory])
    if arguments.online and not asked and not arguments.follow:
        raise nobody()
    return NetworkScan(
        files=tuple(target for target in arguments.targets if target not in urls and target not in bundles),
        readers=tuple(map(BundleReader, bundles)),
        asked=asked,
        is_online=bool(urls) or bool(arguments.online),
        followed=Followed() if arguments.follow else None,
        settings=settings_of(arguments, config),
        config=config,
        is_quiet=arguments.quiet,
    )


def _told(reader: BundleReader) -> BundleFile:
    manifest = reader.manifest
    return BundleFile(
        path=reader.path.replace("\\", "/"),
        sha256=reader.manifest_sha256,
        started=manifest.asked.started,
        finished=manifest.finished,
        state=manifest.state,
        version=manifest.asked.version,
    )
