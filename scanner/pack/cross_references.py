"""Names that one policy file uses of another: each must exist, and what is wrong is told with its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scanner.errors import Place, PolicyError, did_you_mean
from scanner.pack.controls import meant_control
from scanner.pack.model import Framework, Objective
from scanner.pack.pack import Pack


def check_references(pack: Pack) -> None:
    """Every name that one file uses of another must exist."""
    for rule in pack.rules.values():
        known(rule.objective, pack.objectives, "objective", rule.places.of("objective", rule.place))
        if rule.status == "deprecated" and rule.replaced_by is not None:
            known(rule.replaced_by, pack.rules, "rule", rule.places.of("replaced_by", rule.place))
    for profile in pack.profiles.values():
        if profile.extends is not None:
            known(profile.extends, pack.profiles, "profile", profile.place)
        for rule_id in (*profile.only, *profile.rules):
            known(rule_id, pack.rules, "rule", profile.place)


def check_framework(framework: Framework, objectives: Mapping[str, Objective]) -> None:
    """Controls there are, each once, and what they map to exists."""
    if not framework.controls:
        raise PolicyError(
            what=f"the framework `{framework.id}` has no controls",
            where=framework.place,
            remedy="List its controls; a framework without any would never show a failure.",
        )
    seen: dict[str, Place] = {}
    for control in framework.controls:
        if control.id in seen:
            raise PolicyError(
                what=f"the control `{control.id}` stands twice",
                where=control.place,
                remedy=f"Keep one of the two; the first is at {seen[control.id]}.",
            )
        seen[control.id] = control.place
        for mapping in control.objectives:
            known(mapping.objective, objectives, "objective", mapping.place)


def check_aliases(framework: Framework, frameworks: Mapping[str, Framework]) -> None:
    """Every control that an alias means exists."""
    for alias in framework.aliases:
        for meant in alias.means:
            home, control_id = meant_control(framework, meant, frameworks)
            known(control_id, {control.id: control for control in home.controls}, "control", alias.place)


def known(name: str, names: Mapping[str, Any], noun: str, where: Place) -> None:
    """`name` is one of `names`."""
    if name not in names:
        raise PolicyError(
            what=f"unknown {noun} `{name}`",
            where=where,
            remedy=f"{did_you_mean(name, tuple(names))}Known: {', '.join(sorted(names)) or 'none'}.",
        )
