"""The model of a compose project in one variant: its files over each other, with what they include, as one text."""

from __future__ import annotations

import os
from collections.abc import Iterator

from scanner.files.tree import Mapping, Node, Scalar, Sequence
from scanner.record import changed, record
from scanner.units.compose.environment import EnvEntry, Environment, read_entries
from scanner.units.compose.services import ComposeFile, ComposeReader, EnvFileName, Parts, Service, below, lay_services
from scanner.units.layers import LaidSetting, LayerFile, LayerSetting, lay, write
from scanner.units.made import MadeText, OpenPart, Origin

# members that the services are made of, or that say nothing of them; fragments (`x-…`) count where a service has them
_LEFT_OUT = ("services", "include", "name", "version")
_DEEPEST = 8
# a file that a service has under another name: larger ones are no configuration
_LARGEST_FILE = 256 * 1024


@record
class Deployment:
    """What is loaded together: the files, the first one being the base of the others, and the env files of the project."""

    files: tuple[str, ...]
    env_files: tuple[str, ...]


class Model:
    """The services of a project, each as its files have it, the last counting most, and the other members."""

    def __init__(self) -> None:
        self.services: dict[str, list[Service]] = {}
        self.others: list[tuple[LayerSetting, ...]] = []

    def add_below(self, other: Model) -> None:
        """Add what a project includes: what it says itself counts more."""
        for name, layers in other.services.items():
            self.services[name] = [lay_services(layers), *self.services.get(name, ())]
        self.others[:0] = other.others


