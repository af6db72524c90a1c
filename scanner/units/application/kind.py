"""The applications of Spring Boot, Quarkus, Micronaut and MicroProfile as units."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice

from scanner.files.limits import MOST_DOCUMENTS, Refused
from scanner.files.read import read
from scanner.files.tree import Parsed
from scanner.record import changed
from scanner.sources.document import Document
from scanner.units.application.files import OUTSIDE, FoundFile, find_folder, is_settings, list_found
from scanner.units.application.imports import Import, list_imports, split_profile
from scanner.units.application.references import fill_in
from scanner.units.application.settings_file import (
    Active,
    Dialect,
    SettingsDocument,
    SettingsFile,
    count_variants,
    lay_files,
    list_documents,
    list_files,
)
from scanner.units.application.smallrye import MARK, SmallRye, is_of_smallrye
from scanner.units.application.spring import Spring
from scanner.units.files import UnitFile, UnitFiles
from scanner.units.layers import LayerFile, write
from scanner.units.made import Made, OpenPart, Variant
from scanner.units.stages import order_by_stage
from scanner.units.unit import Unit

_MOST_FILES = 80
_DEEPEST_IMPORT = 8
_MOST_IMPORTED = 2_000
_ENDINGS = (".yml", ".yaml", ".properties")
# the variant with the files outside of the application, without a profile
_OUTSIDE = "external"
# marks of templates that hide settings; a mark of Maven (`@name@`) is a value
_TEMPLATE_MARKS = ("{{", "{%", "{#", "[#", "[/")


class Application:
    """The settings of one application, in its profiles."""

    def __init__(self, name: str, files: tuple[SettingsFile, ...], loader: _Loader) -> None:
        dialect = loader.dialect
        most = count_variants(files)
        plan = dialect.plan(files, most)
        inside = tuple(each for each in files if each.place < OUTSIDE) or files
        # whoever runs the application elsewhere does not have the files outside of it
        outside = (Active(_OUTSIDE, plan.base.profiles),) if plan.is_base_deployed and inside != files else ()
        variants = (*outside, *plan.variants)
        chosen = variants[:most]
        every = tuple(list_files(files))
        self.name = name
        self.variants = tuple(Variant(each.name, _own_paths(each, every)) for each in chosen)
        self.left_out_variants = loader.left_out_profiles + plan.left_out + len(variants) - len(chosen)
        self.is_base_deployed = plan.is_base_deployed
        # a file of a profile says too little by itself, also where its profile is not read
        self.replaces = frozenset(each.path for each in every) | loader.left_out
        self._open_parts = tuple(loader.open_parts)
        made = (_make(files, active, dialect, variant) for active, variant in zip(chosen, self.variants, strict=True))
        self._made = (_make(inside, plan.base, dialect, None), *made)

    def make(self, document: Document) -> tuple[Made, ...]:
        """The settings of each variant, for each of the files."""
        return self._made if document.path in self.replaces else ()

    def open_parts(self, document: Document) -> tuple[OpenPart, ...]:
        """The files that could not be read, where they are imported."""
        return tuple(part for part in self._open_parts if part.at.path == document.path)


def _make(files: tuple[SettingsFile, ...], active: Active, dialect: Dialect, variant: Variant | None) -> Made:
    laid = fill_in(lay_files(files, active.profiles, dialect), dialect.same)
    return Made(write(laid, dialect.same), "yaml", "application.yaml", variant)


def _own_paths(active: Active, files: tuple[SettingsFile, ...]) -> tuple[str, ...]:
    """The files that only this variant has."""
    if active.name == _OUTSIDE:
        return tuple(each.path for each in files if not each.profile and each.place >= OUTSIDE)
    return tuple(each.path for each in files if each.profile and each.profile in active.profiles)


class Applications:
    """Knows the files of an application's settings."""

    name = "application"

    def find(self, document: Document, files: UnitFiles) -> str | None:
        """The folder of the application that a file of settings, or one that such a file imports, belongs to."""
        assert document.origin is not None
        path = os.path.realpath(document.origin)
        name = os.path.basename(path)
        if is_settings(name):
            return None if _is_manifest(document.data) else find_folder(path, files)
        return _find_importing(path, files) if name.lower().endswith(_ENDINGS) else None

    def load(self, folder: str, files: UnitFiles) -> Unit | None:
        """The application of a folder; None where its settings are one plain document, which tells all by itself."""
        loader = _Loader(folder, files)
        found = loader.load()
        if not found or (len(found) == 1 and _is_plain(found[0]) and not loader.open_parts):
            return None
        return Application(files.report_path(folder), found, loader)

    def companions(self, path: str, files: UnitFiles) -> Iterator[str]:
        """The other files of the application."""
        folder = find_folder(path, files) if is_settings(os.path.basename(path)) else _find_importing(path, files)
        if folder is not None:
            yield from (each.path for each in list_found(folder, files) if each.path != path)


def _is_manifest(data: bytes) -> bool:
    """Whether a file is a manifest of Kubernetes: Argo CD's applications have the same name."""
    return b"apiVersion:" in data and b"kind:" in data


def _is_plain(file: SettingsFile) -> bool:
    """Whether a file is one document that holds always and refers to nothing."""
    return (
        len(file.documents) < 2
        and not any(each.imports for each in file.documents)
        and not any(
            "${" in setting.text or setting.parts[0].startswith(MARK) for each in file.documents for setting in each.settings
        )
    )


