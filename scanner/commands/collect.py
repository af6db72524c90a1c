"""`jwksgov collect`: fetches the issuers of the inventory into an evidence bundle, which `jwksgov scan` judges."""

from __future__ import annotations

import argparse
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from scanner import __version__
from scanner.clock import clock_at
from scanner.commands.network import collect_issuers, issuer_from_target, no_issuer_error, settings_for_bundle, settings_of
from scanner.commands.streams import show, tell
from scanner.config.load import applicable_config
from scanner.config.model import Config
from scanner.evidence.issuers.fetched import explain_unreached
from scanner.record import field, record
from scanner.renderers.escape import escape_text
from scanner.sources.bundle.format import CollectionRequest
from scanner.sources.bundle.reader import BundleReader
from scanner.sources.bundle.state import folder_of
from scanner.sources.bundle.writer import BundleWriter, create, resume
from scanner.sources.exchange import Exchange, Visit, Wanted
from scanner.sources.inventory import apply_inventory, deduplicate, inventory_issuers
from scanner.sources.targets import name_of_config
from scanner.sources.web.collection import require_usable


def run(arguments: argparse.Namespace) -> int:
    """Collect and print a summary. Exit code 0, or 3 if no issuer was reached, or one that was named was not."""
    config = applicable_config(arguments.config, ".", is_isolated=arguments.isolated)
    settings = settings_of(arguments, config)
    issuers = _issuers(arguments, config)
    sign = _signer(arguments.sign)
    require_usable(settings)
    request = CollectionRequest(
        version=__version__,
        started=clock_at(None).stamp(),
        wanted=issuers,
        settings=settings_for_bundle(settings),
        config_path=name_of_config(config.path) if config.path is not None else None,
        config_sha256=config.digest,
    )
    summary = CollectionSummary(len(issuers))
    begin = resume if arguments.resume else create
    with _open_previous(arguments.previous) as find_previous, begin(arguments.output, request) as writer:
        try:
            with _stop_on_sigterm():
                for visit in collect_issuers(
                    issuers,
                    settings,
                    is_quiet=arguments.quiet,
                    keep=writer.add,
                    find_collected=writer.find_collected,
                    find_previous=find_previous,
                ):
                    summary.add(visit)
        except KeyboardInterrupt:
            return _finish_interrupted(writer, summary, arguments.output)
        writer.finish(clock_at(None).stamp(), sign=sign)
    show("\n".join(summary.lines(arguments.output, "complete", quiet=arguments.quiet)))
    return 3 if summary.has_unreached_target or summary.is_nothing_reached else 0


@record(frozen=False)
class CollectionSummary:
    """The summary of a collection."""

    total: int
    visited: int = 0
    exchanges: int = 0
    documents: int = 0
    unreached: list[tuple[Wanted, str]] = field(default_factory=list)

    def add(self, visit: Visit) -> None:
        """Add one visited issuer."""
        self.visited += 1
        self.exchanges += len(visit.exchanges)
        self.documents += sum(each.has_document for each in visit.exchanges)
        because = explain_unreached(visit)
        if because:
            self.unreached.append((visit.wanted, because))

    @property
    def has_unreached_target(self) -> bool:
        """Whether an issuer that the user named on the command line was not reached."""
        return any(wanted.source == "named" for wanted, _ in self.unreached)

    @property
    def is_nothing_reached(self) -> bool:
        """Whether issuers were visited, and none of them was reached."""
        return 0 < self.visited == len(self.unreached)

    def lines(self, output: str, state: str, *, quiet: bool) -> Iterator[str]:
        """The lines to print: with `quiet` only unreached issuers."""
        for issuer, because in sorted((each.issuer, because) for each, because in self.unreached):
            yield f"not reached: {escape_text(issuer)}: {escape_text(because)}"
        if self.is_nothing_reached:
            yield f"none of {self.total} issuer{'s' * (self.total != 1)} was reached"
        if not quiet:
            reached = self.visited - len(self.unreached)
            yield f"{reached} of {self.total} issuers reached, {self.documents} documents in {self.exchanges} exchanges"
            yield f"{state}: {escape_text(output)}; judge it with `jwksgov scan {escape_text(output)}`"


def _issuers(arguments: argparse.Namespace, config: Config) -> tuple[Wanted, ...]:
    """The issuers to visit: the named ones, else the inventory; with --follow also those that consumers trust."""
    requested = list(apply_inventory(map(issuer_from_target, arguments.issuers), config.issuers)) or list(
        inventory_issuers(config.issuers)
    )
    followed = _find_followed(config, takes_ignore_files=not arguments.isolated) if arguments.follow else ()
    issuers = deduplicate([*requested, *followed])
    if not issuers:
        raise no_issuer_error()
    return issuers


def _find_followed(config: Config, *, takes_ignore_files: bool) -> tuple[Wanted, ...]:
    """The issuers that consumers' configuration trusts: in the folders of the inventory, else below this one."""
    from scanner.commands.survey import EvidenceJob
    from scanner.config.globs import Globs
    from scanner.evidence.bindings.followed_issuers import Followed
    from scanner.sources.consumers import consumer_targets
    from scanner.sources.targets import files_of
    from scanner.workers import read_files

    followed = Followed()
    files = files_of(consumer_targets(config) or (".",), exclude=Globs(config.exclude), takes_ignore_files=takes_ignore_files)
    read_files(files, EvidenceJob(Followed), followed)
    issuers = followed.wanted(config.issuers)
    for missed in sorted(followed.missed, key=lambda each: each.path):
        if not missed.is_bundle:
            path, because = escape_text(missed.path), escape_text(missed.because)
            tell(f"warning: not read, so the issuers that it trusts are not followed: {path}: {because}")
    if followed.left_out:
        show(f"note: {followed.left_out} more trusted issuers were found, but are not followed")
    return issuers


def _signer(path: str | None) -> Callable[[bytes], str] | None:
    """Read the key for the signature: an unusable key is refused before anything is fetched."""
    if path is None:
        return None
    from scanner.sources.bundle.signature import make_signer

    return make_signer(path)


@contextmanager
def _open_previous(path: str | None) -> Iterator[Callable[[str], Exchange | None] | None]:
    """Open an earlier bundle, whose documents are used for conditional requests."""
    if path is None:
        yield None
        return
    with BundleReader(path) as reader:
        yield reader.find_previous


@contextmanager
def _stop_on_sigterm() -> Iterator[None]:
    """Stop on SIGTERM, which schedulers send, as on Ctrl-C: the bundle stays usable and can be resumed."""

    def stop(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _finish_interrupted(writer: BundleWriter, summary: CollectionSummary, output: str) -> int:
    writer.interrupt()
    show("\n".join(summary.lines(folder_of(output), "interrupted", quiet=False)))
    show(f"`--resume` continues from here: {summary.visited} of {summary.total} issuers are done")
    return 130
