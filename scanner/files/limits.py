"""The limits of hostile files, beyond which a reader gives up with a reason."""

from __future__ import annotations

from typing import Final

LARGEST_FILE: Final = 5 * 1024 * 1024  # octets
DEEPEST: Final = 64  # levels of nesting
MOST_NODES: Final = 200_000  # values, counting what aliases repeat
MOST_KEYS: Final = 1_000  # how many keys of one set are judged one by one: each is checked by some hundred rules


class Refused(Exception):
    """The reader gives up: the reason in plain words that quote no value, and the place (1-based) where known."""

    def __init__(self, because: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(because)
        self.because = because
        self.line = line
        self.column = column
