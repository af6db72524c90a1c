"""Detects evidence bundles. Runs for every target of a scan, so it imports nothing until a file name suggests a bundle."""

from __future__ import annotations

import os

# what `jwksgov collect` writes into the folder of a bundle
_PARTS = frozenset({"manifest.json", "manifest.jws", "exchanges.jsonl", "objects"})
_MARK = b'"format": "jwksgov-bundle/'
_BEGINNING = 256  # bytes of a manifest that contain its format


def is_bundle(path: str) -> bool:
    """Whether `path` is an evidence bundle of any version, by the first bytes of its manifest."""
    if not _has_sign(path):
        return False
    from scanner.errors import ScannerError
    from scanner.sources.bundle.format import MANIFEST
    from scanner.sources.bundle.locations import open_location

    try:
        location = open_location(path)
    except ScannerError:
        return False
    try:
        return _MARK in location.start_of(MANIFEST, _BEGINNING)
    except ScannerError:
        return False
    finally:
        location.close()


def has_other_files(folder: str) -> bool:
    """Whether a folder holds more than a bundle: then it is a tree into which somebody has put the files of a bundle. As a
    bundle, all else in it would go unread.
    """
    if not os.path.isdir(folder):
        return False
    try:
        with os.scandir(folder) as entries:
            return any(entry.name not in _PARTS and not entry.name.endswith(".partial") for entry in entries)
    except OSError:
        return False


def is_bundle_remnant(path: str) -> bool:
    """Whether `path` is a zip, or the folder of a bundle whose manifest is missing or damaged, whatever has taken the place of
    its files. A user who names one means a bundle; a scan that finds nothing in it would be misleading.
    """
    if not os.path.isdir(path):
        return path.endswith(".zip") and os.path.lexists(path)
    has_log, *others = (os.path.lexists(os.path.join(path, name)) for name in ("exchanges.jsonl", "objects", "manifest.json"))
    return has_log and any(others)


def _has_sign(path: str) -> bool:
    if os.path.isdir(path):
        return os.path.isfile(os.path.join(path, "manifest.json"))
    if not os.path.isfile(path):
        return False
    try:
        with open(path, "rb") as file:
            return file.read(2) == b"PK"
    except OSError:
        return False
