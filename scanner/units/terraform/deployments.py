"""The ways in which a module is deployed: a root module with its values, a called one by each of its callers."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from scanner.files.tree import Mapping as Element
from scanner.files.tree import Node, Scalar
from scanner.record import record
from scanner.units.made import Variant
from scanner.units.terraform.callers import find_callers
from scanner.units.terraform.module import Call
from scanner.units.terraform.scope import Input, ModuleScope, World
from scanner.units.terraform.terragrunt import find_inputs
from scanner.units.terraform.variable_files import ValuesFile, always_applied, list_named, read_values

_DEEPEST = 3
# more are only counted, and so are their variants
_MOST = 64
_TEST_WORDS = frozenset({
    "dev", "develop", "development", "test", "tests", "testing", "local", "localhost", "ci", "e2e", "example", "examples",
    "fixture", "fixtures", "sandbox", "demo", "playground", "integration", "kind", "minikube",
})  # fmt: skip


@record
class Deployment:
    """A module with its inputs, in one variant; None: by itself."""

    scope: ModuleScope
    variant: Variant | None


@record
class Deployments:
    """How a module is deployed. `is_base_deployed`: whether by itself, too."""

    base: Deployment
    variants: tuple[Deployment, ...]
    is_base_deployed: bool

    def deployed(self) -> tuple[Deployment, ...]:
        """The ways in which somebody may deploy it."""
        return (*((self.base,) if self.is_base_deployed else ()), *self.variants)


def find_deployments(world: World, folder: str, chain: tuple[str, ...] = ()) -> Deployments:
    """The deployments of the module in a folder; those of its callers first, if it has any."""
    module = world.module(folder)
    # a module without variables is the same for every caller, and one with a backend has none
    is_asked = bool(module.variables) and not module.is_root and len(chain) < _DEEPEST
    calls = list(_list_calls(world, folder, (*chain, folder))) if is_asked else []
    if calls:
        base = Deployment(ModuleScope(world, module), None)
        return Deployments(base, tuple(calls), all(map(_is_for_tests, calls)))
    given: dict[str, Input] = {}
    for path in always_applied(folder, world.files.names(folder)):
        given |= read_values(world, path)
    base = Deployment(ModuleScope(world, module, given), None)  # a server may have further values
    variants = tuple(_list_variants(world, folder, given))
    is_deployed = not variants or (all(map(_is_for_tests, variants)) and not base.scope.missing())
    return Deployments(base, variants, is_deployed)


def _list_variants(world: World, folder: str, given: Mapping[str, Input]) -> Iterator[Deployment]:
    module = world.module(folder)
    if not module.variables:
        return
    named = [each for each, _ in zip(list_named(world, folder), range(_MOST), strict=False)]
    names = [each.name for each in named]
    for each in named:
        values: dict[str, Node] = {}
        for path in each.paths:
            values |= read_values(world, path)
        if not any(name in module.variables for name in values):
            continue  # of another module
        paths = tuple(world.files.report_path(path) for path in each.paths)
        name = each.name if names.count(each.name) == 1 else _name_with_folder(each, paths)
        yield Deployment(ModuleScope(world, module, {**given, **values}, is_settled=True), Variant(name, paths))


def _name_with_folder(values: ValuesFile, paths: tuple[str, ...]) -> str:
    folder = os.path.dirname(paths[0]).rpartition("/")[2]
    return f"{folder}/{values.name}" if folder else values.name


def _list_calls(world: World, folder: str, chain: tuple[str, ...]) -> Iterator[Deployment]:
    many = 0
    for caller in find_callers(folder, world.files):
        if caller in chain:
            continue
        inputs = find_inputs(world, caller, folder)
        if inputs is not None:
            scope = ModuleScope(world, world.module(folder), inputs[1], is_settled=True)
            yield Deployment(scope, Variant(_short(caller), (inputs[0],)))
            continue
        module = world.module(caller)
        by = ModuleScope(world, module)
        if not any(by.folder_of(call) == folder for call in module.calls.values()):
            continue
        for above in find_deployments(world, caller, chain).deployed():
            for call in module.calls.values():
                if by.folder_of(call) != folder:
                    continue
                yield from _list_instances(world, above, call)
                many += 1
                if many >= _MOST:
                    return


def _short(folder: str) -> str:
    return "/".join(folder.replace(os.sep, "/").split("/")[-2:])


def _list_instances(world: World, above: Deployment, call: Call) -> Iterator[Deployment]:
    """One call, once for each element of its `for_each`."""
    each = call.arguments.get("for_each")
    elements = above.scope.reader(each.file).expressions.elements(each.node, 0) if each is not None else None
    own = world.files.report_path(call.block.file.file.origin)
    paths = (own, *(above.variant.paths if above.variant is not None else ()))
    where = os.path.dirname(own).rpartition("/")[2]
    name = f"{where}/{call.label}" if where else call.label
    if above.variant is not None:
        name = f"{name} ({above.variant.name})"
    for element in [None] if elements is None else elements[:_MOST]:
        scope = above.scope.call(call, {"each": element} if element is not None else None)
        if scope is not None:
            yield Deployment(scope, Variant(name if element is None else f"{name}[{_key_of(element)}]", paths))


def _key_of(element: Element) -> str:
    key = element.get("key")
    return key.text if isinstance(key, Scalar) else ""


def _is_for_tests(deployment: Deployment) -> bool:
    """Whether the names of a variant say that nobody depends on it."""
    variant = deployment.variant
    if variant is None:
        return False
    words = [part for path in variant.paths for part in path.lower().replace(".", "/").replace("-", "/").split("/")]
    return any(word in _TEST_WORDS for word in (*words, *variant.name.lower().replace("-", "/").split("/")))
