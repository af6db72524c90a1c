"""A namespace: manifests in several files that decide together whether a token is verified.

A policy of a route takes the place of the gateway's, and an AuthorizationPolicy of Istio refuses what a RequestAuthentication
accepts. The manifests of a folder are one text, with those of folders near by whose names say that they hold gateways or
policies. Two files that define the same resource are alternatives, as examples are: then nothing is joined.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from scanner.files.limits import MOST_DOCUMENTS, Refused
from scanner.files.read import read
from scanner.files.tree import Parsed
from scanner.patterns import lazy_pattern
from scanner.record import record
from scanner.sources.document import Document
from scanner.units.files import UnitFile, UnitFiles
from scanner.units.joins import ASKING, JOINS, TELLING, Join
from scanner.units.made import Made, MadeText, OpenPart, Origin, Piece, Variant
from scanner.units.unit import Unit

if TYPE_CHECKING:
    from scanner.units.workloads import Manifest

_ENDINGS = (".yaml", ".yml", ".json")
# of one unit: files of the folder, folders near by, files of those, and levels above the folder that are looked into
_MOST_FILES = 500
_MOST_FOLDERS = 40
_MOST_NEAR = 200
_MOST_LEVELS = 3
# characters of the manifests that are joined
_LONGEST = 1024 * 1024
_TOO_MANY = "the manifests around it are too many to be read with it"
# words in the names of folders near by that may hold what a policy is attached to, or a wider policy
_NEAR = (
    "gateway", "gw", "envoy", "kuadrant", "edge", "ingress", "infra", "platform", "network", "route", "security", "polic",
    "auth", "base", "common", "shared", "system", "cluster", "core",
)  # fmt: skip
_END = lazy_pattern(r"^---(?=\s)", re.MULTILINE)
_OWN_KIND = lazy_pattern(r"^kind:[ \t]*+[\"']?([A-Za-z]++)", re.MULTILINE)
_KIND = lazy_pattern(r"(?:^|[{,\s])[\"']?kind[\"']?[ \t]*+:[ \t]*+[\"']?([A-Za-z]++)")
_FLOW_NAME = lazy_pattern(r"[{,]\s*+(name|namespace):\s*+[\"']?([\w.-]++)")
_BLOCK_NAME = lazy_pattern(r"(\s++)(name|namespace):\s++[\"']?([\w.-]++)")


# a workload that takes its environment or files from elsewhere, and what it takes them from
_TAKING = (b"configMapRef", b"configMapKeyRef", b"secretRef", b"secretKeyRef", b"configMap:", b"secretName")
_STORES = frozenset({"ConfigMap", "Secret"})
_WORDS = (*ASKING, *_TAKING, *(kind.encode() for kind in sorted(_STORES)))
# workloads and what they take, of one folder: each is parsed
_MOST_PARSED = 100


@record(slots=True)
class _Part:
    """A document of a file: its text, its first line, the kinds in it, and the resource that it plainly defines."""

    path: str
    text: str
    line: int
    kinds: frozenset[str]
    resource: tuple[str, str, str] | None


class Namespaces:
    """Knows the units of manifests that say something together."""

    name = "namespace"

    def find(self, document: Document, files: UnitFiles) -> str | None:
        """The folder of a manifest that asks for others."""
        if document.origin is None or not document.path.endswith(_ENDINGS):
            return None
        if not any(word in document.data for word in _WORDS):
            return None
        return files.folder

    def load(self, folder: str, files: UnitFiles) -> Unit | None:
        """The unit of a folder; None where no manifest of another file says more about one of it."""
        listed = list(_list_own(folder, files))
        own = [part for file in listed for part in _split(file, TELLING)]
        near = [part for file in _list_near(folder, files) for part in _split(file, TELLING)] if _is_wide(own) else []
        joined = [parts for join in JOINS if (parts := _join(join, own, near))]
        made = [_make(parts) for parts in joined if _count(parts) <= _LONGEST]
        too_many = [part for parts in joined if _count(parts) > _LONGEST for part in parts]
        made += _resolve_workloads(listed)
        open_parts = tuple(OpenPart(_TOO_MANY, Origin(part.path, part.line, 1)) for part in too_many if part in own)
        return Namespace(files.report_path(folder), tuple(made), open_parts) if made or open_parts else None

    def companions(self, path: str, files: UnitFiles) -> Iterator[str]:
        """The manifests that ask for one that changed: of its folder, and of those near by."""
        file = files.read(path) if path.endswith(_ENDINGS) else None
        if file is None:
            return
        folder = os.path.dirname(path)
        kinds = frozenset[str]().union(*(part.kinds for part in _split(file, TELLING)))
        joins = [join for join in JOINS if not kinds.isdisjoint(join.deciding)]
        near = _list_around(folder, files) if any(join.is_wide for join in joins) else ()
        for each in (*_list_own(folder, files), *near) if joins else ():
            if any(join.asking.encode() in each.data for join in joins):
                yield each.origin
        yield from (each.origin for each in _list_referring(file, folder, files))


class Namespace:
    """Manifests that say something together, as one text for each kind of it."""

    variants: tuple[Variant, ...] = ()
    left_out_variants = 0
    is_base_deployed = True
    replaces: frozenset[str] = frozenset()

    def __init__(self, name: str, made: tuple[Made, ...], open_parts: tuple[OpenPart, ...]) -> None:
        self.name = name
        self._made = made
        self._open_parts = open_parts

    def make(self, document: Document) -> tuple[Made, ...]:
        """The texts in which something of the document stands."""
        return tuple(made for made in self._made if made.text.lines_of(document.path))

    def open_parts(self, document: Document) -> tuple[OpenPart, ...]:
        """That there are too many manifests to be joined; all others are as they are written."""
        return tuple(part for part in self._open_parts if part.at.path == document.path)


def _is_wide(own: list[_Part]) -> bool:
    kinds = frozenset(kind for part in own for kind in part.kinds)
    return any(join.is_wide and join.asking in kinds for join in JOINS)


def _join(join: Join, own: list[_Part], near: list[_Part]) -> list[_Part]:
    """The documents of one kind of join; none where there is nothing to join, or the files are alternatives of each other."""
    mine = [part for part in own if part.kinds & join.answering]
    known = {part.resource for part in mine if part.resource is not None}
    theirs = [part for part in near if part.kinds & join.answering and part.resource not in known] if join.is_wide else []
    parts = mine if _are_alternatives(theirs) else [*mine, *theirs]
    if not any(join.asking in part.kinds for part in mine) or len({part.path for part in parts}) == 1:
        return []
    return [] if _are_alternatives(mine) else parts


def _make(parts: list[_Part]) -> Made:
    return Made(MadeText(piece for part in parts for piece in _list_pieces(part)), "yaml", "namespace.yaml")


def _count(parts: list[_Part]) -> int:
    return sum(len(part.text) for part in parts)


def _are_alternatives(parts: list[_Part]) -> bool:
    """Whether two files define the same resource."""
    paths: dict[tuple[str, str, str], str] = {}
    return any(paths.setdefault(part.resource, part.path) != part.path for part in parts if part.resource is not None)


def _list_pieces(part: _Part) -> Iterator[Piece]:
    yield Piece("---\n")
    yield Piece(part.text, Origin(part.path, part.line, 1), is_copy=True)
    if not part.text.endswith("\n"):
        yield Piece("\n")


def _list_own(folder: str, files: UnitFiles) -> Iterator[UnitFile]:
    """The manifests of a folder."""
    names = [name for name in files.names(folder) if name.endswith(_ENDINGS)]
    files.left_out += len(names[_MOST_FILES:])
    yield from _read(folder, names[:_MOST_FILES], files)


def _list_near(folder: str, files: UnitFiles) -> Iterator[UnitFile]:
    """The manifests of the folders above, and of those beside whose names say that they may hold gateways and routes."""
    found: list[str] = []
    for level, above in enumerate(files.above(folder)):
        if level > _MOST_LEVELS:
            break
        found += [above, *(os.path.join(above, name) for name in files.names(above) if _may_be_near(name))]
    yield from _read_all([each for each in dict.fromkeys(found) if each != folder], files)


def _may_be_near(name: str) -> bool:
    return "." not in name and any(word in name.lower() for word in _NEAR)


def _list_around(folder: str, files: UnitFiles) -> Iterator[UnitFile]:
    """The manifests of the folders for which this one may be near by."""
    above = os.path.dirname(folder)
    beside = [os.path.join(above, name) for name in files.names(above)] if files.is_inside(above) else []
    below = [os.path.join(folder, name) for name in files.names(folder)]
    within = [os.path.join(each, name) for each in beside if os.path.isdir(each) for name in files.names(each)]
    folders = [each for each in dict.fromkeys((*beside, *below, *within)) if each != folder and os.path.isdir(each)]
    yield from _read_all(folders, files)


def _read_all(folders: list[str], files: UnitFiles) -> Iterator[UnitFile]:
    left = _MOST_NEAR
    for folder in folders[:_MOST_FOLDERS]:
        names = [name for name in files.names(folder) if name.endswith(_ENDINGS)][:left]
        left -= len(names)
        yield from _read(folder, names, files)


def _read(folder: str, names: list[str], files: UnitFiles) -> Iterator[UnitFile]:
    for name in names:
        file = files.read(os.path.join(folder, name))
        if file is not None:
            yield file


def _resolve_workloads(listed: list[UnitFile]) -> Iterator[Made]:
    """The workloads and ConfigMaps of a folder that change when the ones get what they take from the others."""
    taking = [file for file in listed if _takes(file)]
    stores = [file for file in listed if taking and any(_split(file, _STORES))]
    chosen = list(dict.fromkeys((*taking, *stores)))[:_MOST_PARSED]
    if not stores or _are_alternatives([part for file in chosen for part in _split(file, _STORES)]):
        return
    from scanner.units.workloads import resolve_workloads  # few manifests refer to others

    manifests = [each for file in chosen for each in _parse(file)]
    try:
        changed = resolve_workloads(manifests).pieces
    except Refused:
        return
    pieces = [piece for number in sorted(changed) for piece in (Piece("---\n"), *changed[number])]
    if pieces:
        yield Made(MadeText(pieces), "yaml", "namespace.yaml")


def _list_referring(file: UnitFile, folder: str, files: UnitFiles) -> Iterator[UnitFile]:
    """The workloads of a folder that take something from a file, and what a workload in it takes from others."""
    names = _list_stores(file)
    is_taking = _takes(file)
    for each in _list_own(folder, files) if names or is_taking else ():
        is_taken_from = is_taking and any(name in file.data for name in _list_stores(each))
        if is_taken_from or (_takes(each) and any(name in each.data for name in names)):
            yield each


def _list_stores(file: UnitFile) -> list[bytes]:
    """The names of the ConfigMaps and Secrets in a file."""
    return [part.resource[2].encode() for part in _split(file, _STORES) if part.resource is not None]


def _takes(file: UnitFile) -> bool:
    """Whether a workload of a file takes its environment or files from elsewhere. What a template makes is not known."""
    return b"containers" in file.data and b"{{" not in file.data and any(word in file.data for word in _TAKING)


def _parse(file: UnitFile) -> Iterator[Manifest]:
    from scanner.units.layers import LayerFile
    from scanner.units.workloads import Manifest

    parsed = read(file.data, "json" if file.path.endswith(".json") else "yaml")
    if isinstance(parsed, Parsed):
        layer = LayerFile(file.path, parsed.text)
        yield from (Manifest(node, layer) for node in parsed.documents[:MOST_DOCUMENTS])


def _split(file: UnitFile, wanted: frozenset[str]) -> Iterator[_Part]:
    """The documents of a file with resources of these kinds. A template is none: what it makes is not known."""
    if not any(kind.encode() in file.data for kind in wanted) or b"{{" in file.data:
        return
    text = file.data.decode("utf-8", "replace")
    line = 1
    for chunk in _cut(text):
        kinds = _list_kinds(chunk) & wanted
        if kinds and not chunk.startswith("%"):
            yield _Part(file.path, chunk, line, kinds, _find_resource(chunk))
        line += chunk.count("\n")


def _list_kinds(text: str) -> frozenset[str]:
    """The kinds of the resources of a document: its own, those of the items of a list, or of JSON any."""
    own = _OWN_KIND.search(text)
    if own is not None and not own[1].endswith("List"):
        return frozenset({own[1]})
    return frozenset(_KIND.findall(text)) if own is not None or text.lstrip()[:1] in ("{", "[", "-") else frozenset()


def _cut(text: str) -> Iterator[str]:
    """A text without the lines that end its documents; each document keeps its line ends."""
    start = 0
    for end in _END.finditer(text):
        yield text[start : end.start()]
        start = end.start() + len("---")
    yield text[start:]


def _find_resource(text: str) -> tuple[str, str, str] | None:
    """Kind, namespace and name of a document that is written in the ordinary way."""
    kind, names, indent = "", {"namespace": ""}, None
    is_inside = False
    for line in text.splitlines():
        if line[:1].isalpha():
            is_inside = line.startswith("metadata:")
            names |= dict(_FLOW_NAME.findall(line)) if is_inside else {}
            kind = line.partition(":")[2].strip(" \"'") if line.startswith("kind:") else kind
        elif is_inside and (found := _BLOCK_NAME.match(line)) is not None:
            indent = indent or found[1]
            names |= {found[2]: found[3]} if found[1] == indent else {}
    return (kind, names["namespace"], names["name"]) if kind and "name" in names else None
