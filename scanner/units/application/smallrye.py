"""Quarkus and other users of SmallRye Config: `%profile.` before a name, and files with a profile in their name.

SmallRye Config, Profiles and ConfigSources: a source with a higher ordinal counts over one with a lower; in one source a name
of the active profile counts over that of its parent, and this over a name without a profile. Quarkus runs with the profile
`prod` where nobody chooses another; `dev` and `test` are for its development mode and tests alone, and are never deployed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scanner.files.tree import Mapping, Node, Parsed
from scanner.record import changed
from scanner.units.application.conditions import ALWAYS, Condition
from scanner.units.application.settings_file import (
    Active,
    Plan,
    SettingsDocument,
    SettingsFile,
    list_active,
    list_documents,
    texts_of,
)
from scanner.units.layers import LayerFile, LayerSetting, flatten
from scanner.units.stages import order_by_stage

MARK = "%"
_OWN_NAMES = frozenset({"quarkus", "mp", "smallrye"})
_PRODUCTION = "prod"
_NEVER_DEPLOYED = frozenset({"dev", "test"})
_PROFILE = ("quarkus.profile", "smallrye.config.profile")
_PARENT = ("quarkus.config.profile.parent", "smallrye.config.profile.parent")


def is_of_smallrye(name: str, parsed: Parsed) -> bool:
    """Whether a file of settings is Quarkus' or MicroProfile's."""
    if name.lower().startswith("microprofile-config"):
        return True
    return any(
        entry.key.text.strip('"').startswith(MARK) or entry.key.text.split(".")[0].strip('"') in _OWN_NAMES
        for node in parsed.documents
        if isinstance(node, Mapping)
        for entry in node.entries
    )


class SmallRye:
    """How Quarkus lays settings."""

    @staticmethod
    def same(part: str) -> str:
        """Names are as they are written."""
        return part

    def rank(self, ending: str) -> int:
        """YAML counts over `.properties`: it has the higher ordinal."""
        return ("properties", "yml", "yaml").index(ending)

    def split(self, nodes: Sequence[Node], file: LayerFile) -> tuple[SettingsDocument, ...]:
        """The settings of a file by the profiles before their names."""
        by_profiles: dict[tuple[str, ...], list[LayerSetting]] = {(): []}
        for node in nodes:
            for setting in flatten(node, file):
                profiles, own = _take_profiles(setting)
                by_profiles.setdefault(profiles, []).append(own)
        return tuple(SettingsDocument(_hold_with(names), tuple(own)) for names, own in by_profiles.items() if own)

    def order(self, file: SettingsFile, active: tuple[str, ...]) -> tuple[int, ...]:
        """By the ordinal of the source; in it, files with a profile after those without."""
        return file.place, file.rank, active.index(file.profile) + 1 if file.profile in active else 0

    def order_document(self, document: SettingsDocument, active: tuple[str, ...]) -> int:
        """Names without a profile first, then by the order in which the profiles are active."""
        wanted = [name for names in document.condition.profiles() for name in names if name in active]
        return max((active.index(name) + 1 for name in wanted), default=0)

    def plan(self, files: Sequence[SettingsFile], most: int) -> Plan:
        """Production, and a variant for each profile that people made for themselves."""
        default = self._read_names(files, (), _PROFILE) or (_PRODUCTION,)
        names = {name for file, document in list_documents(files) for name in _names_in(file, document)}
        parents = set(self._list_parents(files))
        own = sorted(sorted(names - parents - _NEVER_DEPLOYED - {*default}), key=order_by_stage)
        base = Active(", ".join(default), self._add_parents(files, default))
        if not own:
            return Plan(base)
        variants = [Active(name, self._add_parents(files, (name,))) for name in own[: most - 1]]
        return Plan(base, (base, *variants), is_base_deployed=False, left_out=len(own) - len(variants))

    def _list_parents(self, files: Sequence[SettingsFile]) -> Iterable[str]:
        """The profiles that some profile has as its parent."""
        for _, document in list_documents(files):
            for name in _PARENT:
                yield from texts_of(document.settings, tuple(name.split(".")), str)

    def _add_parents(self, files: Sequence[SettingsFile], names: tuple[str, ...]) -> tuple[str, ...]:
        found = list(names)
        for name in found:  # it grows meanwhile
            found += [each for each in self._read_names(files, (name,), _PARENT) if each not in found][:8]
            if len(found) > 16:
                break
        return (*reversed(found[len(names) :]), *names)

    def _read_names(self, files: Sequence[SettingsFile], active: tuple[str, ...], settings: Iterable[str]) -> tuple[str, ...]:
        """The names of profiles that one of these settings has when some are active."""
        found: tuple[str, ...] = ()
        for document in list_active(files, active, self):
            for name in settings:
                found = texts_of(document.settings, tuple(name.split(".")), str) or found
        return tuple(each for each in found if not each.startswith("$"))


def _take_profiles(setting: LayerSetting) -> tuple[tuple[str, ...], LayerSetting]:
    """The profiles before a name (`%prod.`, `%{prod,staging}.`), and the setting without them."""
    first = setting.parts[0].strip('"')
    if not first.startswith(MARK) or len(setting.parts) == 1:
        return (), setting
    names = first.removeprefix(MARK).strip("{}").split(",")
    return tuple(sorted(name.strip() for name in names)), changed(setting, parts=setting.parts[1:])


def _hold_with(names: tuple[str, ...]) -> Condition:
    """Holds with any of the profiles."""
    return Condition(tuple((frozenset({name}), frozenset[str]()) for name in names)) if names else ALWAYS


def _names_in(file: SettingsFile, document: SettingsDocument) -> Iterable[str]:
    return {file.profile, *(name for names in document.condition.profiles() for name in names)} - {""}
