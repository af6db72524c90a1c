"""The patches of a kustomization, read and laid over its resources."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.files.inside import Insides
from scanner.files.tree import Mapping, Node, Scalar, Unparsed
from scanner.record import changed, record
from scanner.units.files import UnitFiles
from scanner.units.kustomize.budget import Budget
from scanner.units.kustomize.json_patch import DoesNotFit, Operation, apply, read_operations
from scanner.units.kustomize.kustomization import Kustomization, text_of
from scanner.units.kustomize.placed import Map, Placed, SourceText, place_nodes
from scanner.units.kustomize.resource import Name, Resource, read_documents
from scanner.units.kustomize.selectors import Selector, Undecided
from scanner.units.kustomize.strategic import Merge
from scanner.units.made import OpenPart, Origin

_NOT_FITTING = "a patch of its kustomization does not fit the manifest here, and is not laid over it"
_NOT_FOLLOWED = "a patch of its kustomization selects manifests in a way that is not followed"


@record
class Patch:
    """A patch: a part of a manifest, or the operations of a JSON patch; the manifests that it is for (None: the one that it
    names); its place, and the real path of its file.
    """

    merged: Map | None
    operations: tuple[Operation, ...]
    target: Selector | None
    at: Origin
    origin: str
    options: Mapping | None = None


@record
class ReadPatches:
    """The patches of one list of a kustomization, the files that could not be read or are elsewhere, and open parts."""

    patches: tuple[Patch, ...]
    unread: tuple[str, ...]
    open_parts: tuple[OpenPart, ...]


class PatchReader:
    """Reads the patches of a kustomization."""

    def __init__(self, kustomization: Kustomization, files: UnitFiles) -> None:
        self._kustomization = kustomization
        self._files = files
        self._source = SourceText(kustomization.file.path, kustomization.text)
        self._insides = Insides(kustomization.parsed.text)

    def read(self, name: str) -> ReadPatches:
        """The patches of one list: `patches`, `patchesStrategicMerge` or `patchesJson6902`."""
        found: list[Patch] = []
        unread: list[str] = []
        open_parts: list[OpenPart] = []
        for item in self._kustomization.items(name):
            origin, documents = self._documents(item)
            at = self._source.place(item.line, item.column)
            try:
                patches = list(self._patches_of(item, documents, origin))
            except Undecided:
                open_parts.append(OpenPart(_NOT_FOLLOWED, at))
                patches = []
            found += patches
            if not patches or len(patches) != len(documents):
                unread.append(origin)
        return ReadPatches(tuple(found), tuple(unread), tuple(open_parts))

    def _documents(self, item: Node) -> tuple[str, tuple[Placed, ...]]:
        """The real path of the file in which a patch stands, and its documents."""
        own = self._kustomization.file.origin
        written = item.get("patch") if isinstance(item, Mapping) else None
        if isinstance(item, Scalar) and "\n" in item.text:
            written = item
        if isinstance(written, Scalar):
            is_json = written.text.lstrip()[:1] in ("[", "{") and "\t" in written.text
            read = self._insides.read(written, "json" if is_json else "yaml")
            trees = read.documents if not isinstance(read, Unparsed) else ()
            return own, tuple(place_nodes(each, self._source) for each in trees)
        name = item.text if isinstance(item, Scalar) else text_of(item, "path") if isinstance(item, Mapping) else ""
        file = self._files.read(self._kustomization.path(name)) if name else None
        if file is None:
            return own, ()
        return file.origin, tuple(each.node for each in read_documents(file).documents)

    def _patches_of(self, item: Node, documents: tuple[Placed, ...], origin: str) -> Iterator[Patch]:
        target = item.get("target") if isinstance(item, Mapping) else None
        selector = Selector(target) if isinstance(target, Mapping) else None
        options = item.get("options") if isinstance(item, Mapping) else None
        for each in documents:
            operations = read_operations(each)
            if operations is not None and selector is not None:
                yield Patch(None, operations, selector, operations[0].at.at(), origin)
            elif isinstance(each, Map):
                yield Patch(each, (), selector, each.at, origin, options if isinstance(options, Mapping) else None)


@record
class Laid:
    """Resources after a patch, and whether it was for any of them and fitted all that it was for."""

    resources: list[Resource]
    is_applied: bool
    open_parts: tuple[OpenPart, ...] = ()


def lay_patch(patch: Patch, resources: list[Resource], budget: Budget) -> Laid:
    """The resources after a patch."""
    chosen = _choose(patch, resources, budget)
    made: list[Resource] = []
    open_parts: list[OpenPart] = []
    for number, each in enumerate(resources):
        if number not in chosen:
            made.append(each)
            continue
        try:
            patched = _patch_one(patch, each, budget)
        except DoesNotFit:
            open_parts.append(OpenPart(_NOT_FITTING, patch.at))
            made.append(each)
            continue
        if patched is not None:
            made.append(patched)
    return Laid(made, bool(chosen) and not open_parts, tuple(open_parts))


def _choose(patch: Patch, resources: list[Resource], budget: Budget) -> frozenset[int]:
    """The positions of the resources that a patch is for."""
    if patch.target is not None:
        return frozenset(number for number, each in enumerate(resources) if patch.target.fits(each, budget))
    assert patch.merged is not None
    budget.take(len(resources))
    named = Resource(patch.merged)
    group, wanted = named.group_version()[0], named.name()
    same = [
        number
        for number, each in enumerate(resources)
        if each.kind == named.kind
        and each.group_version()[0] == group
        and any(wanted.name == name.name for name in each.names())
    ]
    exact = [number for number in same if any(_is_same_namespace(wanted, name) for name in resources[number].names())]
    return frozenset(exact or (same if len(same) == 1 else ()))


def _is_same_namespace(one: Name, other: Name) -> bool:
    return one.name == other.name and (one.namespace or "default") == (other.namespace or "default")


def _patch_one(patch: Patch, resource: Resource, budget: Budget) -> Resource | None:
    """The patched resource; None where the patch deletes it."""
    if patch.merged is None:
        node: Placed = resource.node
        for operation in patch.operations:
            node = apply(operation, node, budget)
        if not isinstance(node, Map):
            raise DoesNotFit
    else:
        merged = Merge(resource.group_version()[0], budget).merge(resource.node, patch.merged)
        if merged is None:
            return None
        node = _keep_names(resource, merged, patch)
    return changed(resource, node=node)


def _keep_names(resource: Resource, merged: Map, patch: Patch) -> Map:
    """What a patch with a target says of name and kind does not count, unless it may."""
    kept = merged
    options = patch.options
    kind = resource.node.get("kind")
    if kind is not None and not (options is not None and text_of(options, "allowKindChange") == "true"):
        key = next(each.key for each in resource.node.members if each.key.text == "kind")
        kept = kept.with_member(key, kind)
    meta, present = kept.get("metadata"), resource.metadata()
    name = present.get("name") if present is not None else None
    may_rename = options is not None and text_of(options, "allowNameChange") == "true"
    if not may_rename and isinstance(meta, Map) and present is not None and name is not None:
        for field in ("name", "namespace"):
            value = present.get(field)
            key_of = {each.key.text: each.key for each in (*meta.members, *present.members)}
            if value is not None:
                meta = meta.with_member(key_of[field], value)
        key = next(each.key for each in kept.members if each.key.text == "metadata")
        kept = kept.with_member(key, meta)
    return kept
