"""Writes an evidence bundle that stays usable even if the process is killed.

An object is written to a temporary name and renamed; then the line of its exchange is appended. So a process may be killed at
any moment: the objects of every complete line exist, and an incomplete last line is removed when the collection is resumed. A
zip is collected in a folder beside it and written at the end.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from threading import Lock
from types import TracebackType

from scanner.files.write import open_to_append, write_all
from scanner.record import changed
from scanner.sources.bundle.files import (
    digest_of,
    explain_os_errors,
    lock,
    make_bundle_folder,
    make_object_folder,
    write_atomically,
)
from scanner.sources.bundle.format import LOG, MANIFEST, SIGNATURE, CollectionRequest, object_name
from scanner.sources.bundle.lines import line_of, objects_of
from scanner.sources.bundle.manifest import LogDigest, Manifest, new_manifest
from scanner.sources.bundle.reader import BundleReader
from scanner.sources.bundle.repair import repair
from scanner.sources.bundle.state import check_resumable, check_unused, folder_of
from scanner.sources.bundle.zip_writer import write_zip
from scanner.sources.exchange import Exchange, Purpose, Role

_MAX_REMEMBERED = 10_000  # digests of existing objects; the exchanges of one issuer share most of theirs
Signer = Callable[[bytes], str]  # the bytes of manifest.json → the text of manifest.jws


def create(target: str, request: CollectionRequest) -> BundleWriter:
    """Create a bundle at `target`: a folder, or one zip if the name ends in `.zip`. UsageError if something is there."""
    check_unused(target)
    folder = folder_of(target)
    with explain_os_errors(folder):
        make_bundle_folder(folder)
        return _make_locked(folder, lambda lock_descriptor: BundleWriter(target, new_manifest(request), lock_descriptor))


def resume(target: str, request: CollectionRequest) -> BundleWriter:
    """Continue the unfinished bundle at `target` that was begun for the same request. UsageError if there is none."""
    check_resumable(target, request)
    folder = folder_of(target)

    def reopen(lock_descriptor: int) -> BundleWriter:
        found, counts = repair(folder)
        manifest = changed(
            new_manifest(request), started=found.started, counts=counts, resumed=(*found.resumed, request.started)
        )
        return BundleWriter(target, manifest, lock_descriptor, found=BundleReader(folder))

    with explain_os_errors(folder):
        make_bundle_folder(folder)
        return _make_locked(folder, reopen)


def _make_locked(folder: str, make: Callable[[int], BundleWriter]) -> BundleWriter:
    lock_descriptor = lock(folder)
    try:
        return make(lock_descriptor)
    except BaseException:
        _close(lock_descriptor)
        raise


def _close(descriptor: int) -> None:
    if descriptor >= 0:
        os.close(descriptor)


class BundleWriter:
    """A bundle that is being collected; `create` and `resume` make one. Any thread may call its methods."""

    def __init__(self, target: str, manifest: Manifest, lock_descriptor: int, found: BundleReader | None = None) -> None:
        self.target = target
        self.manifest = manifest
        self._folder = folder_of(target)
        self._lock_descriptor = lock_descriptor
        self._resumed = found
        self._created_folders: set[str] = set()
        self._written: set[str] = set()
        self._lock = Lock()
        write_atomically(self._folder, MANIFEST, manifest.to_bytes())
        self._log = open_to_append(self._path(LOG))
        self._end = os.lseek(self._log, 0, os.SEEK_END)

    def __enter__(self) -> BundleWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the files. The added exchanges stay."""
        with self._lock:
            for descriptor in (self._log, self._lock_descriptor):
                _close(descriptor)
            self._log = self._lock_descriptor = -1
            if self._resumed is not None:
                self._resumed.close()

    def find_collected(self, issuer: str, role: Role, purpose: Purpose, number: int, url: str) -> Exchange | None:
        """The exchange of this request that a resumed bundle already has."""
        if self._resumed is None:
            return None
        with self._lock:  # the reader has one position in its file
            return self._resumed.find_exchange(issuer, role, purpose, number, url)

    def add(self, exchange: Exchange) -> None:
        """Write an exchange whose private values are redacted. One that a resumed bundle already has is not replaced."""
        if self.find_collected(exchange.issuer, exchange.role, exchange.purpose, exchange.number, exchange.url) is not None:
            return
        with self._lock, explain_os_errors(self._folder):
            for sha256, data in objects_of(exchange).items():
                self._write_object(sha256, data)
            self._append(line_of(exchange))
            self.manifest = changed(self.manifest, counts=self.manifest.counts.with_one(exchange))

    def interrupt(self) -> None:
        """Record in the manifest that the collection stopped early. It can be resumed."""
        with self._lock, explain_os_errors(self._folder):
            self.manifest = changed(self.manifest, state="interrupted")
            write_atomically(self._folder, MANIFEST, self.manifest.to_bytes())

    def finish(self, at: str, sign: Signer | None = None) -> None:
        """Complete the bundle at this time: sign it with `sign`, and write the zip if the target is one."""
        with self._lock, explain_os_errors(self._folder):
            os.fsync(self._log)
            log = LogDigest(digest_of(self._path(LOG)), self._end)
            self.manifest = changed(self.manifest, state="complete", finished=at, exchanges=log)
            to_bytes = self.manifest.to_bytes()
            if sign is not None:
                # before the manifest, so that a bundle to be signed is never complete without its signature
                write_atomically(self._folder, SIGNATURE, sign(to_bytes).encode())
            write_atomically(self._folder, MANIFEST, to_bytes)
        self.close()
        if self._folder != self.target:
            write_zip(self._folder, self.target)

    def _write_object(self, sha256: str, data: bytes) -> None:
        name = object_name(sha256)
        if sha256 in self._written or os.path.exists(self._path(name)):
            return
        folder = os.path.dirname(name)
        if folder not in self._created_folders:
            make_object_folder(self._folder, folder)
            self._created_folders.add(folder)
        write_atomically(self._folder, name, data, is_synced=False)
        if len(self._written) == _MAX_REMEMBERED:
            self._written.clear()
        self._written.add(sha256)

    def _append(self, line: bytes) -> None:
        """Append the complete line or nothing, so that the next one begins at a line start."""
        try:
            write_all(self._log, line)
        except OSError:
            os.ftruncate(self._log, self._end)
            os.lseek(self._log, self._end, os.SEEK_SET)
            raise
        self._end += len(line)

    def _path(self, name: str) -> str:
        return os.path.join(self._folder, name)
