"""The threads of a collection: each visits one issuer at a time and tells what it brings."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator

from scanner.sources.exchange import Exchange, Visit, Wanted
from scanner.sources.web.worker import Worker

# an Exchange as it is done; then the Visit; or what went wrong with us
Told = Exchange | Visit | BaseException


class Crew:
    """Up to `most` threads, started as there is work for them. They are left behind when the collection ends early: each is
    in the middle of waiting for a server.
    """

    def __init__(self, worker: Worker, most: int) -> None:
        self._worker = worker
        self._most = most
        self._started = 0
        self._tasks: queue.SimpleQueue[Wanted | None] = queue.SimpleQueue()
        self._told: queue.SimpleQueue[Told] = queue.SimpleQueue()

    def give(self, wanted: Wanted) -> None:
        """Have an issuer visited."""
        self._tasks.put(wanted)
        if self._started < self._most:
            self._started += 1
            threading.Thread(target=self._work, name=f"collect-{self._started}", daemon=True).start()

    def told(self) -> Told:
        """Wait for what a thread has to tell."""
        return self._told.get()

    def told_so_far(self) -> Iterator[Told]:
        """What was told and not yet heard."""
        while not self._told.empty():
            yield self._told.get()

    def dismiss(self) -> None:
        """No more work; whoever is at it stops at the next document."""
        self._worker.dismiss()
        for _ in range(self._started):
            self._tasks.put(None)

    def _work(self) -> None:
        while (wanted := self._tasks.get()) is not None:
            try:
                self._told.put(self._worker.visit(wanted, self._told.put))
            except BaseException as error:  # raised again where the collection is iterated
                self._told.put(error)
