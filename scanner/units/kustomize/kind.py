"""The kind of unit that a kustomization is: its manifests, in each overlay that deploys them."""

from __future__ import annotations

import os
from collections.abc import Iterator

from scanner.record import record
from scanner.sources.document import Document
from scanner.sources.rendering import Rendering
from scanner.units.asked import Asked
from scanner.units.files import UnitFiles
from scanner.units.kustomize.around import Around
from scanner.units.kustomize.budget import TooMuch
from scanner.units.kustomize.build import Builder, Built, Known
from scanner.units.kustomize.emit import make_text
from scanner.units.kustomize.kustomization import Kustomization, is_remote
from scanner.units.kustomize.resource import Resource
from scanner.units.made import Made, MadeText, OpenPart, Origin, Variant
from scanner.units.unit import MOST_COMPANIONS, MOST_VARIANTS, Unit

_NAME = "manifests.yaml"
# beside the resources of a kustomization, those of the ones that load it may say what its resources take values from
_MOST_OTHERS = 200
# kinds that hold no trust and that no policy is attached to; definitions of resources are the longest manifests there are
_SILENT_KINDS = frozenset({"ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition", "Role", "RoleBinding"})
_PLUGIN = "a transformer of its kustomization is a plugin, which is not run and may change what is here"


@record(frozen=False)
class KustomizeUnit:
    """See Unit. `built_parts`: what could not be made, in any variant; `reasons`: why a whole build is not known."""

    name: str
    variants: tuple[Variant, ...]
    left_out_variants: int
    is_base_deployed: bool
    replaces: frozenset[str]
    texts: tuple[Made, ...]
    asked: tuple[Asked, ...]
    built_parts: tuple[OpenPart, ...]
    reasons: tuple[str, ...]

    def make(self, document: Document) -> tuple[Made, ...]:  # noqa: ARG002
        """The whole build of each variant: the same for each document."""
        return self.texts

    def renderings(self) -> tuple[Asked, ...]:
        """What kustomize is to build, for each of the texts."""
        return self.asked

    def open_parts(self, document: Document) -> tuple[OpenPart, ...]:
        """The patches that do not fit, and the reasons why a build is not known."""
        own = (each for each in self.built_parts if each.at.path == document.path)
        return (*own, *(OpenPart(each, Origin(document.path, 1, 1)) for each in self.reasons))


class Kustomizations:
    """Knows kustomizations."""

    name = "kustomize"

    def find(self, document: Document, files: UnitFiles) -> str | None:
        """The folder of the nearest kustomization that loads the document."""
        assert document.origin is not None
        owner = Around(files).owner(os.path.realpath(document.origin))
        return owner.folder if owner is not None else None

    def load(self, folder: str, files: UnitFiles) -> Unit | None:
        """The unit of the manifests that the kustomization of a folder loads."""
        around = Around(files)
        own = around.at(folder)
        return _Loading(own, around, files).load() if own is not None else None

    def companions(self, path: str, files: UnitFiles) -> Iterator[str]:
        """What is built with a file."""
        around = Around(files)
        own = around.owner(path)
        if own is None:
            return
        loaded = _Loading(own, around, files).loaded()
        yield from sorted(loaded)


