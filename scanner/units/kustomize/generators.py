"""ConfigMaps and Secrets that a kustomization generates, each text with its place."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.files.tree import Mapping, Scalar, Sequence
from scanner.record import record
from scanner.units.files import UnitFile, UnitFiles
from scanner.units.kustomize.kustomization import Kustomization, generated_files, text_of
from scanner.units.kustomize.placed import Leaf, Map, Member, SourceText, over
from scanner.units.kustomize.resource import Resource

_KINDS = {"configMapGenerator": "ConfigMap", "secretGenerator": "Secret"}


@record
class Generated:
    """What a generator makes, the real paths of its files, and how it meets a resource of the same name. `is_whole`: all files
    are at hand.
    """

    resource: Resource
    loaded: tuple[str, ...]
    behavior: str
    is_whole: bool


def generate(kustomization: Kustomization, files: UnitFiles) -> Iterator[Generated]:
    """What the generators of a kustomization make, before it meets other resources."""
    source = SourceText(kustomization.file.path, kustomization.text)
    for list_name, generator in kustomization.generators():
        name = generator.get("name")
        if not isinstance(name, Scalar) or not name.text:
            continue
        made = _Generator(kustomization, generator, source, files)
        members = {each.key.text: each for each in made.members()}
        leaf = Leaf(name, source)
        data = Map(tuple(members.values()), leaf.at())
        node = made.manifest(_KINDS[list_name], leaf, data)
        yield Generated(Resource(node), tuple(made.loaded), text_of(generator, "behavior") or "create", made.is_whole)


class _Generator:
    def __init__(self, kustomization: Kustomization, generator: Mapping, source: SourceText, files: UnitFiles) -> None:
        self._kustomization = kustomization
        self._generator = generator
        self._source = source
        self._files = files
        self.loaded: list[str] = []
        self.is_whole = True

    def manifest(self, kind: str, name: Leaf, data: Map) -> Map:
        """The manifest around the data. Data of Secrets stands as it is: what is in it is read, not its base64."""
        meta = [Member(self._word("name", name), name)]
        namespace = self._generator.get("namespace")
        if isinstance(namespace, Scalar):
            meta.append(Member(self._word("namespace", name), Leaf(namespace, self._source)))
        field = "data" if kind == "ConfigMap" else "stringData"
        top = (
            Member(self._word("apiVersion", name), self._word("v1", name)),
            Member(self._word("kind", name), self._word(kind, name)),
            Member(self._word("metadata", name), Map(tuple(meta), name.at())),
            Member(self._word(field, name), data),
        )
        return Map(top, name.at())

    def members(self) -> Iterator[Member]:
        """The members of the data."""
        for key, name in generated_files(self._generator):
            file = self._files.read(self._kustomization.path(name))
            if file is None:
                self.is_whole = False
                continue
            self.loaded.append(file.origin)
            yield from _lines_of(file) if not key else (_content_of(key, file),)
        literals = self._generator.get("literals")
        for item in literals.items if isinstance(literals, Sequence) else ():
            if isinstance(item, Scalar) and "=" in item.text:
                yield self._literal(item)

    def _literal(self, item: Scalar) -> Member:
        key, _, value = item.text.partition("=")
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1]
        if "." in key and not value.endswith("\n"):
            value += "\n"  # it is a file's content for who mounts it; a text without a line end is read as no document
        # a plain scalar says where its value begins
        moved = 0 if item.is_quoted else item.text.find("=") + 1
        made = Scalar(value, value, item.line, item.column + moved, item.end_line, is_quoted=bool(item.is_quoted))
        return Member(Leaf(_text(key, item), self._source), Leaf(made, self._source))

    def _word(self, text: str, at: Leaf) -> Leaf:
        return Leaf(_text(text, at.scalar), self._source)


def _text(text: str, at: Scalar) -> Scalar:
    return Scalar(text, text, at.line, at.column, at.line, is_quoted=True)


def _content_of(key: str, file: UnitFile) -> Member:
    text = file.data.decode("utf-8", "replace")
    source = SourceText(file.path, text)
    scalar = Scalar(text, text, 1, 1, text.count("\n") + 1, is_quoted=True)
    return Member(Leaf(Scalar(key, key, 1, 1, 1, is_quoted=True), source), Leaf(scalar, source, is_content=True))


def _lines_of(file: UnitFile) -> Iterator[Member]:
    """The variables of a file: `NAME=value` on each line."""
    text = file.data.decode("utf-8", "replace")
    source = SourceText(file.path, text)
    for number, line in enumerate(text.split("\n"), 1):
        written = line.strip()
        name, mark, value = written.partition("=")
        if not mark or name.startswith("#"):
            continue
        start = line.find(written) + 1
        key = Scalar(name.strip(), name.strip(), number, start, number, is_quoted=True)
        content = Scalar(value, value, number, start + len(name) + 1, number, is_quoted=True)
        yield Member(Leaf(key, source), Leaf(content, source, is_content=True))


def lay(lower: Resource, upper: Resource, behavior: str) -> Resource:
    """A generated resource over the one of the same name: merged into it, or in its place."""
    field = "data" if upper.kind == "ConfigMap" else "stringData"
    below, above = lower.node.get(field), upper.node.get(field)
    laid = over(below, above) if below is not None and above is not None else above
    if behavior == "merge" and isinstance(below, Map) and isinstance(laid, Map):
        for each in laid.members:
            below = below.with_member(each.key, each.value)
        laid = below
    if laid is None:
        return lower
    key = next(each.key for each in upper.node.members if each.key.text == field)
    return Resource(lower.node.with_member(key, laid), None, lower.earlier, lower.via | upper.via)
