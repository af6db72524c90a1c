"""Finds the chart that a template belongs to, and the templates that a values file or a helper decides."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from scanner.sources.document import Document
from scanner.units.files import UnitFiles
from scanner.units.helm.folders import folder_of_chart, is_chart, topmost_chart
from scanner.units.joins import is_asking, is_telling

if TYPE_CHECKING:
    from scanner.units.helm.unit import HelmUnit


class Helm:
    """Charts of Helm."""

    name = "helm"

    def find(self, document: Document, files: UnitFiles) -> str | None:
        """The topmost chart of a template that has an action, or of a file that templates take something from."""
        path = os.path.realpath(document.origin or "")
        if f"{os.sep}templates{os.sep}" in path and (b"{{" in document.data or is_asking(document.data)):
            chart = folder_of_chart(path, files)
        else:
            chart = _chart_decided_by(path, files)
        return topmost_chart(chart, files) if chart is not None else None

    def load(self, folder: str, files: UnitFiles) -> HelmUnit:
        """The unit of a chart's folder."""
        from scanner.units.helm.unit import HelmUnit  # few documents are a template with trusted keys

        return HelmUnit(folder, files)

    def companions(self, path: str, files: UnitFiles) -> Iterator[str]:
        """The templates of the chart that has the file at `path`, if it decides what they render, or says more about them."""
        chart = _chart_decided_by(path, files)
        if chart is None:
            yield from _list_asking(path, files)
            return
        from scanner.units.helm.chart import ChartLoader, Templates

        templates = Templates(files)
        waiting = [ChartLoader(files).load(topmost_chart(chart, files))]
        while waiting:
            found = waiting.pop()
            yield from (file.origin for file in templates.list_files(found) if _may_be_decided(file.origin, file.data))
            waiting += [each.chart for each in found.dependencies]


def _list_asking(path: str, files: UnitFiles) -> Iterator[str]:
    """The templates with a resource about which the template at `path` may say more."""
    file = files.read(path) if f"{os.sep}templates{os.sep}" in path else None
    chart = folder_of_chart(path, files) if file is not None and is_telling(file.data) else None
    if chart is not None:
        from scanner.units.helm.chart import ChartLoader, Templates

        listed = Templates(files).list_files(ChartLoader(files).load(chart))
        yield from (each.origin for each in listed if is_asking(each.data))


def _may_be_decided(path: str, data: bytes) -> bool:
    """Whether a template is a manifest with actions."""
    return b"{{" in data and not os.path.basename(path).startswith("_") and path.endswith((".yaml", ".yml", ".json", ".tpl"))


def _chart_decided_by(path: str, files: UnitFiles) -> str | None:
    """The chart whose rendering a file decides: a values file, a helper, `Chart.yaml`, or another file that is no manifest."""
    if f"{os.sep}templates{os.sep}" in path:
        is_helper = os.path.basename(path).startswith("_") or path.endswith(".tpl")
        return folder_of_chart(path, files) if is_helper else None
    chart = next((folder for folder in files.above(os.path.dirname(path)) if is_chart(folder, files)), None)
    if chart is None or not files.names(os.path.join(chart, "templates")):
        return None
    name = os.path.basename(path)
    from scanner.units.helm.variants import find_variants

    if path in {os.path.realpath(each.path) for each in find_variants(chart, files)}:
        return chart
    if os.path.dirname(path) == chart and name in ("Chart.yaml", "values.yaml", "requirements.yaml"):
        return chart
    return chart if _is_loaded_by_template(path, chart, files) else None


def _is_loaded_by_template(path: str, chart: str, files: UnitFiles) -> bool:
    """Whether a template of the chart loads files, and names this one or its folder."""
    from scanner.units.helm.chart import ChartLoader, Templates

    relative = os.path.relpath(path, chart).replace(os.sep, "/").encode()
    folder = relative.partition(b"/")[0] + b"/" if b"/" in relative else relative
    templates = Templates(files)
    for file in templates.list_files(ChartLoader(files).load(chart)):
        if b".Files" in file.data and (relative in file.data or folder in file.data):
            return True
    return False
