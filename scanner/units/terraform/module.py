"""The files of one module, parsed, and what they define."""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Iterator, Sequence
from typing import TYPE_CHECKING

from scanner.files.hcl_scope import Place
from scanner.files.limits import LARGEST_FILE
from scanner.files.syntax import Source, list_children
from scanner.patterns import lazy_pattern
from scanner.record import record
from scanner.units.files import UnitFile, UnitFiles
from scanner.units.made import Role
from scanner.units.terraform.places import FilePlaces

if TYPE_CHECKING:
    import tree_sitter

ENDINGS = (".tf", ".tofu", ".tf.json", ".tofu.json")
# of one module: the most that 37 repositories have is 61
_MOST_FILES = 1_000
# of what other blocks use the value
_DEFINES = lazy_pattern(rb"(?m)^[ \t]*+(?:locals|variable|output|module|terraform|provider)\b")
# files that stay parsed for the next units
_MOST_PARSED = 60
_ROLES: dict[str, Role] = {"variable": "default", "module": "argument"}


@record(slots=True)
class ModuleFile:
    """A parsed file of a module. `is_exact`: its source is its text, not the native form of its JSON."""

    file: UnitFile
    source: Source
    is_exact: bool = True


@record(slots=True)
class Definition:
    """An expression, and the file that it stands in."""

    file: ModuleFile
    node: tree_sitter.Node


@record(slots=True)
class Variable:
    """A variable: its default and its type, where it has them."""

    default: Definition | None
    type: Definition | None


@record(slots=True)
class Call:
    """A call of another module: its label, its source as written, and its arguments."""

    label: str
    source: str
    block: Definition
    arguments: dict[str, Definition]


class Module:
    """A module's files and definitions. `names`: its files, where they are not those of the folder. `left_out`: how many of its
    files are not read.
    """

    def __init__(self, folder: str, files: UnitFiles, places: FilePlaces, names: Sequence[str] | None = None) -> None:
        self.folder = folder
        self.files: list[ModuleFile] = []
        self.locals: dict[str, Definition] = {}
        self.variables: dict[str, Variable] = {}
        self.outputs: dict[str, Definition] = {}
        self.resources: dict[str, dict[str, Definition]] = {}
        self.calls: dict[str, Call] = {}
        self.is_root = False
        self.left_out = 0
        self._later: list[UnitFile] = []
        self._files = files
        self._places = places
        names = list_module_files(files.names(folder)) if names is None else names
        self.left_out = max(len(names) - _MOST_FILES, 0)
        for name in names[:_MOST_FILES]:
            read = files.read(os.path.join(folder, name))
            if read is None or len(read.data) > LARGEST_FILE:
                self.left_out += 1
            elif _DEFINES.search(read.data) is None and not name.endswith(".json"):
                self._later.append(read)
            else:
                self._add(read)

    def parse_later(self, is_wanted: Callable[[str], bool]) -> None:
        """Parse those of the files with nothing but resources that are wanted."""
        for file in [each for each in self._later if is_wanted(each.data.decode("utf-8", "replace"))]:
            self._later.remove(file)
            self._add(file)

    def resource(self, address: str) -> dict[str, Definition] | None:
        """The attributes of a resource or data source: `type.name`, `data.type.name`."""
        if address not in self.resources and self._later:
            name = f'"{address.rpartition(".")[2]}"'
            self.parse_later(lambda text: name in text)
        return self.resources.get(address)

    def _add(self, file: UnitFile) -> None:
        places = self._places
        parsed = _parse(file, self._files.kept)
        if parsed is None:
            return
        source = parsed.source.again(places.add(file.path, parsed.source.text, table=parsed.table))
        made = ModuleFile(file, source, is_exact=not parsed.table)
        self.files.append(made)
        for block in list_blocks(source.root):
            kind = name_of(block)
            role = _ROLES.get(kind)
            if role is not None:
                places.mark(source.place(block.start_byte)[0], source.end_line(block), role)
            self._define(kind, block, made)

    def _define(self, kind: str, block: tree_sitter.Node, file: ModuleFile) -> None:
        labels = labels_of(block)
        found = {name: Definition(file, node) for name, node in attributes_of(block)}
        if kind == "locals":
            self.locals |= found
        elif kind == "variable" and len(labels) == 1:
            self.variables[labels[0]] = Variable(found.get("default"), found.get("type"))
        elif kind == "output" and len(labels) == 1 and "value" in found:
            self.outputs[labels[0]] = found["value"]
        elif kind in ("resource", "data") and len(labels) == 2:
            self.resources[".".join([*(["data"] if kind == "data" else []), *labels])] = found
        elif kind == "module" and len(labels) == 1 and "source" in found:
            source = file.source.text[found["source"].node.start_byte : found["source"].node.end_byte].strip('"')
            self.calls[labels[0]] = Call(labels[0], source, Definition(file, block), found)
        elif kind == "terraform":
            self.is_root |= any(name_of(each) in ("backend", "cloud") for each in list_blocks(body_of(block)))


