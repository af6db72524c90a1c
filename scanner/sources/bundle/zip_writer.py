"""Writes the folder of a bundle into one zip. The same bundle gives the same bytes: sorted members, one date for all."""

from __future__ import annotations

import os
import shutil
import zipfile
import zlib

from scanner.files.write import replace_file, require_own_folders
from scanner.sources.bundle.files import explain_os_errors
from scanner.sources.bundle.folder import FolderBundle
from scanner.sources.bundle.format import LOG, MANIFEST, OBJECTS, SIGNATURE
from scanner.sources.bundle.zip_reader import MOST_RATIO, SLACK

_NO_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest date of the zip format
_FIRST = (MANIFEST, SIGNATURE, LOG)


def write_zip(folder: str, target: str) -> None:
    """Put the files of a complete bundle into the zip `target`, then remove the folder."""
    names = [name for name in FolderBundle(folder).names() if name in _FIRST or name.startswith(f"{OBJECTS}/")]
    with explain_os_errors(folder):
        require_own_folders(target)
        with (
            replace_file(target, is_synced=True) as descriptor,
            open(descriptor, "wb", closefd=False) as file,
            zipfile.ZipFile(file, "w") as archive,
        ):
            for name in sorted(names, key=lambda name: (_FIRST.index(name) if name in _FIRST else len(_FIRST), name)):
                _put(archive, folder, name)
        shutil.rmtree(folder)


def _put(archive: zipfile.ZipFile, folder: str, name: str) -> None:
    path = os.path.join(folder, name)
    member = zipfile.ZipInfo(name, _NO_DATE)
    member.create_system = 3  # the same on every operating system
    member.external_attr = 0o644 << 16
    member.file_size = os.path.getsize(path)
    member.compress_type = zipfile.ZIP_STORED if _must_be_stored(path, member.file_size) else zipfile.ZIP_DEFLATED
    with open(path, "rb") as file, archive.open(member, "w") as target_file:
        shutil.copyfileobj(file, target_file, 1024 * 1024)


def _must_be_stored(path: str, size: int) -> bool:
    """Whether the file must be stored uncompressed, because our reader would take it for a zip bomb."""
    if size <= SLACK or os.path.basename(path) in _FIRST:
        return False
    with open(path, "rb") as file:
        return len(zlib.compress(file.read())) * (MOST_RATIO // 2) < size
