"""What the names in a module mean in one deployment of it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from scanner.files.formats import TEMPLATE_ENDINGS
from scanner.files.hcl_functions import is_open
from scanner.files.hcl_reader import HclReader
from scanner.files.hcl_scope import LocalFile, Trace
from scanner.files.limits import LARGEST_FILE
from scanner.files.tree import Node, Scalar
from scanner.record import record
from scanner.units.files import UnitFiles
from scanner.units.terraform.module import Call, Definition, Module, ModuleFile
from scanner.units.terraform.optional import add_optional
from scanner.units.terraform.places import FilePlaces

# a module that calls a module that calls …
DEEPEST_CALLS = 6
_TEMPLATES = (*TEMPLATE_ENDINGS, "json", "yaml", "yml")
# what other blocks find an object by: a reference says more than its value
_IDENTITIES = frozenset({"arn", "id", "name", "path", "self_link", "accessor", "json"})


@record(slots=True)
class Bound:
    """An expression and the scope in which it has its value; `names`: those of the loops around it."""

    scope: ModuleScope
    definition: Definition
    names: Mapping[str, Node]


Input: TypeAlias = "Node | Bound"


def is_template(path: str, text: str) -> bool:
    """Whether a file is a template that is read with the module that names it."""
    return path.rpartition(".")[2].lower() in _TEMPLATES and ("${" in text or "%{" in text)


class World:
    """What all modules of one load share: files, places, and modules once parsed."""

    def __init__(self, files: UnitFiles) -> None:
        self.files = files
        self.places = FilePlaces()
        self.trace = Trace()
        self._modules: dict[str, Module] = {}
        self._texts: dict[str, LocalFile | None] = {}

    def module(self, folder: str) -> Module:
        """The module of a folder."""
        if folder not in self._modules:
            self._modules[folder] = Module(folder, self.files, self.places)
        return self._modules[folder]

    def local_file(self, path: str) -> LocalFile | None:
        """A file that an expression names."""
        real = os.path.realpath(path)
        if real not in self._texts:
            read = self.files.read(real)
            if read is None or len(read.data) > LARGEST_FILE:
                self._texts[real] = None
            else:
                text = read.data.decode("utf-8", "replace")
                self._texts[real] = LocalFile(text, self.places.add(read.path, text, "file"))
        return self._texts[real]


class ModuleScope:
    """One module with its inputs. `used` are the definitions that were asked for; `files`: the report paths of the templates
    that were read. `is_settled`: the inputs are all that somebody gives, so that the defaults of the other variables apply.
    """

    def __init__(
        self,
        world: World,
        module: Module,
        inputs: Mapping[str, Input] | None = None,
        chain: tuple[str, ...] = (),
        *,
        is_settled: bool = False,
    ) -> None:
        self.world = world
        self.module = module
        self.inputs = inputs or {}
        self.is_settled = is_settled
        self.used: set[str] = set()
        self.files: set[str] = set()
        self.cycles: set[str] = set()
        self._chain = (*chain, module.folder)
        self._known: dict[str, Node | None] = {}
        self._readers: dict[int, HclReader] = {}
        self._called: dict[str, ModuleScope | None] = {}

    def reader(self, file: ModuleFile) -> HclReader:
        """The reader of one of the module's files."""
        known = self._readers.get(id(file.source))
        if known is None:
            file.source.count = 0
            known = self._readers[id(file.source)] = HclReader(file.source, self, self.world.trace)
        return known

    def value(self, definition: Definition, depth: int, names: Mapping[str, Node] | None = None) -> Node:
        """The value of an expression."""
        reader = self.reader(definition.file)
        expressions = reader.expressions
        return expressions.alone(
            lambda: expressions.within(dict(names or {}), lambda: reader.value(definition.node, depth + 1))
        )

    def find(self, name: str, steps: Sequence[str], depth: int) -> tuple[Node | None, int]:
        """See `Scope`."""
        if not steps:
            return None, 0
        if name in ("local", "var"):
            return self._once(f"{name}.{steps[0]}", depth), 1
        if name == "module":
            return self._find_output(steps, depth)
        return self._find_resource([name, *steps], depth)

    def read(self, path: str) -> LocalFile | None:
        """See `Scope`."""
        full = os.path.join(self.module.folder, *path.split("/"))
        found = self.world.local_file(full)
        if found is not None and is_template(full, found.text):
            self.files.add(self.world.places.path_of(found.before + 1))
        return found

    def is_home(self, path: str) -> bool:
        """Whether structured values of a file are told where they are written: in files that are read with the module."""
        return path in self.files or any(each.file.path == path for each in self.module.files)

    def is_given(self, name: str) -> bool:
        """Whether a variable has a value other than its default."""
        return name in self.inputs

    def missing(self) -> list[str]:
        """The variables without a value."""
        return [name for name, each in self.module.variables.items() if each.default is None and name not in self.inputs]

    def call(self, call: Call, names: Mapping[str, Node] | None = None) -> ModuleScope | None:
        """The scope of a local module that this one calls; None for any other, and within itself."""
        folder = self.folder_of(call)
        if folder is None or folder in self._chain or len(self._chain) > DEEPEST_CALLS:
            if folder is not None:
                self.cycles.add(call.label)
            return None
        module = self.world.module(folder)
        if not module.files:
            return None
        inputs = {name: Bound(self, each, names or {}) for name, each in call.arguments.items() if name in module.variables}
        return ModuleScope(self.world, module, inputs, self._chain, is_settled=True)

    def folder_of(self, call: Call) -> str | None:
        """The folder of a local module; None where its source is elsewhere."""
        if not call.source.startswith(("./", "../")):
            return None
        folder = os.path.realpath(os.path.join(self.module.folder, *call.source.replace("//", "/").split("/")))
        return folder if self.world.files.is_inside(folder) else None

    def _once(self, name: str, depth: int) -> Node | None:
        """The value of a local or variable; None within itself."""
        self.used.add(name)
        if name not in self._known:
            self._known[name] = None
            kind, _, own = name.partition(".")
            self._known[name] = self._variable(own, depth) if kind == "var" else self._local(own, depth)
        return self._known[name]

    def _local(self, name: str, depth: int) -> Node | None:
        definition = self.module.locals.get(name)
        return self.value(definition, depth) if definition is not None else None

    def _variable(self, name: str, depth: int) -> Node | None:
        variable = self.module.variables.get(name)
        given = self.inputs.get(name)
        found: Node | None = None
        if isinstance(given, Bound):
            found = given.scope.value(given.definition, depth, given.names)
        elif given is not None:
            found = given
        elif variable is not None and variable.default is not None:
            found = self.value(variable.default, depth)
        type_ = variable.type if variable is not None else None
        if found is None or type_ is None:
            return found
        return add_optional(found, type_.node, lambda node: self.value(Definition(type_.file, node), depth))

    def _find_output(self, steps: Sequence[str], depth: int) -> tuple[Node | None, int]:
        """`module.x.y`: the output of a local module."""
        used = 2 if len(steps) > 1 and not steps[1] else 1
        if len(steps) <= used or depth > 40:
            return None, 0
        call = self.module.calls.get(steps[0])
        if call is None:
            return None, 0
        if steps[0] not in self._called:
            self._called[steps[0]] = self.call(call)
        called = self._called[steps[0]]
        output = called.module.outputs.get(steps[used]) if called is not None else None
        found = called.value(output, depth) if called is not None and output is not None else None
        # what is open there has names that mean nothing here
        return (None if found is None or _has_open_part(found) else found), used + 1

    def _find_resource(self, steps: Sequence[str], depth: int) -> tuple[Node | None, int]:
        """`type.name.attribute`, where the attribute is written in the module and is no name of the object."""
        many = 3 if steps[0] == "data" else 2
        attributes = self.module.resource(".".join(steps[:many])) if len(steps) >= many else None
        if attributes is None:
            return None, 0
        at = many + (len(steps) > many and not steps[many])
        name = steps[at] if at < len(steps) else ""
        definition = attributes.get(name) if name not in _IDENTITIES else None
        if definition is None or "for_each" in attributes or depth > 40:
            return None, 0
        key = ".".join([*steps[:many], name])
        if key not in self._known:
            self._known[key] = None
            found = self.value(definition, depth)
            self._known[key] = None if is_open(found) else found
        return self._known[key], at


def _has_open_part(node: Node) -> bool:
    if isinstance(node, Scalar):
        return is_open(node) or (isinstance(node.value, str) and "${" in node.value)
    if hasattr(node, "items"):
        return any(map(_has_open_part, node.items))
    return any(_has_open_part(entry.value) for entry in node.entries)
