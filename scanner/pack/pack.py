"""The pack: everything in the policy folders, by id."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf

from scanner.pack.control_index import ControlIndex
from scanner.pack.model import Control, ControlMapping, Framework, Objective, Profile, Rule
from scanner.pack.platform import Platforms
from scanner.record import record


@record(kw_only=True)
class Pack:
    """Everything in the policy folders, by id. `digest`: SHA-256 over the files' names and bytes."""

    rules: MappingOf[str, Rule]
    objectives: MappingOf[str, Objective]
    frameworks: MappingOf[str, Framework]
    profiles: MappingOf[str, Profile]
    platforms: Platforms
    digest: str
    control_index: ControlIndex

    def controls_for(self, objective: str, *, weak: bool = False) -> list[tuple[Framework, Control, ControlMapping]]:
        """Every (framework, control, mapping) that this objective serves, in file order; weak ones only on request."""
        return [
            (framework, control, mapping)
            for framework in self.frameworks.values()
            for control in framework.controls
            for mapping in control.objectives
            if mapping.objective == objective and (weak or mapping.strength != "weak")
        ]
