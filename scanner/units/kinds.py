"""The kinds of units, and the unit of a document.

Each kind is a module of its own, which is imported when a file with such a path comes: a hook on one file needs one or none.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING

from scanner.record import record
from scanner.sources.document import Document, File
from scanner.units.files import Listings, UnitFiles

if TYPE_CHECKING:
    from scanner.units.unit import Unit, UnitKind

if TYPE_CHECKING:
    from scanner.units.rendered import Render

# units kept, for the next documents of the same folder
_MOST_KEPT = 16


class Names:
    """Paths by what their base names begin with, contain or end with, or by their folders; `is_bare`: those without an ending.
    All in lower case. A hook asks for every file, so no pattern is compiled.
    """

    def __init__(
        self,
        *,
        starts: tuple[str, ...] = (),
        parts: tuple[str, ...] = (),
        ends: tuple[str, ...] = (),
        folders: tuple[str, ...] = (),
        is_bare: bool = False,
    ) -> None:
        self._starts = starts
        self._parts = parts
        self._ends = ends
        self._folders = tuple(f"/{each}/" for each in folders)
        self._is_bare = is_bare

    def fit(self, path: str) -> bool:
        """Whether a path in lower case, with `/`, is one of them."""
        name = path[path.rfind("/") + 1 :]
        if name.endswith(self._ends) or name.startswith(self._starts) or (self._is_bare and "." not in name):
            return True
        return any(part in name for part in self._parts) or any(folder in f"/{path}" for folder in self._folders)


_NONE = Names()


class KnownKind:
    """A kind of unit: the name of its class in its module, and the paths of documents that may be in such a unit (`of`), and of
    other files that may change one (`changes`). `near`: such units have a file with such a name at one of the `places` of a
    folder that holds them; files with the paths `anywhere` need none. `words`: one of them is in each file of such a unit.
    `reaching`: the paths of files that load files of other folders, and tell nothing of these by themselves; one of a folder
    speaks for the others.
    All of this may say yes too often; the kind itself knows.
    """

    def __init__(
        self,
        module: str,
        class_name: str,
        of: Names,
        changes: Names = _NONE,
        *,
        near: Names | None = None,
        places: tuple[str, ...] = ("",),
        anywhere: Names = _NONE,
        words: tuple[bytes, ...] = (),
        reaching: Names = _NONE,
    ) -> None:
        self._module = module
        self._class_name = class_name
        self._of = of
        self._changes = changes
        self._near = near
        self._places = places
        self._anywhere = anywhere
        self._words = words
        self._reaching = reaching

    @cached_property
    def kind(self) -> UnitKind:
        """The kind itself."""
        made: UnitKind = getattr(import_module(self._module), self._class_name)()
        return made

    def may_hold(self, path: str) -> bool:
        """Whether a document with that path may belong to such a unit."""
        return self._of.fit(path)

    def may_change(self, path: str) -> bool:
        """Whether a file with that path may change such a unit."""
        return self._of.fit(path) or self._changes.fit(path)

    def reaches_out(self, path: str) -> bool:
        """Whether a file of that name loads files of other folders."""
        return self._reaching.fit(path)

    def is_near(self, path: str, folder: str, files: UnitFiles) -> bool:
        """Whether something of such a unit is around a file with that path, in a folder given by its real path."""
        if self._near is None or self._anywhere.fit(path):
            return True
        return files.has_around(folder, self._places, self._near)

    def has_word(self, data: Callable[[], bytes]) -> bool:
        """Whether a file with those bytes has a word of such a unit; they are asked for where that matters."""
        return not self._words or any(word in data() for word in self._words)


_YAML = (".yaml", ".yml")
_MANIFESTS = (*_YAML, ".json")
# the first kind that knows the document counts
KINDS: tuple[KnownKind, ...] = (
    KnownKind(
        "scanner.units.helm.kind",
        "Helm",
        Names(
            parts=("values",),
            folders=(
                "templates", "values", "environment", "environments", "env", "envs", "ci", "config", "configs", "conf", "files",
                "resources",
            ),
            ends=("chart.yaml", "requirements.yaml"),
        ),
        near=Names(starts=("chart.yaml", "values.yaml")),
    ),
    KnownKind(
        "scanner.units.kustomize.kind",
        "Kustomizations",
        # its generators load files of any format
        Names(
            starts=("kustomization",),
            ends=(*_MANIFESTS, ".env", ".properties", ".conf", ".cfg", ".cnf", ".ini", ".toml", ".txt", ".xml", ".patch"),
        ),
        near=Names(starts=("kustomization",)),
        anywhere=Names(parts=("patch",), folders=("patch", "patches")),
        reaching=Names(ends=("kustomization.yaml", "kustomization.yml", "kustomization")),
    ),
    KnownKind(
        "scanner.units.application.kind",
        "Applications",
        Names(ends=(*_YAML, ".properties")),
        near=Names(starts=("application", "bootstrap", "microprofile-config")),
        places=("", "config", "META-INF", *(f"src/main/resources{each}" for each in ("", "/config", "/META-INF"))),
    ),
    KnownKind("scanner.units.dotnet", "DotNet", Names(starts=("appsettings",))),
    KnownKind(
        "scanner.units.terraform.kind",
        "TerraformKind",
        Names(ends=(".tf", ".tofu", ".tpl", ".tftpl", ".tmpl", ".template", ".j2", *_MANIFESTS)),
        Names(ends=(".tfvars", "terragrunt.hcl")),
        near=Names(ends=(".tf", ".tofu", ".tf.json", ".tofu.json")),
        # its modules are elsewhere
        anywhere=Names(ends=("terragrunt.hcl",)),
        reaching=Names(ends=(".tf", ".tofu", ".tf.json", ".tofu.json", "terragrunt.hcl")),
    ),
    KnownKind("scanner.units.bicep", "Bicep", Names(ends=(".bicep",)), Names(ends=(".bicepparam",))),
    KnownKind(
        "scanner.units.vault.kind",
        "Vault",
        Names(ends=(".sh", ".bash", ".zsh", ".mk", ".json"), is_bare=True),
        words=(b"auth/", b"oidc_discovery_url", b"jwks_url", b"jwt_validation_pubkeys", b"user_claim", b"bound_"),
    ),
    # an env file or an extended file has any name
    KnownKind(
        "scanner.units.compose.kind",
        "Compose",
        Names(parts=(".env.",), ends=(*_YAML, ".env")),
        near=Names(parts=("compose",)),
    ),
    # last: what charts and kustomizations make is joined there
    KnownKind(
        "scanner.units.kubernetes",
        "Namespaces",
        Names(ends=_MANIFESTS),
        words=(
            b"Policy", b"RequestAuthentication", b"Gateway", b"Route", b"ListenerSet", b"ConfigMap", b"Secret", b"configMap",
            b"secretRef", b"secretKeyRef", b"secretName",
        ),
    ),
)  # fmt: skip


@record(slots=True)
class FoundUnit:
    """The unit of a document, its kind and folder, by which it is known in a run, and its files."""

    key: tuple[str, str]
    unit: Unit
    files: UnitFiles


class Units:
    """The units of one run. Each is loaded once while documents of it follow each other. `render`: a program makes the texts of
    charts and kustomizations, where the command line asks for that.
    """

    def __init__(
        self, kinds: Sequence[KnownKind] = KINDS, render: Render | None = None, listings: Listings | None = None
    ) -> None:
        self._kinds = kinds
        self._render = render
        self._listings = listings or Listings()
        self._kept: dict[tuple[str, str], FoundUnit | None] = {}

    def find(self, document: Document) -> FoundUnit | None:
        """The unit of a document; None where the document is one by itself."""
        if document.origin is None or document.root is None:
            return None
        path = document.path.lower()
        files: UnitFiles | None = None
        for known in self._kinds:
            if not known.may_hold(path):
                continue
            files = files or UnitFiles(document, self._listings)
            if not (known.is_near(path, files.folder, files) and known.has_word(lambda: document.data)):
                continue
            if (found := self._load(known.kind, document, files)) is not None:
                return found
        return None

    def _load(self, kind: UnitKind, document: Document, files: UnitFiles) -> FoundUnit | None:
        folder = kind.find(document, files)
        if folder is None:
            return None
        key = kind.name, folder
        if key not in self._kept:
            if len(self._kept) >= _MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            unit = self._rendered(kind.load(folder, files), files)
            self._kept[key] = FoundUnit(key, unit, files) if unit is not None else None
        return self._kept[key]

    def _rendered(self, unit: Unit | None, files: UnitFiles) -> Unit | None:
        if self._render is None:
            return unit
        from scanner.units.rendered import Renderable, RenderedUnit  # only for --render

        return RenderedUnit(unit, self._render, files) if isinstance(unit, Renderable) else unit


class CompanionFinder:
    """Finds the files whose bindings may change with one: a hook knows only what changed. What it has read of a repository
    serves the next files of it.
    """

    def __init__(self, listings: Listings, kinds: Sequence[KnownKind] = KINDS) -> None:
        self._listings = listings
        self._kinds = kinds
        self._files: dict[str, UnitFiles] = {}

    def find(self, file: File) -> set[str]:
        """The other files, as real paths."""
        shown = file.path.lower()
        able = [known for known in self._kinds if known.may_change(shown)]
        if not able:
            return set()
        path, known = os.path.realpath(file.origin), self._files.get(file.root)
        if known is not None:
            found = self._find(able, shown, path, known)
            if not known.left_out:
                return found
        # the limits are those of one unit
        self._files[file.root] = files = UnitFiles(file, self._listings)
        return self._find(able, shown, path, files)

    @staticmethod
    def _find(able: list[KnownKind], shown: str, path: str, files: UnitFiles) -> set[str]:
        return {
            found
            for known in able
            if known.is_near(shown, os.path.dirname(path), files) and known.has_word(lambda: _read(path, files))
            for found in known.kind.companions(path, files)
        } - {path}


def _read(path: str, files: UnitFiles) -> bytes:
    file = files.read(path)
    return file.data if file is not None else b""
