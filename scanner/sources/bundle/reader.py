"""Reads an evidence bundle, which may be hostile: one visit at a time, so that memory does not grow with the issuers.

The first pass over exchanges.jsonl remembers the offsets of each issuer's lines. Bodies are read on demand, and the digest of
every object is checked.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterator
from datetime import UTC, datetime
from threading import Lock
from types import TracebackType
from typing import IO

from scanner.files.json_rows import Row
from scanner.redaction.text import redact
from scanner.sources.bundle.format import (
    FORM,
    LARGEST_LINE,
    LARGEST_MANIFEST,
    LARGEST_OBJECT,
    LARGEST_VISIT,
    LOG,
    MANIFEST,
    MAX_EXCHANGES_PER_ISSUER,
    object_name,
    read_time,
)
from scanner.sources.bundle.lines import exchange_of, row_of
from scanner.sources.bundle.locations import BundleLocation, open_location
from scanner.sources.bundle.manifest import Manifest, read_manifest
from scanner.sources.exchange import Exchange, Purpose, Role, Visit

_VALIDATORS = ("etag", "last-modified")  # RFC 9110 §8.8: needed for a conditional request


class BundleReader:
    """An existing bundle, complete or not. BundleError, with the name of the file, if it cannot be read."""

    def __init__(self, path: str) -> None:
        self._location: BundleLocation = open_location(path)
        self.path = path
        self._log: IO[bytes] | None = None
        self._lines: dict[str, array[int]] | None = None
        self._urls: dict[str, int] = {}
        self._lock = Lock()
        try:
            data = self._location.read(MANIFEST, LARGEST_MANIFEST)
            if data is None:
                raise FORM.broken("not an evidence bundle: there is no manifest.json", path)
            self.manifest_sha256 = hashlib.sha256(data).hexdigest()
            self.manifest: Manifest = read_manifest(data, f"{path}/{MANIFEST}")
            self._log = self._location.log()
        except BaseException:
            self.close()
            raise
        self._latest = self.manifest.started

    def __enter__(self) -> BundleReader:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the files."""
        if self._log is not None:
            self._log.close()
        self._location.close()

    def clock(self) -> datetime:
        """The time of the evidence: when the collection finished, else when its last exchange started."""
        latest = self.manifest.finished
        if latest is None:
            self._index()
            latest = self._latest
        return datetime.fromisoformat(latest).astimezone(UTC)

    def visits(self) -> Iterator[Visit]:
        """Every requested issuer, in order, with its exchanges: none if the collection ended before."""
        lines = self._index()
        for wanted in self.manifest.wanted:
            objects = _Objects(self)
            found = [exchange_of(self._row_at(at), objects.read_object) for at in lines.get(wanted.issuer, ())]
            # by time: exchanges from before an interruption come first
            yield Visit(wanted, tuple(sorted(found, key=lambda exchange: _sort_key(exchange.started))))

    def find_exchange(self, issuer: str, role: Role, purpose: Purpose, number: int, url: str) -> Exchange | None:
        """The exchange of this request. The bundle has its URLs without credentials."""
        sought = (role, purpose, number, redact(url))
        for at in self._index().get(redact(issuer), ()):
            row = self._row_at(at)
            members = row.members
            if (members.get("role"), members.get("purpose", "first"), members.get("number", 0), members.get("url")) == sought:
                return exchange_of(row, self.read_object)
        return None

    def find_previous(self, url: str) -> Exchange | None:
        """The exchange with the document of this URL, if a conditional request is possible with it."""
        self._index()
        at = self._urls.get(redact(url))
        return self._exchange_at(at) if at is not None else None

    def read_object(self, sha256: str, size: int | None) -> bytes:
        """The object of this digest. BundleError if the digest or a known `size` differs."""
        name = object_name(sha256)
        data = self._location.read(name, LARGEST_OBJECT)
        if data is None:
            raise FORM.broken("a file of the bundle is missing", f"{self.path}/{name}")
        if hashlib.sha256(data).hexdigest() != sha256 or (size is not None and len(data) != size):
            raise FORM.broken("a file of the bundle was changed: its SHA-256 or size differs", f"{self.path}/{name}")
        return data

    def rows(self) -> Iterator[tuple[int, int, Row]]:
        """Each complete line with its offset and its size in bytes. An unfinished last line is ignored. In a complete bundle it
        is an error, as is any other difference from the digest in the manifest.
        """
        if self._log is None:
            if self.manifest.exchanges is not None:
                raise FORM.broken("a file of the bundle is missing", f"{self.path}/{LOG}")
            return
        at, number, digest = 0, 0, hashlib.sha256()
        self._log.seek(0)
        while line := self._log.readline(LARGEST_LINE + 1):
            number += 1
            digest.update(line)
            where = f"{self.path}/{LOG}:{number}"
            if len(line) > LARGEST_LINE:
                raise FORM.broken(f"a line of the bundle is longer than {LARGEST_LINE // 1024} KiB", where)
            if not line.endswith(b"\n"):
                break
            yield at, len(line), row_of(line, where)
            at += len(line)
        self._check_log(digest.hexdigest())

    def _check_log(self, sha256: str) -> None:
        stated = self.manifest.exchanges
        if stated is not None and stated.sha256 != sha256:
            raise FORM.broken("a file of the bundle was changed: its SHA-256 differs", f"{self.path}/{LOG}")

    def _index(self) -> dict[str, array[int]]:
        if self._lines is None:
            self._urls, self._latest = {}, self.manifest.started
            wanted = {each.issuer: array("Q") for each in self.manifest.wanted}
            for at, _, row in self.rows():
                issuer = row.text("issuer")
                lines = wanted.get(issuer)
                if lines is None:
                    raise row.wrong("issuer", "one of the issuers in manifest.json")
                if len(lines) == MAX_EXCHANGES_PER_ISSUER:
                    raise row.wrong("issuer", f"an issuer with at most {MAX_EXCHANGES_PER_ISSUER} lines")
                lines.append(at)
                self._index_url(at, row)
            self._lines = wanted
        return self._lines

    def _index_url(self, at: int, row: Row) -> None:
        self._latest = max(self._latest, read_time(row, "started"), key=_sort_key)
        has_document = row.members.get("sha256") and not row.members.get("failure")
        if not has_document or row.members.get("purpose", "first") != "first" or row.members.get("status") not in (200, 304):
            return
        if any(isinstance(pair, list) and pair and pair[0] in _VALIDATORS for pair in row.listed("headers")):
            self._urls[row.text("url")] = at

    def _exchange_at(self, at: int) -> Exchange:
        return exchange_of(self._row_at(at), self.read_object)

    def _row_at(self, at: int) -> Row:
        assert self._log is not None
        with self._lock:
            self._log.seek(at)
            line = self._log.readline(LARGEST_LINE)
        return row_of(line, f"{self.path}/{LOG} at byte {at}")


class _Objects:
    """The objects of one visit: each is read once, and their total size is limited."""

    def __init__(self, reader: BundleReader) -> None:
        self._reader = reader
        self._found: dict[str, bytes] = {}
        self._size = 0

    def read_object(self, sha256: str, size: int | None) -> bytes:
        """The object of this digest, from memory if it was read before."""
        if sha256 not in self._found or size not in (None, len(self._found[sha256])):
            data = self._reader.read_object(sha256, size)
            self._size += len(data)
            if self._size > LARGEST_VISIT:
                raise FORM.broken(
                    f"the documents of one issuer are larger than {LARGEST_VISIT // 1024**2} MiB",
                    f"{self._reader.path}/{object_name(sha256)}",
                )
            self._found[sha256] = data
        return self._found[sha256]


def _sort_key(time: str) -> str:
    """Sorts times with and without a fraction of a second in the right order."""
    return time.rstrip("Z")
