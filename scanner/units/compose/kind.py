"""Finds compose projects, and which of their files are variants of each other."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from scanner.files.limits import Refused
from scanner.files.read import read
from scanner.files.tree import Mapping, Parsed, Scalar, list_nodes
from scanner.patterns import lazy_pattern
from scanner.sources.document import Document
from scanner.units.compose.models import Deployment, ModelMaker
from scanner.units.compose.services import ComposeFile, ComposeReader
from scanner.units.files import UnitFile, UnitFiles
from scanner.units.made import Made, OpenPart, Origin, Variant
from scanner.units.stages import is_for_development
from scanner.units.unit import MOST_COMPANIONS, MOST_VARIANTS, Unit

# compose-go cli/options.go: the first of these that a folder has, with the first of those
_BASES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
_OVERRIDES = (
    "compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml",
)  # fmt: skip
_COMPOSE = lazy_pattern(r"(?:([\w-]{1,60})[._-])?(?:docker-?|podman-|container-)?compose(?:[._-]([\w.-]{1,80}))?\.ya?ml", re.I)
_ENV = lazy_pattern(r"\.env\.([\w.-]{1,80})|([\w-]{1,80})\.env", re.IGNORECASE)
# copies for people to fill in
_EXAMPLES = frozenset({"example", "examples", "sample", "template", "dist", "defaults", "default", "tpl", "tmpl"})
_USED = lazy_pattern(r"\$\{?([A-Za-z_]\w*+)", re.ASCII)
_WORD = lazy_pattern(r"[^a-z0-9]+")
# what a service needs to run, and not only to change another one
_RUNS = ("image", "build", "extends")
_WHOLE = ("ports", "environment", "env_file", "volumes", "command", "depends_on")
# folders above a file in which a project may name it
_MOST_ABOVE = 3
_MOST_FILES = 64


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


class Compose:
    """Knows compose files that are not alone, and the env files and further files that they name."""

    name = "compose"

    def find(self, document: Document, files: UnitFiles) -> str | None:
        """The folder of the project that the document belongs to."""
        assert document.origin is not None
        folder, name = os.path.split(os.path.realpath(document.origin))
        if _is_env(name):
            return _find_namer(folder, name, files)
        if not name.lower().endswith((".yml", ".yaml")) or b"services" not in document.data:
            return None
        if _COMPOSE.fullmatch(name) is None:
            return _find_namer(folder, name, files)
        above = _find_namer(folder, name, files, is_above=True)
        return above or (folder if _is_unit(document.data, folder, files) else None)

    def load(self, folder: str, files: UnitFiles) -> Unit | None:
        """The projects of a folder; None where its files are templates or no compose files."""
        project = ComposeProject(folder, files)
        return project if project.paths else None

    def companions(self, path: str, files: UnitFiles) -> Iterator[str]:
        """The compose files beside it, and what they name."""
        found = _find_changed(*os.path.split(path), files)
        if found is None:
            return
        project = ComposeProject(found, files)
        yield from [each for each in sorted(project.paths) if each != path][:MOST_COMPANIONS]


def _find_changed(folder: str, name: str, files: UnitFiles) -> str | None:
    """The folder of the project that a changed file belongs to."""
    if _COMPOSE.fullmatch(name) is not None:
        return _find_namer(folder, name, files, is_above=True) or folder
    if _is_env(name):
        return _find_namer(folder, name, files) or (folder if _list_compose(folder, files) else None)
    return _find_namer(folder, name, files) if name.lower().endswith((".yml", ".yaml")) else None


class _Project:
    """Which files of a folder make the base, and which the variants."""

    def __init__(self, folder: str, files: UnitFiles, reader: ComposeReader, maker: ModelMaker) -> None:
        names = _list_compose(folder, files)
        self._folder = folder
        base_name = next((name for name in _BASES if name in names), None)
        base = reader.load(os.path.join(folder, base_name)) if base_name is not None else None
        env_files = (os.path.join(folder, ".env"),) if ".env" in files.names(folder) else ()
        self.base = Deployment((base.real,), env_files) if base is not None else None
        named = self._name_variants(names, base_name, files, reader, maker)
        self.chosen: list[tuple[Variant, Deployment]] = []
        for name, (path, own_env) in sorted(named.items(), key=lambda each: (is_for_development(each[0]), each[0])):
            source = reader.load(path) if path is not None else None
            if path is not None and source is None:
                continue
            below = () if base is None or (source is not None and not _is_override(base, source)) else (base.real,)
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
        override = next((name for name in _OVERRIDES if name in names), None) if base_name is not None else None
        others = [name for name in names if name not in _BASES and (name not in _OVERRIDES or name == override)]
        found: dict[str, tuple[str | None, str | None]] = {}
        for name in others:
            found.setdefault(_variant_of(name), (os.path.join(self._folder, name), None))
        if base_name is None:
            return found
        texts = [_text_of(name, self._folder, reader) for name in (base_name, *others)]
        used = {each[1] for text in texts for each in _USED.finditer(text)}
        for name in files.names(self._folder):
            known = _ENV.fullmatch(name)
            variant = (known[1] or known[2]) if known is not None else ""
            path = os.path.join(self._folder, name)
            if not variant or not used or _EXAMPLES & set(_WORD.split(variant.lower())):
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


def _text_of(name: str, folder: str, reader: ComposeReader) -> str:
    source = reader.load(os.path.join(folder, name))
    return source.file.text if source is not None else ""


def _is_override(base: ComposeFile, source: ComposeFile) -> bool:
    """Whether a file is laid over the base. It is complete by itself where each service runs alone, and those that the base has
    too have all that they have there.
    """
    services, below = source.services(), base.services()
    if services is None or below is None:
        return True
    for entry in services.entries:
        own, other = entry.value, below.get(entry.key.text)
        if not isinstance(own, Mapping) or not any(own.get(member) is not None for member in _RUNS):
            return True
        if isinstance(other, Mapping) and any(other.get(member) is not None and own.get(member) is None for member in _WHOLE):
            return True
    return False


def _variant_of(name: str) -> str:
    """The variant that the name of a compose file tells."""
    found = _COMPOSE.fullmatch(name)
    return (found[2] or found[1] or name) if found is not None else name


def _is_env(name: str) -> bool:
    lower = name.lower()
    return lower == ".env" or lower.startswith(".env.") or lower.endswith(".env")


def _list_compose(folder: str, files: UnitFiles) -> list[str]:
    return [name for name in files.names(folder) if _COMPOSE.fullmatch(name) is not None][:_MOST_FILES]


def _is_unit(data: bytes, folder: str, files: UnitFiles) -> bool:
    """Whether a compose file may be more than its own text."""
    if any(sign in data for sign in (b"env_file", b"extends", b"include")):
        return True
    names = files.names(folder)
    return len(_list_compose(folder, files)) > 1 or (b"$" in data and any(map(_is_env, names)))


def _find_namer(folder: str, name: str, files: UnitFiles, *, is_above: bool = False) -> str | None:
    """The nearest folder, from the file's own upwards, with a compose file that names it."""
    path = os.path.join(folder, name)
    for number, above in enumerate(files.above(folder)):
        if number > _MOST_ABOVE:
            return None
        for each in _list_compose(above, files) if number or not is_above else ():
            found = files.read(os.path.join(above, each))
            if found is not None and name.encode() in found.data and path in _list_named(found):
                return above
    return None


def _list_named(file: UnitFile) -> Iterator[str]:
    """The real paths of the files that a compose file names as env files, as extended and as included."""
    parsed = read(file.data, "yaml")
    root = parsed.documents[0] if isinstance(parsed, Parsed) and parsed.documents else None
    if not isinstance(root, Mapping):
        return
    services = root.get("services")
    nodes = [root.get("include")]
    for entry in services.entries if isinstance(services, Mapping) else ():
        if isinstance(entry.value, Mapping):
            nodes += [entry.value.get("extends"), entry.value.get("env_file")]
    for each in list_nodes(*(node for node in nodes if node is not None)):
        if isinstance(each, Scalar):
            yield os.path.realpath(os.path.join(os.path.dirname(file.origin), each.text))