@record(slots=True)
class _Kept:
    """A file that was parsed; of JSON the places of its native lines."""

    source: Source
    table: tuple[Place, ...] = ()


def _parse(file: UnitFile, kept: dict[tuple[str, ...], object]) -> _Kept | None:
    """The file parsed; kept for a while, because modules are called by others. None where it is no object of JSON."""
    known = kept.setdefault(("terraform", "parsed"), {})
    assert isinstance(known, dict)
    if file.origin not in known:
        while len(known) >= _MOST_PARSED:
            del known[next(iter(known))]
        known[file.origin] = _parse_anew(file)
    found = known[file.origin]
    assert found is None or isinstance(found, _Kept)
    return found


def _parse_anew(file: UnitFile) -> _Kept | None:
    text = file.data.decode("utf-8", "replace")
    if not file.origin.endswith(".json"):
        return _Kept(Source(text, "hcl", None))
    from scanner.units.terraform.json_syntax import as_native  # few modules are written in JSON

    native = as_native(text)
    return _Kept(Source(native[0], "hcl", None), native[1]) if native is not None else None


def list_module_files(names: tuple[str, ...]) -> list[str]:
    """The names of the files that a module consists of. OpenTofu takes `a.tofu` instead of `a.tf`."""
    known = frozenset(names)
    return [name for name in names if is_module_file(name, known)]


def is_module_file(name: str, names: Container[str]) -> bool:
    """Whether a file is one of those, beside the other names in its folder."""
    if not name.endswith(ENDINGS) or name.startswith("."):
        return False
    return ".tf" not in name or name.replace(".tf", ".tofu") not in names


def list_blocks(node: tree_sitter.Node | None) -> Iterator[tree_sitter.Node]:
    """The blocks of a file or body that are HCL."""
    if node is None:
        return
    for part in (node, *list_children(node, "body")):
        yield from (each for each in list_children(part, "block") if not each.has_error)


def name_of(block: tree_sitter.Node) -> str:
    """The type of a block, or the name of an attribute."""
    return (block.children[0].text or b"").decode()


def labels_of(block: tree_sitter.Node) -> list[str]:
    """The labels of a block."""
    found = [(each.text or b"").decode().strip('"') for each in list_children(block, "identifier", "string_lit")]
    return found[1:]


def body_of(block: tree_sitter.Node) -> tree_sitter.Node | None:
    """The body of a block; None where it is empty."""
    return next(list_children(block, "body"), None)


def attributes_of(block: tree_sitter.Node) -> Iterator[tuple[str, tree_sitter.Node]]:
    """The names and expressions of a block's attributes."""
    body = body_of(block)
    for each in list_children(body, "attribute") if body is not None else ():
        yield name_of(each), each.children[-1]
