"""Verifies that a bundle is unchanged: the signature over the manifest, the digest of the log, the digest of every object.

Each step is checked even if an earlier one fails, so that all changed files are reported and not only the first.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from typing import Literal

from scanner.errors import BundleError, ScannerError
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
from scanner.sources.bundle.locations import BundleLocation, open_location
from scanner.sources.bundle.manifest import Manifest, read_manifest
from scanner.sources.bundle.signature import BadSignature, VerifiedSignature, check_signature
from scanner.sources.bundle.zip_reader import ChangedZip

# without a key it is unknown whether the manifest was replaced
SignatureStatus = Literal["signed", "not signed", "signature does not hold", "not checked"]


_MAX_PROBLEMS = 1_000  # reported problems


@record
class Problem:
    """A changed file and the reason. `file` is its name in the bundle; for a line of the log with the line number."""

    file: str
    because: str


@record(kw_only=True)
class VerificationResult:
    """The result. `manifest` is None if it cannot be read; `lines` and `objects` count what was checked. If there are very many
    problems, the first are listed and `unnamed` counts the others.
    """

    signature_status: SignatureStatus
    verified_signature: VerifiedSignature | None
    has_signature: bool
    manifest: Manifest | None
    problems: tuple[Problem, ...]
    lines: int
    objects: int
    unnamed: int = 0


def verify(path: str, keys: Sequence[SigningKey] | None) -> VerificationResult:
    """Verify the bundle at `path`, and with keys its signature. BundleError if it cannot be read as a bundle."""
    try:
        location = open_location(path)
    except ChangedZip as error:  # none of its files is read, since any may be meant for another reader
        return VerificationResult(
            signature_status="not checked",
            verified_signature=None,
            has_signature=False,
            manifest=None,
            problems=(Problem(os.path.basename(path), error.what),),
            lines=0,
            objects=0,
        )
    try:
        return _Verifier(location).result(keys)
    finally:
        location.close()


class _Verifier:
    def __init__(self, location: BundleLocation) -> None:
        self.location = location
        self.problems: list[Problem] = []
        self.lines = 0
        self.referred: dict[bytes, int | None] = {}
        self.objects = 0
        self.unnamed = 0

    def result(self, keys: Sequence[SigningKey] | None) -> VerificationResult:
        data = self.location.read(MANIFEST, LARGEST_MANIFEST)
        if data is None:
            raise FORM.broken("not an evidence bundle: there is no manifest.json", self.location.path)
        signature = self.location.read(SIGNATURE, LARGEST_SIGNATURE)
        signature_status, verified_signature = self.check_signature(data, signature, keys)
        manifest = self.read_manifest(data, is_checked=keys is not None)
        if manifest is not None and self.check_log(manifest):  # without the log, unchanged objects would be reported
            self.check_files(manifest)
        return VerificationResult(
            signature_status=signature_status,
            verified_signature=verified_signature,
            has_signature=signature is not None,
            manifest=manifest,
            problems=tuple(sorted(self.problems, key=lambda problem: (problem.file, problem.because))),
            lines=self.lines,
            objects=self.objects,
            unnamed=self.unnamed,
        )

    def add_problem(self, file: str, because: str) -> None:
        if len(self.problems) < _MAX_PROBLEMS:
            self.problems.append(Problem(file, because))
        else:
            self.unnamed += 1

    def check_signature(
        self, data: bytes, signature: bytes | None, keys: Sequence[SigningKey] | None
    ) -> tuple[SignatureStatus, VerifiedSignature | None]:
        if keys is None:
            return "not checked", None
        if signature is None:
            return "not signed", None
        try:
            return "signed", check_signature(data, signature, keys)
        except BadSignature as bad:
            self.add_problem(f"{MANIFEST} or {SIGNATURE}", str(bad))
            return "signature does not hold", None

    def read_manifest(self, data: bytes, *, is_checked: bool) -> Manifest | None:
        """Parse the manifest. An unreadable one is a problem of the bundle; without a key, the target is not a bundle."""
        try:
            return read_manifest(data, f"{self.location.path}/{MANIFEST}")
        except ScannerError as error:
            if not is_checked:
                raise
            self.add_problem(MANIFEST, error.what)
            return None

    def check_log(self, manifest: Manifest) -> bool:
        """Check every line of the log and its digest. False if the log cannot be read."""
        try:
            log = self.location.log()
        except BundleError as error:  # not what the system refuses, which says nothing about the bundle
            self.add_problem(LOG, error.what)
            return False
        if log is None:
            if manifest.exchanges is not None:
                self.add_problem(LOG, "it is missing")
            return manifest.exchanges is None
        digest, size = hashlib.sha256(), 0
        with log:
            while line := log.readline(LARGEST_LINE + 1):
                digest.update(line)
                size += len(line)
                self.check_line(line, is_last_allowed_torn=manifest.exchanges is None)
        stated = manifest.exchanges
        if stated is not None and (stated.sha256, stated.size) != (digest.hexdigest(), size):
            self.add_problem(LOG, "its SHA-256 or size is not the one that manifest.json states")
        return True

    def check_line(self, line: bytes, *, is_last_allowed_torn: bool) -> None:
        if is_last_allowed_torn and not line.endswith(b"\n"):
            return
        self.lines += 1
        where = f"{LOG}:{self.lines}"
        try:
            row = row_of(line, where)
            exchange_of(row, lambda *_: b"")
            self.referred |= {bytes.fromhex(sha256): size for sha256, size in references_of(row).items()}
        except ScannerError as error:
            self.add_problem(where, error.what)

    def check_files(self, manifest: Manifest) -> None:
        """Check every object that a line refers to, and look for files that do not belong to the bundle."""
        missing = {object_name(sha256.hex()): size for sha256, size in self.referred.items()}
        for name in self.location.names():
            if name in (MANIFEST, SIGNATURE, LOG):
                continue
            if name in missing:
                self.check_object(name, missing.pop(name))
            elif manifest.state == "complete":  # leftovers of a killed collection are removed when it is resumed
                is_object = name.startswith(f"{OBJECTS}/")
                self.add_problem(name, "no line refers to it" if is_object else "it does not belong to the bundle")
        for name in missing:
            self.add_problem(name, "it is missing")

    def check_object(self, name: str, size: int | None) -> None:
        self.objects += 1
        try:
            data = self.location.read(name, LARGEST_OBJECT) or b""
        except ScannerError as error:
            self.add_problem(name, error.what)
            return
        if hashlib.sha256(data).hexdigest() != name.rpartition("/")[2]:
            self.add_problem(name, "its SHA-256 is not the one in its name")
        elif size is not None and size != len(data):
            self.add_problem(name, "its size is not the one that its line states")
