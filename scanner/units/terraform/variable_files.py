"""The files that give a root module its variables: those that always apply, and those that an environment names."""

from __future__ import annotations

import os
from collections.abc import Iterator

from scanner.files.hcl_expressions import move_tree
from scanner.files.hcl_reader import HclReader
from scanner.files.limits import LARGEST_FILE, Refused
from scanner.files.read import read_text
from scanner.files.syntax import Source, list_children
from scanner.files.tree import Mapping, Node, Parsed, Scalar
from scanner.record import record
from scanner.units.terraform.module import name_of
from scanner.units.terraform.scope import World

ENDINGS = (".tfvars", ".tfvars.json")
_AUTO = (".auto.tfvars", ".auto.tfvars.json")
_ALWAYS = ("terraform.tfvars", "terraform.tfvars.json")
# folders that hold the values of environments, beside a module or above it
_FOLDERS = frozenset({
    "env", "envs", "environment", "environments", "tfvars", "vars", "variables", "config", "configs", "inventory", "stages",
    "accounts", "workspaces", "params", "values",
})  # fmt: skip
# names that say nothing of the environment: the folder does
_PLAIN = frozenset({"terraform", "variables", "vars", "main", "inputs", "values", "config", "env", "common"})
# copies for people
_SAMPLES = ("example", "sample", "template", "dist")
_MOST_FOLDERS = 100


@record
class ValuesFile:
    """Files of values that are used together: the name of what they are for, and their paths."""

    name: str
    paths: tuple[str, ...]


def is_values_file(name: str) -> bool:
    """Whether a file gives variables."""
    return name.endswith(ENDINGS) and not any(word in name for word in _SAMPLES)


def always_applied(folder: str, names: tuple[str, ...]) -> list[str]:
    """The files that Terraform loads without being asked, in its order."""
    found = [name for name in _ALWAYS if name in names] + [name for name in names if name.endswith(_AUTO)]
    return [os.path.join(folder, name) for name in found]


def list_named(world: World, folder: str) -> Iterator[ValuesFile]:
    """The other files of values, in the module's folder and in folders for environments in it and above it."""
    files = world.files
    for name in files.names(folder):
        if is_values_file(name) and name not in _ALWAYS and not name.endswith(_AUTO):
            yield ValuesFile(_stem(name), (os.path.join(folder, name),))
    for around in (folder, os.path.dirname(folder)):
        for name in files.names(around):
            if name in _FOLDERS and os.path.join(around, name) != folder:
                yield from _list_in(world, os.path.join(around, name))


def _list_in(world: World, folder: str) -> Iterator[ValuesFile]:
    """A folder for environments: each of its files is one, or each of its folders."""
    names = world.files.names(folder)[:_MOST_FOLDERS]
    for name in names:
        path = os.path.join(folder, name)
        if is_values_file(name):
            yield ValuesFile(_stem(name), (path,))
            continue
        inner = [each for each in world.files.names(path) if is_values_file(each)] if "." not in name else []
        is_module = any(each.endswith((".tf", ".tofu")) for each in world.files.names(path)) if inner else False
        if inner and not is_module:
            yield ValuesFile(name, tuple(os.path.join(path, each) for each in inner))


def _stem(name: str) -> str:
    for ending in (*_AUTO, *reversed(ENDINGS)):
        if name.endswith(ending):
            return name[: -len(ending)]
    return name


def read_values(world: World, path: str) -> dict[str, Node]:
    """The variables that a file gives; empty where it cannot be read."""
    read = world.files.read(path)
    if read is None or len(read.data) > LARGEST_FILE:
        return {}
    text = read.data.decode("utf-8", "replace")
    before = world.places.add(read.path, text, "value")
    if path.endswith(".json"):
        parsed = read_text(text, "json")
        root = parsed.documents[0] if isinstance(parsed, Parsed) and parsed.documents else None
        moved = move_tree(root, Scalar("", None, 1, 1, 1), before) if isinstance(root, Mapping) else None
        return {entry.key.text: entry.value for entry in moved.entries} if isinstance(moved, Mapping) else {}
    source = Source(text, "hcl", None, before)
    reader = HclReader(source, None, world.trace)
    found: dict[str, Node] = {}
    for body in list_children(source.root, "body"):
        for each in list_children(body, "attribute"):
            try:
                if not each.has_error:
                    found[name_of(each)] = reader.value(each.children[-1], 0)
            except Refused:
                continue  # a value that is too deep or too long: its variable stays open
    return found
