"""The worker pool of a collection: each thread visits one issuer at a time and queues its results."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator

from scanner.sources.exchange import Exchange, Visit, Wanted
from scanner.sources.web.worker import Worker

# each finished Exchange, then the Visit; or an error in our own code
WorkerResult = Exchange | Visit | BaseException


class WorkerPool:
    """Up to `max_threads` daemon threads, started when there is work for them. If the collection ends early, nothing waits for
    them: each may be waiting for a server.
    """

    def __init__(self, worker: Worker, max_threads: int) -> None:
        self._worker = worker
        self._max_threads = max_threads
        self._started = 0
        self._tasks: queue.SimpleQueue[Wanted | None] = queue.SimpleQueue()
        self._results: queue.SimpleQueue[WorkerResult] = queue.SimpleQueue()

    def submit(self, wanted: Wanted) -> None:
        """Queue an issuer to be visited."""
        self._tasks.put(wanted)
        if self._started < self._max_threads:
            self._started += 1
            threading.Thread(target=self._work, name=f"collect-{self._started}", daemon=True).start()

    def next_result(self) -> WorkerResult:
        """Wait for the next result of any thread."""
        return self._results.get()

    def pending_results(self) -> Iterator[WorkerResult]:
        """The results that are already queued; does not wait."""
        while not self._results.empty():
            yield self._results.get()

    def shutdown(self) -> None:
        """Accept no more work. Running visits stop before their next document."""
        self._worker.stop()
        for _ in range(self._started):
            self._tasks.put(None)

    def _work(self) -> None:
        while (wanted := self._tasks.get()) is not None:
            try:
                self._results.put(self._worker.visit_issuer(wanted, self._results.put))
            except BaseException as error:  # raised again where the collection is iterated
                self._results.put(error)
