"""The folders of charts, by the names of the files in them."""

from __future__ import annotations

import os

from scanner.units.files import UnitFiles

# charts within each other
DEEPEST_CHART = 5


def is_chart(folder: str, files: UnitFiles) -> bool:
    """Whether a folder is a chart; a values file beside the templates is enough."""
    return not {"Chart.yaml", "values.yaml"}.isdisjoint(files.names(folder))


def folder_of_chart(path: str, files: UnitFiles) -> str | None:
    """The folder of the chart to whose templates a file belongs, by its real path."""
    inner, mark = path, f"{os.sep}templates{os.sep}"
    while mark in inner:
        inner = inner.rpartition(mark)[0]
        if files.is_inside(inner) and is_chart(inner, files):
            return inner
    return None


def topmost_chart(folder: str, files: UnitFiles) -> str:
    """The chart that has the chart of a folder below its `charts`, and so on upwards."""
    for _ in range(DEEPEST_CHART):
        above, name = os.path.split(os.path.dirname(folder))
        if name != "charts" or not files.is_inside(above) or not is_chart(above, files):
            break
        folder = above
    return folder
