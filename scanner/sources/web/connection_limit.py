"""How many connections one host is given at a time."""

from __future__ import annotations

import threading
import time


class Slots:
    """At most `per_host` slots of each host are taken at once."""

    def __init__(self, per_host: int, stop: threading.Event) -> None:
        self._per_host = per_host
        self._stop = stop
        self._taken: dict[str, int] = {}
        self._changed = threading.Condition()

    def try_take(self, host: str) -> bool:
        """Take a slot if one is free."""
        with self._changed:
            return self._take(host)

    def take(self, host: str, most_s: float) -> float | None:
        """Wait for a slot and take it; gives the seconds waited, None where there was none in time. Whoever waits must hold no
        other slot, or two may wait for each other.
        """
        begin = time.monotonic()
        with self._changed:
            while not self._take(host) and not self._stop.is_set():
                left = begin + most_s - time.monotonic()
                if left <= 0:
                    return None
                self._changed.wait(timeout=min(1, left))
        return time.monotonic() - begin

    def give(self, host: str) -> None:
        """Give a slot back."""
        with self._changed:
            left = self._taken.get(host, 0) - 1
            if left > 0:
                self._taken[host] = left
            else:
                self._taken.pop(host, None)
            self._changed.notify_all()

    def _take(self, host: str) -> bool:
        taken = self._taken.get(host, 0)
        if taken >= self._per_host:
            return False
        self._taken[host] = taken + 1
        return True