class ModelMaker:
    """Makes the models of one unit. `env_paths`: the env files of services, real path and report path."""

    def __init__(self, reader: ComposeReader) -> None:
        self._reader = reader
        self._entries: dict[str, tuple[EnvEntry, ...] | None] = {}
        self._included: set[str] = set()
        self.env_paths: dict[str, str] = {}
        self.missing: set[str] = set()

    def make(self, deployment: Deployment) -> MadeText:
        """The text of a deployment. Refused where it is too large."""
        self._included.clear()
        entries = [entry for path in deployment.env_files for entry in self.entries(path) or ()]
        environment = Environment(entries, self._reader.interpolation)
        model = self._build(deployment.files, environment, ())
        laid = [setting for name, layers in model.services.items() for setting in self._lay(name, layers, environment)]
        return write([*laid, *self._lay_others(model, laid)])

    def entries(self, path: str) -> tuple[EnvEntry, ...] | None:
        """The variables of an env file; None where there is none."""
        real = os.path.realpath(path)
        if real not in self._entries:
            found = self._reader.files.read(real)
            self._entries[real] = tuple(read_entries(found)) if found is not None else None
        return self._entries[real]

    def _build(self, paths: tuple[str, ...], environment: Environment, seen: tuple[str, ...]) -> Model:
        model = Model()
        sources = [source for path in paths if (source := self._reader.load(path)) is not None]
        for source in sources:
            for name in source.services:
                service = self._reader.service(source, name, environment)
                if service is not None:
                    model.services.setdefault(name, []).append(service)
            rest = [
                each for each in source.root.entries if each.key.text not in _LEFT_OUT and not each.key.text.startswith("x-")
            ]
            others = changed(source.root, entries=tuple(rest))
            model.others.append(tuple(self._reader.settings(others, source.file, environment)))
        for source in sources:
            for item in _items(source.root.get("include")):
                included = self._include(item, source, environment, (*seen, source.real))
                if included is not None:
                    model.add_below(included)
        return model

    def _include(self, item: Node, source: ComposeFile, environment: Environment, seen: tuple[str, ...]) -> Model | None:
        folder = os.path.dirname(source.real)

        def resolve(node: Node | None) -> list[str]:
            written = [self._reader.interpolation.fill(each.text, environment.lookup).text for each in _texts(node)]
            return [os.path.realpath(os.path.join(folder, name)) for name in written]

        paths = resolve(item.get("path") if isinstance(item, Mapping) else item)
        at = Origin(source.file.path, item.line, item.column)
        if not paths:
            return None
        if paths[0] in seen or len(seen) > _DEEPEST:
            self._reader.parts.append(OpenPart("it includes itself, or too many others", at))
            return None
        if paths[0] in self._included:  # once is enough
            return None
        self._included.add(paths[0])
        if any(self._reader.load(path) is None for path in paths):
            self._reader.parts.append(OpenPart("a file that it includes is not there, or cannot be read", at))
        below_it = resolve(item.get("project_directory")) if isinstance(item, Mapping) else []
        env_files = resolve(item.get("env_file")) if isinstance(item, Mapping) else []
        env_files = env_files or [os.path.join((below_it or [os.path.dirname(paths[0])])[0], ".env")]
        entries = [entry for path in env_files for entry in self.entries(path) or ()]
        return self._build(tuple(paths), Environment(entries, self._reader.interpolation, environment), seen)

    def _lay(self, name: str, layers: list[Service], environment: Environment) -> Iterator[LaidSetting]:
        """A service as the deployment has it."""
        top, under = layers[-1], lay_services(layers[:-1])
        laid = lay(below(under, top), replaces_lists=False)
        known = {each.top.parts for each in laid}
        for each in laid:
            yield _move(each, ("services", name))
        variables: dict[Parts, LayerSetting] = {}
        env_files = top.env_files if ("env_file",) in top.reset else (*under.env_files, *top.env_files)
        for file in env_files:
            for setting in self._read_variables(file, environment):
                variables[setting.parts] = setting
        for parts, setting in variables.items():
            if parts not in known:
                yield _move(LaidSetting(setting), ("services", name))

    def _read_variables(self, file: EnvFileName, environment: Environment) -> Iterator[LayerSetting]:
        entries = self.entries(file.real)
        if entries is None:
            self._note_missing(file)
            return
        found = self._reader.files.read(file.real)
        if found is not None:
            self.env_paths[file.real] = found.path
        self._reader.count(len(entries), file.at.line)
        for entry in entries:
            filled = environment.fill(entry) if not file.is_raw else None
            text = filled.text if filled is not None and filled.text != entry.value.text else None
            origins = filled.origins if filled is not None else ()
            yield LayerSetting(("environment", entry.name), entry.key, entry.value, entry.file, text, origins)

    def _note_missing(self, file: EnvFileName) -> None:
        if file.is_required and file.real not in self.missing:
            self.missing.add(file.real)
            self._reader.parts.append(OpenPart("a part of its environment is in a file that is not there", file.at))

    def _lay_others(self, model: Model, services: list[LaidSetting]) -> Iterator[LaidSetting]:
        """The other members. What a service has as a file is under the name of that file."""
        laid = lay(model.others)
        by_name = {each.top.parts: each for each in laid}
        mounted = dict(_find_mounted(services))
        for parts, each in by_name.items():
            names = sorted(mounted.get(parts[:2], ())) if len(parts) == 3 else []
            if names and parts[2] == "content":
                yield from (_rename(each, (*parts[:2], name)) for name in names)
                continue
            yield each
            if names and parts[2] == "file":
                yield from self._read_mounted(each.top, names)

    def _read_mounted(self, setting: LayerSetting, names: list[str]) -> Iterator[LaidSetting]:
        """The text of a file that services have under other names than its own."""
        folder = next((os.path.dirname(real) for real, path in self._reader.paths.items() if path == setting.file.path), "")
        found = self._reader.files.read(os.path.join(folder, setting.text)) if folder else None
        others = [name for name in names if name != os.path.basename(setting.text)]
        if found is None or not others or len(found.data) > _LARGEST_FILE or b"\0" in found.data:
            return
        text = found.data.decode("utf-8", "replace")
        value = Scalar(text, text, 1, 1, text.count("\n") + 1)
        for name in others:
            yield LaidSetting(LayerSetting((*setting.parts[:2], name), setting.key, value, LayerFile(found.path, text)))


def _find_mounted(services: list[LaidSetting]) -> Iterator[tuple[Parts, set[str]]]:
    """The base names under which services have configs, by member and name. Secrets stay where they are."""
    grants: dict[Parts, dict[str, str]] = {}
    for each in services:
        parts = each.top.parts
        if len(parts) >= 4 and parts[2] == "configs":
            grants.setdefault(parts[:4], {})["".join(parts[4:]) or "source"] = each.top.text
    found: dict[Parts, set[str]] = {}
    for parts, grant in grants.items():
        source = grant.get("source", "")
        name = grant.get("target", source).rpartition("/")[2]
        if source and name:
            found.setdefault((parts[2], source), set()).add(name)
    yield from found.items()


def _move(each: LaidSetting, above: Parts) -> LaidSetting:
    return changed(each, top=changed(each.top, parts=(*above, *each.top.parts)))


def _rename(each: LaidSetting, parts: Parts) -> LaidSetting:
    return changed(each, top=changed(each.top, parts=parts))


def _items(node: Node | None) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else ()


def _texts(node: Node | None) -> Iterator[Scalar]:
    """A text, or the texts of a list."""
    for each in node.items if isinstance(node, Sequence) else (node,):
        if isinstance(each, Scalar) and each.text.strip():
            yield each
