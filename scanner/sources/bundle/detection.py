"""Whether a target is an evidence bundle. Asked of every target of a scan, so it imports nothing until there is a sign."""

from __future__ import annotations

import os

_MARK = b'"format": "jwksgov-bundle/'
_BEGINNING = 256  # octets of a manifest, in which its format stands


def is_bundle(path: str) -> bool:
    """Whether `path` is an evidence bundle, of any version, by the first octets of its manifest."""
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


def is_bundle_remnant(path: str) -> bool:
    """Whether `path` is a zip, or the folder of a bundle that lost its manifest: whoever names one means a bundle, and must not
    be told that nothing in it fails.
    """
    if not os.path.isdir(path):
        return path.endswith(".zip") and os.path.isfile(path)
    return os.path.isfile(os.path.join(path, "exchanges.jsonl")) and os.path.isdir(os.path.join(path, "objects"))


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
