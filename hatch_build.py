"""The build's own step: our policies are parsed and their conditions compiled once, here; both forms travel beside them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class StorePolicies(BuildHookInterface):  # type: ignore[type-arg]
    """Writes the stored forms of `policies/` (scanner/pack/cache.py, scanner/policy/stored_conditions.py) into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before a wheel is filled; an editable install stores its own at the first run."""
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from scanner.pack.cache import stored_form
        from scanner.pack.load import load_pack
        from scanner.pack.shipped import shipped_folder, shipped_path
        from scanner.policy.stored_conditions import conditions_of

        pack = load_pack([shipped_folder()], examples=False)
        forms = {"pack.bin": stored_form(pack, (), shipped_path()), "conditions.bin": conditions_of(pack)}
        for name, form in forms.items():
            made = Path(self.directory) / name
            made.parent.mkdir(parents=True, exist_ok=True)
            made.write_bytes(form)
            build_data["force_include"][str(made)] = f"scanner/_data/{name}"
