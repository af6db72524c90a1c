"""A chart: its files, its values, its named templates, and the charts that it depends on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cached_property

from scanner.record import field, record
from scanner.units.files import UnitFile, UnitFiles
from scanner.units.helm.folders import DEEPEST_CHART
from scanner.units.helm.sources import Define, FileSource
from scanner.units.helm.syntax import BadTemplate, Parsed, parse_template
from scanner.units.helm.value import Value
from scanner.units.helm.values import read_values

# the charts of a tree, and the templates of one chart
_MOST_CHARTS = 60
_MOST_TEMPLATES = 1_000
_LOCAL = "file://"


@record(slots=True)
class Dependency:
    """A chart that another one depends on: under which name, and what its `Chart.yaml` entry says."""

    name: str
    chart: Chart
    entry: Value


@record(frozen=False)
class Chart:
    """A chart of a folder. `missing`: the names of the charts that it depends on and that are not there to be read."""

    folder: str
    metadata: Value
    files: UnitFiles
    dependencies: list[Dependency] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @cached_property
    def values(self) -> Value:
        """What `values.yaml` says."""
        return read_values(self.files.read(os.path.join(self.folder, "values.yaml")))

    @property
    def name(self) -> str:
        """The name in `Chart.yaml`."""
        found = self.metadata.data.get("name", Value("")).data
        return found if isinstance(found, str) else ""


class ChartLoader:
    """Loads the charts of one tree, each folder once."""

    def __init__(self, files: UnitFiles) -> None:
        self._files = files
        self._count = 0

    def load(self, folder: str, depth: int = 0, above: tuple[str, ...] = ()) -> Chart:
        """The chart of a folder with those below it."""
        self._count += 1
        chart = Chart(folder, self._read(folder, "Chart.yaml"), self._files)
        listed = list(self._list_entries(chart))
        vendored = self._vendored(folder)
        known: set[str] = set()
        for entry in listed:
            name = _text(entry, "name")
            known.add(name)
            self._add(chart, entry, vendored.get(name) or self._local(folder, entry), depth, above)
        for name, inner in vendored.items():
            if name not in known:
                self._add(chart, Value({"name": Value(name)}), inner, depth, above)
        return chart

    def _add(self, chart: Chart, entry: Value, folder: str | None, depth: int, above: tuple[str, ...]) -> None:
        if folder is None or folder in above or depth >= DEEPEST_CHART or self._count >= _MOST_CHARTS:
            chart.missing.append(_text(entry, "name"))
            return
        inner = self.load(folder, depth + 1, (*above, chart.folder))
        chart.dependencies.append(Dependency(_text(entry, "alias") or _text(entry, "name"), inner, entry))

    def _read(self, folder: str, name: str) -> Value:
        return read_values(self._files.read(os.path.join(folder, name)))

    def _list_entries(self, chart: Chart) -> Iterator[Value]:
        """The entries about dependencies, of `Chart.yaml` or the older `requirements.yaml`."""
        listed = chart.metadata.data.get("dependencies")
        if listed is None:
            listed = self._read(chart.folder, "requirements.yaml").data.get("dependencies")
        for entry in listed.data if listed is not None and isinstance(listed.data, list) else ():
            if isinstance(entry.data, dict) and _text(entry, "name"):
                yield entry

    def _vendored(self, folder: str) -> dict[str, str]:
        """The folders below `charts`, by the names of their charts."""
        found: dict[str, str] = {}
        charts = os.path.join(folder, "charts")
        for name in self._files.names(charts) if "charts" in self._files.names(folder) else ():
            inner = os.path.realpath(os.path.join(charts, name))
            if name[:1] not in (".", "_") and self._files.read(os.path.join(inner, "Chart.yaml")) is not None:
                found[_text(self._read(inner, "Chart.yaml"), "name") or name] = inner
        return found

    def _local(self, folder: str, entry: Value) -> str | None:
        """The folder of a chart that a dependency names by `file://`."""
        repository = _text(entry, "repository")
        if not repository.startswith(_LOCAL):
            return None
        inner = os.path.realpath(os.path.join(folder, *repository[len(_LOCAL) :].split("/")))
        return inner if self._files.read(os.path.join(inner, "Chart.yaml")) is not None else None


def _text(entry: Value, name: str) -> str:
    found = entry.data.get(name, Value("")).data if isinstance(entry.data, dict) else ""
    return found if isinstance(found, str) else ""


@record(slots=True)
class Template:
    """A file below `templates`: its source, and what it parses to, None where it is no template."""

    file: UnitFile
    source: FileSource
    parsed: Parsed | None


class Templates:
    """The templates of the charts of a tree, each read and parsed once."""

    def __init__(self, files: UnitFiles) -> None:
        self._files = files
        self._known: dict[str, Template | None] = {}

    def get(self, path: str) -> Template | None:
        """The template of a file, by its real path; None where it cannot be read."""
        if path not in self._known:
            file = self._files.read(path)
            self._known[path] = _parse(file) if file is not None else None
        return self._known[path]

    def list_files(self, chart: Chart) -> Iterator[UnitFile]:
        """The files below the `templates` of a chart."""
        waiting = [(os.path.join(chart.folder, "templates"), 0)]
        count = 0
        while waiting:
            folder, depth = waiting.pop(0)
            for name in self._files.names(folder):
                count += 1
                path = os.path.join(folder, name)
                if count > _MOST_TEMPLATES:
                    return
                if os.path.isdir(path) and depth < DEEPEST_CHART:
                    waiting.append((path, depth + 1))
                elif (file := self._files.read(path)) is not None:
                    yield file

    def list_defines(self, chart: Chart, depth: int = 0) -> dict[str, Define]:
        """The named templates of a chart and of those that it depends on. Its own replace theirs."""
        found: dict[str, Define] = {}
        if depth > DEEPEST_CHART:
            return found
        for each in chart.dependencies:
            found.update(self.list_defines(each.chart, depth + 1))
        for file in self.list_files(chart):
            if b"define" in file.data or b"block" in file.data:
                template = self.get(file.origin)
                if template is not None and template.parsed is not None:
                    found.update((name, Define(template.source, body)) for name, body in template.parsed.defines.items())
        return found


def _parse(file: UnitFile) -> Template:
    text = file.data.decode("utf-8", "replace")
    try:
        parsed = parse_template(text)
    except BadTemplate:
        parsed = None
    return Template(file, FileSource(text, file.path), parsed)
