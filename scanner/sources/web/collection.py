"""A collection: many issuers visited side by side, each finished Exchange handed over at once.

Threads, one issuer each; the caller's thread keeps what they bring. However many issuers there are, only a window of them is
in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from scanner.config.model import CollectSettings
from scanner.errors import UsageError
from scanner.sources.exchange import Exchange, Visit, Wanted

if TYPE_CHECKING:
    from scanner.sources.web.header_redaction import Clean
    from scanner.sources.web.network import Network
    from scanner.sources.web.resolving import Resolver
    from scanner.sources.web.scheduler import Turns
    from scanner.sources.web.worker import Known, Names, Previous
    from scanner.sources.web.worker_pool import Crew


def collect(
    wanted: Iterable[Wanted],
    settings: CollectSettings,
    *,
    clean: Clean,
    keep: Callable[[Exchange], None],
    resolver: Resolver | None = None,
    known: Known | None = None,
    previous: Previous | None = None,
    plain_port: int = 80,
) -> Iterator[Visit]:
    """Visit every issuer; Visits come in the order they finish.

    `clean` takes private values out of a body, in any thread. `keep` is given each new Exchange as it is finished, in the
    thread that iterates. `known` finds an Exchange that an interrupted collection has already; `previous` one of an earlier
    bundle, to be revalidated; neither is called twice at a time. Where the iteration ends early, what was finished was kept.
    """
    require_extra(settings)
    from scanner.sources.web.network import Network
    from scanner.sources.web.scheduler import Turns
    from scanner.sources.web.visit import Repeats
    from scanner.sources.web.worker import Worker
    from scanner.sources.web.worker_pool import Crew

    repeats = Repeats(settings.repeat, plain_port)
    network = Network(settings, resolver=resolver)
    names = _names(settings, network) if settings.dns else None
    worker = Worker(network, repeats, clean=clean, known=known, previous=previous, names=names)
    crew = Crew(worker, settings.concurrency)
    return _visits(Turns(iter(wanted), settings.per_host), crew, settings.concurrency, keep)


def _visits(turns: Turns, crew: Crew, window: int, keep: Callable[[Exchange], None]) -> Iterator[Visit]:
    in_flight = 0
    try:
        while True:
            while in_flight < window and (wanted := turns.next()) is not None:
                crew.give(wanted)
                in_flight += 1
            if not in_flight:
                return
            told = crew.told()
            if isinstance(told, BaseException):
                raise told
            if isinstance(told, Exchange):
                keep(told)
            else:
                in_flight -= 1
                turns.done(told.wanted)
                yield told
    except KeyboardInterrupt:
        for told in crew.told_so_far():
            if isinstance(told, Exchange):
                keep(told)
        raise
    finally:
        crew.dismiss()


def _names(settings: CollectSettings, network: Network) -> Names:
    from scanner.sources.names.lookups import Lookups

    return Lookups(settings, network.stop).of


def require_usable(settings: CollectSettings) -> None:
    """UsageError where nothing could be fetched with these settings: before a bundle is begun."""
    require_extra(settings)
    from scanner.sources.web.network import Network

    Network(settings).close()


def require_extra(settings: CollectSettings) -> None:
    """UsageError with the command that installs it where what the network needs is missing; or where there is no DNS server to
    ask.
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
