"""The build's own step: our policies are parsed once, here, and their stored form travels beside them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class StorePolicies(BuildHookInterface):  # type: ignore[type-arg]
    """Writes the stored form of `policies/` (scanner/pack/cache.py) into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before a wheel is filled; an editable install stores its own at the first run."""
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from scanner.pack.cache import stored_form
        from scanner.pack.load import load_pack
        from scanner.pack.shipped import shipped_folder, shipped_path

        made = Path(self.directory) / "pack.bin"
        made.parent.mkdir(parents=True, exist_ok=True)
        made.write_bytes(stored_form(load_pack([shipped_folder()], examples=False), (), shipped_path()))
        build_data["force_include"][str(made)] = "scanner/_data/pack.bin"
