"""Terragrunt: a folder whose `terragrunt.hcl` deploys a local module with its `inputs`."""

from __future__ import annotations

import os
from collections.abc import Iterator

from scanner.files.limits import Refused
from scanner.files.syntax import list_children
from scanner.files.tree import Mapping, Node
from scanner.units.terraform.module import Definition, Module, attributes_of, list_blocks, name_of
from scanner.units.terraform.scope import ModuleScope, World

NAME = "terragrunt.hcl"
_PARENTS = ("root.hcl", NAME)
_HERE = ("${get_terragrunt_dir()}", "${path_relative_from_include()}")
_ROOT = ("${get_repo_root()}", "${get_path_to_repo_root()}", "${dirname(find_in_parent_folders())}")


def read_source(text: str, folder: str, root: str) -> str | None:
    """The folder of the local module that a source names, as a real path; None for any other source."""
    for word in _HERE:
        text = text.replace(word, folder)
    for word in _ROOT:
        text = text.replace(word, root)
    if not text.startswith(("./", "../", "/")) or "${" in text:
        return None
    return os.path.realpath(os.path.join(folder, text.replace("//", "/")))


def find_inputs(world: World, folder: str, module: str) -> tuple[str, dict[str, Node]] | None:
    """The report path of the folder's `terragrunt.hcl` and its inputs, where it deploys the module in that folder."""
    read = _read(world, folder, NAME)
    if read is None:
        return None
    source = next(_list_sources(read), None)
    if source is None or read_source(source, folder, world.files.root) != module:
        return None
    inputs: dict[str, Node] = {}
    if any(name_of(block) == "include" for file in read.files for block in list_blocks(file.source.root)):
        inputs |= _inherit(world, folder)
    return read.files[0].file.path, inputs | _inputs_of(world, read)


def _read(world: World, folder: str, name: str) -> Module | None:
    if name not in world.files.names(folder):
        return None
    read = Module(folder, world.files, world.places, (name,))
    return read if read.files else None


def _inherit(world: World, folder: str) -> dict[str, Node]:
    """The inputs of the nearest file above, which an `include` brings."""
    for above in list(world.files.above(folder))[1:]:
        for name in _PARENTS:
            read = _read(world, above, name)
            if read is not None:
                return _inputs_of(world, read)
    return {}


def _list_sources(read: Module) -> Iterator[str]:
    for file in read.files:
        for block in list_blocks(file.source.root):
            found = dict(attributes_of(block)) if name_of(block) == "terraform" else {}
            if "source" in found:
                yield file.source.text[found["source"].start_byte : found["source"].end_byte].strip('"')


def _inputs_of(world: World, read: Module) -> dict[str, Node]:
    scope = ModuleScope(world, read, is_settled=True)
    for file in read.files:
        for body in list_children(file.source.root, "body"):
            for each in list_children(body, "attribute"):
                if name_of(each) != "inputs" or each.has_error:
                    continue
                world.places.mark(file.source.place(each.start_byte)[0], file.source.end_line(each), "argument")
                try:
                    value = scope.value(Definition(file, each.children[-1]), 0)
                except Refused:
                    return {}
                if isinstance(value, Mapping):
                    return {entry.key.text: entry.value for entry in value.entries}
    return {}
