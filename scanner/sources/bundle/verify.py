"""Whether a bundle is what was written: the signature over the manifest, the digest of the log, and the digest of every object.

Each link is checked even where an earlier one is broken, so that every changed file is named and not only the first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Literal

from scanner.errors import ScannerError
from scanner.record import record
from scanner.sources.bundle.format import (
    FORM,
    LARGEST_LINE,
    LARGEST_MANIFEST,
    LARGEST_OBJECT,
    LARGEST_SIGNATURE,
    LOG,
    MANIFEST,
    OBJECTS,
    SIGNATURE,
    object_name,
)
from scanner.sources.bundle.keys import SigningKey
from scanner.sources.bundle.lines import exchange_of, references_of, row_of
from scanner.sources.bundle.manifest import Manifest, read_manifest
from scanner.sources.bundle.places import Place, place_of
from scanner.sources.bundle.signature import BadSignature, Signed, check_signature

# without a key nobody can tell whether the manifest is the one that was written
Trust = Literal["signed", "not signed", "signature does not hold", "not checked"]


_MOST = 1_000  # problems that are named


@record
class Problem:
    """A file that is not what it was, by its name in the bundle (for a line of the log with its number), and why."""

    file: str
    because: str


@record(kw_only=True)
class Verified:
    """What was found. `manifest` is None where it cannot be read; `lines` and `objects` are how many were checked. Of very many
    problems the first are named, and `unnamed` counts the others.
    """

    trust: Trust
    signed: Signed | None
    has_signature: bool
    manifest: Manifest | None
    problems: tuple[Problem, ...]
    lines: int
    objects: int
    unnamed: int = 0


def verify(path: str, keys: Sequence[SigningKey] | None) -> Verified:
    """Check the bundle at `path`, and with keys its signature. BundleError where it is none that can be looked into."""
    place = place_of(path)
    try:
        return _Verification(place).result(keys)
    finally:
        place.close()


class _Verification:
    def __init__(self, place: Place) -> None:
        self.place = place
        self.problems: list[Problem] = []
        self.lines = 0
        self.referred: dict[bytes, int | None] = {}
        self.objects = 0
        self.unnamed = 0

    def result(self, keys: Sequence[SigningKey] | None) -> Verified:
        octets = self.place.read(MANIFEST, LARGEST_MANIFEST)
        if octets is None:
            raise FORM.broken("no evidence bundle: there is no manifest.json", self.place.path)
        signature = self.place.read(SIGNATURE, LARGEST_SIGNATURE)
        trust, signed = self.signature(octets, signature, keys)
        manifest = self.manifest(octets, is_checked=keys is not None)
        if manifest is not None and self.has_log(manifest):  # without it, objects would be named that nobody changed
            self.files(manifest)
        return Verified(
            trust=trust,
            signed=signed,
            has_signature=signature is not None,
            manifest=manifest,
            problems=tuple(sorted(self.problems, key=lambda problem: (problem.file, problem.because))),
            lines=self.lines,
            objects=self.objects,
            unnamed=self.unnamed,
        )

    def problem(self, file: str, because: str) -> None:
        if len(self.problems) < _MOST:
            self.problems.append(Problem(file, because))
        else:
            self.unnamed += 1

    def signature(
        self, octets: bytes, signature: bytes | None, keys: Sequence[SigningKey] | None
    ) -> tuple[Trust, Signed | None]:
        if keys is None:
            return "not checked", None
        if signature is None:
            return "not signed", None
        try:
            return "signed", check_signature(octets, signature, keys)
        except BadSignature as bad:
            self.problem(f"{MANIFEST} or {SIGNATURE}", str(bad))
            return "signature does not hold", None

    def manifest(self, octets: bytes, *, is_checked: bool) -> Manifest | None:
        """What the manifest says, for looking further. One that nobody vouches for and nobody can read is no bundle's."""
        try:
            return read_manifest(octets, f"{self.place.path}/{MANIFEST}")
        except ScannerError as error:
            if not is_checked:
                raise
            self.problem(MANIFEST, error.what)
            return None

    def has_log(self, manifest: Manifest) -> bool:
        """Whether the log can be read; every line is looked at, and the digest of all."""
        try:
            log = self.place.log()
        except ScannerError as error:
            self.problem(LOG, error.what)
            return False
        if log is None:
            if manifest.exchanges is not None:
                self.problem(LOG, "it is missing")
            return manifest.exchanges is None
        digest, size = hashlib.sha256(), 0
        with log:
            while line := log.readline(LARGEST_LINE + 1):
                digest.update(line)
                size += len(line)
                self.line(line, is_last_allowed_torn=manifest.exchanges is None)
        stated = manifest.exchanges
        if stated is not None and (stated.sha256, stated.size) != (digest.hexdigest(), size):
            self.problem(LOG, "its SHA-256 or size is not the one that manifest.json states")
        return True

    def line(self, line: bytes, *, is_last_allowed_torn: bool) -> None:
        if is_last_allowed_torn and not line.endswith(b"\n"):
            return
        self.lines += 1
        where = f"{LOG}:{self.lines}"
        try:
            row = row_of(line, where)
            exchange_of(row, lambda *_: b"")
            self.referred |= {bytes.fromhex(sha256): size for sha256, size in references_of(row).items()}
        except ScannerError as error:
            self.problem(where, error.what)

    def files(self, manifest: Manifest) -> None:
        """Every object that a line refers to, and every file that is there."""
        missing = {object_name(sha256.hex()): size for sha256, size in self.referred.items()}
        for name in self.place.names():
            if name in (MANIFEST, SIGNATURE, LOG):
                continue
            if name in missing:
                self.object(name, missing.pop(name))
            elif manifest.state == "complete":  # what a killed collection left goes when it is resumed
                is_object = name.startswith(f"{OBJECTS}/")
                self.problem(name, "no line refers to it" if is_object else "it is no part of the bundle")
        for name in missing:
            self.problem(name, "it is missing")

    def object(self, name: str, size: int | None) -> None:
        self.objects += 1
        try:
            data = self.place.read(name, LARGEST_OBJECT) or b""
        except ScannerError as error:
            self.problem(name, error.what)
            return
        if hashlib.sha256(data).hexdigest() != name.rpartition("/")[2]:
            self.problem(name, "its SHA-256 is not the one that it is called by")
        elif size is not None and size != len(data):
            self.problem(name, "its size is not the one that its line states")
