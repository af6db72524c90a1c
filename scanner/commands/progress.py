"""Shows the progress of a collection on a terminal: finished and failed issuers, rate, remaining time."""

from __future__ import annotations

import os
import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

from scanner.sources.exchange import Visit

if TYPE_CHECKING:
    from rich.progress import Progress


class ProgressBar:
    """Counts visits, and shows a progress bar on standard error inside the context; it is removed at the end.

    Not shown with `quiet`, in a pipe, or on a terminal that cannot move its cursor. It shows no text from a server.
    """

    def __init__(self, total: int, *, quiet: bool) -> None:
        self.done = 0
        self.failed = 0
        self._bar = _bar(total) if not quiet and _can_show() else None

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.stop()

    def advance(self, visit: Visit) -> None:
        """Count one finished issuer; it failed if there is no document of it."""
        self.done += 1
        self.failed += not any(exchange.has_document for exchange in visit.exchanges)
        if self._bar is not None:
            (task,) = self._bar.tasks
            failed = f"{self.failed:,} failed" if self.failed else ""
            self._bar.update(task.id, completed=self.done, failed=failed, rate=f"{task.speed or 0:.0f}/s")


def _can_show() -> bool:
    return sys.stderr.isatty() and os.environ.get("TERM", "dumb") not in ("", "dumb", "unknown")


def _bar(total: int) -> Progress:
    from rich.console import Console  # imported only for a terminal; it obeys NO_COLOR
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn("issuers"),
        MofNCompleteColumn(),
        BarColumn(),
        TextColumn("{task.fields[failed]}", style="red"),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("left"),
        console=Console(file=sys.stderr),
        transient=True,
    )
    bar.add_task("", total=total, failed="", rate="")
    return bar
