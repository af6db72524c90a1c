"""The versions that the files of one folder name, and then those of the folders above it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from scanner.evidence.versions.images import Lookup, find_charts, find_images, know_nothing
from scanner.evidence.versions.mention import Mention, decode, line_at
from scanner.evidence.versions.packages import (
    find_arguments,
    find_in_commands,
    find_providers,
    find_variables,
    is_dockerfile,
    package_file_named,
)
from scanner.files.limits import LARGEST_FILE
from scanner.pack.platform import VersionPlaces
from scanner.pack.versions import read_version, span_of
from scanner.patterns import lazy_pattern
from scanner.record import record
from scanner.units.files import UnitFile, UnitFiles

# folders above the document's that are looked into, and files that are read for one document
_MOST_FOLDERS = 12
_MOST_FILES = 24
# manifests beside a document are read only where there are few, and none that is large
_MOST_MANIFESTS = 40
_LARGEST_MANIFEST = 512 * 1024
_MANIFESTS = (".yaml", ".yml", ".json", ".tf", ".tofu", ".service", ".container", ".sh", ".nomad", ".hcl")
_CHART_NAME = lazy_pattern(rb"^name:[ \t]{0,8}[\"']?([A-Za-z0-9._-]{1,100})", 8)
_APP_VERSION = lazy_pattern(rb"^appVersion:[ \t]{0,8}[\"']?([^\"'\s#]{1,100})", 8)


@record
class FolderMention:
    """A mention and the file that it stands in."""

    mention: Mention
    origin: str
    line: int


class FolderVersions:
    """Looks for the versions of one product in the files around a document."""

    def __init__(self, files: UnitFiles, places: VersionPlaces) -> None:
        self._files = files
        self._places = places
        self._left = _MOST_FILES

    def find(self, start: str, values: Sequence[str] = ()) -> list[FolderMention]:
        """What the nearest place says, from the folder `start` on: each mention there. `values`: the values files of a chart's
        variant. A constraint counts where no folder above it has the version that is installed.
        """
        allowed: list[FolderMention] = []
        for number, folder in enumerate(self._files.above(start)):
            if number >= _MOST_FOLDERS or self._left <= 0:
                break
            here = list(self._find_in(folder, values, is_nearest=number == 0))
            exact = [each for each in here if each.mention.is_exact]
            if allowed:
                fitting = [each for each in exact if _fits(each, allowed)]
                if fitting:
                    return fitting
                continue
            if exact:
                return exact
            allowed = here
        return allowed

    def _find_in(self, folder: str, values: Sequence[str], *, is_nearest: bool) -> Iterator[FolderMention]:
        names = self._files.names(folder)
        yield from self._find_in_chart(folder, names, values)
        places = self._places
        for name in names:
            has_images = places.images and _names_images(name)
            has_providers = places.providers and name.lower() == ".terraform.lock.hcl"
            if has_images or has_providers or self._is_for_packages(name):
                yield from self._read(os.path.join(folder, name))
        if "maven" in places.packages and "gradle" in names:
            yield from self._read(os.path.join(folder, "gradle", "libs.versions.toml"))
        if is_nearest and (places.images or places.providers or places.chart_versions):
            manifests = [name for name in names if name.lower().endswith(_MANIFESTS) and not _is_asked_otherwise(name)]
            for name in manifests if len(manifests) <= _MOST_MANIFESTS else ():
                yield from self._read(os.path.join(folder, name), _LARGEST_MANIFEST)

    def _is_for_packages(self, name: str) -> bool:
        if is_dockerfile(name):
            return bool(self._places.packages)
        known = package_file_named(name)
        return known is not None and known.ecosystem in self._places.packages

    def _find_in_chart(self, folder: str, names: Sequence[str], variant: Sequence[str]) -> Iterator[FolderMention]:
        """What a chart in the folder deploys: the tag in its values, else its appVersion."""
        chart = next((name for name in names if name.lower() in ("chart.yaml", "chart.yml")), None)
        if chart is None or not (self._places.charts or self._places.images):
            return
        values = self._find_in_values(folder, names, variant) if self._places.images else []
        tags = [each for each in values if not each.mention.is_left_out]
        if tags:
            yield from tags
            return
        file = self._open(os.path.join(folder, chart), _LARGEST_MANIFEST)
        name, version = (_CHART_NAME.search(file.data), _APP_VERSION.search(file.data)) if file is not None else (None, None)
        if file is None or name is None or version is None or not (decode(name[1]) in self._places.charts or values):
            return
        numbers = read_version(decode(version[1]))
        if numbers is not None:
            mention = Mention(decode(version[1]), span_of(numbers), version.start(1), "chart")
            yield FolderMention(mention, file.origin, line_at(file.data, version.start(1)))

    def _find_in_values(self, folder: str, names: Sequence[str], variant: Sequence[str]) -> list[FolderMention]:
        """The images in the values of the chart in a folder: its own, those of the chart around it, those of the variant."""
        from scanner.evidence.versions.chart_values import ValuesLayer, find_in_values  # few consumers are in a chart

        layers: list[tuple[str, tuple[str, ...]]] = [(os.path.join(folder, name), ()) for name in _values_among(names)]
        around, _, name = folder.rpartition(os.sep)
        outer = around.removesuffix(f"{os.sep}charts")
        below: tuple[str, ...] = ()
        if outer != around and self._files.is_inside(outer):
            below = (name,)
            layers += [(os.path.join(outer, each), below) for each in _values_among(self._files.names(outer))]
        layers += [(path, below) for path in variant if path.lower().endswith((".yaml", ".yml"))]
        files = [(self._open(path, _LARGEST_MANIFEST), below) for path, below in layers]
        found = find_in_values([ValuesLayer(file, below) for file, below in files if file is not None], self._places.images)
        return [FolderMention(mention, origin, line) for mention, origin, line in found]

    def _read(self, path: str, largest: int = LARGEST_FILE) -> Iterator[FolderMention]:
        file = self._open(path, largest)
        if file is None:
            return
        name, data = os.path.basename(path), file.data
        lookup: Lookup = know_nothing
        folder = os.path.dirname(path)
        if "compose" in name.lower() and b"${" in data and ".env" in self._files.names(folder):
            variables = self._open(os.path.join(folder, ".env"), _LARGEST_MANIFEST)
            lookup = find_variables(variables.data) if variables is not None else know_nothing
        if name.lower().startswith("build.gradle") and "gradle.properties" in self._files.names(folder):
            properties = self._open(os.path.join(folder, "gradle.properties"), _LARGEST_MANIFEST)
            # a build file names what its properties set
            data = b"%b\n%b" % (data, properties.data) if properties is not None else data
        for mention in find_in_file(name, data, self._places, lookup):
            yield FolderMention(mention, file.origin, line_at(file.data, mention.offset))

    def _open(self, path: str, largest: int) -> UnitFile | None:
        if self._left <= 0:
            return None
        try:
            if os.path.getsize(path) > largest:
                return None
        except OSError:
            return None
        self._left -= 1
        return self._files.read(path)


def find_in_file(name: str, data: bytes, places: VersionPlaces, lookup: Lookup = know_nothing) -> Iterator[Mention]:
    """What a file with that base name says of a product. `lookup`: variables that another file gives."""
    known = package_file_named(name)
    if known is not None and known.ecosystem in places.packages:
        text = data.lower() if known.is_any_case else data
        for package in places.packages[known.ecosystem]:
            yield from known.find(text, package)
        return
    if is_dockerfile(name):
        yield from find_images(data, places.images, lookup=find_arguments(data))
        yield from find_in_commands(data.lower(), places.packages)
        return
    if places.providers:
        yield from find_providers(data, places.providers, is_lock=name.lower() == ".terraform.lock.hcl")
    if places.images:
        yield from (each for each in find_images(data, places.images, lookup=lookup) if not each.is_left_out)
    if places.chart_versions:
        yield from find_charts(data, places.chart_versions)


def _values_among(names: Sequence[str]) -> list[str]:
    return [name for name in names if name.lower() in ("values.yaml", "values.yml")]


def _fits(found: FolderMention, allowed: Sequence[FolderMention]) -> bool:
    """Whether an installed version is one that a nearer constraint allows."""
    span = found.mention.span
    return span is not None and any(each.mention.span is not None and each.mention.span.meets(span) for each in allowed)


def _names_images(name: str) -> bool:
    """Whether a file names images wherever it is: it says how one is built, or which services run together."""
    lower = name.lower()
    return is_dockerfile(name) or ("compose" in lower and lower.endswith((".yaml", ".yml")))


def _is_asked_otherwise(name: str) -> bool:
    """Whether a file in the nearest folder was asked already, or belongs to a chart."""
    lower = name.lower()
    return _names_images(name) or lower.startswith(("chart.", "values")) or package_file_named(name) is not None
