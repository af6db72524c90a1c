"""The clock behind the counts: how much CPU time one document may take, from its first octet to its last answer.

Counts bound the work, the same on every machine. Where they fail, a timer of the process's CPU time interrupts the main thread:
Python code at its next step, a regular expression in the midst of its search. C code that does not come back is not
interrupted before it does; it is bounded by its input's size (docs/decisions/0013-bounded-work.md).
May import: nothing of jwksgov.
"""

from __future__ import annotations

import atexit
import os
import time
from _thread import get_ident
from collections.abc import Callable
from types import FrameType
from typing import Any, Final, ParamSpec, TypeVar

# ten times what the slowest document takes that the counts allow: 17 s (benchmarks/slowest.py)
CPU_SECONDS: Final = 180
# how often the timer asks, in seconds of CPU time; `signal` itself would cost the hook its enumerations
_TICK = 1.0

Given = ParamSpec("Given")
Made = TypeVar("Made")


class Overtime(BaseException):
    """A document took more CPU time than it may. It is no Exception, so that nothing on the way takes it for a fault of its
    own.
    """


class _Watch:
    """The state of the one timer. `begun` is the CPU time of the thread at the first tick within a document: a mark at its
    beginning would cost every file a system call.
    """

    def __init__(self) -> None:
        self.thread: int | None = None
        self.is_on = False
        self.begun: float | None = None
        self.seconds: float = CPU_SECONDS


_watch = _Watch()


def within(work: Callable[Given, Made], *given: Given.args, **named: Given.kwargs) -> Made:
    """What `work` gives; Overtime where it takes too much CPU time. `work` must keep what it makes to itself until it returns:
    it may end anywhere. Only the main thread has a clock, where the system has timers.
    """
    if _watch.thread is None:
        _start()
    if _watch.thread != get_ident() or _watch.is_on:
        return work(*given, **named)
    try:
        _watch.begun = None
        _watch.is_on = True
        return work(*given, **named)
    finally:
        _watch.is_on = False


def describe_limit() -> str:
    """Why a document was not assessed, for people."""
    return f"it took more than {_watch.seconds:g} seconds of CPU time; another run may tell more or less"


def _start() -> None:
    """Start the timer, here and in every fork of this process: a fork has none."""
    _watch.thread = 0
    if not hasattr(os, "register_at_fork"):
        return
    import _signal  # type: ignore[import-not-found]

    try:
        _signal.signal(_signal.SIGVTALRM, _tick)
    except ValueError:  # not in the main thread
        return
    _watch.thread = get_ident()
    _set_timer(_TICK)
    os.register_at_fork(after_in_child=lambda: _set_timer(_TICK))
    # a tick after the interpreter has given its handlers back would kill the process
    atexit.register(_set_timer, 0.0)


def _set_timer(seconds: float) -> None:
    import _signal

    _signal.setitimer(_signal.ITIMER_VIRTUAL, seconds, seconds)


def _tick(_: int, frame: FrameType | None) -> Any:
    """Interrupt the document that has taken too long; again at each tick, should something swallow the interruption."""
    if not _watch.is_on:
        return
    now = time.thread_time()
    if _watch.begun is None:
        _watch.begun = now
    if now - _watch.begun >= _watch.seconds and not _is_importing(frame):
        raise Overtime


def _is_importing(frame: FrameType | None) -> bool:
    """Whether a module is being imported, which must not end half-way: it serves the documents after this one as well."""
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False
