"""Selects the rules of a run, their severities and parameters: the profile first, then the configuration's changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from scanner.config.model import Config
from scanner.errors import ConfigError, Place, PolicyError, did_you_mean
from scanner.pack.model import Profile, Rule, RuleChange, RuleHead, Severity
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


class RuleSet:
    """The rules of a run, by id. A rule is opened when it is first needed: a hook on one file asks a few dozen of hundreds."""

    def __init__(self, kinds: Mapping[str, str], make: Callable[[str], EffectiveRule]) -> None:
        """`kinds`: id → the kind of subject that the rule is about, in the order of ids. `make` makes a rule of its id."""
        self._kinds = kinds
        self._make = make
        self._made: dict[str, EffectiveRule] = {}

    def __len__(self) -> int:
        return len(self._kinds)

    def __iter__(self) -> Iterator[EffectiveRule]:
        return map(self.__getitem__, self._kinds)

    @property
    def names(self) -> tuple[str, ...]:
        """The ids of the rules, sorted."""
        return tuple(self._kinds)

    def get(self, name: str) -> EffectiveRule | None:
        """The rule of that id, where the run asks it."""
        return self[name] if name in self._kinds else None

    def __getitem__(self, name: str) -> EffectiveRule:
        if name not in self._made:
            if name not in self._kinds:
                raise KeyError(name)
            self._made[name] = self._make(name)
        return self._made[name]

    def with_changes(self, others: Mapping[str, EffectiveRule]) -> RuleSet:
        """These rules, with others in the place of some of them or beside them, by id."""
        kinds = {**self._kinds} | {name: rule.rule.about for name, rule in others.items()}
        return RuleSet({name: kinds[name] for name in sorted(kinds)}, lambda name: others.get(name) or self[name])

    def about(self, kind: str) -> tuple[EffectiveRule, ...]:
        """The rules about one kind of subject, in the order of ids."""
        return tuple(self[name] for name, about in self._kinds.items() if about == kind)

    def ids_about(self, kind: str) -> tuple[str, ...]:
        """Their ids."""
        return tuple(name for name, about in self._kinds.items() if about == kind)


def rule_set(rules: Iterable[EffectiveRule]) -> RuleSet:
    """These very rules."""
    by_id = {rule.rule.id: rule for rule in rules}
    return RuleSet({name: rule.rule.about for name, rule in by_id.items()}, by_id.__getitem__)


def select(
    pack: Pack,
    *,
    profile: str,
    changes: Mapping[str, RuleChange],
    places: Mapping[str, Place],
    profile_place: Place | None = None,
    rules_as_of: str | None = None,
) -> RuleSet:
    """The rules of `profile`, changed as the configuration says, sorted by id.

    A rule newer than `rules_as_of` counts as preview, so that an upgrade does not fail a build that passed before. A deprecated
    rule runs only where the configuration turns it on. An empty selection is an error: an empty policy would pass everything.
    """
    chosen = _profile(pack, profile, profile_place)
    ids = pack.rule_names
    for name in changes:
        if name not in ids:
            raise ConfigError(
                what=f"unknown rule `{name}`",
                where=places.get(name),
                remedy=f"{did_you_mean(name, tuple(ids))}`jwksgov policy list` shows every rule.",
            )
    _check_kinds(pack)
    steps = dict(chosen)
    for name, change in changes.items():
        steps[ids[name]] = (*steps.get(ids[name], ()), _Step(change, name, places.get(name), ConfigError))
    kinds = {
        name: head.about
        for name, head in sorted(pack.heads.items())
        if _is_enabled(head, steps.get(name, ()), is_chosen=name in chosen)
    }
    if not kinds:
        raise ConfigError(
            what="no rule is left to check",
            remedy="Choose a profile with rules, or turn some on under `rules:`; an empty policy would pass anything.",
        )
    selected = RuleSet(kinds, lambda name: _effective(pack.rules[name], steps.get(name, ()), rules_as_of))
    for name, changed in steps.items():
        if changed:  # what is wrong with a change is told whatever is scanned
            _effective(pack.rules[name], changed, rules_as_of)
    return selected


def select_configured(pack: Pack, config: Config) -> RuleSet:
    """The rules that a configuration asks: its profile with its changes."""
    return select(
        pack,
        profile=config.profile,
        changes=config.rules,
        places=config.rule_places,
        profile_place=config.profile_place,
        rules_as_of=config.rules_as_of,
    )


def _check_kinds(pack: Pack) -> None:
    """Every rule is about a kind of subject that exists."""
    known = kind_names()
    for name, head in pack.heads.items():
        if head.about not in known:
            check_about(pack.rules[name])


def check_about(rule: Rule) -> None:
    """PolicyError where the rule is about no kind of subject that exists."""
    known = kind_names()
    if rule.about not in known:
        raise PolicyError(
            what=f"`about` is `{rule.about}`, which is not a kind of subject",
            where=rule.places.of("about", rule.place),
            remedy=f"{did_you_mean(rule.about, known)}Known: {', '.join(known)}.",
        )


@record
class _Step:
    """A change of a rule by a profile or the configuration, with its name and place; `error` is the type of its errors."""

    change: RuleChange
    name: str
    file: Place | None
    error: type[ConfigError | PolicyError]


def _profile(pack: Pack, name: str, place: Place | None) -> dict[str, tuple[_Step, ...]]:
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
        rule_id: tuple(
            _Step(profile.rules[rule_id], rule_id, profile.place, PolicyError)
            for profile in reversed(trail)
            if rule_id in profile.rules
        )
        for rule_id in pack.heads
        if only is None or rule_id in only
    }


def _is_enabled(head: RuleHead, steps: Iterable[_Step], *, is_chosen: bool) -> bool:
    enabled = is_chosen and head.status != "deprecated"
    for step in steps:
        enabled = enabled if step.change.enabled is None else step.change.enabled
    return enabled


def _effective(rule: Rule, steps: Iterable[_Step], rules_as_of: str | None) -> EffectiveRule:
    severity = rule.severity
    params: dict[str, Any] = {name: param.default for name, param in rule.params.items()}
    for step in steps:
        severity = step.change.severity or severity
        for name, value in step.change.params.items():
            _check_param(rule, name, value, step)
            params[name] = value
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
            where=_place(step, name),
            remedy=f"Write a value like the default, `{default}`.",
        )
    unknown = rule.params[name].unknown_word(value)
    if unknown is not None:
        known = tuple(rule.params[name].one_of)
        raise step.error(
            what=f"parameter `{name}` of `{rule.id}` cannot be `{unknown[1]}`",
            where=_place(step, name, *unknown[0]),
            remedy=f"{did_you_mean(unknown[1], known)}Known: {', '.join(known)}.",
        )


def _place(step: _Step, *way: str | int, is_name: bool = False) -> Place | None:
    from scanner.pack.locate import locate  # only on the way to an error message

    return locate(step.file, ("rules", step.name, "params", *way), is_name=is_name) if step.file is not None else None


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
