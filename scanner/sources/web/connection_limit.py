"""The limit of simultaneous connections to one host."""

from __future__ import annotations

import threading
import time


class ConnectionLimit:
    """At most `per_host` connection slots of each host are in use at the same time."""

    def __init__(self, per_host: int, stop: threading.Event) -> None:
        self._per_host = per_host
        self._stop = stop
        self._taken: dict[str, int] = {}
        self._changed = threading.Condition()

    def try_acquire(self, host: str) -> bool:
        """Take a slot if one is free, without waiting."""
        with self._changed:
            return self._acquire(host)

    def acquire(self, host: str, timeout_s: float) -> float | None:
        """Wait for a slot and take it. Returns the seconds waited, or None if none became free in time. The caller must hold no
        other slot: otherwise two threads may wait for each other.
        """
        begin = time.monotonic()
        with self._changed:
            while not self._acquire(host) and not self._stop.is_set():
                left = begin + timeout_s - time.monotonic()
                if left <= 0:
                    return None
                self._changed.wait(timeout=min(1, left))
        return time.monotonic() - begin

    def release(self, host: str) -> None:
        """Return a slot."""
        with self._changed:
            left = self._taken.get(host, 0) - 1
            if left > 0:
                self._taken[host] = left
            else:
                self._taken.pop(host, None)
            self._changed.notify_all()

    def _acquire(self, host: str) -> bool:
        taken = self._taken.get(host, 0)
        if taken >= self._per_host:
            return False
        self._taken[host] = taken + 1
        return True
