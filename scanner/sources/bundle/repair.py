"""Repairs an unfinished bundle before its collection continues: removes what a killed process or a power cut left incomplete,
and nothing else.
"""

from __future__ import annotations

import os

from scanner.errors import ScannerError
from scanner.files.json_rows import Row
from scanner.files.write import PARTIAL, replace_file, write_all
from scanner.sources.bundle.folder import FolderBundle
from scanner.sources.bundle.format import LOG, OBJECTS, SIGNATURE, object_name
from scanner.sources.bundle.lines import exchange_of, references_of
from scanner.sources.bundle.manifest import ExchangeCounts, Manifest
from scanner.sources.bundle.reader import BundleReader


def repair(folder: str) -> tuple[Manifest, ExchangeCounts]:
    """Keep only complete lines whose objects exist, and only objects that a line refers to. Remove a signature, because the
    manifest will change.
    """
    with BundleReader(folder) as reader:
        manifest, counts, kept, referred = reader.manifest, ExchangeCounts(), list[tuple[int, int]](), set[bytes]()
        for at, size, row in reader.rows():
            objects = _read_objects(reader, row)
            if objects is not None:
                kept.append((at, size))
                referred.update(bytes.fromhex(sha256) for sha256 in objects)
                counts = counts.with_one(exchange_of(row, lambda sha256, _, found=objects: found[sha256]))  # type: ignore[misc]
    _keep_lines(os.path.join(folder, LOG), kept)
    for name in FolderBundle(folder).names():
        sha256 = name.rpartition("/")[2]
        is_object = name.startswith(f"{OBJECTS}/")
        if name == SIGNATURE or name.endswith(PARTIAL) or (is_object and not _is_referred(name, sha256, referred)):
            os.unlink(os.path.join(folder, name))
    return manifest, counts


def _read_objects(reader: BundleReader, row: Row) -> dict[str, bytes] | None:
    """The objects that a line refers to; None if one of them is lost."""
    references = references_of(row)
    try:
        return {sha256: reader.read_object(sha256, size) for sha256, size in references.items()}
    except ScannerError:
        return None


def _is_referred(name: str, sha256: str, referred: set[bytes]) -> bool:
    try:
        return name == object_name(sha256) and bytes.fromhex(sha256) in referred
    except ValueError:
        return False


def _keep_lines(path: str, kept: list[tuple[int, int]]) -> None:
    """Rewrite the log with only these lines, each given by its offset and size."""
    if not os.path.exists(path) or os.path.getsize(path) == sum(size for _, size in kept):
        return
    with open(path, "rb") as old, replace_file(path, is_synced=True) as descriptor:
        for at, size in kept:
            old.seek(at)
            write_all(descriptor, old.read(size))
