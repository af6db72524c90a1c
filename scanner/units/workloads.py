"""Workloads of Kubernetes with the environment that they take from the ConfigMaps and Secrets beside them.

A pure function over parsed manifests, for the units that know which manifests are applied together (a folder, an overlay).
kubernetes/kubernetes pkg/kubelet/kubelet_pods.go makeEnvironmentVariables: `envFrom` in order, a later source over an earlier
one, `env` over all of them; `$(NAME)` in `env`, `command` and `args` is a variable of the container, and stays as it is
written where there is none.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from collections.abc import Sequence as SequenceType

from scanner.files.tree import Mapping, Node, Scalar, Sequence
from scanner.patterns import lazy_pattern
from scanner.record import changed, record
from scanner.units.layers import LayerFile, LayerSetting, flatten, lay, list_pieces
from scanner.units.made import OpenPart, Origin, Piece

_STORES = ("ConfigMap", "Secret")
_CONTAINERS = ("initContainers", "containers")
# a pod of a CronJob in a List is not deeper
_DEEPEST = 12
_REFERENCE = lazy_pattern(r"\$\$|\$\(([A-Za-z_][\w.-]{0,200})\)")
_VARIABLE = lazy_pattern(r"[A-Za-z_][\w-]*")
# values that name each other grow: of one value, and of all together
_LONGEST = 64 * 1024
_MOST_CHARACTERS = 4 * 1024 * 1024

Parts = tuple[str, ...]


@record(slots=True)
class Manifest:
    """One document: its tree, and the file that it is in."""

    node: Node
    file: LayerFile


@record
class ResolvedManifests:
    """`pieces`: the text of each document that changes, by its number in the list: one document of YAML without `---`, which
    takes the place of the document. `open_parts`: the references to ConfigMaps that are in none of the documents.
    """

    pieces: dict[int, tuple[Piece, ...]]
    open_parts: tuple[OpenPart, ...]


def resolve_workloads(manifests: SequenceType[Manifest]) -> ResolvedManifests:
    """The documents that change when workloads get what they take from ConfigMaps and Secrets among them.

    A workload (whatever has `containers`, in any kind, also in a List) has each variable of `envFrom` and `valueFrom` as one of
    its own `env`, and `$(NAME)` filled in. A variable has its place in the ConfigMap if it has its name there, else in the
    workload, and the ConfigMap is a further origin. A ConfigMap or Secret has a mounted file under the name that it is mounted
    as, besides its own; and it loses the variables that workloads take by name: they are read there, with the others.
    """
    stores = _Stores(manifests)
    resolver = _Resolver(stores)
    pieces: dict[int, tuple[Piece, ...]] = {}
    for number, manifest in enumerate(manifests):
        edits = [edit for pod in _find_pods(manifest.node) for edit in resolver.edit_pod(pod, manifest)]
        if edits:
            pieces[number] = _rewrite(manifest, edits)
    for number, edits in stores.list_edits():
        pieces[number] = _rewrite(manifests[number], edits)
    return ResolvedManifests(pieces, tuple(resolver.open_parts))


@record(slots=True)
class _Edit:
    """The settings that take the place of what a document has below a name."""

    parts: Parts
    settings: tuple[LayerSetting, ...]


@record(slots=True)
class _Pod:
    """The specification of a pod: where it is in its document, and its namespace."""

    parts: Parts
    node: Mapping
    namespace: str


@record(slots=True)
class _Value:
    """The value of a variable, or of an entry of a ConfigMap: its text and where it is written."""

    text: str
    key: Scalar
    node: Scalar
    file: LayerFile
    is_decoded: bool = False

    def place(self) -> Origin:
        return Origin(self.file.path, self.node.line, self.node.column)

    def write(self) -> LayerSetting:
        """The variable with its place where it is written."""
        return LayerSetting((), self.key, self.node, self.file, self.text if self.is_decoded else None)


class _Store:
    """A ConfigMap or Secret: its entries, those that workloads take as variables, and the names that others are mounted as."""

    def __init__(self, number: int, parts: Parts, entries: dict[str, tuple[str, _Value]]) -> None:
        self.number = number
        self.parts = parts
        self.entries = entries
        self.variables: set[str] = set()
        self.mounted: dict[str, str] = {}

    def take(self, key: str) -> _Value | None:
        """An entry that a workload takes as a variable of the same name."""
        if _VARIABLE.fullmatch(key) is None or key not in self.entries:
            return None
        self.variables.add(key)
        return self.entries[key][1]

    def list_edits(self) -> Iterator[_Edit]:
        for key in sorted(self.variables):
            yield _Edit((*self.parts, self.entries[key][0], key), ())
        for name, key in sorted(self.mounted.items()):
            member, value = self.entries[key]
            parts = *self.parts, member, name
            yield _Edit(parts, (LayerSetting(parts, value.key, value.node, value.file),))


class _Stores:
    """The ConfigMaps and Secrets of the documents, by kind and name. One without a namespace is in that of whoever asks."""

    def __init__(self, manifests: SequenceType[Manifest]) -> None:
        self._known: dict[tuple[str, str], dict[str, _Store]] = {}
        for number, manifest in enumerate(manifests):
            for parts, node in _list_objects(manifest.node):
                kind, name = _text(node, "kind"), _text(node, "metadata", "name")
                if kind in _STORES and name:
                    store = _Store(number, parts, dict(_read_entries(node, manifest.file)))
                    self._known.setdefault((kind, name), {})[_text(node, "metadata", "namespace")] = store

    def find(self, kind: str, name: str, namespace: str) -> _Store | None:
        known = self._known.get((kind, name), {})
        if namespace and (found := known.get(namespace) or known.get("")):
            return found
        return next(iter(known.values()), None) if not namespace and len(known) == 1 else known.get("")

    def list_edits(self) -> Iterator[tuple[int, list[_Edit]]]:
        edits: dict[int, list[_Edit]] = {}
        for stores in self._known.values():
            for store in stores.values():
                edits.setdefault(store.number, []).extend(store.list_edits())
        yield from ((number, found) for number, found in edits.items() if found)


class _Resolver:
    """Resolves the containers of pods."""

    def __init__(self, stores: _Stores) -> None:
        self._stores = stores
        self._left = _MOST_CHARACTERS
        self.open_parts: list[OpenPart] = []

    def edit_pod(self, pod: _Pod, manifest: Manifest) -> Iterator[_Edit]:
        """What of a pod changes."""
        volumes = dict(self._list_volumes(pod))
        for member in _CONTAINERS:
            for number, container in enumerate(_items(pod.node.get(member))):
                if isinstance(container, Mapping):
                    parts = *pod.parts, member, f"[{number}]"
                    yield from self._edit_container(container, parts, pod, manifest)
                    _note_mounts(container, volumes)

    def _edit_container(self, container: Mapping, parts: Parts, pod: _Pod, manifest: Manifest) -> Iterator[_Edit]:
        known: dict[str, _Value] = {}
        made: dict[str, LayerSetting | Mapping] = {}
        for source in _items(container.get("envFrom")):
            for name, value, written in self._take_source(source, pod, manifest):
                known[name], made[name] = value, written
        has_more = bool(made)
        for item in _items(container.get("env")):
            name = _text(item, "name")
            if not name or not isinstance(item, Mapping):
                continue
            made.pop(name, None)
            made[name] = item
            known.pop(name, None)
            found = self._read_variable(item, name, known, pod, manifest)
            if found is not None:
                known[name], made[name] = found
                has_more = True
            elif isinstance(literal := item.get("value"), Scalar):
                known[name] = _Value(literal.text, literal, literal, manifest.file)
        if has_more:
            yield _Edit((*parts, "envFrom"), ())
            yield _Edit((*parts, "env"), tuple(_write_environment((*parts, "env"), made, manifest.file)))
        for member in ("command", "args"):
            yield from self._edit_words(container.get(member), (*parts, member), known, manifest.file)

    def _take_source(self, source: Node, pod: _Pod, manifest: Manifest) -> Iterator[tuple[str, _Value, LayerSetting]]:
        """The variables of an `envFrom`."""
        for kind, member in zip(_STORES, ("configMapRef", "secretRef"), strict=True):
            reference = _at(source, member)
            store = self._find_store(kind, reference, pod, manifest)
            if store is None or reference is None:
                continue
            prefix = _text(source, "prefix")
            for key in store.entries:
                if _VARIABLE.fullmatch(key) is None:
                    continue
                if prefix:  # the ConfigMap has another name
                    value = store.entries[key][1]
                    yield f"{prefix}{key}", value, _refer(value, reference, manifest.file)
                elif (taken := store.take(key)) is not None:
                    yield key, taken, taken.write()

    def _read_variable(
        self, item: Mapping, name: str, known: dict[str, _Value], pod: _Pod, manifest: Manifest
    ) -> tuple[_Value, LayerSetting] | None:
        """The value of a variable that is written elsewhere, or with others in it; None for any other."""
        literal, source = item.get("value"), item.get("valueFrom")
        if isinstance(literal, Scalar):
            filled, origins = self._fill(literal.text, known)
            if not origins:
                return None
            written = LayerSetting((), literal, literal, manifest.file, filled, origins)
            return _Value(filled, literal, literal, manifest.file), written
        for kind, member in zip(_STORES, ("configMapKeyRef", "secretKeyRef"), strict=True):
            reference = _at(source, member)
            store, key = self._find_store(kind, reference, pod, manifest), _text(reference, "key")
            if store is None or reference is None or key not in store.entries:
                continue
            value = store.entries[key][1]
            if key == name and (taken := store.take(key)) is not None:
                return taken, taken.write()
            return value, _refer(value, reference, manifest.file)
        return None

    def _edit_words(self, words: Node | None, at: Parts, known: dict[str, _Value], file: LayerFile) -> Iterator[_Edit]:
        """The words of a command in which variables are filled in."""
        for number, word in enumerate(_items(words)):
            if isinstance(word, Scalar):
                filled, origins = self._fill(word.text, known)
                if origins:
                    parts = *at, f"[{number}]"
                    yield _Edit(parts, (LayerSetting(parts, word, word, file, filled, origins),))

    def _fill(self, text: str, known: dict[str, _Value]) -> tuple[str, tuple[Origin, ...]]:
        """A text with the known variables filled in, and where they come from; no origins where there is none."""
        if "$(" not in text or self._left <= 0:
            return text, ()
        values = [(found, known.get(found[1] or "")) for found in _REFERENCE.finditer(text)]
        length = len(text) + sum(len(value.text) for _, value in values if value is not None)
        if length > _LONGEST:
            return text, ()
        self._left -= length
        made: list[str] = []
        end = 0
        for found, value in values:
            made += [text[end : found.start()], found[0] if value is None else value.text]
            end = found.end()
        origins = (value.place() for _, value in values if value is not None)
        return "".join([*made, text[end:]]), tuple(dict.fromkeys(origins))

    def _find_store(self, kind: str, reference: Node | None, pod: _Pod, manifest: Manifest) -> _Store | None:
        """The ConfigMap or Secret that is referred to. Where a ConfigMap is missing, that is an open part: nobody keeps one
        out of a repository because it is secret.
        """
        name = _text(reference, "name")
        if not name or reference is None:
            return None
        store = self._stores.find(kind, name, pod.namespace)
        if store is None and kind == "ConfigMap" and _text(reference, "optional") != "true":
            because = "a part of its environment is in a ConfigMap that is not beside it"
            self.open_parts.append(OpenPart(because, Origin(manifest.file.path, reference.line, reference.column)))
        return store

    def _list_volumes(self, pod: _Pod) -> Iterator[tuple[str, list[tuple[_Store, dict[str, str]]]]]:
        """The volumes of a pod that are ConfigMaps or Secrets, each with the paths of its entries."""
        for volume in _items(pod.node.get("volumes")):
            sources = [volume, *_items(_at(volume, "projected", "sources"))]
            found = [each for source in sources for each in self._read_volume(source, pod)]
            if found and _text(volume, "name"):
                yield _text(volume, "name"), found

    def _read_volume(self, source: Node, pod: _Pod) -> Iterator[tuple[_Store, dict[str, str]]]:
        for kind, member in zip(_STORES, ("configMap", "secret"), strict=True):
            volume = _at(source, member)
            store = self._stores.find(kind, _text(volume, "name") or _text(volume, "secretName"), pod.namespace)
            if store is None:
                continue
            chosen = {_text(item, "path"): _text(item, "key") for item in _items(_at(volume, "items"))}
            paths = {path: key for path, key in chosen.items() if path and key in store.entries}
            yield store, paths if chosen else {key: key for key in store.entries}


def _note_mounts(container: Mapping, volumes: dict[str, list[tuple[_Store, dict[str, str]]]]) -> None:
    """Note under which names the entries of ConfigMaps are mounted."""
    for mount in _items(container.get("volumeMounts")):
        only, path = _text(mount, "subPath"), _text(mount, "mountPath")
        for store, paths in volumes.get(_text(mount, "name"), ()):
            for name, key in paths.items():
                if only and name != only:
                    continue
                mounted = (path if only else name).rpartition("/")[2]
                if mounted and mounted not in store.entries:
                    store.mounted.setdefault(mounted, key)


def _refer(value: _Value, reference: Node, file: LayerFile) -> LayerSetting:
    """A variable that has the value of an entry of another name: its place is the reference."""
    at = changed(value.node, line=reference.line, column=reference.column, end_line=reference.end_line)
    return LayerSetting((), at, at, file, value.text, (value.place(),))


def _write_environment(at: Parts, made: dict[str, LayerSetting | Mapping], file: LayerFile) -> Iterator[LayerSetting]:
    """The variables as the items of a list. A mapping is an item as the workload has it."""
    for number, (name, setting) in enumerate(made.items()):
        item = *at, f"[{number}]"
        if isinstance(setting, Mapping):
            yield from (changed(each, parts=(*item, *each.parts)) for each in flatten(setting, file, _take_name))
            continue
        key = setting.key
        said = Scalar(name, name, key.line, key.column, key.end_line, is_quoted=True)
        yield LayerSetting((*item, "name"), said, said, setting.file)
        yield changed(setting, parts=(*item, "value"), key=said)


def _take_name(name: str) -> tuple[str, ...]:
    """A name as one part, whatever is in it."""
    return (name,)


def _rewrite(manifest: Manifest, edits: Iterable[_Edit]) -> tuple[Piece, ...]:
    """The document with what changes in it."""
    replaced = {edit.parts for edit in edits}
    kept = [
        setting
        for setting in flatten(manifest.node, manifest.file, _take_name)
        if not any(setting.parts[:number] in replaced for number in range(1, len(setting.parts) + 1))
    ]
    added = [setting for edit in edits for setting in edit.settings]
    return (*list_pieces(lay([[*kept, *added]])), Piece("\n"))


def _find_pods(node: Node) -> Iterator[_Pod]:
    """Every specification with containers in a document."""
    for at, root in _list_objects(node):
        namespace = _text(root, "metadata", "namespace")
        waiting: list[tuple[Parts, Node]] = [(at, root)]
        while waiting:
            parts, current = waiting.pop()
            if not isinstance(current, Mapping) or len(parts) > _DEEPEST:
                continue
            if any(isinstance(current.get(member), Sequence) for member in _CONTAINERS):
                yield _Pod(parts, current, namespace)
                continue
            waiting += [((*parts, entry.key.text), entry.value) for entry in current.entries]


def _list_objects(node: Node) -> Iterator[tuple[Parts, Mapping]]:
    """The objects of a document: itself, or the items of a List."""
    if isinstance(node, Mapping):
        items = node.get("items")
        if not isinstance(items, Sequence) or not _text(node, "kind").endswith("List"):
            yield (), node
            return
        for number, item in enumerate(items.items):
            if isinstance(item, Mapping):
                yield ("items", f"[{number}]"), item


def _read_entries(node: Mapping, file: LayerFile) -> Iterator[tuple[str, tuple[str, _Value]]]:
    """The entries of a ConfigMap or Secret, each with the member that has it. `stringData` counts more than `data`."""
    is_secret = _text(node, "kind") == "Secret"
    for member in ("data", "stringData"):
        entries = node.get(member)
        for entry in entries.entries if isinstance(entries, Mapping) else ():
            if not isinstance(entry.value, Scalar):
                continue
            is_encoded = is_secret and member == "data" and not entry.value.is_masked
            text = _decode(entry.value.text) if is_encoded else entry.value.text
            if text is not None:
                yield entry.key.text, (member, _Value(text, entry.key, entry.value, file, is_encoded))


def _decode(text: str) -> str | None:
    """The text that base64 means; None where it means none."""
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode()
    except ValueError:
        return None


def _items(node: Node | None) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else ()


def _at(node: Node | None, *names: str) -> Node | None:
    for name in names:
        node = node.get(name) if isinstance(node, Mapping) else None
    return node


def _text(node: Node | None, *names: str) -> str:
    """The text of a member; empty where there is none."""
    found = _at(node, *names)
    return found.text if isinstance(found, Scalar) else ""
