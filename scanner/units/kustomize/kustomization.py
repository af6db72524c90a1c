"""A kustomization file: its lists, and the files and folders that it names."""

from __future__ import annotations

import os
from collections.abc import Iterator

from scanner.files.read import read_text
from scanner.files.tree import Mapping, Node, Parsed, Scalar, Sequence
from scanner.record import field, record
from scanner.units.files import UnitFile, UnitFiles

NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_REMOTE = ("://", "git@", "github.com/", "git::", "?ref=")
_GENERATORS = ("configMapGenerator", "secretGenerator")


@record
class Kustomization:
    """The kustomization of a folder (a real path), and its file. `paths` keeps the real paths of what it names."""

    folder: str
    file: UnitFile
    parsed: Parsed
    top: Mapping
    text: str
    paths: dict[str, str] = field(default_factory=dict)

    def is_component(self) -> bool:
        """Whether it is a part for other kustomizations only."""
        return text_of(self.top, "kind") == "Component"

    def items(self, name: str) -> tuple[Node, ...]:
        """The items of one of its lists."""
        found = self.top.get(name)
        return found.items if isinstance(found, Sequence) else ()

    def scalars(self, *names: str) -> Iterator[Scalar]:
        """The items of its lists that are scalars."""
        for name in names:
            yield from (each for each in self.items(name) if isinstance(each, Scalar) and each.text.strip())

    def generators(self) -> Iterator[tuple[str, Mapping]]:
        """Its generators, each with the name of the list."""
        for name in _GENERATORS:
            yield from ((name, each) for each in self.items(name) if isinstance(each, Mapping))

    def loaded(self) -> Iterator[Scalar]:
        """The names of manifests and of folders of kustomizations that it loads."""
        yield from self.scalars("resources", "bases", "components")

    def named_files(self) -> Iterator[str]:
        """The files that it names, as it writes them, and folders among them."""
        yield from (each.text for each in self.loaded())
        lists = "patchesStrategicMerge", "generators", "transformers", "patches", "crds", "configurations", "validators"
        yield from (each.text for each in self.scalars(*lists) if "\n" not in each.text)
        for name in ("patches", "patchesJson6902", "replacements"):
            for each in self.items(name):
                if isinstance(each, Mapping) and (path := text_of(each, "path")):
                    yield path
        openapi = self.top.get("openapi")
        if isinstance(openapi, Mapping) and (path := text_of(openapi, "path")):
            yield path
        for _, each in self.generators():
            yield from (path for _, path in generated_files(each))

    def path(self, name: str) -> str:
        """The real path of what it names."""
        if name not in self.paths:
            self.paths[name] = os.path.realpath(os.path.join(self.folder, *name.split("/")))
        return self.paths[name]


def text_of(node: Mapping, name: str) -> str:
    """The text of a member that is a scalar; empty where there is none."""
    found = node.get(name)
    return found.text if isinstance(found, Scalar) else ""


def generated_files(generator: Mapping) -> Iterator[tuple[str, str]]:
    """The files of a generator: the key of each (empty for files of variables), and its name."""
    for item in _texts(generator.get("files")):
        key, mark, name = item.partition("=")
        yield (key, name) if mark else (item.rpartition("/")[2], item)
    for item in (*_texts(generator.get("envs")), *_texts(generator.get("env"))):
        yield "", item


def _texts(node: Node | None) -> Iterator[str]:
    for each in node.items if isinstance(node, Sequence) else (node,):
        if isinstance(each, Scalar) and each.text.strip():
            yield each.text.strip()


def is_remote(name: str) -> bool:
    """Whether a name is that of something elsewhere."""
    return any(mark in name for mark in _REMOTE)


def read_kustomization(folder: str, files: UnitFiles) -> Kustomization | None:
    """The kustomization of a folder; None where there is none, or none that can be read."""
    for name in NAMES:
        file = files.read(os.path.join(folder, name))
        if file is not None:
            return _parse(folder, file)
    return None


def _parse(folder: str, file: UnitFile) -> Kustomization | None:
    text = file.data.decode("utf-8", "replace")
    parsed = read_text(text, "yaml")
    top = parsed.documents[0] if isinstance(parsed, Parsed) and parsed.documents else None
    if not isinstance(parsed, Parsed) or not isinstance(top, Mapping) or parsed.is_masked:
        return None
    # Flux has a kind of the same name, which names a folder
    version = text_of(top, "apiVersion")
    is_other = bool(version) and not version.startswith("kustomize.config.k8s.io/")
    return None if is_other else Kustomization(os.path.realpath(folder), file, parsed, top, text)
