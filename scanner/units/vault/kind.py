"""The kind of unit of the scripts and payload files that configure Vault's JWT mounts. Most files of such names are none: their
bytes tell.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from scanner.patterns import lazy_pattern
from scanner.sources.document import Document
from scanner.units.files import UnitFiles

if TYPE_CHECKING:
    from scanner.units.vault.folder import VaultUnit

SCRIPT = lazy_pattern(r"\A(?:[^.]++|[^/]*+(?:(?<=\.sh)|(?<=\.bash)|(?<=\.zsh)|(?<=\.mk)))\Z")
_WRITES = lazy_pattern(rb"auth/[^\s\"']{1,200}/(?:config|role/)")
_SIGNS = (b"oidc_discovery_url", b"jwks_url", b"jwt_validation_pubkeys", b"user_claim", b"bound_")
_LONGEST = 1024 * 1024


class Vault:
    """Knows scripts by what they write, and payload files by their members."""

    name = "vault"

    def find(self, document: Document, files: UnitFiles) -> str | None:
        """See `UnitKind`."""
        assert document.origin is not None
        return _find_folder(os.path.realpath(document.origin), files)

    def load(self, folder: str, files: UnitFiles) -> VaultUnit | None:
        """See `UnitKind`."""
        from scanner.units.vault.folder import Loader

        return Loader(folder, files).load()

    def companions(self, path: str, files: UnitFiles) -> Iterator[str]:
        """The other files of the unit."""
        folder = _find_folder(path, files)
        unit = self.load(folder, files) if folder is not None else None
        yield from (each for each in (unit.paths if unit is not None else ()) if each != path)


def is_script(path: str, data: bytes) -> bool:
    """Whether a file is a script that writes to a mount."""
    return SCRIPT.fullmatch(os.path.basename(path)) is not None and _WRITES.search(data) is not None


def has_signs(data: bytes) -> bool:
    """Whether bytes have a member of a configuration or a role."""
    return any(sign in data for sign in _SIGNS)


def is_small_file(path: str) -> bool:
    """Whether a path is that of a file which is not too large for one that people write."""
    try:
        return os.path.isfile(path) and os.path.getsize(path) <= _LONGEST
    except OSError:
        return False


def _find_folder(path: str, files: UnitFiles) -> str | None:
    file = files.read(path) if is_small_file(path) else None
    if file is None or not (has_signs(file.data) if path.endswith(".json") else is_script(path, file.data)):
        return None
    from scanner.units.vault.folder import find_folder

    return find_folder(path, file, files)
