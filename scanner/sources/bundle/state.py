"""Checks the path of a bundle before a collection writes there. Existing files are never overwritten."""

from __future__ import annotations

import os
from typing import Literal

from scanner.errors import Place, ScannerError, UsageError
from scanner.files.write import PARTIAL
from scanner.sources.bundle.detection import is_bundle
from scanner.sources.bundle.folder import FolderBundle
from scanner.sources.bundle.format import LARGEST_MANIFEST, MANIFEST, CollectionRequest
from scanner.sources.bundle.manifest import Manifest, State, read_manifest


def folder_of(target: str) -> str:
    """The folder in which a bundle is collected: the target, or for a zip a folder beside it."""
    return f"{target}{PARTIAL}" if target.endswith(".zip") else target


def state_of(target: str) -> State | Literal["absent"]:
    """The state of the bundle at `target`. UsageError if something else is there."""
    folder = folder_of(target)
    if folder != target and os.path.lexists(target):
        if not is_bundle(target):
            raise _not_a_bundle(target)
        return "complete"
    if not os.path.lexists(folder):
        return "absent"
    if not os.path.isdir(folder) or (folder != target and os.path.islink(folder)):
        raise _not_a_bundle(folder)
    if all(name.endswith(PARTIAL) for name in os.listdir(folder)):
        return "absent"  # at most what a collection left that was killed before it wrote its manifest
    if not is_bundle(folder):
        raise _not_a_bundle(folder)
    state = _manifest(folder).state
    return "interrupted" if state == "complete" and folder != target else state  # only the zip is missing


def check_unused(target: str) -> None:
    """Raise UsageError if a new bundle cannot be created at `target`."""
    state = state_of(target)
    if state == "complete":
        raise UsageError(
            what="a complete bundle exists already, and evidence is not overwritten",
            where=Place(target),
            remedy="Choose another path, such as one with today's date, or move that bundle away.",
        )
    if state != "absent":
        raise UsageError(
            what="there is a bundle whose collection is not finished",
            where=Place(folder_of(target)),
            remedy="Continue it (--resume), choose another path, or remove that folder.",
        )


def check_resumable(target: str, request: CollectionRequest) -> None:
    """Raise UsageError if there is no unfinished bundle that was begun for the same request."""
    state = state_of(target)
    if state in ("absent", "complete"):
        raise UsageError(
            what="there is nothing to resume: "
            + ("no bundle was begun here" if state == "absent" else "the bundle is complete"),
            where=Place(target),
            remedy="Collect without --resume." if state == "absent" else "Choose another path for a new bundle.",
        )
    if not _manifest(folder_of(target)).is_for(request):
        raise UsageError(
            what="the bundle was begun for other issuers or under another configuration",
            where=Place(folder_of(target)),
            remedy="Resume it with the same issuers and configuration, or collect a new bundle.",
        )


def _manifest(folder: str) -> Manifest:
    data = FolderBundle(folder).read(MANIFEST, LARGEST_MANIFEST)
    return read_manifest(data or b"", f"{folder}/{MANIFEST}")


def _not_a_bundle(path: str) -> ScannerError:
    return UsageError(
        what="there is something here that is not an evidence bundle",
        where=Place(path),
        remedy="Choose a path that does not exist, or an empty folder.",
    )
