"""Selects the rules of a run, their severities and parameters: the profile first, then the configuration's changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scanner.errors import ConfigError, Place, PolicyError, did_you_mean
from scanner.pack.model import Profile, Rule, RuleChange, Severity
from scanner.pack.pack import Pack
from scanner.record import record
from scanner.subjects.kinds import kind_names


@record
class EffectiveRule:
    """A rule in this run: its severity and parameters after profile and configuration. A preview rule is reported and never
    fails the run.
    """

    rule: Rule
    severity: Severity
    params: dict[str, Any]
    is_preview: bool


def select(
    pack: Pack,
    *,
    profile: str,
    changes: Mapping[str, RuleChange],
    places: Mapping[str, Place],
    profile_place: Place | None = None,
    rules_as_of: str | None = None,
) -> tuple[EffectiveRule, ...]:
    """The rules of `profile`, changed as the configuration says, sorted by id.

    A rule newer than `rules_as_of` counts as preview, so that an upgrade does not fail a build that passed before. A deprecated
    rule runs only where the configuration turns it on. An empty selection is an error: an empty policy would pass everything.
    """
    chosen = _profile(pack, profile, profile_place)
    ids = dict(pack.rules) | {alias: rule for rule in pack.rules.values() for alias in rule.aliases}
    for name in changes:
        if name not in ids:
            raise ConfigError(
                what=f"unknown rule `{name}`",
                where=places.get(name),
                remedy=f"{did_you_mean(name, tuple(ids))}`jwksgov policy list` shows every rule.",
            )
    for rule in pack.rules.values():
        _check_about(rule)
    by_rule = {ids[name].id: _Step(change, name, places.get(name), ConfigError) for name, change in changes.items()}
    selected = tuple(
        effective
        for rule in sorted(pack.rules.values(), key=lambda rule: rule.id)
        if (effective := _effective(rule, chosen.get(rule.id), by_rule.get(rule.id), rules_as_of)) is not None
    )
    if not selected:
        raise ConfigError(
            what="no rule is left to check",
            remedy="Choose a profile with rules, or turn some on under `rules:`; an empty policy would pass anything.",
        )
    return selected


def _check_about(rule: Rule) -> None:
    if rule.about not in kind_names():
        raise PolicyError(
            what=f"rule `{rule.id}` is about `{rule.about}`, which is not a kind of subject",
            where=rule.places.of("about", rule.place),
            remedy=f"{did_you_mean(rule.about, kind_names())}Known: {', '.join(kind_names())}.",
        )


@record
class _Step:
    """A change of a rule by a profile or the configuration, with its name and place; `error` is the type of its errors."""

    change: RuleChange
    name: str
    file: Place | None
    error: type[ConfigError | PolicyError]


def _profile(pack: Pack, name: str, place: Place | None) -> dict[str, list[_Step]]:
    """Rule id → the changes of the profile and of those it extends, the most distant first; only the selected rules."""
    trail: list[Profile] = []
    while name:
        if name not in pack.profiles:
            raise ConfigError(
                what=f"unknown profile `{name}`",
                where=place,
                remedy=f"{did_you_mean(name, tuple(pack.profiles))}Known: {', '.join(sorted(pack.profiles))}.",
            )
        found = pack.profiles[name]
        if found in trail:
            raise PolicyError(what=f"profile `{name}` extends itself", where=found.place, remedy="Remove one `extends`.")
        trail.append(found)
        name = found.extends or ""
    only = next((profile.only for profile in trail if profile.only), None)
    return {
        rule_id: [
            _Step(profile.rules[rule_id], rule_id, profile.place, PolicyError)
            for profile in reversed(trail)
            if rule_id in profile.rules
        ]
        for rule_id in pack.rules
        if only is None or rule_id in only
    }


def _effective(
    rule: Rule,
    by_profile: list[_Step] | None,
    by_config: _Step | None,
    rules_as_of: str | None,
) -> EffectiveRule | None:
    severity = rule.severity
    params: dict[str, Any] = {name: param.default for name, param in rule.params.items()}
    enabled = by_profile is not None and rule.status != "deprecated"
    for step in (*(by_profile or ()), *((by_config,) if by_config is not None else ())):
        enabled = enabled if step.change.enabled is None else step.change.enabled
        severity = step.change.severity or severity
        for name, value in step.change.params.items():
            _check_param(rule, name, value, step)
            params[name] = value
    if not enabled:
        return None
    return EffectiveRule(
        rule=rule,
        severity=severity,
        params=params,
        is_preview=rule.status == "preview" or (rules_as_of is not None and _version(rule.since) > _version(rules_as_of)),
    )


def _check_param(rule: Rule, name: str, value: object, step: _Step) -> None:
    if name not in rule.params:
        raise step.error(
            what=f"rule `{rule.id}` has no parameter `{name}`",
            where=_place(step, name, is_name=True),
            remedy=f"{did_you_mean(name, tuple(rule.params))}It has: {', '.join(rule.params) or 'none'}.",
        )
    default = rule.params[name].default
    if _type(value) != _type(default):
        raise step.error(
            what=f"parameter `{name}` of `{rule.id}` is a {_type(default)}, not a {_type(value)}",
            where=_place(step, name, is_name=False),
            remedy=f"Write a value like the default, `{default}`.",
        )


def _place(step: _Step, name: str, *, is_name: bool) -> Place | None:
    from scanner.pack.locate import locate  # only on the way to an error message

    return locate(step.file, ("rules", step.name, "params", name), is_name=is_name) if step.file is not None else None


def _type(value: object) -> str:
    """The type of a parameter in words. An empty list counts as a list of texts, as in conditions."""
    if not isinstance(value, list):
        return _WORDS.get(type(value), type(value).__name__)
    kinds = sorted({_type(item) for item in value}) or ["text"]
    return f"list of {' and '.join(kinds)}"


_WORDS: Mapping[type, str] = {str: "text", bool: "true or false", int: "whole number", float: "number"}


def _version(text: str) -> tuple[int, ...]:
    """`0.4.0` as (0, 4, 0)."""
    return tuple(int(part) for part in text.split("."))
