"""The unit of a Terraform or OpenTofu module."""

from __future__ import annotations

import os
from collections.abc import Iterator

from scanner.sources.document import Document
from scanner.units.files import UnitFiles
from scanner.units.made import Made, MadeText, OpenPart, Origin
from scanner.units.terraform.callers import list_sources
from scanner.units.terraform.deployments import Deployment, Deployments, find_deployments
from scanner.units.terraform.module import ENDINGS, is_module_file, list_module_files
from scanner.units.terraform.rendering import ModuleRenderer
from scanner.units.terraform.scope import ModuleScope, World, is_template
from scanner.units.terraform.terragrunt import NAME as TERRAGRUNT
from scanner.units.terraform.variable_files import is_values_file
from scanner.units.unit import MOST_COMPANIONS, MOST_VARIANTS

# how far above a template or file of values its module may be
_HIGHEST = 3


class TerraformUnit:
    """A module in its variants."""

    def __init__(self, folder: str, files: UnitFiles) -> None:
        world = World(files)
        self.name = files.report_path(folder)
        found: Deployments = find_deployments(world, folder)
        read = found.variants[:MOST_VARIANTS]
        self.variants = tuple(each.variant for each in read if each.variant is not None)
        self.left_out_variants = len(found.variants) - len(read)
        self.is_base_deployed = found.is_base_deployed
        self._open: list[OpenPart] = []
        self._made = tuple(self._render(each) for each in (found.base, *read))
        module = world.module(folder)
        self._paths = {each.file.path for each in module.files}
        whole = {each.file.path for each in module.files if not each.source.root.has_error}
        self.replaces = frozenset({path for each in (found.base, *read) for path in each.scope.files} | whole)
        if module.left_out and module.files:
            because = f"{module.left_out} files of its module are not read"
            self._open.append(OpenPart(because, Origin(module.files[0].file.path, 1, 1)))

    def make(self, document: Document) -> tuple[Made, ...]:
        """See `Unit`."""
        return self._made if document.path in self._paths or document.path in self.replaces else ()

    def open_parts(self, document: Document) -> tuple[OpenPart, ...]:
        """See `Unit`."""
        return tuple(part for part in self._open if part.at.path == document.path)

    def _render(self, deployment: Deployment) -> Made:
        renderer = ModuleRenderer(deployment.scope)
        pieces = renderer.render()
        self._open += [part for part in renderer.open_parts if part not in self._open]
        return Made(MadeText(pieces), "hcl", "main.tf", deployment.variant)


class TerraformKind:
    """Knows modules by the endings of their files."""

    name = "terraform"

    def find(self, document: Document, files: UnitFiles) -> str | None:
        """See `UnitKind`."""
        assert document.origin is not None
        path = os.path.realpath(document.origin)
        folder, name = os.path.split(path)
        if name.endswith(ENDINGS):
            return folder if is_module_file(name, files.names(folder)) else None
        if not is_template(path, document.data.decode("utf-8", "replace")):
            return None
        return next(_list_users(path, files), None)

    def load(self, folder: str, files: UnitFiles) -> TerraformUnit | None:
        """See `UnitKind`."""
        return TerraformUnit(folder, files)

    def companions(self, path: str, files: UnitFiles) -> Iterator[str]:
        """See `UnitKind`."""
        folder, name = os.path.split(path)
        if name.endswith(ENDINGS):
            folders = [folder]
        elif is_values_file(name):
            folders = list(_list_modules_above(folder, files))
        elif name == TERRAGRUNT:
            folders = sorted(list_sources(folder, files))
        elif is_template(name, "${"):
            folders = list(_list_users(path, files))
        else:
            return
        world = World(files)
        seen: set[str] = set()
        while folders and len(seen) < MOST_COMPANIONS:
            current = folders.pop()
            if current in seen:
                continue
            seen.add(current)
            module = world.module(current)
            # also those that a module parses only where something asks for them
            yield from (os.path.join(current, each) for each in list_module_files(files.names(current)))
            scope = ModuleScope(world, module)
            folders += [each for call in module.calls.values() if (each := scope.folder_of(call)) is not None]


def _list_users(path: str, files: UnitFiles) -> Iterator[str]:
    """The folders of the modules that name a file, in its folder and above."""
    name = os.path.basename(path).encode()
    for height, folder in enumerate(files.above(os.path.dirname(path))):
        if height > _HIGHEST:
            return
        read = (files.read(os.path.join(folder, each)) for each in list_module_files(files.names(folder)))
        if any(each is not None and name in each.data for each in read):
            yield folder


def _list_modules_above(folder: str, files: UnitFiles) -> Iterator[str]:
    """The folder of a file of values, or the module folders above and beside it."""
    for height, above in enumerate(files.above(folder)):
        if height > _HIGHEST:
            return
        if list_module_files(files.names(above)):
            yield above
            return
