"""The evidence of many files, from several processes where there are many.

Reading and parsing is most of a scan and needs nothing but the file; judging, waivers and joins stay in one place. A helper
process is a fork of this one, so it knows all that was loaded; it gets its files by their names and sends back evidence, and
nothing where a file holds none. Names come in windows and evidence as it is made, so that memory stays flat.
"""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

from scanner.errors import ScannerError, fault_and_place
from scanner.evidence.model import Evidence
from scanner.evidence.read_document import Collector
from scanner.record import record
from scanner.sources.document import Document, File, Unreadable
from scanner.sources.targets import read_file

# fewer files than this are read sooner than a helper has started
_MANY = 400
_WINDOW = 20_000
_MOST_HELPERS = 3
# files that are handed out, and looked at between two looks at what the helpers sent, in one go
_CHUNK = 16
_HEAD = 4  # octets of a message's length


@record
class Gathered:
    """What one file gave: its evidence, or None where it holds nothing of ours. `document` is its bytes."""

    document: Document
    evidence: Evidence | None


class HelperLost(Exception):
    """A helper process ended before it had finished: by a fault (`told` says which and where), killed, or out of memory."""

    def __init__(self, told: str = "a helper process was killed") -> None:
        super().__init__(told)
        self.told = told


def gather(
    files: Iterable[File | Unreadable], collector: Collector, jobs: int | None = None
) -> Iterator[Gathered | Unreadable]:
    """Every file's evidence. `jobs`: how many processes may work, by default as many as there are processors, within reason;
    with one, or few files, the order is that of the files.
    """
    waiting = iter(files)
    first = list(islice(waiting, _MANY))
    helpers = _helpers(jobs) if len(first) == _MANY else 0
    everything = chain(first, waiting)
    if not helpers:
        yield from _one_by_one(everything, collector)
        return
    while window := list(islice(everything, _WINDOW)):
        yield from _shared(window, collector, helpers)


def _helpers(jobs: int | None) -> int:
    threading = sys.modules.get("threading")
    if not hasattr(os, "fork") or (threading is not None and threading.active_count() > 1):
        return 0  # a fork of a process with threads may hang
    asked = (os.cpu_count() or 1) if jobs is None else jobs
    return max(0, min(asked, _MOST_HELPERS + 1) - 1)


def _one_by_one(files: Iterable[File | Unreadable], collector: Collector) -> Iterator[Gathered | Unreadable]:
    for file in files:
        document = read_file(file) if isinstance(file, File) else file
        yield document if isinstance(document, Unreadable) else Gathered(document, collector.evidence(document))


def _shared(files: Sequence[File | Unreadable], collector: Collector, helpers: int) -> Iterator[Gathered | Unreadable]:
    """The window parted: a helper has twice the share of the process that judges meanwhile what all find."""
    chunks = [files[at : at + _CHUNK] for at in range(0, len(files), _CHUNK)]
    shares = 2 * helpers + 1
    own = [chunk for number, chunk in enumerate(chunks) if number % shares == 2 * helpers]
    others = [
        _Helper([chunk for number, chunk in enumerate(chunks) if number % shares // 2 == helper], collector)
        for helper in range(helpers)
    ]
    try:
        for chunk in own:
            yield from _one_by_one(chunk, collector)
            for helper in others:
                yield from helper.sent(is_waiting=False)
        for helper in others:
            yield from helper.sent(is_waiting=True)
    finally:
        for helper in others:
            helper.end()


class _Helper:
    """A process that gathers the evidence of some files, and what it has sent."""

    def __init__(self, chunks: Sequence[Sequence[File | Unreadable]], collector: Collector) -> None:
        self._read, write = os.pipe()
        self._buffer = bytearray()
        self._has_finished = False
        self._pid = os.fork()
        if self._pid == 0:
            os.close(self._read)
            _help(chunks, collector, write)
        os.close(write)

    def sent(self, *, is_waiting: bool) -> Iterator[Gathered | Unreadable]:
        """What came since; with `is_waiting` everything until the helper has finished."""
        import pickle

        while not self._has_finished and select.select([self._read], [], [], None if is_waiting else 0)[0]:
            data = os.read(self._read, 1 << 20)
            if not data:
                raise HelperLost
            self._buffer += data
            for message in self._messages():
                # from our own fork, through a pipe that nobody else has
                kind, content = pickle.loads(message)  # noqa: S301
                if kind == "found":
                    yield from content
                elif kind == "finished":
                    self._has_finished = True
                else:
                    raise _error(kind, content)

    def _messages(self) -> Iterator[bytes]:
        while len(self._buffer) >= _HEAD:
            end = _HEAD + int.from_bytes(self._buffer[:_HEAD], "big")
            if len(self._buffer) < end:
                return
            message = bytes(self._buffer[_HEAD:end])
            del self._buffer[:end]
            yield message

    def end(self) -> None:
        """Let go of the process; one that has not finished is stopped."""
        import signal

        os.close(self._read)
        if not self._has_finished:
            os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)


def _error(kind: str, content: Any) -> Exception:
    """What went wrong in the helper, as if it had gone wrong here."""
    if kind == "error":
        type_, what, where, remedy = content
        error: ScannerError = type_(what=what, where=where, remedy=remedy)
        return error
    return HelperLost(str(content))


def _help(chunks: Sequence[Sequence[File | Unreadable]], collector: Collector, write: int) -> None:
    """The helper's whole life; it never returns."""
    import pickle

    def send(kind: str, content: object) -> None:
        data = pickle.dumps((kind, content), pickle.HIGHEST_PROTOCOL)
        view = memoryview(len(data).to_bytes(_HEAD, "big") + data)
        while view:
            view = view[os.write(write, view) :]

    code = 1
    try:
        for chunk in chunks:
            send("found", [_bare(found) for found in _one_by_one(chunk, collector)])
        send("finished", None)
        code = 0
    except ScannerError as error:
        send("error", (type(error), error.what, error.where, error.remedy))
    except BrokenPipeError:
        code = 0  # the scan has ended without us
    except Exception as fault:  # told in the helper's stead, without the message, which may quote what was scanned
        send("fault", fault_and_place(fault))
    finally:
        os._exit(code)


def _bare(found: Gathered | Unreadable) -> Gathered | Unreadable:
    """Without the bytes of a file that holds nothing: nobody looks at them again."""
    if isinstance(found, Unreadable) or found.evidence is not None:
        return found
    return Gathered(Document(found.document.path, b""), None)
