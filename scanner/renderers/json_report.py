"""The JSON report, `jwksgov-report/v2`: a contract that only grows (schemas/report.schema.json)."""

from __future__ import annotations

from typing import TextIO

from scanner.findings.document import OPENED, members_of
from scanner.findings.model import Report
from scanner.renderers.json_text import write_json, write_list


def write(report: Report, out: TextIO) -> None:
    """The report with one row on each line of its long lists, ASCII only: a lone surrogate in a kid stays an escape."""
    out.write("{")
    for number, (name, value) in enumerate(members_of(report)):
        out.write(f'{"," if number else ""}\n"{name}": ')
        if name in OPENED:
            _write_opened(value, out)
        elif isinstance(value, list | tuple):
            write_list(value, out)
        else:
            write_json(value, out)
    out.write("\n}\n")


def _write_opened(value: dict[str, object], out: TextIO) -> None:
    out.write("{")
    for number, (name, inner) in enumerate(value.items()):
        out.write(f'{"," if number else ""}\n"{name}": ')
        if isinstance(inner, tuple):
            write_list(inner, out)
        else:
            write_json(inner, out)
    out.write("\n}" if value else "}")
