"""Regular expressions that are compiled when they are first used: a hook on one file uses few of the many there are.

Compiling the patterns of all modules that it imports took a fifth of its time. May import: nothing of jwksgov.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, AnyStr, cast


class _LazyPattern:
    """Stands for a compiled pattern. What is asked of it once is its own from then on."""

    def __init__(self, text: Any, flags: int) -> None:
        self._arguments = text, flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(_compile(*self._arguments), name)
        setattr(self, name, found)
        return found


_compile = re.compile


def lazy_pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """The pattern, as `re.compile` gives it."""
    return cast("re.Pattern[AnyStr]", _LazyPattern(text, flags))


@contextmanager
def deferred() -> Iterator[None]:
    """Within it, a library that is imported for the first time compiles its patterns when they are used, too."""
    re.compile = lazy_pattern  # type: ignore[assignment]
    try:
        yield
    finally:
        re.compile = _compile
