"""Which renderer, by name or by a file's ending; each is imported when it is asked for."""

from __future__ import annotations

from importlib import import_module

from scanner.errors import UsageError
from scanner.findings.model import Report

_MODULES = {
    "text": "text",
    "json": "json_report",
    "sarif": "sarif",
    "markdown": "markdown",
    "html": "html.render",
    "openmetrics": "openmetrics",
}
FORMATS = tuple(_MODULES)
_ENDINGS = {".sarif": "sarif", ".sarif.json": "sarif", ".json": "json", ".txt": "text", ".md": "markdown", ".html": "html"}


def format_for(path: str) -> str:
    """The format that a file's ending asks for; the longest ending decides."""
    for ending in sorted(_ENDINGS, key=len, reverse=True):
        if path.lower().endswith(ending):
            return _ENDINGS[ending]
    raise UsageError(what=f"no format is known for `{path}`", remedy=f"Use one of the endings {', '.join(sorted(_ENDINGS))}.")


def render(report: Report, format_: str, *, color: bool = False, quiet: bool = False, sarif_for: str | None = None) -> str:
    """The report in one format. `color` and `quiet` concern the text only, `sarif_for` (a service's name) SARIF only."""
    module = import_module(f"scanner.renderers.{_MODULES[format_]}")
    if format_ == "text":
        return str(module.render(report, color=color, quiet=quiet))
    if format_ == "sarif":
        return str(module.render(report, service=sarif_for))
    return str(module.render(report))
