"""The rules that hold in a folder with a configuration of its own: those of its root, changed as far as the root lets it.

A scanned tree does not weaken its own judgement: unless the root says `nested: full`, a nested configuration can only raise a
severity, turn a rule on, choose a profile that does one of these, and make a parameter stricter, where the parameter has a
direction. What else it says has no effect, and is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from scanner.config.model import Config
from scanner.config.nested import Holding, Nested
from scanner.errors import Place
from scanner.evidence.model import Spot
from scanner.pack.model import SEVERITIES, RuleChange, Severity
from scanner.pack.pack import Pack
from scanner.policy.select import EffectiveRule, RuleSet, select, select_configured
from scanner.record import changed, record
from scanner.subjects.identifiers import SubjectIds
from scanner.subjects.model import NestedConfigUse, Subject

_RANK = {severity: rank for rank, severity in enumerate(SEVERITIES)}
# what a nested configuration may say
_STRICTER = frozenset({"profile", "rules", "paths", "consumers"})
# and what it may say in addition where the root says `nested: full`; all other members are about a whole run
_FULL = _STRICTER | {"exclude", "inline_waivers", "rules_as_of"}


@record
class Ignored:
    """A member of a nested configuration that has no effect, with its place."""

    member: str
    place: Place


@record
class NestedRules:
    """A nested configuration, and what it says in vain."""

    nested: Nested
    ignored: tuple[Ignored, ...]

    def subject(self, name_of: Callable[[str], str]) -> Subject:
        """The configuration as a subject; `name_of` gives its path in reports."""
        path = name_of(self.nested.config.path or "")
        places = {each.member: Place(path, each.place.line, each.place.column) for each in reversed(self.ignored)}
        use = NestedConfigUse(tuple(dict.fromkeys(each.member for each in self.ignored)), self.nested.config.digest)
        made = SubjectIds(path).subject("nested_config", "settings", use, Spot(1, 1), {})
        return changed(made, places=places)


@record
class FolderRules:
    """The rules of a folder, whether comments may waive findings there, and its nested configurations, the topmost first."""

    rules: RuleSet
    inline_waivers: bool
    nested: tuple[NestedRules, ...] = ()


def rules_of_folder(pack: Pack, rules: RuleSet, holding: Holding) -> FolderRules:
    """What holds in a folder under its root, whose rules are `rules`."""
    root = holding.root.config
    found = FolderRules(rules, root.inline_waivers)
    merged = root
    for nested in holding.nested:
        if root.nested == "full":
            merged = _merge(merged, nested.config)
            ignored = tuple(_list_ignored(nested.config, _FULL))
            changed_rules = select_configured(pack, merged)
        else:
            changed_rules, of_rules = _Tightened(pack, found.rules, nested.config, root.rules_as_of).make()
            ignored = (*_list_ignored(nested.config, _STRICTER), *of_rules)
        found = FolderRules(changed_rules, merged.inline_waivers, (*found.nested, NestedRules(nested, ignored)))
    return found


def _list_ignored(config: Config, allowed: frozenset[str]) -> Iterator[Ignored]:
    return (Ignored(member, place) for member, place in config.written.items() if member not in allowed)


def _merge(outer: Config, nested: Config) -> Config:
    """The outer configuration with the nested one over it, as far as single files are concerned."""
    rules = {**outer.rules, **{name: _merge_change(outer.rules.get(name), change) for name, change in nested.rules.items()}}
    values: dict[str, Any] = {"rules": rules, "rule_places": {**outer.rule_places, **nested.rule_places}}
    values |= {name: getattr(nested, name) for name in ("profile", "inline_waivers", "rules_as_of") if name in nested.written}
    if "profile" in nested.written:
        values["profile_place"] = nested.profile_place
    return changed(outer, **values)


def _merge_change(before: RuleChange | None, after: RuleChange) -> RuleChange:
    if before is None:
        return after
    return RuleChange(
        enabled=before.enabled if after.enabled is None else after.enabled,
        severity=after.severity or before.severity,
        params=before.params | after.params,
    )


class _Tightened:
    """The rules before a nested configuration, with what is stricter in it."""

    def __init__(self, pack: Pack, before: RuleSet, config: Config, rules_as_of: str | None) -> None:
        self._pack = pack
        self._config = config
        self._rules_as_of = rules_as_of
        self._before = before
        self._changed: dict[str, EffectiveRule] = {}
        self._ignored: list[Ignored] = []

    def make(self) -> tuple[RuleSet, list[Ignored]]:
        """The rules, and what has no effect."""
        config = self._config
        if "profile" in config.written:
            self._take_profile(select(
                self._pack, profile=config.profile, changes={}, places={}, profile_place=config.profile_place,
                rules_as_of=self._rules_as_of,
            ))  # fmt: skip
        if config.rules:
            self._take_changes()
        if not self._changed:
            return self._before, self._ignored
        return self._before.with_changes(self._changed), self._ignored

    def _get(self, name: str) -> EffectiveRule | None:
        return self._changed.get(name) or self._before.get(name)

    def _take_profile(self, profile: RuleSet) -> None:
        left_out = {*self._before.names} - {*profile.names}
        looser = [rule for rule in profile if not self._take(rule.rule.id, rule.severity, rule.params, rule)]
        if left_out or looser:
            self._ignored.append(Ignored(f"what profile {self._config.profile} loosens", self._config.written["profile"]))

    def _take_changes(self) -> None:
        config = self._config
        # as the configuration of a run would be checked
        checked = select(
            self._pack,
            profile=self._config.profile,
            changes={name: changed(change, enabled=True) for name, change in config.rules.items()},
            places=config.rule_places,
            rules_as_of=self._rules_as_of,
        )
        for written, change in config.rules.items():
            name = self._pack.rule_names[written]
            before = self._get(name)
            rule = checked[name]
            if before is None and not change.enabled:
                continue  # the rule stays off
            is_taken = change.enabled is not False
            if before is None:
                self._changed[name] = rule
            elif is_taken:
                is_taken = self._take(name, change.severity or before.severity, before.params | change.params, rule)
            if not is_taken:
                self._ignored.append(Ignored(f"rules.{written}", config.rule_places.get(written) or config.written["rules"]))

    def _take(self, name: str, severity: Severity, params: dict[str, Any], rule: EffectiveRule) -> bool:
        """Take what is stricter; whether nothing was looser."""
        before = self._get(name)
        if before is None:
            self._changed[name] = rule
            return True
        declared = rule.rule.params
        stricter = {key: value for key, value in params.items() if declared[key].is_stricter(value, before.params[key])}
        is_higher = _RANK[severity] <= _RANK[before.severity]
        after = changed(before, severity=severity if is_higher else before.severity, params=before.params | stricter)
        if (after.severity, after.params) != (before.severity, before.params):
            self._changed[name] = after
        return is_higher and len(stricter) == len(params)


def all_rules(rules: RuleSet, others: Sequence[RuleSet]) -> RuleSet:
    """The rules that a run asks anywhere: its own, and those that only some folders ask, as the first of these does; each with
    its highest severity, so that no summary says less than a finding.
    """
    found: dict[str, EffectiveRule] = {}
    for each in (other for other in others if other is not rules):
        for rule in each:
            name = rule.rule.id
            before = found.get(name) or rules.get(name)
            if before is None:
                found[name] = rule
            elif _RANK[rule.severity] < _RANK[before.severity]:
                found[name] = changed(before, severity=rule.severity)
    return rules.with_changes(found) if found else rules