def _find_importing(path: str, files: UnitFiles) -> str | None:
    """The folder of the application that imports a file, where one near it names that file."""
    name = os.path.basename(path)
    if not name.lower().endswith(_ENDINGS):
        return None
    for above in islice(files.above(os.path.dirname(path)), 5):
        for found in islice(list_found(above, files), _MOST_FILES):
            read_file = files.read(found.path)
            if read_file is None or b"import" not in read_file.data:
                continue
            stem = os.path.splitext(name)[0]
            if any(part.encode() in read_file.data for part in {stem, stem.rpartition("-")[0]} if part):
                return find_folder(found.path, files)
    return None


def _order_for_reading(found: FoundFile) -> tuple[bool, int]:
    """What holds always first, then the profiles that matter most."""
    return bool(found.profile), order_by_stage(found.profile)


class _Loader:
    """Reads the files of one application, each once."""

    def __init__(self, folder: str, files: UnitFiles) -> None:
        self._folder = folder
        self._files = files
        self._resources = os.path.join(folder, "src", "main", "resources")
        if not os.path.isdir(self._resources):
            self._resources = folder
        self._made: dict[tuple[str, str], SettingsFile] = {}
        self._imported = 0
        self.left_out: frozenset[str] = frozenset()
        self.left_out_profiles = 0
        # those that import each other just now
        self._above: list[str] = []
        self.dialect: Dialect = Spring()
        self.open_parts: list[OpenPart] = []

    def load(self) -> tuple[SettingsFile, ...]:
        listed = sorted(list_found(self._folder, self._files), key=_order_for_reading)
        found, more = listed[:_MOST_FILES], listed[_MOST_FILES:]
        self.left_out = frozenset(self._files.report_path(each.path) for each in more)
        self.left_out_profiles = len({each.profile for each in more} - {each.profile for each in found})
        parsed = [(each, *self._parse(each.path, each.ending)) for each in found]
        texts = [(each, file, content) for each, file, content in parsed if file is not None and content is not None]
        if any(is_of_smallrye(os.path.basename(each.path), content) for each, _, content in texts):
            self.dialect = SmallRye()
        return tuple(self._make_file(each, file, content) for each, file, content in texts)

    def _parse(self, path: str, ending: str) -> tuple[UnitFile | None, Parsed | None]:
        file = self._files.read(path)
        if file is None or _is_manifest(file.data):
            return None, None
        parsed = read(file.data, "properties" if ending == "properties" else "yaml")
        if not isinstance(parsed, Parsed) or (parsed.is_masked and any(mark in parsed.text for mark in _TEMPLATE_MARKS)):
            return None, None
        return file, parsed

    def _make_file(self, found: FoundFile, file: UnitFile, parsed: Parsed) -> SettingsFile:
        try:
            documents = self.dialect.split(parsed.documents[:MOST_DOCUMENTS], LayerFile(file.path, parsed.text))
        except Refused:
            documents = ()
        if isinstance(self.dialect, Spring):
            self._above.append(file.origin)
            documents = tuple(self._add_imports(each, os.path.dirname(found.path)) for each in documents)
            self._above.pop()
        return SettingsFile(file.path, documents, found.place, found.profile, self.dialect.rank(found.ending))

    def _add_imports(self, document: SettingsDocument, beside: str) -> SettingsDocument:
        imports: list[SettingsFile] = []
        for number, each in enumerate(list_imports(document, beside, self._resources, self._folder)):
            if self._imported >= _MOST_IMPORTED:
                break
            found = list(self._import(each, number))
            # files that import each other multiply
            self._imported += sum(1 for _ in islice(list_documents(found), _MOST_IMPORTED))
            if self._imported >= _MOST_IMPORTED:
                at = each.setting.place(each.setting.value)
                self.open_parts.append(OpenPart("the application imports too much", at))
            else:
                imports += found
        return changed(document, imports=tuple(imports)) if imports else document

    def _import(self, wanted: Import, number: int) -> Iterator[SettingsFile]:
        """The file that an import names, and those beside it that add a profile to its name."""
        folder, base = os.path.split(wanted.path)
        stem, ending = os.path.splitext(base)
        beside = (each for each in self._files.names(folder) if split_profile(each, stem, ending))
        is_there = False
        for name in (base, *beside):
            file = self._make_imported(os.path.join(folder, name), wanted.ending)
            if file is not None:
                yield changed(file, place=number, profile=split_profile(name, stem, ending))
                is_there = is_there or name == base
        if not is_there and not wanted.is_optional and self._files.is_inside(wanted.path):
            at = wanted.setting.place(wanted.setting.value)
            self.open_parts.append(OpenPart("a file that it imports is not there, or cannot be read", at))

    def _make_imported(self, path: str, ending: str) -> SettingsFile | None:
        real = os.path.realpath(path)
        if real in self._above or len(self._above) > _DEEPEST_IMPORT:
            return None
        if (real, ending) not in self._made:
            file, parsed = self._parse(real, ending) if len(self._made) < _MOST_FILES else (None, None)
            if file is None or parsed is None:
                return None
            self._made[real, ending] = self._make_file(FoundFile(real, "", ending, 0), file, parsed)
        return self._made[real, ending]
