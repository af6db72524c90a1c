"""Resources: the manifests of a file, and what they are called."""

from __future__ import annotations

import re

from scanner.files.read import read_text
from scanner.files.tree import Parsed, Unparsed
from scanner.files.yaml_reader import split_documents
from scanner.patterns import lazy_pattern
from scanner.record import record
from scanner.units.files import UnitFile
from scanner.units.kustomize.placed import Items, Map, Placed, SourceText, place_nodes

_IS_DEFINITION = lazy_pattern(r"^kind:[ \t]{1,9}[\"']?CustomResourceDefinition\b", re.MULTILINE)


@record(slots=True)
class Written:
    """A document as a file has it: its text, and the lines before it."""

    path: str
    text: str
    before: int
    node: Placed


@record(slots=True)
class Name:
    """What a manifest is called, and where."""

    name: str
    namespace: str


@record(slots=True)
class Resource:
    """A manifest in a build. `written`: as its file has it; None for one that is made. `earlier`: what it was called before.
    `via`: the folders of the kustomizations that it came through. `file`: the real path of its file, empty for one that is
    generated.
    """

    node: Map
    written: Written | None = None
    earlier: tuple[Name, ...] = ()
    via: frozenset[str] = frozenset()
    file: str = ""

    @property
    def kind(self) -> str:
        """Its kind."""
        return self.node.text("kind")

    def group_version(self) -> tuple[str, str]:
        """The group and version of its API."""
        group, _, version = self.node.text("apiVersion").rpartition("/")
        return group, version

    def name(self) -> Name:
        """What it is called now."""
        meta = self.metadata()
        return Name(meta.text("name"), meta.text("namespace")) if meta is not None else Name("", "")

    def names(self) -> tuple[Name, ...]:
        """What it is and was called."""
        return (self.name(), *self.earlier)

    def metadata(self) -> Map | None:
        """Its metadata."""
        found = self.node.get("metadata")
        return found if isinstance(found, Map) else None

    def marks(self, name: str) -> dict[str, str]:
        """Its labels or annotations."""
        meta = self.metadata()
        found = meta.get(name) if meta is not None else None
        return {each.key.text: found.text(each.key.text) for each in found.members} if isinstance(found, Map) else {}


@record
class Documents:
    """The documents of a file. `is_whole`: each could be read."""

    documents: tuple[Written, ...]
    is_whole: bool


def read_documents(file: UnitFile) -> Documents:
    """The documents of a file: YAML, of which JSON is a part."""
    text = file.data.decode("utf-8", "replace").removeprefix("\ufeff")
    found: list[Written] = []
    is_whole = True
    for _, before, part in split_documents(text):
        if _IS_DEFINITION.search(part):
            continue  # they are large, and no platform reads them
        parsed: Parsed | Unparsed = read_text(part, "yaml")
        if isinstance(parsed, Unparsed) and part.lstrip()[:1] in ("{", "["):
            parsed = read_text(part, "json")  # tabs in JSON are none in YAML
        if isinstance(parsed, Unparsed):
            is_whole = is_whole and not part.strip()
            continue
        is_whole = is_whole and not any(each.kind == "unparsed-document" for each in parsed.faults)
        source = SourceText(file.path, part, before)
        is_one = len(parsed.documents) == 1 and not parsed.is_masked and part.lstrip()[:1] not in ("{", "%")
        found += (Written(file.path, part if is_one else "", before, place_nodes(node, source)) for node in parsed.documents)
    return Documents(tuple(found), is_whole)


def read_resources(file: UnitFile) -> tuple[tuple[Resource, ...], bool]:
    """The manifests of a file, and whether all of it could be read."""
    read = read_documents(file)
    found: list[Resource] = []
    is_whole = read.is_whole
    for each in read.documents:
        for node in _expand(each.node):
            written = each if node is each.node and each.text else None
            made = Resource(node, written, file=file.origin) if isinstance(node, Map) else None
            if made is None or not made.kind or not made.name().name:
                is_whole = False
            else:
                found.append(made)
    return tuple(found), is_whole


def _expand(node: Placed) -> tuple[Placed, ...]:
    """The manifests of a list of them."""
    if isinstance(node, Map) and node.text("kind").endswith("List") and isinstance(items := node.get("items"), Items):
        return items.items
    return (node,)
