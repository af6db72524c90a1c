"""Chooses a renderer by name or by a file's ending; each is imported at first use."""

from __future__ import annotations

from importlib import import_module
from io import StringIO
from typing import Any, TextIO

from scanner.errors import UsageError
from scanner.findings.model import Report
from scanner.findings.redact_report import redact_report
from scanner.renderers.formats import ENDINGS, TABLE

FORMATS = tuple(each.name for each in TABLE)


def format_for(path: str) -> str:
    """The format of a file's ending; the longest ending decides."""
    for ending in sorted(ENDINGS, key=len, reverse=True):
        if path.lower().endswith(ending):
            return ENDINGS[ending]
    raise UsageError(what=f"no format is known for `{path}`", remedy=f"Use one of the endings {', '.join(sorted(ENDINGS))}.")


def lists_subjects(format_: str) -> bool:
    """Whether the format needs the rows of subjects."""
    return any(each.lists_subjects for each in TABLE if each.name == format_)


def reads_rows(format_: str) -> bool:
    """Whether the format looks into the rows, rather than write them as they are."""
    return any(each.reads_rows for each in TABLE if each.name == format_)


def write_report(report: Report, format_: str, out: TextIO, **options: Any) -> None:
    """Write the report in one format, without private values: every format is written through here. Options: `color` and
    `quiet` of the text, `service` of SARIF.
    """
    module = next(each.module for each in TABLE if each.name == format_)
    import_module(f"scanner.renderers.{module}").write(redact_report(report), out, **options)


def render(report: Report, format_: str, **options: Any) -> str:
    """The report as text in one format."""
    out = StringIO()
    write_report(report, format_, out, **options)
    return out.getvalue()