class _Loading:
    def __init__(self, own: Kustomization, around: Around, files: UnitFiles) -> None:
        self._own = own
        self._around = around
        self._files = files
        known = files.kept.setdefault(("kustomize", "known", files.root), Known())
        assert isinstance(known, Known)
        self._found = around.tops(own)
        self._builder = Builder(around.at, self._takes, files, known)
        self._reasons: list[str] = []
        self._texts: dict[tuple[int, ...], MadeText] = {}

    def _is_at_hand(self, user: Kustomization, base: Kustomization) -> bool:
        """Whether a base may be taken: one whose own files find who takes it. Others are judged without that."""
        return not base.is_component() and self._around.is_near(user, base.folder)

    def _takes(self, user: Kustomization, base: Kustomization) -> bool:
        """Whether a build takes a base: above our own kustomization only what leads to it, or what values may come from."""
        if not self._is_at_hand(user, base):
            return False
        is_above = user.folder != self._own.folder and user.folder in self._found.folders
        return not is_above or base.folder in self._found.folders or bool(user.items("replacements") or user.items("vars"))

    def load(self) -> Unit | None:
        """The unit; None where it is a component that nobody uses."""
        found, tops = self._found, self._found.tops
        is_top = tops == (self._own,)
        has_layers = not is_top or any(self._is_at_hand(self._own, each) for each in self._around.bases(self._own))
        if not tops and self._own.is_component():
            return None  # a part of nothing
        read = tops[:MOST_VARIANTS]
        builds = {each.folder: self._build(each) for each in (*read, self._own) if not each.is_component()}
        own = builds.get(self._own.folder)
        variants = self._variants(read) if has_layers else {}
        wanted = [(each, variants.get(each.folder)) for each in read]
        if has_layers and not is_top and own is not None:
            wanted.append((self._own, None))
        texts = [self._text(builds[each.folder], variant, found.folders) for each, variant in wanted]
        known = [each for each in builds.values() if each is not None]
        return KustomizeUnit(
            name=self._files.report_path(os.path.commonpath([self._own.folder, *(each.folder for each in read)])),
            variants=tuple(variants.values()),
            left_out_variants=len(tops) - len(read),
            is_base_deployed=not has_layers,
            replaces=self._replaces(known),
            texts=tuple(each for each in texts if each is not None),
            asked=tuple(Asked(self._rendering(each, builds[each.folder]), variant) for each, variant in wanted),
            built_parts=tuple(dict.fromkeys(part for each in known for part in each.open_parts)),
            reasons=tuple(dict.fromkeys([*self._reasons, *(_PLUGIN for each in known if each.plugins)])),
        )

    def loaded(self) -> frozenset[str]:
        """The real paths of the files of all builds; of the kustomization's own where those are many."""
        tops = self._found.tops[:MOST_VARIANTS]
        builds = [built for each in tops if (built := self._build(each)) is not None]
        found = frozenset(path for each in builds for path in each.loaded)
        if len(found) <= MOST_COMPANIONS or self._own.is_component():
            return found
        own = self._build(self._own)
        return own.loaded if own is not None else found

    def _build(self, kustomization: Kustomization) -> Built | None:
        try:
            return self._builder.build(kustomization)
        except TooMuch as reason:
            self._reasons.append(str(reason))
            return None

    def _text(self, built: Built | None, variant: Variant | None, loading: frozenset[str]) -> Made | None:
        """What a build has of the kustomization, and of those that load it, by their folders; other bases are other units."""
        if built is None:
            return None
        chosen = self._choose(built, loading)
        key = tuple(id(each.node) for each in chosen)
        try:
            if key not in self._texts:
                self._texts[key] = make_text(chosen)
            return Made(self._texts[key], "yaml", _NAME, variant)
        except TooMuch as reason:
            self._reasons.append(str(reason))
            return None

    def _choose(self, built: Built, loading: frozenset[str]) -> list[Resource]:
        files = self._around.named(self._own)
        mine: list[Resource] = []
        others: list[Resource] = []
        for each in built.resources:
            if each.kind in _SILENT_KINDS:
                continue
            if self._own.folder in each.via or each.file in files:
                mine.append(each)
            elif all(folder in loading or self._is_component(folder) for folder in each.via):
                others.append(each)
        return [*mine, *others[:_MOST_OTHERS]]

    def _is_component(self, folder: str) -> bool:
        found = self._around.at(folder)
        return found is not None and found.is_component()

    def _rendering(self, top: Kustomization, built: Built | None) -> Rendering:
        """What kustomize is to build, and the files that it may read."""
        loaded = built.loaded if built is not None else frozenset([top.file.origin])
        used = [each for each in self._around.all_of(loaded) if each is not None]
        named = frozenset(path for each in used for path in self._around.named(each) if os.path.isfile(path))
        names_remote = any(is_remote(name) for each in used for name in each.named_files())
        return Rendering("kustomize", top.folder, (), tuple(sorted(loaded | named)), names_remote)

    def _replaces(self, builds: list[Built]) -> frozenset[str]:
        """The report paths of files of which all is in the builds."""
        not_all = frozenset(path for each in builds for path in each.not_all)
        paths = {path for each in builds for path in each.loaded} - not_all
        return frozenset(self._files.report_path(each) for each in paths) if not self._reasons else frozenset()

    def _variants(self, tops: tuple[Kustomization, ...]) -> dict[str, Variant]:
        """The variant of each top, by its folder."""
        names = name_folders([self._files.report_path(each.folder) for each in tops])
        return {each.folder: Variant(name, self._own_paths(each)) for each, name in zip(tops, names, strict=True)}

    def _own_paths(self, top: Kustomization) -> tuple[str, ...]:
        """The report paths of what a top loads and its bases do not."""
        built = self._build(top)
        below = (self._build(each) for each in self._around.bases(top) if self._takes(top, each))
        shared = {path for each in below if each is not None for path in each.loaded}
        own = built.loaded - shared if built is not None else frozenset[str]()
        return tuple(sorted(self._files.report_path(each) for each in own))


def name_folders(paths: list[str]) -> list[str]:
    """The shortest endings of paths that tell them apart: `prod`, `eu/prod`."""
    parts = [[part for part in path.split("/") if part not in ("", ".")] or ["top"] for path in paths]
    names = ["/".join(each[-1:]) for each in parts]
    for length in range(2, 12):
        again = {name for name in names if names.count(name) > 1}
        if not again:
            break
        names = ["/".join(each[-length:]) if name in again else name for each, name in zip(parts, names, strict=True)]
    return names
