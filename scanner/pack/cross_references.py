"""Checks the names by which policy files refer to each other: an unknown one is an error at its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from scanner.errors import Place, PolicyError, did_you_mean
from scanner.pack.advisory import Advisory
from scanner.pack.controls import parse_control_name
from scanner.pack.locate import locate
from scanner.pack.model import SEVERITIES, Framework, Objective, Profile, Rule
from scanner.pack.pack import Pack

# how many known names an error lists
_MOST_SHOWN = 120


def check_references(pack: Pack) -> None:
    """Check that every name that refers to another file exists."""
    for rule in pack.rules.values():
        require_known(rule.objective, pack.objectives, "objective", rule.places.of("objective", rule.place))
        if rule.replaced_by is not None:
            require_known(rule.replaced_by, pack.rules, "rule", rule.places.of("replaced_by", rule.place))
        for alias in rule.aliases:
            if alias in pack.rules:
                raise PolicyError(
                    what=f"the alias `{alias}` of `{rule.id}` is the id of another rule",
                    where=rule.places.of("aliases", rule.place),
                    remedy="An alias is an id that no rule has any more; choose another.",
                )
        _check_explained(rule, pack)
    for profile in pack.profiles.values():
        _check_profile(profile, pack)
    for advisory in pack.advisories.values():
        _check_advisory(advisory, pack)
    for platform in pack.platforms.values():
        for number, engine in enumerate(platform.uses):
            if engine not in pack.platforms:
                require_known(engine, pack.platforms, "platform", locate(platform.place, ("uses", number)))
        for place, read in enumerate(platform.reads):
            for number, engine in enumerate(read.uses or ()):
                if engine not in pack.platforms:
                    require_known(engine, pack.platforms, "platform", locate(platform.place, ("reads", place, "uses", number)))


def _check_advisory(advisory: Advisory, pack: Pack) -> None:
    if advisory.platform is not None:
        require_known(advisory.platform, pack.platforms, "platform", advisory.places.of("platform", advisory.place))


def _check_explained(rule: Rule, pack: Pack) -> None:
    """What a rule explains exists, is about the same kind of subject, and is not worse than what explains it."""
    for number, other in enumerate(rule.explains):
        require_known(other, pack.rules, "rule", locate(rule.place, ("explains", number)))
        explained = pack.rules[other]
        worse = SEVERITIES.index(explained.severity) < SEVERITIES.index(rule.severity)
        if worse or explained.about != rule.about or _leads_to(rule.id, explained, pack):
            raise PolicyError(
                what=f"`{rule.id}` cannot explain `{other}`",
                where=locate(rule.place, ("explains", number)),
                remedy="A rule explains others about the same kind of subject; none is more severe, or explains it in turn.",
            )


def _leads_to(rule_id: str, rule: Rule, pack: Pack) -> bool:
    """Whether a rule is one, or explains one that is, in the end."""
    waiting, seen = [rule.id], set[str]()
    while waiting:
        name = waiting.pop()
        if name not in seen and name in pack.rules:
            seen.add(name)
            waiting += pack.rules[name].explains
    return rule_id in seen


def _check_profile(profile: Profile, pack: Pack) -> None:
    if profile.extends is not None and profile.extends not in pack.profiles:
        require_known(profile.extends, pack.profiles, "profile", locate(profile.place, ("extends",)))
    for number, rule_id in enumerate(profile.only):
        if rule_id not in pack.rules:
            require_known(rule_id, pack.rules, "rule", locate(profile.place, ("only", number)))
    for rule_id in profile.rules:
        if rule_id not in pack.rules:
            require_known(rule_id, pack.rules, "rule", locate(profile.place, ("rules", rule_id), is_name=True))


def check_framework(framework: Framework, objectives: Mapping[str, Objective]) -> None:
    """Check that there are controls, each once, and that their mappings exist."""
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
            require_known(mapping.objective, objectives, "objective", mapping.place)


def check_aliases(framework: Framework, frameworks: Mapping[str, Framework]) -> None:
    """Check that every control that an alias means exists."""
    for alias in framework.aliases:
        for meant in alias.means:
            home, control_id = parse_control_name(framework, meant, frameworks)
            require_known(control_id, {control.id: control for control in home.controls}, "control", alias.place)


def require_known(name: str, names: Mapping[str, Any], noun: str, where: Place) -> None:
    """Check that `name` is one of `names`."""
    if name not in names:
        raise PolicyError(
            what=f"unknown {noun} `{name}`",
            where=where,
            remedy=f"{did_you_mean(name, tuple(names))}{_list_names(names, noun)}",
        )


def _list_names(names: Iterable[str], noun: str) -> str:
    """The known names, where they are few enough to read."""
    shown = sorted(names)
    return (
        f"Known: {', '.join(shown) or 'none'}." if len(shown) <= _MOST_SHOWN else f"`jwksgov policy list` shows every {noun}."
    )
