"""Builds kustomizations as kustomize does, as far as that decides what manifests say of trusted keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from scanner.files.read import read_text
from scanner.files.tree import Mapping, Node, Sequence, Unparsed
from scanner.record import changed, record
from scanner.units.files import UnitFile, UnitFiles
from scanner.units.kustomize.budget import DEEPEST_BUILD, MOST_RESOURCES, Budget, TooMuch
from scanner.units.kustomize.generators import generate, lay
from scanner.units.kustomize.kustomization import Kustomization, is_remote, text_of
from scanner.units.kustomize.patches import PatchReader, ReadPatches, lay_patch
from scanner.units.kustomize.placed import Leaf, Map, SourceText
from scanner.units.kustomize.replacements import NotFollowed, fill_variables, read_variables, replace
from scanner.units.kustomize.resource import Resource, read_documents, read_resources
from scanner.units.kustomize.transforms import set_images, transform
from scanner.units.made import OpenPart, Origin

_CYCLE = "the kustomizations include each other in a circle"
_DEEP = "the kustomizations nest too deep"
_PLUGIN = "a transformer of its kustomization is a plugin, which is not run and may change what is here"
# transformers that kustomize has itself and that set nothing which decides whom a manifest trusts
_HARMLESS = frozenset({
    "ImageTagTransformer", "ReplicaCountTransformer", "LabelTransformer", "AnnotationsTransformer", "PrefixTransformer",
    "SuffixTransformer", "PrefixSuffixTransformer", "NamespaceTransformer", "HashTransformer",
})  # fmt: skip

# characters of the files whose manifests are kept
_MOST_KEPT = 4 * 1024 * 1024

Takes = Callable[[Kustomization, Kustomization], bool]


class Known:
    """The manifests of files that several builds load."""

    def __init__(self) -> None:
        self._read: dict[str, tuple[tuple[Resource, ...], bool]] = {}
        self._size = 0

    def read(self, file: UnitFile) -> tuple[tuple[Resource, ...], bool]:
        """The manifests of a file, and whether all of it could be read."""
        if file.origin not in self._read:
            self._size += len(file.data)
            if self._size > _MOST_KEPT:
                self._read.clear()
                self._size = len(file.data)
            self._read[file.origin] = read_resources(file)
        return self._read[file.origin]


@record
class Built:
    """What a kustomization makes. Real paths: `loaded`, the files of which something is in it, its own and those below;
    `not_all`, those of which not all is in it. `has_plugins`: something that is not run may change it.
    """

    resources: tuple[Resource, ...]
    loaded: frozenset[str]
    not_all: frozenset[str]
    open_parts: tuple[OpenPart, ...]
    plugins: tuple[Origin, ...] = ()


class Builder:
    """Builds kustomizations, each once. `read` gives the kustomization of a folder, and `takes` says whether the second is a
    base that the first is to take.
    """

    def __init__(self, read: Callable[[str], Kustomization | None], takes: Takes, files: UnitFiles, known: Known) -> None:
        self.read = read
        self.takes = takes
        self._files = files
        self._budget = Budget()
        self._known = known
        self._done: dict[str, Built] = {}
        self._open: list[str] = []

    def build(self, kustomization: Kustomization) -> Built:
        """What a kustomization makes by itself."""
        known = self._done.get(kustomization.folder)
        if known is None:
            known = self._done[kustomization.folder] = self._build(kustomization, ())
        return known

    def read_resources(self, file: UnitFile) -> tuple[tuple[Resource, ...], bool]:
        """The manifests of a file, and whether all of it could be read; once for builds that follow each other."""
        return self._known.read(file)

    def _build(self, kustomization: Kustomization, given: tuple[Resource, ...]) -> Built:
        """The resources of a kustomization; of a component: after those that were there before it."""
        if kustomization.folder in self._open:
            raise TooMuch(_CYCLE)
        if len(self._open) >= DEEPEST_BUILD:
            raise TooMuch(_DEEP)
        self._open.append(kustomization.folder)
        try:
            return _OneBuild(self, kustomization, given, self._files, self._budget).run()
        finally:
            self._open.pop()

    def add_component(self, kustomization: Kustomization, given: tuple[Resource, ...]) -> Built:
        """The resources with what a component adds and changes."""
        return self._build(kustomization, given)


class _OneBuild:
    def __init__(
        self, builder: Builder, kustomization: Kustomization, given: tuple[Resource, ...], files: UnitFiles, budget: Budget
    ) -> None:
        self._builder = builder
        self._kustomization = kustomization
        self._files = files
        self._budget = budget
        self._resources = list(given)
        self._loaded = {kustomization.file.origin}
        self._not_all: set[str] = set()
        self._open_parts: list[OpenPart] = []
        self._plugins: list[Origin] = []
        self._source = SourceText(kustomization.file.path, kustomization.text)

    def run(self) -> Built:
        """All steps, in the order of kustomize."""
        kustomization = self._kustomization
        for each in kustomization.scalars("resources", "bases"):
            self._load(each.text.strip())
        self._generate()
        for each in kustomization.scalars("components"):
            self._add_component(each.text.strip())
        patches = PatchReader(kustomization, self._files)
        self._lay(patches.read("patchesStrategicMerge"))
        self._lay(patches.read("patches"))
        self._resources = transform(kustomization, self._resources)
        self._lay(patches.read("patchesJson6902"))
        self._resources = set_images(kustomization, self._resources)
        for item in kustomization.items("replacements"):
            self._replace(item)
        self._look_at_plugins()
        self._fill_variables()
        folder = kustomization.folder
        made = tuple(changed(each, via=each.via | {folder}) for each in self._resources)
        return Built(
            made,
            frozenset(self._loaded),
            frozenset(self._not_all),
            tuple(self._open_parts),
            tuple(dict.fromkeys(self._plugins)),
        )

    def _load(self, name: str) -> None:
        """A file of manifests, or the kustomization of a folder."""
        if is_remote(name):
            return  # patches for what is there are read alone
        path = self._kustomization.path(name)
        base = self._builder.read(path) if "." not in name.rpartition("/")[2].strip(".") else None
        file = self._files.read(path) if base is None else None
        if file is not None:
            found, is_whole = self._builder.read_resources(file)
            self._resources += found
            self._loaded.add(file.origin)
            if not is_whole:
                self._not_all.add(file.origin)
        elif (base := base or self._builder.read(path)) is not None and self._builder.takes(self._kustomization, base):
            built = self._builder.build(base)
            self._resources += built.resources
            self._take(built)
        self._check_size()

    def _check_size(self) -> None:
        self._budget.take(len(self._resources) // 10)
        if len(self._resources) > MOST_RESOURCES:
            raise TooMuch("it has too many resources")

    def _take(self, built: Built) -> None:
        self._loaded |= built.loaded
        self._not_all |= built.not_all
        self._open_parts += built.open_parts
        self._plugins += built.plugins

    def _add_component(self, name: str) -> None:
        component = None if is_remote(name) else self._builder.read(self._kustomization.path(name))
        if component is None:
            return
        built = self._builder.add_component(component, tuple(self._resources))
        self._resources = list(built.resources)
        self._take(built)

    def _generate(self) -> None:
        for made in generate(self._kustomization, self._files):
            resource = made.resource
            self._loaded.update(made.loaded)
            if not made.is_whole:
                self._not_all.add(self._kustomization.file.origin)
            at = None if made.behavior == "create" else self._find_generated(resource)
            if at is None:
                self._resources.append(resource)
            else:
                self._resources[at] = lay(self._resources[at], resource, made.behavior)
        self._check_size()

    def _find_generated(self, resource: Resource) -> int | None:
        """The position of the resource that a generator changes."""
        wanted = resource.name().name
        self._budget.take(len(self._resources))
        for number, each in enumerate(self._resources):
            if each.kind == resource.kind and any(name.name == wanted for name in each.names()):
                return number
        return None

    def _lay(self, read: ReadPatches) -> None:
        self._not_all.update(read.unread)
        self._open_parts += read.open_parts
        for patch in read.patches:
            laid = lay_patch(patch, self._resources, self._budget)
            self._resources = laid.resources
            self._loaded.add(patch.origin)
            self._open_parts += laid.open_parts
            if not laid.is_applied:
                self._not_all.add(patch.origin)

    def _replace(self, item: Node) -> None:
        path = text_of(item, "path") if isinstance(item, Mapping) else ""
        for each in self._read_replacements(path) if path else (item,):
            try:
                self._resources = replace(self._resources, each, self._budget)
            except NotFollowed:
                self._not_all.add(self._kustomization.file.origin)

    def _read_replacements(self, path: str) -> Iterable[Node]:
        file = self._files.read(self._kustomization.path(path))
        if file is None:
            return
        read = read_text(file.data.decode("utf-8", "replace"), "yaml")
        for top in () if isinstance(read, Unparsed) else read.documents:
            yield from top.items if isinstance(top, Sequence) else (top,)

    def _look_at_plugins(self) -> None:
        """Transformers that kustomize has itself are known; any other may change everything. Generators only add."""
        if self._kustomization.items("generators"):
            self._not_all.add(self._kustomization.file.origin)
        for item in self._kustomization.scalars("transformers"):
            name = item.text.strip()
            kinds = self._kinds_in(name) if "\n" not in name else None
            if kinds is None or not all(kind in _HARMLESS for kind in kinds):
                self._plugins.append(self._source.place(item.line, item.column))
                self._not_all.add(self._kustomization.file.origin)

    def _kinds_in(self, name: str) -> tuple[str, ...] | None:
        file = None if is_remote(name) else self._files.read(self._kustomization.path(name))
        if file is None:
            return None
        return tuple(each.node.text("kind") for each in read_documents(file).documents if isinstance(each.node, Map))

    def _fill_variables(self) -> None:
        items = self._kustomization.items("vars")
        if not items:
            return
        try:
            found = tuple(read_variables(self._resources, items, self._budget))
        except NotFollowed:
            found = ()
        known: dict[str, Leaf] = {each.name: each.value for each in found if each.value is not None}
        if len(known) < len(items):
            self._not_all.add(self._kustomization.file.origin)
        if known:
            self._resources = [fill_variables(each, known, self._budget) for each in self._resources]
