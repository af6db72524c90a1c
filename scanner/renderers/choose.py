"""Which renderer, by name or by a file's ending; each is imported when it is asked for."""

from __future__ import annotations

from importlib import import_module
from io import StringIO
from typing import Any, TextIO

from scanner.errors import UsageError
from scanner.findings.model import Report
from scanner.record import record


@record
class Format:
    """An output format: its module below this room, the endings of files that ask for it, and whether it lists subjects."""

    name: str
    module: str
    endings: tuple[str, ...] = ()
    lists_subjects: bool = True


_FORMATS = (
    Format("text", "text", (".txt",), lists_subjects=False),
    Format("json", "json_report", (".json",)),
    Format("sarif", "sarif", (".sarif", ".sarif.json"), lists_subjects=False),
    Format("markdown", "markdown", (".md",), lists_subjects=False),
    Format("html", "html.render", (".html",)),
    Format("openmetrics", "openmetrics"),
)
FORMATS = tuple(each.name for each in _FORMATS)
ENDINGS = {ending: each.name for each in _FORMATS for ending in each.endings}


def format_for(path: str) -> str:
    """The format that a file's ending asks for; the longest ending decides."""
    for ending in sorted(ENDINGS, key=len, reverse=True):
        if path.lower().endswith(ending):
            return ENDINGS[ending]
    raise UsageError(what=f"no format is known for `{path}`", remedy=f"Use one of the endings {', '.join(sorted(ENDINGS))}.")


def lists_subjects(format_: str) -> bool:
    """Whether the format needs the rows of subjects."""
    return any(each.lists_subjects for each in _FORMATS if each.name == format_)


def write_report(report: Report, format_: str, out: TextIO, **options: Any) -> None:
    """Write the report in one format. Options: `color` and `quiet` of the text, `service` of SARIF."""
    module = next(each.module for each in _FORMATS if each.name == format_)
    import_module(f"scanner.renderers.{module}").write(report, out, **options)


def render(report: Report, format_: str, **options: Any) -> str:
    """The report in one format as a text."""
    out = StringIO()
    write_report(report, format_, out, **options)
    return out.getvalue()
