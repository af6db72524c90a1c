"""A collection: visits many issuers in parallel and hands over each Exchange as soon as it is finished.

Each worker thread visits one issuer at a time; the caller's thread stores the results. Only a window of the issuers is in
memory, however many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from scanner.config.model import CollectSettings
from scanner.errors import UsageError
from scanner.sources.exchange import Exchange, FindCollected, FindPrevious, Visit, Wanted

if TYPE_CHECKING:
    from scanner.sources.web.header_redaction import Redact
    from scanner.sources.web.network import Network
    from scanner.sources.web.resolving import Resolver
    from scanner.sources.web.scheduler import HostScheduler
    from scanner.sources.web.worker import DnsLookup
    from scanner.sources.web.worker_pool import WorkerPool


def collect(
    wanted: Iterable[Wanted],
    settings: CollectSettings,
    *,
    redact: Redact,
    keep: Callable[[Exchange], None],
    resolver: Resolver | None = None,
    find_collected: FindCollected | None = None,
    find_previous: FindPrevious | None = None,
    plain_port: int = 80,
) -> Iterator[Visit]:
    """Visit every issuer. Visits come in the order in which they finish.

    `redact` replaces private values in a body; any thread may call it. `keep` receives each new Exchange when it is finished,
    in the thread that iterates. `find_collected` finds an Exchange that an interrupted collection already has,
    `find_previous` one of an earlier bundle to revalidate; each is called by one thread at a time. If the iteration ends
    early, `keep` has received everything that was finished.
    """
    require_extra(settings)
    from scanner.sources.web.issuer_documents import RepeatSettings
    from scanner.sources.web.network import Network
    from scanner.sources.web.scheduler import HostScheduler
    from scanner.sources.web.worker import Worker
    from scanner.sources.web.worker_pool import WorkerPool

    repeats = RepeatSettings(settings.repeat, plain_port)
    network = Network(settings, resolver=resolver)
    dns_lookup = _dns_lookup(settings, network) if settings.dns else None
    worker = Worker(
        network, repeats, redact=redact, find_collected=find_collected, find_previous=find_previous, dns_lookup=dns_lookup
    )
    pool = WorkerPool(worker, settings.concurrency)
    return _visits(HostScheduler(iter(wanted), settings.per_host), pool, settings.concurrency, keep)


def _visits(scheduler: HostScheduler, pool: WorkerPool, window: int, keep: Callable[[Exchange], None]) -> Iterator[Visit]:
    in_flight = 0
    try:
        while True:
            while in_flight < window and (wanted := scheduler.next_issuer()) is not None:
                pool.submit(wanted)
                in_flight += 1
            if not in_flight:
                return
            result = pool.next_result()
            if isinstance(result, BaseException):
                raise result
            if isinstance(result, Exchange):
                keep(result)
            else:
                in_flight -= 1
                scheduler.mark_done(result.wanted)
                yield result
    except KeyboardInterrupt:
        for result in pool.pending_results():
            if isinstance(result, Exchange):
                keep(result)
        raise
    finally:
        pool.shutdown()


def _dns_lookup(settings: CollectSettings, network: Network) -> DnsLookup:
    from scanner.sources.names.lookups import DnsLookups

    return DnsLookups(settings, network.stop).look_up


def require_usable(settings: CollectSettings) -> None:
    """Raise UsageError if nothing could be fetched with these settings. Called before a bundle is created."""
    require_extra(settings)
    from scanner.sources.web.network import Network

    Network(settings).close()


def require_extra(settings: CollectSettings) -> None:
    """Raise UsageError if a package for network access is missing, with the command that installs it, or if there is no DNS
    server to query.
    """
    try:
        import httpcore  # noqa: F401 (httpx’s transport)

        if settings.dns:
            import dns.query  # noqa: F401
    except ImportError:
        raise UsageError(
            what="fetching over the network needs an extra that is not installed",
            remedy="Run `pip install 'jwksgov[collect]'`.",
        ) from None
    if settings.dns:
        from scanner.sources.names.resolvers import servers_of

        servers_of(settings.dns_server)
