"""A folder's compose projects: which of its files are variants of each other, and what they come to."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from scanner.files.limits import Refused
from scanner.files.tree import Mapping, Node
from scanner.patterns import lazy_pattern
from scanner.sources.document import Document
from scanner.units.compose.models import Deployment, ModelMaker
from scanner.units.compose.names import BASES, OVERRIDES, env_variant_of, list_compose, variant_of
from scanner.units.compose.services import ComposeFile, ComposeReader
from scanner.units.files import UnitFiles
from scanner.units.made import Made, OpenPart, Origin, Variant
from scanner.units.stages import is_for_development
from scanner.units.unit import MOST_VARIANTS

_USED = lazy_pattern(r"\$\{?([A-Za-z_]\w*+)", re.ASCII)
# what a service needs to run, and not only to change another one
_RUNS = ("image", "build", "extends")
_WHOLE = ("ports", "environment", "env_file", "volumes", "command", "depends_on")
# files with the commands that people load a project by
_TELLING = frozenset({"makefile", "justfile", "taskfile.yml", "readme.md", "package.json", "procfile"})
_MOST_TELLING = 20


class ComposeProject:
    """The projects of a folder: compose.yaml alone and with each file over it, and files that are complete by themselves."""

    def __init__(self, folder: str, files: UnitFiles) -> None:
        self.name = files.report_path(folder)
        self._reader = ComposeReader(files)
        self._maker = ModelMaker(self._reader)
        project = _Project(folder, files, self._reader, self._maker)
        self.variants = tuple(each for each, _ in project.chosen[:MOST_VARIANTS])
        self.left_out_variants = max(len(project.chosen) - MOST_VARIANTS, 0)
        self.is_base_deployed = project.is_base_deployed
        self._made = tuple(self._make_all(project))
        self.paths = {**self._reader.paths, **self._maker.env_paths}
        self.replaces = frozenset(self._maker.env_paths.values())

    def _make_all(self, project: _Project) -> Iterator[Made]:
        deployments = [(None, project.base)] if project.base is not None else []
        for variant, deployment in (*deployments, *project.chosen[:MOST_VARIANTS]):
            try:
                yield Made(self._maker.make(deployment), "yaml", os.path.basename(deployment.files[0]), variant)
            except Refused as refused:
                path = self._reader.paths.get(os.path.realpath(deployment.files[0]), self.name)
                self._reader.parts.append(OpenPart(refused.because, Origin(path, refused.line or 1, 1)))

    def make(self, document: Document) -> tuple[Made, ...]:
        """All of the texts, for the files that are in them."""
        return self._made if document.path in self.paths.values() else ()

    def open_parts(self, document: Document) -> tuple[OpenPart, ...]:
        """What of the file could not be resolved."""
        return tuple(part for part in dict.fromkeys(self._reader.parts) if part.at.path == document.path)


class _Project:
    """Which files of a folder make the base, and which the variants."""

    def __init__(self, folder: str, files: UnitFiles, reader: ComposeReader, maker: ModelMaker) -> None:
        names = list_compose(folder, files)
        self._folder = folder
        env_files = (os.path.join(folder, ".env"),) if ".env" in files.names(folder) else ()
        chosen = _find_chosen(env_files, names, maker)
        base_name = chosen[0] if chosen else next((name for name in BASES if name in names), None)
        base = reader.load(os.path.join(folder, base_name)) if base_name is not None else None
        further = [source.real for name in chosen[1:] if (source := reader.load(os.path.join(folder, name))) is not None]
        self.base = Deployment((base.real, *further), env_files) if base is not None else None
        named = self._name_variants([name for name in names if name not in chosen], base_name, files, reader, maker)
        self.chosen: list[tuple[Variant, Deployment]] = []
        for name, (path, own_env) in sorted(named.items(), key=lambda each: (is_for_development(each[0]), each[0])):
            source = reader.load(path) if path is not None else None
            if path is not None and source is None:
                continue
            is_over = base is not None and (
                source is None or _is_override(base, source) or _is_loaded_over(base, source, files)
            )
            below = (base.real,) if base is not None and is_over else ()
            loaded = (*below, source.real) if source is not None else below
            if loaded:
                own = [each for each in (path, own_env) if each is not None]
                variant = Variant(name, tuple(files.report_path(each) for each in own))
                self.chosen.append((variant, Deployment(loaded, (own_env,) if own_env is not None else env_files)))
        self.is_base_deployed = not any(_replaces_base(variant.name, each, env_files) for variant, each in self.chosen)

    def _name_variants(
        self, names: list[str], base_name: str | None, files: UnitFiles, reader: ComposeReader, maker: ModelMaker
    ) -> dict[str, tuple[str | None, str | None]]:
        """The variants by their names: a compose file, an env file, or both."""
        override = next((name for name in OVERRIDES if name in names), None) if base_name is not None else None
        others = [name for name in names if name not in BASES and (name not in OVERRIDES or name == override)]
        found: dict[str, tuple[str | None, str | None]] = {}
        for name in others:
            found.setdefault(variant_of(name), (os.path.join(self._folder, name), None))
        if base_name is None:
            return found
        texts = [_text_of(name, self._folder, reader) for name in (base_name, *others)]
        used = {each[1] for text in texts for each in _USED.finditer(text)}
        for name in files.names(self._folder):
            variant, path = env_variant_of(name), os.path.join(self._folder, name)
            if not variant or not used:
                continue
            is_for_services = any("env_file" in text and name in text for text in texts)
            if not is_for_services and used & {entry.name for entry in maker.entries(path) or ()}:
                found[variant] = found.get(variant, (None, None))[0], path
        return found


def _replaces_base(name: str, deployment: Deployment, env_files: tuple[str, ...]) -> bool:
    """Whether nobody deploys the base alone where there is this variant: it is laid over the base, or gives it the variables
    that it has nowhere else. The default override is for the machines of developers, as the base is loaded where it is not.
    """
    if name == "override" or is_for_development(name):
        return False
    return len(deployment.files) > 1 or (deployment.env_files != env_files and not env_files)


def _find_chosen(env_files: tuple[str, ...], names: list[str], maker: ModelMaker) -> list[str]:
    """The files that `.env` says are loaded, of those in the folder (`COMPOSE_FILE`)."""
    entries = [entry for path in env_files for entry in maker.entries(path) or () if entry.name == "COMPOSE_FILE"]
    words = entries[-1].value.text.replace(";", ":").split(":") if entries else []
    return [name for word in words if (name := os.path.normpath(word.strip())) in names]


def _text_of(name: str, folder: str, reader: ComposeReader) -> str:
    source = reader.load(os.path.join(folder, name))
    return source.file.text if source is not None else ""


def _is_override(base: ComposeFile, source: ComposeFile) -> bool:
    """Whether a file is laid over the base: it changes a service of the base. It does not where it has others only, or where
    each of them runs alone and has all that it has in the base: then it is complete by itself.
    """
    for own, other in _list_shared(base, source):
        if not isinstance(own, Mapping) or not any(own.get(member) is not None for member in _RUNS):
            return True
        if isinstance(other, Mapping) and any(other.get(member) is not None and own.get(member) is None for member in _WHOLE):
            return True
    return False


def _list_shared(base: ComposeFile, source: ComposeFile) -> Iterator[tuple[Node, Node]]:
    """The services that both files have, each as the second file has it and as the first one does."""
    services, below = source.services(), base.services()
    for entry in services.entries if services is not None else ():
        other = below.get(entry.key.text) if below is not None else None
        if other is not None:
            yield entry.value, other


def _is_loaded_over(base: ComposeFile, source: ComposeFile, files: UnitFiles) -> bool:
    """Whether somebody loads a file that seems complete over the base, by a line of a script or a text beside it."""
    if not any(_list_shared(base, source)):
        return False
    folder = os.path.dirname(source.real)
    both = os.path.basename(base.real).encode(), os.path.basename(source.real).encode()
    telling = [name for name in files.names(folder) if name.lower() in _TELLING or name.endswith(".sh")]
    found = (files.read(os.path.join(folder, name)) for name in telling[:_MOST_TELLING])
    return any(all(name in line for name in both) for each in found if each is not None for line in each.data.splitlines())
