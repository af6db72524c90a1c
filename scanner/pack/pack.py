"""The pack: everything in the policy folders, by id."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf

from scanner.pack.advisory import NO_ADVISORIES, Advisories
from scanner.pack.control_index import ControlIndex
from scanner.pack.issuers import PublicIssuers
from scanner.pack.model import Control, ControlMapping, Framework, Objective, Profile, Rule, RuleHead
from scanner.pack.platform import Platforms
from scanner.record import record


def heads_of(rules: MappingOf[str, Rule]) -> dict[str, RuleHead]:
    """The heads of rules."""
    return {name: RuleHead(rule.about, rule.status, rule.severity, rule.aliases) for name, rule in rules.items()}


@record(kw_only=True)
class Pack:
    """Everything in the policy folders, by id. `digest`: SHA-256 over the files' names and bytes. `published`: the user's own
    lists of published keys; ours are opened when a key is looked up.
    """

    rules: MappingOf[str, Rule]
    heads: MappingOf[str, RuleHead]
    objectives: MappingOf[str, Objective]
    frameworks: MappingOf[str, Framework]
    profiles: MappingOf[str, Profile]
    platforms: Platforms
    issuers: PublicIssuers
    digest: str
    control_index: ControlIndex
    advisories: Advisories = NO_ADVISORIES
    published: tuple[bytes, ...] = ()

    @property
    def rule_names(self) -> dict[str, str]:
        """Each id and alias → the id of its rule."""
        aliases = {alias: name for name, head in self.heads.items() for alias in head.aliases}
        return {name: name for name in self.heads} | aliases

    def controls_for(self, objective: str, *, weak: bool = False) -> list[tuple[Framework, Control, ControlMapping]]:
        """Every (framework, control, mapping) that this objective serves, in file order; weak ones only on request."""
        return [
            (framework, control, mapping)
            for framework in self.frameworks.values()
            for control in framework.controls
            for mapping in control.objectives
            if mapping.objective == objective and (weak or mapping.strength != "weak")
        ]
