"""The work that one build may cost: what is read may come from anyone."""

from __future__ import annotations

_MOST_STEPS = 2_000_000
# resources of a build, nesting of kustomizations, and of a manifest
MOST_RESOURCES = 10_000
DEEPEST_BUILD = 32
DEEPEST_PATH = 64
# characters and pieces of a made text
MOST_TEXT = 8 * 1024 * 1024
MOST_PIECES = 400_000


class TooMuch(Exception):
    """A build costs more than a real one does: the reason."""


class Budget:
    """Counts the steps of a build."""

    def __init__(self) -> None:
        self._left = _MOST_STEPS

    def take(self, steps: int) -> None:
        """Take steps; TooMuch when they are spent."""
        self._left -= steps
        if self._left < 0:
            raise TooMuch("it is too large to be built")
