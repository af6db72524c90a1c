"""The files of a run, shared out to worker processes where there are many.

A worker is a fork of this process, so it knows all that was loaded; it gets its files by their names, does the job on them and
sends back the part that it made. Names come in windows, so that memory stays flat.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, Generic, Protocol, Self, TypeVar

from scanner.cpu_clock import Overtime, within
from scanner.errors import ScannerError, fault_and_place, refusal_or_none
from scanner.evidence.read_document import DocumentReader, FileContent
from scanner.sources.document import Document, File, Unreadable
from scanner.sources.targets import read_file

# fewer files than this are read sooner than a worker has started
_MANY = 400
_WINDOW = 20_000
_MOST_WORKERS = 3
# files that are handed out in one go; those of one folder, which may be one unit, go together up to a share of all
_CHUNK = 16
_LARGEST_CHUNK = 256
_CHUNKS_OF_A_WORKER = 8


class Mergeable(Protocol):
    """A part of the result: parts are merged, whatever way the files were shared out."""

    def merge(self, other: Self) -> None:
        """Add what another part holds."""


Part = TypeVar("Part", bound=Mergeable)


class Job(Protocol[Part]):
    """What is done with each file. `part` makes an empty part; `end` completes one that a worker made."""

    reader: DocumentReader

    def part(self) -> Part:
        """A part that holds nothing yet."""

    def read(self, found: FileContent | Unreadable, part: Part) -> None:
        """Take one file."""

    def end(self, part: Part) -> None:
        """All files of a worker were taken."""


class WorkerLost(Exception):
    """A worker process ended before it had finished: by a fault (`because` says which and where), killed, or out of memory."""

    def __init__(self, because: str = "a worker process was killed") -> None:
        super().__init__(because)
        self.because = because


def read_files(files: Iterable[File | Document | Unreadable], job: Job[Part], part: Part, processes: int | None = None) -> None:
    """Do the job on every file, into `part`. `processes`: how many may work, by default as many as there are processors, within
    reason.
    """
    waiting = iter(files)
    first = list(islice(waiting, _MANY))
    workers = count_workers(processes) if len(first) == _MANY else 0
    everything = chain(first, waiting)
    if not workers:
        _read_in_turn(everything, job, part)
        return
    while window := list(islice(everything, _WINDOW)):
        _share_out(window, job, part, workers)


def count_workers(processes: int | None) -> int:
    """How many processes to start beside this one."""
    threading = sys.modules.get("threading")
    if not hasattr(os, "fork") or (threading is not None and threading.active_count() > 1):
        return 0  # a fork of a process with threads may hang
    asked = (os.cpu_count() or 1) if processes is None else processes
    return max(0, min(asked, _MOST_WORKERS + 1) - 1)


def _read_in_turn(files: Iterable[File | Document | Unreadable], job: Job[Part], part: Part) -> None:
    for file in files:
        document = read_file(file) if isinstance(file, File) else file
        if isinstance(document, Unreadable):
            job.read(document, part)
            continue
        try:
            found = within(_read_apart, document, job)
        except Overtime:
            from scanner.evidence.left_out import make_interrupted

            interrupted = make_interrupted(document.path, document.sha256(), len(document.data))
            job.read(FileContent(interrupted, b"", document.origin), part)
            continue
        if found is None:
            job.read(FileContent(None, document.data), part)
        else:
            part.merge(found)


def _read_apart(document: Document, job: Job[Part]) -> Part | None:
    """A part of its own for one document, which may be interrupted at any step; None where nothing in it is relevant, as in
    most files.
    """
    evidence = job.reader.read(document)
    if evidence is None:
        return None
    part = job.part()
    job.read(FileContent(evidence, document.data, document.origin), part)
    return part


def _share_out(files: Sequence[File | Document | Unreadable], job: Job[Part], part: Part, workers: int) -> None:
    """Equal shares for this process and the workers, of files from all over the window."""
    largest = min(max(len(files) // (workers + 1) // _CHUNKS_OF_A_WORKER, _CHUNK), _LARGEST_CHUNK)
    chunks = list(_cut(files, largest))
    shares = [chain.from_iterable(chunks[number :: workers + 1]) for number in range(workers + 1)]
    started: list[_Worker[Part]] = []
    try:
        for share in shares[1:]:
            started.append(_Worker(share, job))
        _read_in_turn(shares[0], job, part)
        for worker in started:
            part.merge(worker.wait())
    finally:
        for worker in started:
            worker.end()


def _cut(files: Sequence[File | Document | Unreadable], largest: int) -> Iterator[Sequence[File | Document | Unreadable]]:
    """The files in chunks that end between folders where they can."""
    start, before = 0, ""
    for at, file in enumerate(files):
        folder = file.origin[: file.origin.rfind(os.sep)] if isinstance(file, File) else before
        if at - start >= largest or (at - start >= _CHUNK and folder != before):
            yield files[start:at]
            start = at
        before = folder
    yield files[start:]


class _Worker(Generic[Part]):
    """A process that does the job on some files."""

    def __init__(self, files: Iterable[File | Document | Unreadable], job: Job[Part]) -> None:
        self._read, write = os.pipe()
        self._has_finished = False
        self._pid = os.fork()
        if self._pid == 0:
            os.close(self._read)
            _work(files, job, write)
        os.close(write)

    def wait(self) -> Part:
        """What the worker found; the error that ended it, as if it had happened here."""
        import pickle

        with os.fdopen(os.dup(self._read), "rb") as pipe:
            data = pipe.read()
        if not data:
            raise WorkerLost
        # from a fork of this process, through a pipe that no other process has
        kind, content = pickle.loads(data)  # noqa: S301
        self._has_finished = True
        if kind != "found":
            raise _error(kind, content)
        found: Part = content
        return found

    def end(self) -> None:
        """Wait for the process; one that has not finished is stopped."""
        import signal

        os.close(self._read)
        if not self._has_finished:
            os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)


def _error(kind: str, content: Any) -> Exception:
    if kind == "error":
        type_, what, where, remedy = content
        error: ScannerError = type_(what=what, where=where, remedy=remedy)
        return error
    return WorkerLost(str(content))


def _work(files: Iterable[File | Document | Unreadable], job: Job[Part], write: int) -> None:
    """The worker's whole life; it never returns."""
    import pickle

    code = 1
    try:
        message: tuple[str, object]
        try:
            part = job.part()
            _read_in_turn(files, job, part)
            job.end(part)
            message = "found", part
        except Exception as caught:  # told in the worker's stead, without the message, which may quote what was scanned
            error = caught if isinstance(caught, ScannerError) else refusal_or_none(caught)
            if error is not None:
                message = "error", (type(error), error.what, error.where, error.remedy)
            else:
                message = "fault", fault_and_place(caught)
        with os.fdopen(write, "wb") as pipe:
            pickle.dump(message, pipe, pickle.HIGHEST_PROTOCOL)
        code = 0
    except BrokenPipeError:
        code = 0  # the scan has ended already
    finally:
        os._exit(code)
