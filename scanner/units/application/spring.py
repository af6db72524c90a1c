"""Spring Boot, and Micronaut, which orders its files alike: profiles in names of files and in documents of a file.

Spring Boot reference, Externalized Configuration and Profiles: a later document of a file counts over an earlier one, a file
with a profile over one without, files outside of the jar over those in it, `.properties` over YAML of the same place and name.
An import counts over the document that has it. Lists are replaced as a whole. Groups and `spring.profiles.include` activate
more profiles; `spring.profiles.active` of a file counts where nobody chooses.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scanner.files.tree import Node
from scanner.units.application.conditions import ALWAYS, Condition, all_of, parse_profiles
from scanner.units.application.settings_file import (
    Active,
    Plan,
    SettingsDocument,
    SettingsFile,
    lay_files,
    list_active,
    list_documents,
    relaxed,
    texts_of,
)
from scanner.units.layers import LayerFile, LayerSetting, flatten
from scanner.units.stages import is_for_development, is_for_production, order_by_stage

# by which a document says when it holds; the last is of Spring Boot before 2.4
_CONDITIONS = (
    ("spring", "config", "activate", "onprofile"),
    ("spring", "config", "activate", "oncloudplatform"),
    ("spring", "profiles"),
)
_GROUP = ("spring", "profiles", "group")
_INCLUDE = ("spring", "profiles", "include")
_ACTIVE = ("spring", "profiles", "active")
# active where no other is
_DEFAULT = "default"
_MOST_ACTIVE = 32
# the profiles that each group stands for, by its name
Groups = dict[str, tuple[str, ...]]


class Spring:
    """How Spring Boot lays settings."""

    @staticmethod
    def same(part: str) -> str:
        """Case, dashes and underscores do not count."""
        return relaxed(part)

    def rank(self, ending: str) -> int:
        """`.properties` count over YAML."""
        return ("yaml", "yml", "properties").index(ending)

    def split(self, nodes: Sequence[Node], file: LayerFile) -> tuple[SettingsDocument, ...]:
        """The documents of a file, each with its own condition."""
        documents = (tuple(flatten(node, file)) for node in nodes)
        return tuple(SettingsDocument(_condition_of(settings), settings) for settings in documents)

    def order(self, file: SettingsFile, active: tuple[str, ...]) -> tuple[int, ...]:
        """By groups of places; in each, files with a profile after those without."""
        profile = active.index(file.profile) + 1 if file.profile in active else 0
        return file.place // 10, profile, file.place, file.rank

    def order_document(self, document: SettingsDocument, active: tuple[str, ...]) -> int:
        """As they stand in the file."""
        del document, active
        return 0

    def plan(self, files: Sequence[SettingsFile], most: int) -> Plan:
        """A variant for each profile that is not one of a group's, and for those that a document asks for together."""
        always = [each.top for each in lay_files(files, (), self)]
        groups = _groups_of(always)
        chosen = texts_of(always, _ACTIVE, relaxed)
        listed = {*chosen, *groups, *(name for wanted in _profiles_of(files) for name in wanted)}
        members = {name for group in groups.values() for name in group}
        alone = sorted(name for name in listed - members - {_DEFAULT} if not _is_reference(name))
        together = sorted({tuple(sorted(wanted)) for wanted in _profiles_of(files) if len(wanted) > 1})
        chosen_sets = sorted([*((each,) for each in alone), *together], key=lambda each: order_by_stage(" ".join(each)))
        variants = [Active(" & ".join(names), self._activate(files, names, groups)) for names in chosen_sets[:most]]
        started = tuple(name for name in chosen if not is_for_development(name) and not _is_reference(name))
        base = Active("", self._activate(files, started, groups) or (_DEFAULT,))
        has_production = any(is_for_production(" ".join(names)) for names in chosen_sets)
        return Plan(base, tuple(variants), not has_production or bool(started), len(chosen_sets) - len(variants))

    def _activate(self, files: Sequence[SettingsFile], names: Iterable[str], groups: Groups) -> tuple[str, ...]:
        """The profiles that these bring along: their groups, and what the documents that then hold include."""
        holding = list(list_active(files, _expand(names, groups), self))
        # those of the document that counts most come first
        listed = (name for each in reversed(holding) for name in texts_of(each.settings, _INCLUDE, relaxed))
        included = [name for name in listed if not _is_reference(name)]
        return _expand((*included, *names), groups)


def _condition_of(settings: Sequence[LayerSetting]) -> Condition:
    condition = ALWAYS
    for name in _CONDITIONS:
        texts = texts_of(settings, name, relaxed)
        if texts:
            found = parse_profiles(texts)
            condition = found if condition is ALWAYS else all_of(condition, found)
    return condition


def _groups_of(settings: Iterable[LayerSetting]) -> Groups:
    """The groups that settings define."""
    groups: Groups = {}
    for setting in settings:
        if len(setting.parts) > len(_GROUP) and tuple(map(relaxed, setting.parts[: len(_GROUP)])) == _GROUP:
            texts = tuple(text.strip() for text in setting.text.split(","))
            name = setting.parts[len(_GROUP)]
            groups[name] = (*groups.get(name, ()), *texts)
    return groups


def _expand(names: Iterable[str], groups: Groups) -> tuple[str, ...]:
    """The profiles, each followed by those of its group."""
    found: dict[str, None] = {}
    waiting = list(names)
    while waiting and len(found) < _MOST_ACTIVE:
        name = waiting.pop(0)
        if name and name not in found:
            found[name] = None
            waiting = [*groups.get(name, ()), *waiting]
    return tuple(found)


def _profiles_of(files: Iterable[SettingsFile]) -> list[frozenset[str]]:
    """The sets of profiles with which some document holds, with the profile of its file."""
    found: list[frozenset[str]] = []
    for file, document in list_documents(files):
        own = frozenset({file.profile} if file.profile else ())
        found += [wanted | own for wanted in document.condition.profiles()]
    return found


def _is_reference(name: str) -> bool:
    """Whether a name is filled in elsewhere (`@activatedProperties@`, `${ENV}`)."""
    return name.startswith(("@", "$", "#"))
